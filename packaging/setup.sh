#!/usr/bin/env bash
# Sets up AMT Studio in a virtual environment inside the project; run.sh and test.sh begin with it.
#
#   bash packaging/setup.sh        what the program needs
#   bash packaging/setup.sh dev    and the tools for its checks and tests
#
# A second run finds its own stamp and does nothing. Settings, all optional:
#   AMTSTUDIO_PYTHON       the Python to use, 3.11 or newer
#   AMTSTUDIO_VENV         the folder of the virtual environment (default: .venv in the project)
#   AMTSTUDIO_TORCH_INDEX  address of a further package index to take torch from
set -euo pipefail
unset CDPATH PYTHONHOME PYTHONPATH

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
project=$(dirname -- "$here")
venv=${AMTSTUDIO_VENV:-$project/.venv}
level=${1:-base}
torch_version=2.13.0
marker=$venv/.amtstudio-made-here
stamp=$venv/.amtstudio-ready-$level
log=$venv/setup.log # what the latest step said

say() { printf '%s\n' "$*"; }

fail() { # cause, next step
    printf '\nAMT Studio could not be set up: %s.\nWhat to do: %s.\n' "$1" "$2" >&2
    exit 1
}

# What the environment was made from. Empty where its Python is missing or broken.
fingerprint() {
    "$venv/bin/python" -I -c '
import hashlib, pathlib, sys
names = ["pyproject.toml", "packaging/constraints.txt", "packaging/setup.sh"]
parts = [pathlib.Path(sys.argv[1], name).read_bytes() for name in names]
parts += [repr((sys.argv[1:], sys.version, sys.prefix)).encode()]
print(hashlib.sha256(b"\0".join(parts)).hexdigest())
' "$project" "${AMTSTUDIO_TORCH_INDEX:-}" 2>/dev/null || true
}

is_ready() {
    local now
    now=$(fingerprint)
    [ -n "$now" ] && [ -f "$stamp" ] && [ "$now" = "$(cat -- "$stamp")" ]
}

# --- system packages ------------------------------------------------------------------------

apt_install() { # reason, package...
    local reason=$1 as_root=()
    shift
    command -v apt-get >/dev/null ||
        fail "$reason" "install it with the package manager of your system, then run this again"
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null ||
            fail "$reason, and this user is not allowed to install packages" \
                "ask an administrator to run 'apt-get install $*', then run this again"
        as_root=(sudo)
        [ -t 0 ] || as_root=(sudo -n)
    fi
    say "Installing system packages: $*"
    {
        ${as_root[@]+"${as_root[@]}"} apt-get update &&
            ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get install -y \
                --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"
    } >"$log" 2>&1 ||
        explain_failure "$reason, and apt-get could not install $*"
}

# --- Python ---------------------------------------------------------------------------------

version_of() { "$1" -I -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null; }

is_supported() {
    case $(version_of "$1") in 3.11 | 3.12 | 3.13) ;; *) return 1 ;; esac
}

can_make_venv() { "$1" -I -c 'import ensurepip, venv' 2>/dev/null; }

# 3.11 first: the version that the program is developed and tested on.
python_names() { printf '%s\n' python3.11 python3.12 python3.13 python3; }

# The first supported Python that can make an environment, else the first supported one.
find_python() {
    local name first=''
    for name in $(python_names); do
        if ! name=$(command -v "$name") || ! is_supported "$name"; then continue; fi
        first=${first:-$name}
        if can_make_venv "$name"; then
            printf '%s' "$name"
            return
        fi
    done
    printf '%s' "$first"
}

choose_python() {
    if [ -n "${AMTSTUDIO_PYTHON:-}" ]; then
        python=$AMTSTUDIO_PYTHON
        "$python" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
            fail "AMTSTUDIO_PYTHON=$python is not a working Python 3.11 or newer" \
                "set it to one, or unset it"
    else
        python=$(find_python)
    fi
    if [ -z "$python" ]; then
        command -v python3 >/dev/null && found=$(version_of python3) &&
            fail "it needs Python 3.11, 3.12 or 3.13, and this machine has $found" \
                "install one of them, or name one with AMTSTUDIO_PYTHON=/path/to/python"
        apt_install "Python 3.11 or newer is missing" python3 python3-venv
        python=$(find_python)
        [ -n "$python" ] ||
            fail "it needs Python 3.11, 3.12 or 3.13, and this system offers $(version_of python3)" \
                "install one of them, or name one with AMTSTUDIO_PYTHON=/path/to/python"
    fi
    if ! can_make_venv "$python"; then
        # Debian splits these parts of the standard library off into a package of their own.
        apt_install "Python's venv module is missing" "python$(version_of "$python")-venv"
        can_make_venv "$python" || fail "$python cannot make virtual environments" \
            "name a complete Python with AMTSTUDIO_PYTHON=/path/to/python"
    fi
}

# --- the environment ------------------------------------------------------------------------

check_space() { # gigabytes
    "$venv/bin/python" -I -c '
import shutil, sys
sys.exit(shutil.disk_usage(sys.argv[1]).free < float(sys.argv[2]) * 1e9)
' "$venv" "$1" || fail "the disk that holds $venv has less than $1 GB free" \
        "free some space, or put the environment elsewhere with AMTSTUDIO_VENV=/other/folder"
}

prepare_folder() {
    if [ -e "$venv" ] && [ ! -f "$marker" ]; then
        # Somebody else's environment: used if it works, never removed.
        if is_supported "$venv/bin/python"; then return; fi
        fail "$venv already exists and is not a working environment of Python 3.11 to 3.13" \
            "move it away, or choose another folder with AMTSTUDIO_VENV=/other/folder"
    fi
    # Left unfinished, packages may be half written and still look installed: start again.
    if [ -e "$venv" ] && [ ! -f "$venv/.amtstudio-ready-base" ]; then
        say "Removing an unfinished set-up"
        rm -rf -- "$venv"
    elif [ -e "$venv" ] && ! "$venv/bin/python" -I -c '' 2>/dev/null; then
        say "The environment's Python is missing: making the environment again"
        rm -rf -- "$venv"
    fi
    if ! mkdir -p -- "$venv" 2>/dev/null || [ ! -w "$venv" ]; then
        fail "the folder $venv is not writable" \
            "copy the project to a folder of your own, or set AMTSTUDIO_VENV=/other/folder"
    fi
    : >"$marker"
}

make_environment() {
    prepare_folder
    if [ ! -x "$venv/bin/python" ]; then
        choose_python
        say "Making a virtual environment with $python ($(version_of "$python"))"
        "$python" -I -m venv "$venv" >"$log" 2>&1 ||
            explain_failure "the virtual environment could not be made"
    fi
    # From here until the end the environment counts as unfinished.
    rm -f -- "$venv"/.amtstudio-ready-*
}

# --- packages -------------------------------------------------------------------------------

pip_install() {
    local status
    set +e
    PYTHONUNBUFFERED=1 "$venv/bin/python" -m pip install --no-input --disable-pip-version-check \
        --progress-bar off -c "$here/constraints.txt" "$@" 2>&1 |
        tee -- "$log" | grep --line-buffered -E '^ *Downloading .* \(' |
        grep --line-buffered -v '\.metadata'
    status=${PIPESTATUS[0]}
    set -e
    return "$status"
}

has_network_trouble() {
    grep -qiE "name resolution|name or service not known|nodename nor servname|failed to establish\
|connection (refused|reset|aborted|broken)|network is unreachable|timed out|proxyerror|max retries" "$1"
}

explain_failure() { # what failed; the log tells why
    local last
    last=$(grep -iE '^(error|e:|fatal)' "$log" | tail -n 1 || true)
    if grep -qiE 'no space left|quota exceeded' "$log"; then
        fail "$1, because the disk is full" \
            "free some space (${TMPDIR:-/tmp} needs some too; TMPDIR moves it), then run this again"
    elif grep -qi 'certificate.verify.failed' "$log"; then
        fail "$1, because a server's certificate was not accepted" \
            "check the clock and the certificates of this machine (package ca-certificates)"
    elif grep -q 'from versions: none' "$log"; then
        fail "$1, because the package index is not responding, or has nothing for this machine" \
            "check the network, and the proxy or package index if you use one; then run this again"
    elif has_network_trouble "$log"; then
        fail "$1, because a server could not be reached" \
            "check the network, and the proxy or package index if you use one; then run this again"
    elif grep -qiE 'a password is required|may not run sudo|not in the sudoers' "$log"; then
        fail "$1, because sudo was refused" "run this as root, or in a terminal that can ask you"
    fi
    fail "$1${last:+ ($last)}" "read the end of $log"
}

has_nvidia_gpu() {
    [ -e /proc/driver/nvidia/version ] || { command -v nvidia-smi && nvidia-smi -L; } >/dev/null 2>&1
}

has_torch() {
    "$venv/bin/python" -I -c '
import sys, torch
sys.exit(tuple(map(int, torch.__version__.split(".")[:2])) < (2, 10))
' 2>/dev/null
}

# pip's own "2.13.0" would also match "2.13.0+cpu"; "===" takes the name to the letter.
install_torch() {
    local index=()
    if has_torch; then return; fi
    [ -z "${AMTSTUDIO_TORCH_INDEX:-}" ] || index=(--extra-index-url "$AMTSTUDIO_TORCH_INDEX")
    if has_nvidia_gpu; then
        say "Installing torch for the NVIDIA GPU of this machine (about 3 GB to download)"
        check_space 8
        pip_install ${index[@]+"${index[@]}"} "torch===$torch_version" && return
    elif [ "$(uname -s)" = Linux ]; then
        say "Installing torch, the build for CPUs (about 200 MB to download)"
        check_space 2
        pip_install ${index[@]+"${index[@]}"} "torch==$torch_version+cpu" && return
        if ! grep -q 'from versions: [0-9]' "$log"; then explain_failure "torch could not be installed"; fi
        say "The package index offers no CPU build of torch for this machine: using its default build."
        say "On PCs it includes NVIDIA's libraries: about 3 GB to download, 5 GB on disk. To"
        say "avoid them, stop this and set AMTSTUDIO_TORCH_INDEX to an index that has CPU builds."
        check_space 6
    else
        say "Installing torch"
        check_space 2
    fi
    pip_install ${index[@]+"${index[@]}"} "torch==$torch_version" ||
        explain_failure "torch could not be installed"
}

say_torch() {
    "$venv/bin/python" -I -c '
import importlib.metadata as metadata, torch
names = {dist.name.lower() for dist in metadata.distributions()}
parts = [name for name in names if name in ("torch", "triton") or name.startswith("nvidia")]
paths = [path.locate() for name in parts for path in metadata.files(name) or []]
size = sum(path.stat().st_size for path in paths if path.is_file()) / 1e9
kind = f"CUDA {torch.version.cuda} build, runs on the CPU too" if torch.version.cuda else "CPU build"
print(f"torch {torch.__version__}: {kind}, {size:.1f} GB on disk")
'
}

install_packages() {
    local extra=''
    install_torch
    # Without its dependencies: a build made for another torch must not replace this one.
    pip_install --no-deps torchaudio || explain_failure "torchaudio could not be installed"
    say "Installing the other packages"
    [ "$level" = base ] || extra="[$level]"
    # Relative, because pip reads a path with brackets or blanks in it as something else.
    (cd -- "$project" && pip_install -e ".$extra") ||
        explain_failure "the Python packages could not be installed"
}

# Wheels bring most libraries along; what they leave to the system is found by loading them.
load_packages() {
    "$venv/bin/python" -I -c 'import av, scipy.signal, soundfile, soxr, torch' 2>&1
}

install_missing_libraries() {
    local output library
    for _ in 1 2 3 4; do
        if output=$(load_packages); then return; fi
        library=$(sed -nE 's/.*[ :](lib[A-Za-z0-9_+-]+\.so[.0-9]*): cannot open.*/\1/p' \
            <<<"$output" | tail -n 1)
        printf '%s\n' "$output" >"$log"
        case $library in
        libgomp.so.1) apt_install "the library $library is missing" libgomp1 ;;
        libstdc++.so.6) apt_install "the library $library is missing" libstdc++6 ;;
        libsndfile.so*) apt_install "the library $library is missing" libsndfile1 ;;
        *) break ;;
        esac
    done
    fail "an installed package does not load ($(tail -n 1 <<<"$output"))" "read the end of $log"
}

# The window, and the plug-in by which Qt opens it on Linux.
load_window() {
    "$venv/bin/python" -I -c '
import ctypes, pathlib, sys
import PySide6.QtNetwork, PySide6.QtWidgets
plugin = pathlib.Path(PySide6.__file__).parent / "Qt/plugins/platforms/libqxcb.so"
if sys.platform.startswith("linux") and plugin.exists():
    ctypes.CDLL(str(plugin))
' 2>&1
}

# Without them everything but the window works, so only the tests insist on them.
install_window_libraries() {
    local output reason
    if output=$(load_window); then return; fi
    reason="the window needs libraries of the system"
    # In a subshell, because apt_install ends the shell where it cannot go on.
    (apt_install "$reason" libegl1 libgl1 libdbus-1-3 libfontconfig1 libglib2.0-0 \
        libx11-xcb1 libxkbcommon0 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 \
        libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-render0 libxcb-shape0 \
        libxcb-sync1 libxcb-xfixes0 libxcb-xkb1 libgssapi-krb5-2 fonts-dejavu-core) || true
    if output=$(load_window); then return; fi
    output=$(tail -n 1 <<<"$output")
    [ "$level" != dev ] || fail "$reason ($output)" "install them, then run this again"
    say "The window cannot be opened on this machine ($output); the commands work."
}

# Its wheel brings PortAudio along on macOS and Windows, and leaves it to the system on Linux.
load_sound() { "$venv/bin/python" -I -c 'import sounddevice' >/dev/null 2>&1; }

# Without it everything works but playing and recording.
install_sound_library() {
    if load_sound; then return; fi
    (apt_install "the PortAudio library, for playing and recording, is missing" libportaudio2) || true
    if load_sound; then return; fi
    say "Nothing can be played or recorded on this machine, because the PortAudio library is missing;"
    say "everything else works. To add it: 'apt-get install libportaudio2' on Debian and Ubuntu, 'dnf install"
    say "portaudio' on Fedora, 'pacman -S portaudio' on Arch."
}

# A display that is not there, and a mouse for it: one test drags a file onto the real window.
install_display_tools() {
    if command -v Xvfb >/dev/null && command -v xdotool >/dev/null; then return; fi
    command -v apt-get >/dev/null || return 0
    (apt_install "a test of the window wants a virtual display" xvfb xauth xdotool) ||
        say "Xvfb or xdotool is missing; the test of a real drag and drop is skipped."
}

# --- all of it ------------------------------------------------------------------------------

case $level in
base | dev) ;;
*)
    say "usage: bash packaging/setup.sh [dev]" >&2
    exit 2
    ;;
esac
if is_ready; then exit 0; fi

trap 'printf "\nInterrupted. Run the same command again to go on.\n" >&2; exit 130' INT TERM
# Two set-ups at once would write over each other.
if command -v flock >/dev/null; then
    exec 9<"$here"
    flock -n 9 || { say "Another set-up is running; waiting for it" && flock 9; }
    if is_ready; then exit 0; fi
fi
# pip keeps downloads here, so that an interrupted set-up need not fetch them again.
if [ ! -w "${HOME:-/nonexistent}" ]; then
    PIP_CACHE_DIR=${TMPDIR:-/tmp}/amtstudio-pip-$(id -u)
    export PIP_CACHE_DIR
fi
export PIP_USER=0

say "Setting up AMT Studio in $venv (once; a few minutes)"
make_environment
install_packages
install_missing_libraries
install_window_libraries
install_sound_library
if [ "$level" = dev ]; then install_display_tools; fi
say_torch
fingerprint >"$stamp"
if [ "$level" = dev ]; then cp -- "$stamp" "$venv/.amtstudio-ready-base"; fi
say "Ready."

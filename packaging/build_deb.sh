#!/usr/bin/env bash
# Builds a Debian package of the program with everything it needs but Python and system libraries.
#
#   bash packaging/build_deb.sh [FOLDER]    by default dist; prints the path of the package
#
# It fits the release of Debian or Ubuntu that it is built on, as it uses that one's Python. Takes
# some minutes, and 3 GB in FOLDER while it works. AMTSTUDIO_TORCH_INDEX and AMTSTUDIO_PYTHON as for
# setup.sh. "bash packaging/try_deb.sh PACKAGE" tries the result in a bare Debian.
set -euo pipefail
unset CDPATH PYTHONHOME PYTHONPATH

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
project=$(dirname -- "$here")
folder=${1:-$project/dist}

case $folder in
-h | --help)
    sed -n '2,/^set/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
    exit 0
    ;;
esac

fail() { # cause, next step
    printf '\nThe package could not be built: %s.\nWhat to do: %s.\n' "$1" "$2" >&2
    exit 1
}

command -v dpkg-deb >/dev/null || fail "dpkg-deb is missing" "build on Debian or Ubuntu"
mkdir -p -- "$folder"
folder=$(cd -- "$folder" && pwd)
stage=$(mktemp -d -- "$folder/build.XXXXXX")
trap 'rm -rf -- "$stage"' EXIT
chmod 755 "$stage"
home=opt/amtstudio
venv=$stage/$home

# --- the program and its packages, as for everybody ---------------------------------------------

# Its own file descriptor 1 is for the path of the package.
AMTSTUDIO_VENV=$venv bash "$here/setup.sh" >&2
python=$venv/bin/python
"$python" -I -c 'import sys, torch; sys.exit(torch.version.cuda is not None)' ||
    fail "torch is the build for NVIDIA graphics cards, which makes a package of 3 GB" \
        "set AMTSTUDIO_TORCH_INDEX to an index with CPU builds"
# The set-up links to this folder; the package holds a copy.
"$python" -m pip uninstall --quiet -y amtstudio >&2
"$python" -m pip install --quiet --no-input --no-deps "$project" >&2
version=$("$python" -I -c 'import amtstudio; print(amtstudio.__version__)')
release=$("$python" -I -c 'import sys; print("%d.%d" % sys.version_info[:2])')
"$python" -m pip uninstall --quiet -y setuptools pip >&2

# --- from a virtual environment to a folder that works in another place -------------------------

mv -- "$venv/share" "$stage/share" # menu entry, icon, kinds of files: from the wheel
packages=$venv/lib/python$release/site-packages
# What building on torch and designing windows needs, and running this program does not.
# (torch/bin stays: torch does not start without its manager of shared memory.)
rm -rf -- "$packages"/torch/{include,share,test} "$packages"/PySide6/Qt/{qml,translations,metatypes} \
    "$packages"/PySide6/{typesystems,include,glue,doc,scripts}
find "$packages" -name '*.a' -delete
find "$packages" -name '*.pyi' -delete
find "$packages/PySide6" -maxdepth 1 -type f -perm -u+x ! -name '*.so*' ! -name '*.py' -delete
rm -rf -- "$venv"/{bin,include,etc} "$venv"/setup.log "$venv"/.amtstudio-* "$venv"/lib64
mkdir -- "$venv/bin"
ln -s -- "/usr/bin/python$release" "$python"
printf 'home = /usr/bin\ninclude-system-site-packages = false\n' >"$venv/pyvenv.cfg"

# --- the package --------------------------------------------------------------------------------

mkdir -p -- "$stage/usr/bin" "$stage/usr/share/doc/amtstudio" "$stage/DEBIAN"
mv -- "$stage"/share/* "$stage/usr/share/"
rmdir -- "$stage/share"
cp -- "$project/resources/THIRD_PARTY_NOTICES.md" "$project/CHANGELOG.md" "$stage/usr/share/doc/amtstudio/"
cp -- "$project/LICENSE" "$stage/usr/share/doc/amtstudio/copyright"
cat >"$stage/usr/bin/amtstudio" <<END
#!/bin/sh
exec /$home/bin/python -I -m amtstudio "\$@"
END
chmod 755 "$stage/usr/bin/amtstudio"
size=$(du -sk --exclude=DEBIAN -- "$stage" | cut -f1)
cat >"$stage/DEBIAN/control" <<END
Package: amtstudio
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: AMT Studio <amtstudio@localhost>
Installed-Size: $size
Section: sound
Priority: optional
Depends: python$release, libportaudio2, libegl1, libgl1, libdbus-1-3, libfontconfig1, libglib2.0-0,
 libx11-xcb1, libxkbcommon0, libxkbcommon-x11-0, libxcb-cursor0, libxcb-icccm4, libxcb-image0,
 libxcb-keysyms1, libxcb-randr0, libxcb-render-util0, libxcb-render0, libxcb-shape0, libxcb-sync1,
 libxcb-xfixes0, libxcb-xkb1, libgssapi-krb5-2, fonts-dejavu-core
Recommends: desktop-file-utils, shared-mime-info, hicolor-icon-theme
Description: turns recordings into MIDI on your own computer
 Drop a recording on the window and its notes appear. Compare them with
 the recording by ear, correct what is wrong, and save MIDI for a DAW or a score
 for a notation program. It needs no network.
END
package=$folder/amtstudio_${version}_$(dpkg --print-architecture).deb
# Ten times as fast as xz, for a tenth more; Debian 12 and Ubuntu 22.04 and later read it.
dpkg-deb -Zzstd -z6 --root-owner-group --build "$stage" "$package" >&2
printf '%s\n' "$package"

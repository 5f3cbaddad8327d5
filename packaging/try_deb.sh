#!/usr/bin/env bash
# Installs the package that build_deb.sh made into a bare Debian, and tries it there: a transcription
# at the command line, and the real window on a virtual display.
#
#   bash packaging/try_deb.sh PACKAGE [FOLDER]    as root; wants debootstrap
#
# FOLDER (by default a temporary one, which is removed) holds the bare Debian; the picture of the
# window is left in it as window.png.
set -euo pipefail
unset CDPATH

project=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
package=${1:?"usage: bash packaging/try_deb.sh PACKAGE [FOLDER]"}
root=${2:-}
if [ -z "$root" ]; then
    root=$(mktemp -d)
    trap 'rm -rf -- "$root"' EXIT
fi
. /etc/os-release
[ -e "$root/etc/debian_version" ] || debootstrap --variant=minbase "$VERSION_CODENAME" "$root"

# With /proc, which torch reads, in a mount of its own that goes with the command.
inside() {
    unshare --mount sh -c 'mount -t proc proc "$0/proc"; exec chroot "$0" env -i HOME=/root \
        PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 "$@"' "$root" "$@"
}

cp -- "$package" "$root/tmp/amtstudio.deb"
cp -- "$project/resources/examples/schumann_im_wunderschoenen.mp3" "$root/tmp/a take.mp3"
inside apt-get update -qq
inside apt-get install -y -qq --no-install-recommends /tmp/amtstudio.deb xvfb xauth \
    x11-apps netpbm >/dev/null
rm -- "$root/tmp/amtstudio.deb"

printf '== the command\n'
inside amtstudio --version
inside amtstudio transcribe "/tmp/a take.mp3" -o /tmp/take.mid --overwrite
inside test -s /tmp/take.mid

printf '== the window\n'
inside xvfb-run -a -s '-screen 0 1400x900x24' sh -c '
    amtstudio gui --new-window "/tmp/a take.mp3" & window=$!
    sleep "${1:-60}"
    kill -0 "$window" && xwd -root -silent | xwdtopnm 2>/dev/null | pnmtopng 2>/dev/null >/window.png
    kill "$window"; wait "$window"; code=$?
    [ "$code" = 143 ] || [ "$code" = 0 ]' window
printf 'Tried: %s/window.png shows the window.\n' "$root"

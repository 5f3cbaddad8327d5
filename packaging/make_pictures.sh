#!/usr/bin/env bash
# Takes the picture of the window that the README shows, from the bundled example.
#
#   bash packaging/make_pictures.sh [ARGUMENT...]    arguments go to "amtstudio gui"
#
# AMTSTUDIO_PYTHON names a Python in which the program's packages are installed; by default that of
# the environment that setup.sh makes.
set -euo pipefail
unset CDPATH

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
project=$(dirname -- "$here")
python=${AMTSTUDIO_PYTHON:-${AMTSTUDIO_VENV:-$project/.venv}/bin/python}
picture=$here/pictures/window.png

mkdir -p -- "$here/pictures"
cd -- "$project"
QT_QPA_PLATFORM=offscreen "$python" -m amtstudio gui \
    resources/examples/schumann_im_wunderschoenen.mp3 --snapshot "$picture" --overwrite "$@"
"$python" packaging/shrink_picture.py "$picture"
printf '%s\n' "$picture"

#!/usr/bin/env bash
# Takes the pictures of the real window that the README shows, from the bundled example: dark with
# candidate notes, light with edited notes. No display is needed.
#
#   bash packaging/make_pictures.sh [FOLDER]    by default packaging/pictures
#
# AMTSTUDIO_PYTHON names a Python in which the program's packages are installed; by default that of
# the environment that setup.sh makes.
set -euo pipefail
unset CDPATH

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
project=$(dirname -- "$here")
python=${AMTSTUDIO_PYTHON:-${AMTSTUDIO_VENV:-$project/.venv}/bin/python}
folder=${1:-$here/pictures}

mkdir -p -- "$folder"
folder=$(cd -- "$folder" && pwd)
cd -- "$project"
PYTHONPATH=$project "$python" packaging/take_pictures.py "$folder" | while IFS= read -r picture; do
    "$python" packaging/shrink_picture.py "$picture" >/dev/null
    printf '%s\n' "$picture"
done

#!/usr/bin/env bash
# Adds the program that setup.sh made to the menu of this user's Linux desktop, with its icon and kinds
# of files; with "remove" takes it out again.
#
#   bash packaging/desktop/install.sh [remove]
set -euo pipefail
unset CDPATH

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
project=$(cd -- "$here/../.." && pwd)
program=${AMTSTUDIO_VENV:-$project/.venv}/bin/amtstudio
share=${XDG_DATA_HOME:-$HOME/.local/share}
files=(applications/amtstudio.desktop mime/packages/amtstudio.xml
    icons/hicolor/scalable/apps/amtstudio.svg)

case ${1:-} in
'')
    if [ ! -x "$program" ]; then
        printf 'There is no %s.\nWhat to do: bash packaging/setup.sh\n' "$program" >&2
        exit 66
    fi
    mkdir -p -- "$share"/{applications,mime/packages,icons/hicolor/scalable/apps}
    # In a desktop entry, quotes protect blanks; "\\" before what is special inside them.
    quoted=$(printf '%s' "$program" | sed 's/[\\"`$]/\\\\&/g; s/%/%%/g')
    while IFS= read -r line; do
        case $line in Exec=*) line="Exec=\"$quoted\" gui %F" ;; esac
        printf '%s\n' "$line"
    done <"$here/amtstudio.desktop" >"$share/${files[0]}"
    cp -- "$here/amtstudio.xml" "$share/${files[1]}"
    cp -- "$project/resources/icons/amtstudio.svg" "$share/${files[2]}"
    ;;
remove) (cd -- "$share" && rm -f -- "${files[@]}") ;;
*)
    printf 'usage: bash packaging/desktop/install.sh [remove]\n' >&2
    exit 2
    ;;
esac
if command -v update-desktop-database >/dev/null; then update-desktop-database "$share/applications" || true; fi
if command -v update-mime-database >/dev/null; then update-mime-database "$share/mime" || true; fi

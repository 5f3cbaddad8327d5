#!/usr/bin/env bash
# Sets everything up where that is needed, then turns a recording into MIDI.
#
#   bash packaging/run.sh                 the bundled example
#   bash packaging/run.sh gui [FILE...]   the window
#   bash packaging/run.sh RECORDING...    your own, each MIDI file beside its recording; options of
#                                         "amtstudio transcribe" may follow
set -euo pipefail
unset CDPATH PYTHONHOME PYTHONPATH

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
project=$(dirname -- "$here")
venv=${AMTSTUDIO_VENV:-$project/.venv}

case ${1:-} in
-h | --help)
    sed -n '2,/^set/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
    exit 0
    ;;
esac

bash "$here/setup.sh"

if [ "${1:-}" = gui ]; then
    exec "$venv/bin/amtstudio" "$@"
fi
if [ $# -gt 0 ]; then
    exec "$venv/bin/amtstudio" transcribe "$@"
fi

recording=$project/resources/examples/schumann_im_wunderschoenen.mp3
folder=$project/transcriptions
midi=$folder/schumann_im_wunderschoenen.mid
if ! mkdir -p -- "$folder" 2>/dev/null || [ ! -w "$folder" ]; then
    printf 'The folder %s cannot be written.\nWhat to do: %s\n' "$folder" \
        "copy the project to a folder of your own, or give a recording that lies in one." >&2
    exit 73
fi
printf 'Transcribing the bundled example, %s\n' "$recording"
"$venv/bin/amtstudio" transcribe "$recording" -o "$midi" --overwrite
"$venv/bin/python" "$here/show_midi.py" "$midi"

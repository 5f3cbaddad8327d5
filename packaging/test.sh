#!/usr/bin/env bash
# Sets up the developers' tools where that is needed, then runs every check and every test.
#
#   bash packaging/test.sh [ARGUMENT...]    arguments go to pytest
set -euo pipefail
unset CDPATH PYTHONHOME PYTHONPATH

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
project=$(dirname -- "$here")
bin=${AMTSTUDIO_VENV:-$project/.venv}/bin

case ${1:-} in
-h | --help)
    sed -n '2,/^set/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
    exit 0
    ;;
esac

bash "$here/setup.sh" dev
cd -- "$project"

failed=()
check() { # name, command...
    local name=$1
    shift
    printf '\n== %s\n' "$name"
    "$@" || failed+=("$name")
}

check "ruff check" "$bin/ruff" check .
check "ruff format" "$bin/ruff" format --check .
check "mypy" "$bin/mypy"
check "import-linter" "$bin/lint-imports"
# Two processes, each with whole files: fixtures that take long are made once. "-n 0" runs all in one.
# One thread each: those of two processes on few cores wait for one another in busy loops.
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
check "pytest" "$bin/python" -m pytest -n 2 --dist loadfile "$@"

if [ ${#failed[@]} -gt 0 ]; then
    printf '\nFailed:'
    printf ' %s;' "${failed[@]}"
    printf '\n'
    exit 1
fi
printf '\nAll checks and tests passed.\n'

#!/bin/sh
# sh run.sh FOLDER: imports or reports it.
here=$(cd "$(dirname "$0")" && pwd -P)
unset PYTHONPATH PYTHONHOME || true
export PYTHONUTF8=1
if [ ! -x "$here/venv/bin/python" ]; then
    cat "$here/text/not_installed.txt"
    exit 2
fi
exec "$here/venv/bin/python" -m village_eval.cli.office "${1:-}"

#!/bin/sh
# Installs village_eval into the folder venv beside this file. No network.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
unset PYTHONPATH PYTHONHOME || true
export PYTHONUTF8=1
check='import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (@MAJOR@, @MINOR@) or sys.maxsize < 2**32)'
for python in "${PYTHON:-}" "$here/python/bin/python3" python@MAJOR@.@MINOR@ python3; do
    [ -n "$python" ] && "$python" -c "$check" 2> /dev/null && break
    python=
done
if [ -z "$python" ]; then
    cat "$here/text/no_python.txt"
    exit 2
fi
"$python" -m venv --clear "$here/venv"
cat "$here/text/installing.txt"
if "$here/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --find-links "$here/wheels" \
    --require-hashes --no-deps -r "$here/requirements/linux.txt" && "$here/venv/bin/python" -c 'import village_eval.cli.main'; then
    cat "$here/text/installed.txt"
else
    cat "$here/text/failed.txt"
    exit 1
fi

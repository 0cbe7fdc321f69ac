#!/bin/sh
# Bring .venv up to a hashed lock file: tools/install.sh LOCK [MORE LOCKS]. Called by the Makefile; safe to repeat and to interrupt.
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python3}
py=.venv/bin/python
here=$(pwd -P)

if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    found=$("$PYTHON" --version 2>/dev/null || true)
    echo "village_eval needs Python 3.11 or later; '$PYTHON' is ${found:-not a Python that runs here}. Choose another: make PYTHON=python3.12 ..." >&2
    echo "需要 Python 3.11 或更新的版本，可用 make PYTHON=python3.12 … 指定。" >&2
    exit 2
fi

# A virtual environment knows its absolute path: ours is made again after the checkout was moved. One made by hand is kept.
if [ -e .venv/made-in ] && [ "$(cat .venv/made-in)" != "$here" ]; then
    echo "The checkout has moved: making .venv again"
    rm -rf .venv
fi
if ! "$py" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    if ! "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "'$PYTHON' cannot make virtual environments (no ensurepip). On Debian or Ubuntu: apt install python3-venv." >&2
        echo "Without root: use conda (environment.yml), or a complete Python: make PYTHON=/path/to/python3 ..." >&2
        echo "这个 Python 不能建立虚拟环境：请安装 python3-venv，或用 conda（environment.yml）。" >&2
        exit 2
    fi
    echo "Making .venv with $("$PYTHON" --version)"
    "$PYTHON" -m venv --clear .venv
    echo "$here" > .venv/made-in
fi

export PIP_DISABLE_PIP_VERSION_CHECK=1
# uv does not read pip's settings; a mirror that the user gave to pip is meant for it, too.
mirror=${PIP_INDEX_URL:-$("$py" -m pip config get global.index-url 2>/dev/null || true)}
if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ] && [ -n "$mirror" ]; then
    export UV_DEFAULT_INDEX="$mirror"
fi

if ! cmp -s requirements-bootstrap.lock .venv/bootstrapped; then
    "$py" -m pip install --quiet --require-hashes -r requirements-bootstrap.lock
    cp requirements-bootstrap.lock .venv/bootstrapped
fi
for lock in "$@"; do
    echo "Installing $lock (half a minute to a few minutes the first time)"
    # A lock is whole, so that nothing beside it is wanted. pip reads the same, slower; it knows certificates and mirrors that uv may not.
    "$py" -m uv pip install --quiet --python "$py" --no-deps --require-hashes -r "$lock" ||
        { echo "uv could not do it; trying pip"; "$py" -m pip install --quiet --no-deps --require-hashes -r "$lock"; }
done
"$py" -m uv pip install --quiet --python "$py" --no-deps --no-build-isolation --offline -e . ||
    "$py" -m pip install --quiet --no-deps --no-build-isolation -e .

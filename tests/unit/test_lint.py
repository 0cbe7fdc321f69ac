"""Style, import rule and types hold: what `make lint` says, said by the tests too."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "--quiet", "."),
        ("ruff", "format", "--check", "--quiet", "."),
        ("lint-imports", "--no-cache"),
    ],
    ids=" ".join,
)
def test_nothing_to_mend(command):
    name, *arguments = command
    done = subprocess.run([BIN / name, *arguments], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.ci
def test_types_hold():
    done = subprocess.run([BIN / "mypy"], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr

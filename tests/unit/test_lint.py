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


NOT_YET = {"bureau", "checks", "cli", "county", "designs", "findings"} | {
    *("folder", "measures", "report", "words")
}
"""Rooms in which mypy still finds something; nothing is added to them."""


def test_types_of_finished_rooms():
    done = subprocess.run([BIN / "mypy"], capture_output=True, text=True, cwd=ROOT)
    errors = [line for line in done.stdout.splitlines() if ": error: " in line]
    assert done.returncode < 2 and (errors or done.returncode == 0), done.stdout + done.stderr
    assert not [line for line in errors if line.split("/")[1] not in NOT_YET]

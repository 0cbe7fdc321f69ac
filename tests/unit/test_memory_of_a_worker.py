"""A worker's memory is its own."""

import subprocess
import sys

import pytest

HELD = 700  # MiB
CHILD = "from village_eval.many.work import most_memory; print(most_memory())"
PARENT = f"""
import subprocess, sys
held = bytearray({HELD} << 20)
held[::4096] = bytes(len(held[::4096]))
print(subprocess.run([sys.executable, "-c", {CHILD!r}], capture_output=True, text=True).stdout)
"""


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.skipif(sys.platform != "linux", reason="counts as Linux does")
def test_what_its_parent_holds_is_not_counted():
    """A notebook that holds a province would have had its workers replaced after each county."""
    shown = subprocess.run([sys.executable, "-c", PARENT], capture_output=True, text=True)
    assert 10 < int(shown.stdout) < HELD / 2, shown

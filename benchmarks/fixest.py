"""R's fixest on the same arrays, if there is an Rscript that can load it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.panels import Arrays
from benchmarks.timing import Timing

SCRIPT = Path(__file__).with_name("fixest.R")


def version() -> str | None:
    """The installed version of fixest, or None."""
    if shutil.which("Rscript") is None:
        return None
    asked = subprocess.run(
        ["Rscript", "-e", 'cat(as.character(packageVersion("fixest")))'],
        capture_output=True,
        text=True,
    )
    return asked.stdout.strip() if asked.returncode == 0 else None


def fixest(
    a: Arrays, models: list[str], base: int, runs: int
) -> dict[str, tuple[Timing, np.ndarray, np.ndarray]]:
    """Timing, coefficients and standard errors by model; empty, and said, where fixest is missing
    or fails."""
    if version() is None:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        for name, x in {
            "y": a.Y.ravel(),
            "listed": a.listed,
            "post": a.post,
            "cluster": a.cluster,
        }.items():
            np.asarray(x, float).tofile(Path(folder, name))
        shape = [str(n) for n in (*a.Y.shape, base, runs)]
        done = subprocess.run(
            ["Rscript", str(SCRIPT), folder, *shape, *models], capture_output=True, text=True
        )
    if done.returncode:
        print(
            f"fixest is installed, but {SCRIPT.name} failed, and the run goes on without"
            f" it:\n{done.stderr}",
            file=sys.stderr,
        )
        return {}
    answers = {}
    for line in done.stdout.splitlines():
        model, wall, cpu, fastest, value, se = line.split("\t")
        numbers = (np.array([float(x) for x in column.split()]) for column in (value, se))
        answers[model] = (Timing(float(wall), float(cpu), float(fastest), runs), *numbers)
    return answers

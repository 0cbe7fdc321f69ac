"""One county now and before the rooms (commit 648a3bb), alternately in one run: evaluate, report,
imports.

The old state is unpacked from the history into a temporary folder and runs in the same environment.
Each measurement is a process of its own, with a cache of its own; its processor time counts the
processes that it starts.
"""

from __future__ import annotations

import io
import json
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import sampler
from benchmarks.timing import Timing

ROOT = Path(__file__).parents[1]
COMMIT = "648a3bb"
COUNTY = "data/demo_county"
NOTEBOOK = "notebooks/03_effects.ipynb"
LIBRARIES = "import numpy, pandas"


@dataclass(frozen=True)
class Compared:
    """One thing measured on both states, and how much of the old it may take by the aim."""

    name: str
    before: Timing
    now: Timing
    aim: float | None = None
    by: str = "cpu"

    @property
    def ratio(self) -> float:
        """Now over before, in processor or wall time as the aim has it."""
        return getattr(self.now, self.by) / getattr(self.before, self.by)


class NoHistory(Exception):
    """The clone does not hold the old commit."""


def unpack(into: Path, commit: str = COMMIT) -> Path:
    """The tree of a commit in a folder; NoHistory says in words when this clone has it not."""
    command = ["git", "-C", str(ROOT), "archive", "--format=tar", commit]
    try:
        made = subprocess.run(command, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoHistory(
            f"The state before the rooms was not measured: commit {commit} is not in this clone's "
            "history (a shallow clone or an archive); `git fetch --unshallow` brings it."
        ) from error
    into.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(made.stdout)) as archive:
        archive.extractall(into, filter="data")
    return into


def command_line(tree: Path, *arguments: str) -> str:
    """Python code that does what the command ``village-eval`` of a tree does."""
    package = (tree / "village_eval" / "cli").is_dir()
    module = "village_eval.cli.main" if package else "village_eval.cli"
    return f"import sys; from {module} import main; sys.exit(main({list(arguments)!r}))"


def notebook_imports(tree: Path) -> str:
    """The import lines of a step's notebook."""
    cells = json.loads((tree / NOTEBOOK).read_text("utf-8"))["cells"]
    lines = [line for cell in cells for line in "".join(cell["source"]).splitlines()]
    return "\n".join(line for line in lines if line.startswith(("import ", "from ")))


def run(code: str, tree: Path, scratch: Path, sampled: Path | None = None) -> tuple[float, float]:
    """Wall and processor seconds of ``python -c code`` with the package of ``tree``."""
    site = [str(sampled)] if sampled else []
    with tempfile.TemporaryDirectory(dir=scratch) as cache:
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join([*site, str(tree)]),
            "PYTHONSAFEPATH": "1",
            "XDG_CACHE_HOME": cache,
            "MPLCONFIGDIR": str(scratch / "matplotlib"),
            "VILLAGE_EVAL_LANG": "en",
            **{f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")},
        }
        wall = time.perf_counter()
        child = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=cache,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        said = child.stderr.read().decode()
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - wall
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"{code}\nended with an error:\n{said[-2000:]}")
    return wall, usage.ru_utime + usage.ru_stime


def compare(before: Path, scratch: Path, runs: int = 3) -> Iterator[Compared]:
    """What is compared, one after the other; old and new take turns."""
    trees = {"before": before, "now": ROOT}
    for tree in trees.values():
        subprocess.run([sys.executable, "-m", "compileall", "-q", tree / "village_eval"])
        run("import matplotlib.font_manager", tree, scratch)  # its font cache is made once

    def both(name: str, code, repeats: int, aim: float | None = None, by: str = "cpu") -> Compared:
        taken = {which: [] for which in trees}
        for _ in range(repeats):
            for which, tree in trees.items():
                with tempfile.TemporaryDirectory(dir=scratch) as out:
                    taken[which].append(run(code(tree, f"{out}/result"), tree, scratch))
        return Compared(name, *(_timing(taken[which]) for which in trees), aim=aim, by=by)

    county = str(before / COUNTY)
    yield both(f"`{LIBRARIES}`, which neither can do without", lambda *_: LIBRARIES, runs + 2)
    yield both("`import village_eval`", lambda *_: "import village_eval", runs + 2)
    yield both(
        "`import village_eval` and what `evaluate` imports",
        lambda *_: "import village_eval; village_eval.evaluate",
        runs + 2,
        0.15,
    )
    yield both("imports of a step's notebook", lambda t, _: notebook_imports(t), runs + 2, 0.15)
    yield both(
        "`village-eval evaluate`, one county",
        lambda t, out: command_line(t, "evaluate", county, "--out", out),
        runs,
        0.30,
    )
    report = both(
        "`village-eval report --lang both`",
        lambda t, out: command_line(t, "report", county, "--out", out, "--lang", "both"),
        max(1, runs - 1),
        0.35,
        "wall",
    )
    yield report
    yield Compared(f"{report.name}, processor", report.before, report.now, 0.35, "cpu")


def stages(before: Path, scratch: Path) -> dict[str, tuple[float, float]]:
    """Processor seconds of ``report --lang both`` by stage, before and now: what a sampler in every
    process saw. The rest is of processes that left without a word."""
    found = []
    for tree in (before, ROOT):
        with tempfile.TemporaryDirectory(dir=scratch) as out:
            site, seen = Path(out) / "site", Path(out) / "seen"
            site.mkdir()
            seen.mkdir()
            (site / "sitecustomize.py").write_text(
                f"{Path(sampler.__file__).read_text('utf-8')}\n\nstart({str(seen)!r})\n", "utf-8"
            )
            arguments = ("report", str(before / COUNTY), "--out", f"{out}/r", "--lang", "both")
            _, cpu = run(command_line(tree, *arguments), tree, scratch, site)
            parts = [json.loads(path.read_text()) for path in seen.iterdir()]
        total = {name: sum(part.get(name, 0.0) for part in parts) for name in sampler.NAMES}
        found.append(total | {"not seen": cpu - sum(total.values()), "together": cpu})
    return {name: (found[0][name], found[1][name]) for name in found[0]}


def _timing(taken: list[tuple[float, float]]) -> Timing:
    wall, cpu = zip(*taken, strict=True)
    return Timing(statistics.median(wall), statistics.median(cpu), min(wall), len(taken))

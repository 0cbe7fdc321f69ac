"""`python -m benchmarks.counties [--sizes 1 10 30 100] [--note TEXT]`: a batch of counties against
a loop over the command as it was before the rooms (commit 648a3bb), in one run; printed and written
to COUNTIES.md beside this file."""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import before, machine
from benchmarks.results import seconds
from village_eval.certify.synthetic_county import simulate_to_folder

OUT = Path(__file__).with_name("COUNTIES.md")
SIZES = (1, 10, 30, 100)
REPORTS, OLD = 6, 2
"""Counties whose reports are made, and that the old command is measured on."""
SHAPE = {"villages": 1000, "townships": 19, "listed": 68}
WORKERS = 2
COLUMNS = (
    *("what", "counties", "wall a county", "processor a county", "ratio to the loop"),
    "memory a worker",
)


@dataclass(frozen=True)
class Run:
    """A batch: what it was, counties, wall and processor seconds of all its processes, and the most
    memory that a worker held, in MiB."""

    name: str
    counties: int
    wall: float
    cpu: float
    memory: int


def counties(n: int, folder: Path) -> list[str]:
    """Folders of simulated counties, made if they are not there."""
    made = [folder / f"county{i:04d}" for i in range(n)]
    for i, one in enumerate(made):
        if not one.exists():
            simulate_to_folder(one, seed=30001 + i, **SHAPE)
    return [str(one) for one in made]


def batch(name: str, given: list[str], scratch: Path, *words: str) -> Run:
    """Run the command once, from nothing."""
    with tempfile.TemporaryDirectory(dir=scratch) as out:
        arguments = (*given, "--out", f"{out}/b", "--workers", str(WORKERS), *words)
        wall, cpu = before.run(
            before.command_line(before.ROOT, "batch", *arguments), before.ROOT, scratch
        )
        states = [json.loads(p.read_text()) for p in Path(out, "b", "state").rglob("*/*.json")]
    assert len(states) == len(given) and {s["status"] for s in states} == {"done"}
    return Run(name, len(given), wall, cpu, max(s["memory"] for s in states))


def measure(sizes: tuple[int, ...], scratch: Path, places: Path) -> Iterator[Run]:
    """The old command in a loop, then batches of growing size, then reports."""
    given = counties(max(*sizes, REPORTS, OLD), places)
    old = before.unpack(scratch / "before")
    taken = []
    for one in given[:OLD]:
        code = before.command_line(old, "evaluate", one, "--out", f"{scratch}/old/{Path(one).name}")
        taken.append(before.run(code, old, scratch))
    wall, cpu = (statistics.mean(t) for t in zip(*taken, strict=True))
    yield Run("loop over `evaluate` at 648a3bb", 1, wall, cpu, 0)
    for n in sizes:
        yield batch("`batch`", given[:n], scratch)
    yield batch("`batch --reports`, both languages", given[:REPORTS], scratch, "--reports")


def page(runs: list[Run], about: list[str]) -> str:
    """What was measured, as a page."""
    old, *made, reports = runs
    lines = [f"| {' | '.join(COLUMNS)} |", "| --- " * len(COLUMNS) + "|"]
    for r in runs:
        ratio = "" if r is reports else f"{r.cpu / r.counties / old.cpu:.2f}"
        cells = (seconds(r.wall / r.counties), seconds(r.cpu / r.counties), ratio)
        memory = f"{r.memory} MiB" if r.memory else ""
        lines.append(f"| {r.name} | {r.counties} | {' | '.join(cells)} | {memory} |")
    last = made[-1]
    each = last.cpu / last.counties
    told = [
        f"Processor seconds a county: {each:.2f} (aim 2.0); the loop took {old.cpu:.1f} in the same"
        f" run, so the ratio is {each / old.cpu:.2f}. Memory: {last.memory} MiB (aim 600)."
    ]
    if growing := [r for r in made if 10 <= r.counties < last.counties]:
        first = growing[0]
        growth = math.log(last.cpu / first.cpu) / math.log(last.counties / first.counties)
        told.append(
            f"Growth exponent of processor time from {first.counties} to {last.counties} counties:"
            f" {growth:.3f} (aim 1.05 at most)."
        )
    told.append(f"Reports: {60 * reports.counties / reports.wall:.1f} a minute (aim 6).")
    title = (
        f"# Many counties\n\nWritten by `python -m benchmarks.counties`: {SHAPE['villages']:,}"
        f" villages a county, {WORKERS} workers, each batch from nothing."
    )
    listed = "\n".join(f"- {line}" for line in about)
    return "\n\n".join([title, listed, "\n".join(lines), *told]) + "\n"


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.counties", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--note", default="", help="what else the machine was doing")
    parser.add_argument("--counties", type=Path, help="where simulated counties are kept")
    args = parser.parse_args()
    load = machine.load()
    with tempfile.TemporaryDirectory() as folder:
        scratch, runs = Path(folder), []
        for run in measure(tuple(args.sizes), scratch, args.counties or scratch / "counties"):
            runs.append(run)
            times = f"{seconds(run.wall):>9}  {seconds(run.cpu):>9}  {run.memory:>5} MiB"
            print(f"{run.counties:>6}  {times}  {run.name}", flush=True)
    text = page(runs, machine.describe(None, (load, machine.load()), args.note))
    OUT.write_text(text, encoding="utf-8")
    print(f"\n{text}\nWritten: {os.path.relpath(OUT)}")


if __name__ == "__main__":
    main()

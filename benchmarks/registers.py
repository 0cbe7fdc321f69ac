"""`python -m benchmarks.registers [--sizes 1 5] [--note TEXT]`: one unsorted register of many
counties (millions of rows) to one register a county, by `village-eval import` with polars, by
pandas and by DuckDB, each in a process of its own; printed and written to REGISTERS.md beside this
file. 50 million rows need 20 GiB for pandas: ask for them with `--sizes 50`."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks import machine
from benchmarks.results import seconds

OUT = Path(__file__).with_name("REGISTERS.md")
SIZES = (1, 5)
"""Million rows."""
PROGRAMS = ("polars", "pandas", "DuckDB", "village-eval import")
ROWS_A_COUNTY = 100_000
VILLAGES, SEED = 500, 30_001
"""Villages of a county, and the seed of what is drawn."""
MEMORY_AIM = 4.0
"""GiB, of the import."""
ALONE = 14 * 2**30
"""A program that needs more memory than this is stopped and named."""
CHANNELS = ("来访", "来信", "网上信访", "来电")
CATEGORIES = ("土地纠纷", "村务公开", "环境保护", "社会保障")


@dataclass(frozen=True)
class Run:
    """One program at one size: wall and processor seconds, peak of memory in GiB; None where it
    was stopped."""

    program: str
    rows: int
    wall: float | None
    cpu: float | None
    memory: float


def deliver(folder: Path, millions: int) -> int:
    """A province's delivery, drawn in pieces; the number of its counties."""
    import numpy as np
    import polars as pl
    import pyarrow.parquet as pq

    rows = millions * 1_000_000
    counties = [f"{100_000 + i}" for i in range(max(rows // ROWS_A_COUNTY, 2))]
    codes = np.array([f"{c}1{v // 50:02}2{v % 50:02}" for c in counties for v in range(VILLAGES)])
    pl.DataFrame(
        {
            "village_code": codes,
            "village_name": [f"{c[-5:]}村" for c in codes],
            "township_name": [f"{c[6:9]}镇" for c in codes],
            "population": 1180,
            "listed": [int(c.endswith("01")) for c in codes],
            "village_type": ["petitions" if c.endswith("01") else "" for c in codes],
        }
    ).write_csv(folder / "villages.csv")
    rng, writer = np.random.default_rng(SEED), None
    for first in range(0, rows, 500_000):
        n = 500_000
        day = rng.integers(0, 2300, n)
        table = pl.DataFrame(
            {
                "登记编号": pl.int_range(first, first + n, eager=True).cast(pl.String),
                "村编码": codes[rng.integers(0, len(codes), n)],
                "登记日期": pl.Series(day + 17_532).cast(pl.Int32).cast(pl.Date),
                "信访形式": np.array(CHANNELS)[rng.integers(0, 4, n)],
                "问题类别": np.array(CATEGORIES)[rng.integers(0, 4, n)],
                "初访重访": np.array(("初访", "重访"))[rng.integers(0, 2, n)],
                "办结日期": pl.Series(day + 17_560).cast(pl.Int32).cast(pl.Date),
            }
        ).to_arrow()
        writer = writer or pq.ParquetWriter(folder / "register.parquet", table.schema)
        writer.write_table(table)
    assert writer is not None
    writer.close()
    lines = "".join(f'{c} = "县{c}"\n' for c in counties)
    (folder / "counties.toml").write_text(
        'register = "register.parquet"\nvillages = "villages.csv"\n[campaign]\n'
        'start = 2023-03-01\nlisting_window = ["2022-03", "2023-02"]\n[counties]\n' + lines,
        "utf-8",
    )
    return len(counties)


def whole_import(delivery: Path, out: Path) -> None:
    """Everything: cells read, checked, copies dropped, folders written."""
    from village_eval.bureau.province import import_province

    import_province(delivery, out)


def by_polars(delivery: Path, out: Path) -> None:
    """Only the split, as the other two do it: one Parquet file a county, sorted by day."""
    import polars as pl

    frame = pl.scan_parquet(delivery / "register.parquet")
    county = pl.col("村编码").str.slice(0, 6)
    bucket = county.cast(pl.Int32) % 32
    parts = pl.PartitionBy(out / "parts", key=bucket.alias("bucket"), include_key=False)
    frame.sink_parquet(parts, mkdir=True, compression="lz4", engine="streaming")
    for folder in sorted((out / "parts").iterdir()):
        rows = pl.read_parquet(folder / "*.parquet").with_columns(county.alias("county"))
        for (code,), own in rows.partition_by("county", as_dict=True).items():
            (out / str(code)).mkdir()
            own.sort("登记日期").write_parquet(out / str(code) / "petitions.parquet")


def by_pandas(delivery: Path, out: Path) -> None:
    """As one would write it."""
    import pandas as pd

    frame = pd.read_parquet(delivery / "register.parquet")
    for code, own in frame.groupby(frame["村编码"].str[:6], sort=False):
        (out / str(code)).mkdir(parents=True)
        own.sort_values("登记日期").to_parquet(out / str(code) / "petitions.parquet")


def by_duckdb(delivery: Path, out: Path) -> None:
    """As its documentation writes it, told to keep within 4 GB."""
    import duckdb

    duckdb.sql("SET memory_limit = '4GB'; SET preserve_insertion_order = false")
    duckdb.sql(f"SET temp_directory = '{out}.spill'")
    duckdb.sql(
        f"COPY (SELECT *, 村编码[1:6] AS county FROM '{delivery}/register.parquet' ORDER BY "
        f"county, 登记日期) TO '{out}' (FORMAT parquet, PARTITION_BY county)"
    )


CALLS = dict(zip(PROGRAMS, (by_polars, by_pandas, by_duckdb, whole_import), strict=True))


def one(program: str, delivery: Path, out: Path, rows: int) -> Run:
    """Run a program in a process of its own."""
    import psutil

    argv = [sys.executable, "-m", "benchmarks.registers", "--one", program, str(delivery), str(out)]
    begun = time.perf_counter()
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    peak, looked = 0, psutil.Process(process.pid)

    def watch() -> None:
        nonlocal peak
        while process.poll() is None:
            try:
                peak = max(peak, looked.memory_info().rss)
            except psutil.Error:
                return
            if peak > ALONE:
                process.kill()
            time.sleep(0.05)

    watcher = threading.Thread(target=watch)
    watcher.start()
    said, _ = process.communicate()
    watcher.join()
    wall = time.perf_counter() - begun
    if process.returncode:
        return Run(program, rows, None, None, peak / 2**30)
    return Run(program, rows, wall, json.loads(said)["cpu"], peak / 2**30)


def measure(sizes: list[int], scratch: Path) -> Iterator[Run]:
    """Every program at every size."""
    for millions in sizes:
        with tempfile.TemporaryDirectory(dir=scratch) as place:
            delivery = Path(place) / "delivery"
            delivery.mkdir()
            counties = deliver(delivery, millions)
            for program in PROGRAMS:
                with tempfile.TemporaryDirectory(dir=place) as made:
                    run = one(program, delivery, Path(made) / "out", millions * 1_000_000)
                    folders = sum(p.is_dir() for p in (Path(made) / "out").glob("[0-9c县]*"))
                    assert run.wall is None or folders == counties, (program, folders, counties)
                    yield run


def page(runs: list[Run], about: list[str]) -> str:
    """What was measured, as a page."""
    lines = [
        "| million rows | program | wall | processor | peak memory |"
        " times polars, wall (processor) |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for run in runs:
        size = f"{run.rows / 1e6:.0f}"
        if run.wall is None or run.cpu is None:
            lines.append(f"| {size} | {run.program} | stopped | | {run.memory:.1f} GiB | |")
            continue
        base = next(r for r in runs if r.rows == run.rows and r.program == "polars")
        ratio = ""
        if base.wall and base.cpu:
            ratio = f"{run.wall / base.wall:.1f} ({run.cpu / base.cpu:.1f})"
        cells = (seconds(run.wall), seconds(run.cpu), f"{run.memory:.2f} GiB", ratio)
        lines.append(f"| {size} | {run.program} | {' | '.join(cells)} |")
    own = [r for r in runs if r.program == PROGRAMS[-1]]
    most = max(own, key=lambda r: r.memory)
    told = (
        f"Peak memory of the import: {most.memory:.2f} GiB at {most.rows / 1e6:.0f} million rows"
        f" (aim {MEMORY_AIM:.0f} GiB)."
    )
    title = (
        "# Large registers\n\nWritten by `python -m benchmarks.registers`: an unsorted Parquet"
        f" register of many counties ({ROWS_A_COUNTY:,} petitions each, seven columns) to one file"
        " a county. *polars*, *pandas* and *DuckDB* (held to 4 GB) only split and sort;"
        " *village-eval import* also reads and checks every cell, drops what was entered twice and"
        " writes county folders. A new process each, imports included; a program above"
        f" {ALONE / 2**30:.0f} GiB is stopped."
    )
    listed = "\n".join(f"- {line}" for line in about)
    return "\n\n".join((title, listed, "\n".join(lines), told)) + "\n"


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.registers", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--note", default="")
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--one", nargs=3, metavar=("PROGRAM", "DELIVERY", "OUT"))
    given = parser.parse_args()
    if given.one:
        program, delivery, out = given.one
        Path(out).parent.mkdir(parents=True, exist_ok=True)
        if program in ("polars", "pandas"):
            Path(out).mkdir()
        CALLS[program](Path(delivery), Path(out))
        print(json.dumps({"cpu": time.process_time()}))
        return
    load, runs = machine.load(), []
    for run in measure(given.sizes, given.scratch):
        runs.append(run)
        wall = "stopped" if run.wall is None else seconds(run.wall)
        print(f"  {run.rows:>12,}  {run.program:<20}{wall:>9}{run.memory:>7.2f} GiB", flush=True)
    where, _, _, _, *rest = machine.describe(None, (load, machine.load()), given.note)
    versions = ", ".join(f"{name} {version(name)}" for name in ("polars", "pandas", "duckdb"))
    about = [where, f"Versions: {versions}; each with its own threads.", *rest]
    OUT.write_text(page(runs, about), "utf-8")


if __name__ == "__main__":
    main()

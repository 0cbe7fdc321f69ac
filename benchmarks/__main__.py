"""`python -m benchmarks [--note TEXT]`: one run, printed as it goes and written to RESULTS.md
beside this file."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from benchmarks import fixest, machine, results
from benchmarks.headline import headline
from benchmarks.panel_algebra import agreement, compare

OUT = Path(__file__).with_name("RESULTS.md")


def main() -> None:
    """Measure everything, print it, write it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--note", default="", help="what else the machine was doing; written into the results"
    )
    note = parser.parse_args().note
    before = machine.load()
    print("The headline on one county", flush=True)
    one_county = headline()
    for name, timing in one_county:
        print(f"  {results.seconds(timing.wall):>9}  {name}", flush=True)
    print("Agreement at tight tolerances", flush=True)
    tight = list(agreement())
    for model, coefficient, error in tight:
        print(f"  {model}: {coefficient:.1e}, {error:.1e}", flush=True)
    print("The panel algebra against libraries (several minutes)", flush=True)
    rows = []
    for row in compare():
        rows.append(row)
        print(
            f"  {row.rows:>9,} rows  {row.model:<12}{results.seconds(row.timing.wall):>9} "
            f" {row.program}",
            flush=True,
        )
    compared = fixest.version() if any(row.program == "fixest (R)" for row in rows) else None
    about = machine.describe(compared, (before, machine.load()), note)
    text = results.page(about, one_county, tight, rows)
    OUT.write_text(text, encoding="utf-8")
    print(f"\n{text}\nWritten: {os.path.relpath(OUT)}")


if __name__ == "__main__":
    main()

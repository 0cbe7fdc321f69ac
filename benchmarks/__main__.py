"""`python -m benchmarks [--note TEXT]`: one run, printed as it goes and written to RESULTS.md
beside this file."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from benchmarks import before, fixest, machine, results
from benchmarks.headline import headline
from benchmarks.panel_algebra import agreement, compare
from benchmarks.scale import scale

OUT = Path(__file__).with_name("RESULTS.md")


def main() -> None:
    """Measure everything, print it, write it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--note", default="", help="what else the machine was doing; written into the results"
    )
    note = parser.parse_args().note
    load = machine.load()
    since, stages = since_the_rooms()
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
    print("From one large county to the nation (a minute or two)", flush=True)
    scaled = []
    for one in scale():
        scaled.append(one)
        print(
            f"  {one.villages:>9,} villages  {one.program:<24}{results.seconds(one.wall):>9}"
            f"{one.memory:>7.2f} GiB",
            flush=True,
        )
    compared = fixest.version() if any(row.program == "fixest (R)" for row in rows) else None
    about = machine.describe(compared, (load, machine.load()), note)
    text = results.page(about, one_county, tight, rows, scaled, since, stages)
    OUT.write_text(text, encoding="utf-8")
    print(f"\n{text}\nWritten: {os.path.relpath(OUT)}")


def since_the_rooms() -> tuple[list[before.Compared] | str, dict | None]:
    """One county on the old state and on this one, or a sentence why not."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        try:
            old = before.unpack(scratch / "before")
        except before.NoHistory as why:
            print(why, flush=True)
            return str(why), None
        print(f"One county at commit {before.COMMIT} and now, in turns", flush=True)
        compared = []
        for one in before.compare(old, scratch):
            compared.append(one)
            aim = "" if one.aim is None else f" (aim {one.aim:.2f})"
            print(f"  {one.ratio:>9.2f}  {one.name}, {one.by}{aim}", flush=True)
        print("Its stages, processor seconds before and now", flush=True)
        stages = before.stages(old, scratch)
        for name, (then, now) in stages.items():
            print(f"  {then:>9.1f}{now:>9.1f}  {name}", flush=True)
        return compared, stages


if __name__ == "__main__":
    main()

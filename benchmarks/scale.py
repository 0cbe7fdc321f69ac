"""From one large county to the nation: 10,000 to 600,000 villages × 60 months, each program in a
process of its own, so that its peak of memory is its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.panels import MONTHS, START, Arrays, draw
from benchmarks.timing import measure
from village_eval.many.work import most_memory

VILLAGES = (10_000, 100_000, 600_000)
A_COUNTY = 1_000
"""Villages of one."""
PROGRAMS = ("nothing", "two-way DiD", "event study", "Poisson", "headline of all counties")
MEMORY_AIM = 4.0
"""GiB."""


@dataclass(frozen=True)
class Scaled:
    """One program at one size: median seconds of wall and processor time, and the peak of memory in
    GiB, the data included; ``nothing`` only draws the data."""

    program: str
    villages: int
    wall: float
    cpu: float
    memory: float


def scale(sizes: tuple[int, ...] = VILLAGES) -> Iterator[Scaled]:
    """Every program at every size, each in a process of its own."""
    for program in PROGRAMS:
        for n in sizes:
            argv = [sys.executable, "-m", "benchmarks.scale", program, str(n)]
            said = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
            yield Scaled(program, n, **json.loads(said))


def exponents(rows: list[Scaled]) -> dict[str, float]:
    """By program: how processor time grows, the slope of its log on that of villages."""
    out = {}
    for program in dict.fromkeys(row.program for row in rows):
        of = [row for row in rows if row.program == program]
        x, y = np.log([row.villages for row in of]), np.log([max(row.cpu, 1e-6) for row in of])
        out[program] = float(np.polyfit(x, y, 1)[0]) if len(of) > 1 else float("nan")
    return out


def _call(program: str, data: Arrays):
    from village_eval.designs import panel_algebra
    from village_eval.many.together import together

    if program == "nothing":
        return lambda: None
    if program == "event study":
        return lambda: panel_algebra.twoway_event_study(
            data.Y, data.listed, START - 1, data.cluster
        )
    if program == "headline of all counties":
        return lambda: together(_counties(data))
    one = {"two-way DiD": panel_algebra.twoway_did, "Poisson": panel_algebra.poisson_did}[program]
    return lambda: one(data.Y, data.listed, data.post, data.cluster)


def _counties(data: Arrays):
    """The panel in counties, with as many listed in each, one after the other."""
    import datetime as dt

    from village_eval.county.campaign import Campaign
    from village_eval.county.panel import Panel

    months = pd.period_range("2019-11", periods=MONTHS, freq="M")
    start = months[START]
    campaign = Campaign(
        county="",
        start=dt.date(start.year, start.month, 1),
        days=100,
        listing_window=(start - 12, start - 1),
        observed=(months[0], months[-1]),
    )
    numbers = np.arange(A_COUNTY)
    villages = pd.DataFrame(
        {
            "village_code": numbers.astype(str),
            "township_code": (numbers // 50).astype(str),
            "population": 500.0 + 7 * (numbers % 300),
        }
    )
    nothing = pd.DataFrame()
    for first in range(0, len(data.Y), A_COUNTY):
        here = slice(first, first + A_COUNTY)
        listed = villages.assign(listed=data.listed[here].astype(int))
        yield Panel(listed, months, data.Y[here], {}, None, None, nothing), campaign


def main(program: str, villages: int) -> None:
    """Measure one program at one size and print it as JSON."""
    _call(program, draw(2_000))()  # imports and first calls are nobody's
    data = draw(villages)
    runs = 1 if program == "headline of all counties" or villages > 100_000 else 3
    timing, _ = measure(_call(program, data), runs)
    peak = most_memory() / 1024
    print(json.dumps({"wall": timing.wall, "cpu": timing.cpu, "memory": peak}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

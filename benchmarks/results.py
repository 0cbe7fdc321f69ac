"""RESULTS.md from what was measured: every sentence about an aim is computed from the rows."""

from __future__ import annotations

from collections import defaultdict

from benchmarks.before import COMMIT, Compared
from benchmarks.panel_algebra import Row
from benchmarks.scale import MEMORY_AIM, Scaled, exponents
from benchmarks.timing import Timing

OURS, BUILT = "closed form", "closed form, arrays built from the long frame"
AIMS = {
    "two-way DiD": 14,
    "event study": 200,
    "Poisson": 200,
}  # times faster than the fastest library
HEADLINE_AIM, MULTIPLIERS_AIM = 0.1, 1.0  # seconds


def page(
    about: list[str],
    one_county: list[tuple[str, Timing]],
    tight: list[tuple[str, float, float]],
    rows: list[Row],
    scaled: list[Scaled],
    since: list[Compared] | str = "",
    stages: dict[str, tuple[float, float]] | None = None,
) -> str:
    """The whole of RESULTS.md; ``since`` is a sentence where the old state could not be
    measured."""
    parts = [
        "# Benchmark",
        "Written by `make bench`; README.md beside it says what is inside the timed part.",
        "\n".join(f"- {line}" for line in about),
        "## Aims",
        _aims(one_county, rows, scaled),
        f"## One county, before the rooms (commit {COMMIT}) and now",
        since if isinstance(since, str) else _since(since),
        *(_stages(stages) if stages else ()),
        "## The panel algebra and regression libraries, same data, same answer",
        (
            "Times are medians. *Times as long* is against the closed form on arrays in memory, in"
            " wall time and in processor time; *from the frame* is the same in wall time against"
            " the closed form that first builds its arrays from the long frame. Differences are the"
            " largest over coefficients and over their standard errors, at the libraries' default"
            " tolerances."
        ),
        _comparison(rows),
        "## From one large county to the nation, 60 months",
        (
            "Each program in a process of its own; memory is the peak of that process, libraries"
            " and data included (*nothing* only draws the data). The headline of all counties"
            " learns a rule and fits a history in each county of 1,000 villages and leaves counties"
            " out. The exponent is the slope of the log of processor time on that of villages."
        ),
        _scaled(scaled),
        "## Agreement with pyfixest at tolerances of 1e-12, 60,000 rows",
        _table(
            ("model", "coefficients", "standard errors"),
            [(m, f"{b:.1e}", f"{s:.1e}") for m, b, s in tight],
        ),
        "## The headline on one county: 1,000 villages, 19 townships, 68 listed, 90 months",
        _table(
            ("what", "wall, median", "wall, fastest", "processor", "runs"),
            [
                (name, seconds(t.wall), seconds(t.fastest), seconds(t.cpu), str(t.runs))
                for name, t in one_county
            ],
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _since(compared: list[Compared]) -> str:
    """Old and new beside each other; the ratio is of the time that the aim is for."""
    lines = []
    for c in compared:
        by = {"cpu": "processor", "wall": "wall"}[c.by]
        aim = "" if c.aim is None else f"{c.aim:.2f} of {by} time"
        lines.append(
            (
                c.name,
                f"{seconds(c.before.wall)} ({seconds(c.before.cpu)})",
                f"{seconds(c.now.wall)} ({seconds(c.now.cpu)})",
                str(c.now.runs),
                f"{c.ratio:.2f}",
                aim,
                "" if c.aim is None else _verdict(c.ratio <= c.aim),
            )
        )
    header = ("what", "before: wall (processor)", "now", "runs each", "ratio", "aim", "")
    return _table(header, lines)


def _stages(stages: dict[str, tuple[float, float]]) -> list[str]:
    lines = [(name, f"{old:.1f}", f"{new:.1f}") for name, (old, new) in stages.items()]
    return [
        (
            "Where the processor seconds of one `report --lang both` go, in all its processes, by"
            " a look at the stack every few milliseconds of processor time:"
        ),
        _table(("stage", "before", "now"), lines),
    ]


def seconds(x: float) -> str:
    """Three significant digits with a unit that can be read."""
    if x < 1e-3:
        return f"{x * 1e6:.0f} µs"
    return f"{x * 1e3:.3g} ms" if x < 1 else f"{x:.3g} s"


def ratios(rows: list[Row]) -> dict[str, list[tuple[int, float, float, float]]]:
    """By model: rows; fastest library over closed form in wall and processor time; in wall time
    also with arrays built."""
    out = defaultdict(list)
    for ours in (r for r in rows if r.program == OURS):
        others = [
            r
            for r in rows
            if (r.rows, r.model) == (ours.rows, ours.model) and r.difference is not None
        ]
        best = min(others, key=lambda r: r.timing.wall).timing
        built = next(
            r for r in rows if (r.rows, r.model, r.program) == (ours.rows, ours.model, BUILT)
        ).timing
        out[ours.model].append(
            (
                ours.rows,
                best.wall / ours.timing.wall,
                best.cpu / ours.timing.cpu,
                best.wall / built.wall,
            )
        )
    return out


def _aims(one_county: list[tuple[str, Timing]], rows: list[Row], scaled: list[Scaled]) -> str:
    lines = []
    for model, found in ratios(rows).items():
        least = min(min(wall, cpu) for _, wall, cpu, _ in found)
        said = "; ".join(
            f"{n:,} rows: {wall:,.0f} ({cpu:,.0f}; {built:.0f})" for n, wall, cpu, built in found
        )
        lines.append(
            (
                (
                    f"{model}: {AIMS[model]} times faster than the fastest library, by wall and by"
                    " processor time"
                ),
                said,
                _verdict(least >= AIMS[model]),
            )
        )
    (_, head), _, (_, both) = one_county
    lines.append(
        (
            f"headline under {HEADLINE_AIM} s",
            f"{seconds(head.wall)} ({seconds(head.cpu)})",
            _in_time(head, HEADLINE_AIM),
        )
    )
    lines.append(
        (
            f"headline with 9,999 multipliers under {MULTIPLIERS_AIM:.0f} s",
            f"{seconds(both.wall)} ({seconds(both.cpu)})",
            _in_time(both, MULTIPLIERS_AIM),
        )
    )
    most = max(one.memory for one in scaled)
    lines.append(
        (
            f"{max(one.villages for one in scaled):,} villages × 60 months under"
            f" {MEMORY_AIM:.0f} GiB",
            f"{most:.2f} GiB at the peak",
            _verdict(most < MEMORY_AIM),
        )
    )
    return _table(
        (
            "aim",
            "measured: wall (processor; for ratios also wall with arrays built from the frame)",
            "",
        ),
        lines,
    )


def _scaled(scaled: list[Scaled]) -> str:
    growth = exponents(scaled)
    header = ("villages", "program", "wall", "processor", "peak memory", "exponent")
    lines = [
        (
            f"{one.villages:,}",
            one.program,
            "" if one.program == "nothing" else seconds(one.wall),
            "" if one.program == "nothing" else seconds(one.cpu),
            f"{one.memory:.2f} GiB",
            "" if one.program == "nothing" else f"{growth[one.program]:.2f}",
        )
        for one in scaled
    ]
    return _table(header, lines)


def _verdict(met: bool) -> str:
    return "met" if met else "**missed**"


def _in_time(t: Timing, aim: float) -> str:
    return (
        "wall time **missed**, processor time met"
        if t.cpu < aim <= t.wall
        else _verdict(t.wall < aim)
    )


def _comparison(rows: list[Row]) -> str:
    table = []
    for row in rows:
        same = {r.program: r.timing for r in rows if (r.rows, r.model) == (row.rows, row.model)}
        times = ("", "", "", "", "")
        if row.difference is not None:
            times = (
                f"{row.timing.wall / same[OURS].wall:,.0f}",
                f"{row.timing.cpu / same[OURS].cpu:,.0f}",
                f"{row.timing.wall / same[BUILT].wall:,.0f}",
                *(f"{d:.0e}" for d in row.difference),
            )
        table.append(
            (
                f"{row.rows:,}",
                row.model,
                row.program,
                seconds(row.timing.wall),
                seconds(row.timing.cpu),
                str(row.timing.runs),
                *times,
            )
        )
    return _table(
        (
            "rows",
            "model",
            "program",
            "wall",
            "processor",
            "runs",
            "times as long: wall",
            "processor",
            "from the frame",
            "Δ coefficients",
            "Δ errors",
        ),
        table,
    )


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)

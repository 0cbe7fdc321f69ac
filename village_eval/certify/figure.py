"""What certification found.

The error of every design by scenario, and what real registers say of campaigns that never were.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.certify.registers import summarise_registers
from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.words import names
from village_eval.words.wording import words

MARKS = {
    "quiet_year_did": (style.CAMPAIGN, "D"),
    "expected_from_history": (style.CAMPAIGN, "+"),
    "before_after": (style.ACCENT, "s"),
    "did": (style.ACCENT, "^"),
    "did_without_listing_year": (style.QUIET, "o"),
}
ON_REGISTERS = (
    "before_after",
    "did",
    "callaway_santanna",
    "quiet_year_did_last_year",
    "expected_from_history",
    "quiet_year_did",
)


def certification(summary: pd.DataFrame, lang: str = "zh", outcome: str = "petitions") -> Picture:
    """Two panels by scenario.

    Mean error of the log effect by design, and the headline's coverage with Monte-Carlo error.

    A researcher's own design (``module:function``) has a mark of its own.
    """
    t = words(lang, "figures")["certification"]
    marks = MARKS | {
        design: (style.INK, "X") for design in summary["design"].unique() if ":" in design
    }
    table = summary[(summary["outcome"] == outcome) & summary["design"].isin(marks)]
    scenarios = list(dict.fromkeys(table["scenario"]))
    labels = [t["scenario"].get(s, s.replace("_", " ")) for s in scenarios]
    head = table[table["design"] == "quiet_year_did"].set_index("scenario").reindex(scenarios)
    worst = head["bias"].abs()
    title = t["title"].format(
        worst=f"{worst.max():.2f}", where=labels[int(worst.to_numpy().argmax())]
    )
    with style.house():
        figure, (left, right) = style.canvas(
            title, 1.5 + 0.24 * len(scenarios), ncols=2, sharey=True, width_ratios=[2.2, 1]
        )
        left.axvline(0, color=style.QUIET, lw=0.8)
        for design, (colour, mark) in marks.items():
            rows = table[table["design"] == design]
            place = [scenarios.index(s) for s in rows["scenario"]]
            left.scatter(
                rows["bias"],
                place,
                color=colour,
                marker=mark,
                s=24,
                label=names.design(design, lang),
                zorder=3,
            )
        left.set_yticks(range(len(scenarios)), labels)
        left.set(ylim=(len(scenarios) - 0.5, -0.5), xlabel=t["bias"])
        right.axvline(95, color=style.QUIET, lw=0.8, ls="--")
        coverage, error = 100 * head["coverage"], 196 * head["coverage_mc"]
        right.errorbar(
            coverage, range(len(scenarios)), xerr=error, fmt="D", ms=4, color=style.CAMPAIGN, lw=1
        )
        right.set(xlim=(min(86, coverage.min() - 4), 100.5), xlabel=t["coverage"])
        for ax in (left, right):
            ax.tick_params(axis="y", length=0)
        style.legend_outside(figure, left, "outside lower center", 2)
    rows = "; ".join(
        f"{label} {head.loc[s, 'bias']:+.2f}, {coverage[s]:.0f} %"
        for s, label in zip(scenarios, labels, strict=True)
    )
    return Picture(
        f"certification_{outcome}".replace(":", "_"), figure, t["alt"].format(rows=rows), t["note"]
    )


def registers(runs: pd.DataFrame, lang: str = "zh") -> Picture:
    """One dot per placebo list of one register and design.

    Where nobody did anything, the right answer is zero.
    """
    t = words(lang, "figures")["registers"]
    designs = [d for d in ON_REGISTERS if d in set(runs["design"])]
    told = summarise_registers(runs).set_index("design")
    called = {d: f"{100 * told.loc[d, 'significant']:.0f}" for d in designs}
    sides = {
        d: {side: f"{100 * told.loc[d, side]:.0f}" for side in ("fell", "rose")} for d in designs
    }
    labels = [
        f"{names.design(d, lang)}\n{t['called'].format(share=called[d], **sides[d])}"
        for d in designs
    ]
    rng = np.random.default_rng(1)  # only moves dots apart
    with style.house():
        title = t["title"].format(plain=called["before_after"], headline=called["quiet_year_did"])
        figure, ax = style.canvas(title, 1.2 + 0.42 * len(designs))
        ax.axvline(0, color=style.QUIET, lw=0.8)
        for k, design in enumerate(designs):
            rows = runs[runs["design"] == design]
            colour = style.CAMPAIGN if design == "quiet_year_did" else style.QUIET
            ax.scatter(
                rows["value"],
                k + rng.uniform(-0.22, 0.22, len(rows)),
                color=colour,
                s=9,
                alpha=0.55,
                lw=0,
            )
            ax.scatter([rows["value"].mean()], [k], color=style.INK, marker="|", s=220, zorder=3)
        ax.set_yticks(range(len(designs)), labels)
        ax.set(ylim=(len(designs) - 0.5, -0.5), xlabel=t["axis"])
        ax.tick_params(axis="y", length=0)
    alt = t["alt"].format(rows="; ".join(label.replace("\n", " ") for label in labels))
    head = told.loc["quiet_year_did"]
    note = t["note"].format(
        lists=head["lists"], years=head["years"], effective=f"{head['effective_lists']:.0f}"
    )
    return Picture("registers", figure, alt, note)

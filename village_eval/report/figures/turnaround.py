"""Village by village: how each stands to what its history led to expect.

The underlying ratio to what history led to expect, luck removed, with its range.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.county.frames import NOT_IMPROVED
from village_eval.findings.villages import IMPROVED, SURE, Turnaround
from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.words import fonts
from village_eval.words.wording import count, share, words


def turnaround(villages: pd.DataFrame, many: Turnaround, lang: str = "zh") -> Picture:
    """Rows of report.villages: ratio, ratio_low, ratio_high, probability_improved, names.

    One row a village.
    """
    t = words(lang, "figures")["turnaround"]
    rows = villages.sort_values("ratio", kind="stable", ignore_index=True)
    at, p = np.arange(len(rows)), rows["probability_improved"].to_numpy()
    kinds = (
        (p >= SURE, style.CAMPAIGN, "o", t["sure"]),
        ((p < SURE) & (p >= NOT_IMPROVED), style.QUIET, "o", t["perhaps"]),
        (p < NOT_IMPROVED, style.ACCENT, "s", t["not_yet"]),
    )
    quiet = many.quiet["improved"]
    title = t["title" if len(quiet) else "title_alone"].format(
        n=len(rows),
        improved=count(many.improved, lang),
        low=many.low,
        high=many.high,
        quiet=count(quiet.mean(), lang) if len(quiet) else "",
    )
    with style.house():
        figure, ax = style.canvas(title, 1.6 + 0.125 * len(rows))
        ax.axvline(1, color=style.INK, lw=0.8)
        ax.axvline(IMPROVED, color=style.INK, lw=0.8, ls="--")
        ax.hlines(at, rows["ratio_low"], rows["ratio_high"], color=style.RULE, lw=2)
        for mask, colour, marker, label in kinds:
            if mask.any():
                ax.scatter(
                    rows["ratio"][mask],
                    at[mask],
                    s=16,
                    color=colour,
                    marker=marker,
                    zorder=3,
                    label=label,
                )
        names = (rows["township_name"] + " " + rows["village_name"]).map(fonts.drawable)
        ax.set_yticks(at, names, fontsize=6.5)
        ax.set(
            ylim=(len(rows) - 0.4, -0.6),
            xlim=(0, min(4, rows["ratio_high"].max() * 1.03)),
            xlabel=t["x"],
        )
        ax.tick_params(axis="y", length=0)
        style.legend_outside(figure, ax, "outside lower center", 3)
    parts = {
        "sure": int((p >= SURE).sum()),
        "not_yet": int((p < NOT_IMPROVED).sum()),
        "low": many.low,
        "high": many.high,
    }
    alt = t["alt"].format(
        n=len(rows), improved=count(many.improved, lang), bound=share(1 - IMPROVED, lang), **parts
    )
    return Picture("turnaround", figure, alt, t["note"])

"""What the register covers: petitions by township and month, gaps visible."""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.words.wording import count, month, words


def coverage(counts: pd.DataFrame, campaign_start: pd.Period, lang: str = "zh") -> Picture:
    """Heat map of petitions [townships, months].

    A month without any petition in a township is marked.
    """
    t = words(lang, "figures")["coverage"]
    values, months = counts.to_numpy(float), list(counts.columns)
    empty = values == 0
    with style.house():
        figure, ax = style.canvas(
            t["title"].format(
                first=month(months[0], lang),
                last=month(months[-1], lang),
                n=count(values.sum(), lang),
            ),
            1.3 + 0.17 * len(counts),
        )
        dark = max(1, np.quantile(values, 0.98))
        style.heatmap(ax, values, counts.index, dark, {"label": t["bar"]}, cmap="Greys")
        rows, columns = empty.nonzero()
        ax.scatter(columns + 0.5, rows + 0.5, marker="x", s=7, lw=0.7, color=style.ACCENT)
        if campaign_start in months:
            ax.axvline(months.index(campaign_start), color=style.CAMPAIGN, lw=1.5)
        ax.set_xticks(
            [i for i, m in enumerate(months) if m.month == 1],
            [str(m.year) for m in months if m.month == 1],
            ha="left",
        )
        ax.tick_params(axis="x", length=3.5)
        ax.tick_params(axis="y", labelsize=7)
    return Picture(
        "coverage",
        figure,
        t["alt"].format(n=count(values.sum(), lang), empty=int(empty.sum()), cells=values.size),
        t["note"],
    )

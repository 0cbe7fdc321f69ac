"""What the register covers village by village: a village that is never heard of is seen."""

from __future__ import annotations

import numpy as np

from village_eval.county.panel import Panel
from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.words import fonts
from village_eval.words.wording import count, month, words

FEW_TOWNSHIPS = 40
"""So many names fit beside the picture."""


def village_coverage(panel: Panel, campaign_start, lang: str = "zh") -> Picture:
    """Whether a village [rows, by township] has any petition in a month [columns].

    Villages without a single one are marked over all months.
    """
    t = words(lang, "figures")["village_coverage"]
    order = np.lexsort((panel.petitions.sum(1), panel.township))
    there = (panel.petitions[order] > 0).astype(float)
    silent = ~there.any(axis=1)
    township, months = panel.township[order], list(panel.months)
    names = panel.villages.drop_duplicates("township_code").sort_values("township_code")
    begins = np.searchsorted(township, np.arange(len(names)))
    about = {"villages": count(len(there), lang), "silent": count(int(silent.sum()), lang)}
    with style.house():
        figure, ax = style.canvas(t["title"].format(**about), 4.6)
        style.heatmap(ax, there, (), 1.5, cmap="Greys")
        for begin in begins[1:]:
            ax.axhline(begin, color="white", lw=0.8)
        rows = np.flatnonzero(silent)
        ax.hlines(rows + 0.5, 0, len(months), color=style.ACCENT, lw=0.8)
        if len(names) <= FEW_TOWNSHIPS:
            middle = (begins + np.append(begins[1:], len(there))) / 2
            ax.set_yticks(middle, [fonts.drawable(n) for n in names["township_name"]])
        if campaign_start in months:
            ax.axvline(months.index(campaign_start), color=style.CAMPAIGN, lw=1.5)
        ax.set_xticks(
            [i for i, m in enumerate(months) if m.month == 1],
            [str(m.year) for m in months if m.month == 1],
            ha="left",
        )
        ax.tick_params(axis="y", labelsize=7, length=0)
    ends = {"first": month(months[0], lang), "last": month(months[-1], lang)}
    alt = t["alt"].format(**about, **ends, share=f"{there.mean():.0%}")
    return Picture("village_coverage", figure, alt, t["note"])

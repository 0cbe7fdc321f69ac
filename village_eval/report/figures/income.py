"""Collective income of the listed villages by source and year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.words.vocabulary import INCOME_SOURCES, name
from village_eval.words.wording import money, words

GREYS = ("#12355b", "#1b6fb5", "#86b6de", "#e8a26a", "#dcdcdc")
HATCHES = ("", "", "", "////", "")
"""Subsidy is hatched: it is what the campaign itself pays."""


def income_sources(frame: pd.DataFrame, campaign_year: int, lang: str = "zh") -> Picture:
    """Stacked bars: yuan per listed village, index year, one column a source
    (vocabulary.INCOME_SOURCES)."""
    t = words(lang, "figures")["income"]
    scale = t["yuan"]
    with style.house():
        figure, ax = style.canvas(t["title"].format(year=campaign_year), 2.9)
        bottom = np.zeros(len(frame))
        for source, colour, hatch in zip(INCOME_SOURCES, GREYS, HATCHES, strict=True):
            values = frame[source].fillna(0).to_numpy() / scale
            ax.bar(
                frame.index,
                values,
                0.68,
                bottom=bottom,
                color=colour,
                hatch=hatch,
                edgecolor="white",
                lw=0.4,
                label=name("income_source", source, lang),
            )
            bottom += values
        if campaign_year in frame.index:
            ax.axvspan(
                campaign_year - 0.5, campaign_year + 0.5, color="#c9d8ea", lw=0, zorder=0, alpha=0.6
            )
            ax.text(
                campaign_year,
                ax.get_ylim()[1],
                t["campaign_year"],
                ha="center",
                va="bottom",
                fontsize=8,
            )
        ax.set(ylabel=t["y"], xlabel=t["x"])
        ax.set_xticks(list(frame.index))
        handles, labels = ax.get_legend_handles_labels()
        figure.legend(handles[::-1], labels[::-1], loc="outside right center", frameon=False)
    last = frame.loc[campaign_year] if campaign_year in frame.index else frame.iloc[-1]
    parts = t["separator"].join(
        f"{name('income_source', s, lang)} {money(last[s], lang)}"
        for s in INCOME_SOURCES
        if last[s] == last[s]
    )
    return Picture(
        "income_sources", figure, t["alt"].format(year=last.name, parts=parts), t["note"]
    )

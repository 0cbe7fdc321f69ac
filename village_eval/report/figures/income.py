"""Collective income of the listed villages by source and year."""

from __future__ import annotations

import pandas as pd

from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.words.vocabulary import INCOME_SOURCES, name
from village_eval.words.wording import money, words

INKS = ("#12355b", "#1b6fb5", "#86b6de", "#e8a26a", "#dcdcdc")
HATCHES = ("", "", "", "////", "")
"""Subsidy is hatched: it is what the campaign itself pays."""
LOOKS = dict(zip(INCOME_SOURCES, zip(INKS, HATCHES, strict=True), strict=True))


def income_sources(frame: pd.DataFrame, campaign_year: int, lang: str = "zh") -> Picture:
    """Stacked bars of yuan per listed village.

    ``frame``: index year, one column a source (vocabulary.INCOME_SOURCES).
    """
    t = words(lang, "figures")["income"]
    named = {source: name("income_source", source, lang) for source in LOOKS}
    looks = {named[source]: look for source, look in LOOKS.items()}
    with style.house():
        figure, ax = style.canvas(t["title"].format(year=campaign_year), 2.6)
        sums = (frame[list(LOOKS)].fillna(0) / t["yuan"]).rename(columns=named)
        data = sums.melt(ignore_index=False, var_name="group").reset_index(names="year")
        how = {"discrete": True, "multiple": "stack", "shrink": 0.68}
        style.histogram(ax, data, looks, x="year", weights="value", **how)
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

"""The wall chart (挂图作战).

Every listed village by measure, how it stands on a day and how far it got.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.words.vocabulary import GROUP_OF_MEASURE, MEASURES, name
from village_eval.words.wording import share, words

MARKS = {
    "done": dict(marker="o", s=11, color=style.ACCENT, edgecolor="white", lw=0.4),
    "done_late": dict(marker="o", s=11, facecolor="white", edgecolor=style.ACCENT, lw=1),
    "under_way": dict(marker="o", s=3, color=style.QUIET),
    "overdue": dict(marker="x", s=13, color=style.INK, lw=1.1),
    "planned": dict(marker="_", s=11, color=style.QUIET, lw=0.8),
}
"""How each state of frames.states is marked."""


def wall_chart(
    measures: pd.DataFrame, villages: pd.DataFrame, lang: str = "zh", when: str = ""
) -> Picture:
    """Shade is the dose from 0 to 1 where it is known, the mark the column ``state``.

    Villages by township, measures by group.

    ``when`` names the day while the campaign is running, for the title.
    """
    t = words(lang, "figures")["wall_chart"]
    listed = villages[villages["listed"] == 1].sort_values(["township_code", "village_code"])
    shown = measures[
        measures["village_code"].isin(listed["village_code"]) & measures["measure"].isin(MEASURES)
    ]
    wide = shown.pivot_table(index="village_code", columns="measure", values="dose", aggfunc="max")
    wide = wide.reindex(index=listed["village_code"], columns=MEASURES)
    row = shown["village_code"].map(
        pd.Series(np.arange(len(listed)), listed["village_code"].to_numpy())
    )
    column = shown["measure"].map({m: k for k, m in enumerate(MEASURES)})
    done = {"share": share(measures["completed"].mean(), lang), "when": when}
    with style.house():
        title = t["title_running" if when else "title"].format(**done)
        figure, ax = style.canvas(title, 2.6 + 0.145 * len(listed))
        names = listed["township_name"] + " " + listed["village_name"]
        bar = {"label": t["dose"], "shrink": min(0.5, 4 / len(listed) + 0.2)}
        style.heatmap(ax, wide.to_numpy(float), names, 1, bar, linewidths=0.5)
        for state, look in MARKS.items():
            here = (shown["state"] == state).to_numpy()
            if here.any():
                ax.scatter(
                    column[here] + 0.5,
                    row[here] + 0.5,
                    **look,
                    rasterized=True,
                    label=t["state"][state],
                )
        ax.tick_params(axis="y", labelsize=6.5)
        ax.set_xticks(
            [i + 0.5 for i in range(len(MEASURES))],
            [name("measure", m, lang) for m in MEASURES],
            rotation=60,
            ha="right",
            fontsize=7,
        )
        for group in style.changes([GROUP_OF_MEASURE[m] for m in MEASURES]):
            ax.axvline(group, color=style.INK, lw=0.8)
        for township in style.changes(listed["township_code"].to_list()):
            ax.axhline(township, color=style.INK, lw=0.4)
        style.legend_outside(figure, ax, "outside lower right", len(MARKS))
    counts = shown["state"].value_counts()
    states = t["separator"].join(f"{t['state'][s]} {counts[s]}" for s in MARKS if s in counts)
    alt = t["alt"].format(villages=len(listed), measures=len(shown), states=states, **done)
    return Picture("wall_chart", figure, alt, t["note"])

"""The wall chart (挂图作战): every listed village by measure, how far it got and whether it was signed off."""

from __future__ import annotations

import pandas as pd

from village_eval import fonts
from village_eval.figures import style
from village_eval.figures.style import Picture
from village_eval.vocabulary import GROUP_OF_MEASURE, MEASURES, name
from village_eval.wording import share, words


def wall_chart(measures: pd.DataFrame, villages: pd.DataFrame, lang: str = "zh") -> Picture:
    """Shade is the dose from 0 to 1, a tick means completed; listed villages in rows by township, measures in columns by group."""
    t = words(lang, "figures")["wall_chart"]
    listed = villages[villages["listed"] == 1].sort_values(["township_code", "village_code"])
    wide = measures.pivot_table(index="village_code", columns="measure", values="dose", aggfunc="max")
    wide = wide.reindex(index=listed["village_code"], columns=MEASURES)
    done = measures.pivot_table(index="village_code", columns="measure", values="completed", aggfunc="max").reindex_like(wide)
    with style.house():
        figure, ax = style.canvas(t["title"].format(share=share(measures["completed"].mean())), 2.4 + 0.145 * len(listed))
        image = ax.pcolormesh(
            wide.to_numpy(float), cmap=style.SEQUENCE, vmin=0, vmax=1, edgecolors="white", linewidth=0.5, rasterized=True
        )
        rows, columns = (done.to_numpy(float) == 1).nonzero()
        ax.scatter(columns + 0.5, rows + 0.5, marker="o", s=11, color=style.ACCENT, edgecolor="white", lw=0.4, rasterized=True)
        labels = (listed["township_name"] + " " + listed["village_name"]).map(fonts.drawable)
        ax.set_yticks([i + 0.5 for i in range(len(listed))], labels, fontsize=6.5)
        ax.set_xticks(
            [i + 0.5 for i in range(len(MEASURES))],
            [name("measure", m, lang) for m in MEASURES],
            rotation=60,
            ha="right",
            fontsize=7,
        )
        ax.set(ylim=(len(listed), 0), xlabel="", ylabel="")
        ax.tick_params(length=0)
        groups = [GROUP_OF_MEASURE[m] for m in MEASURES]
        for i in range(1, len(groups)):
            if groups[i] != groups[i - 1]:
                ax.axvline(i, color=style.INK, lw=0.8)
        codes = listed["township_code"].to_list()
        for i in range(1, len(codes)):
            if codes[i] != codes[i - 1]:
                ax.axhline(i, color=style.INK, lw=0.4)
        bar = figure.colorbar(image, ax=ax, shrink=min(0.5, 4 / len(listed) + 0.2), pad=0.015, aspect=25)
        bar.set_label(t["dose"])
        bar.outline.set_visible(False)
    alt = t["alt"].format(
        villages=len(listed), measures=int(wide.notna().to_numpy().sum()), share=share(measures["completed"].mean())
    )
    return Picture("wall_chart", figure, alt, t["note"])

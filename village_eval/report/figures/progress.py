"""Measures signed off over the campaign's days, by township and by department."""

from __future__ import annotations

import pandas as pd

from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.words.wording import share, words


def progress(by_township: pd.DataFrame, by_department: pd.DataFrame, lang: str = "zh") -> Picture:
    """Two panels of the share of measures signed off (0 to 1).

    Side by side; one row a township or department, one column a ten-day period.
    """
    t = words(lang, "figures")["progress"]
    most = max(len(by_township), len(by_department), 6)
    with style.house():
        figure, axes = style.canvas(t["title"], 1.15 + 0.16 * most, ncols=2)
        for ax, frame, label in (
            (axes[0], by_township, t["townships"]),
            (axes[1], by_department, t["departments"]),
        ):
            rows = frame.index.map(str)
            style.heatmap(ax, frame.to_numpy(float), rows, 1, linewidths=0.5)
            ax.set_title(label, loc="left")
            ax.tick_params(axis="y", labelsize=7)
            ax.set_xticks([i + 0.5 for i in range(frame.shape[1])], frame.columns.map(str))
            ax.set_xlabel(t["x"])
        bar = figure.colorbar(axes[0].collections[0], ax=axes, shrink=0.7, pad=0.015, aspect=30)
        bar.set_label(t["share"])
        bar.set_ticks([0, 0.25, 0.5, 0.75, 1], labels=[share(k / 4, lang) for k in range(5)])
        bar.outline.set_visible(False)
    last = by_township.dropna(axis=1, how="all").iloc[:, -1]
    ends = {
        "best": last.idxmax(),
        "worst": last.idxmin(),
        "best_share": share(last.max(), lang),
        "worst_share": share(last.min(), lang),
    }
    alt = t["alt"].format(last=last.name, **ends)
    return Picture("progress", figure, alt, t["note"])

"""Who lags and why: causes by village type, and how the listed stood in the ranking before."""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.words.vocabulary import keys, name
from village_eval.words.wording import number, share, words

HATCHES = ("", "////", "")


def causes(frame: pd.DataFrame, lang: str = "zh") -> Picture:
    """Stacked bars: number of listed villages naming a cause; index cause keys, columns
    village_type keys."""
    t = words(lang, "figures")["causes"]
    frame = frame.loc[frame.sum(axis=1).sort_values().index]
    with style.house():
        top = frame.index[-1]
        figure, ax = style.canvas(
            t["title"].format(cause=name("cause", top, lang), n=int(frame.loc[top].sum())),
            1.4 + 0.22 * len(frame),
        )
        left = np.zeros(len(frame))
        for kind, colour, hatch in zip(
            keys("village_type"), (style.CAMPAIGN, "#e8a26a", "#b9b9b9"), HATCHES, strict=True
        ):
            values = frame[kind].to_numpy(float)
            ax.barh(
                range(len(frame)),
                values,
                0.7,
                left=left,
                color=colour,
                hatch=hatch,
                edgecolor="white",
                lw=0.4,
                label=name("village_type", kind, lang),
            )
            left += values
        ax.set_yticks(range(len(frame)), [name("cause", c, lang) for c in frame.index])
        ax.tick_params(axis="y", length=0)
        ax.set(xlabel=t["x"])
        ax.xaxis.get_major_locator().set_params(integer=True)
        style.legend_outside(ax, "lower center", 3)
    rows = t["separator"].join(
        f"{name('cause', c, lang)} {int(frame.loc[c].sum())}" for c in frame.index[::-1]
    )
    return Picture("causes", figure, t["alt"].format(rows=rows), t["note"])


def ranking(petitions: np.ndarray, listed: np.ndarray, lang: str = "zh") -> Picture:
    """Share of the listed and of the other villages by number of petitions [V] in the listing
    window; listed is bool [V]."""
    t = words(lang, "figures")["ranking"]
    top = int(min(petitions.max(), max(8, min(15, np.quantile(petitions[listed], 0.9)))))
    bins = np.arange(top + 1)
    means = [petitions[m].mean() if m.any() else 0.0 for m in (listed, ~listed)]
    with style.house():
        figure, ax = style.canvas(
            t["title"].format(listed=number(means[0], lang, 1), others=number(means[1], lang, 1)),
            2.7,
        )
        for mask, colour, shift, hatch, label in (
            (listed, style.CAMPAIGN, -0.2, "", t["listed"]),
            (~listed, "#b9b9b9", 0.2, "////", t["others"]),
        ):
            shares = np.bincount(np.minimum(petitions[mask], top), minlength=top + 1) / max(
                mask.sum(), 1
            )
            ax.bar(
                bins + shift,
                100 * shares,
                0.38,
                color=colour,
                hatch=hatch,
                edgecolor="white",
                lw=0.3,
                label=label,
            )
        ax.set_xticks(bins, [*map(str, bins[:-1]), t["or_more"].format(n=top)])
        ax.set(xlabel=t["x"], ylabel=t["y"])
        ax.legend(frameon=False)
    none = share((petitions[~listed] == 0).mean(), lang) if (~listed).any() else "0%"
    return Picture(
        "ranking",
        figure,
        t["alt"].format(
            listed=number(means[0], lang, 1), others=number(means[1], lang, 1), none=none
        ),
        t["note"],
    )

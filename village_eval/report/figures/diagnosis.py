"""Who lags and why: causes by village type, and how the listed stood in the ranking before."""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.words.vocabulary import keys, name
from village_eval.words.wording import number, share, words

LOOKS = ((style.CAMPAIGN, ""), ("#e8a26a", "////"), ("#b9b9b9", ""))


def causes(frame: pd.DataFrame, lang: str = "zh") -> Picture:
    """Stacked bars: number of listed villages naming a cause.

    ``frame``: index cause keys, columns village_type keys.
    """
    t = words(lang, "figures")["causes"]
    frame = frame.loc[frame.sum(axis=1).sort_values().index[::-1]]
    with style.house():
        top = frame.index[0]
        figure, ax = style.canvas(
            t["title"].format(cause=name("cause", top, lang), n=int(frame.loc[top].sum())),
            1.4 + 0.22 * len(frame),
        )
        kinds = [name("village_type", kind, lang) for kind in keys("village_type")]
        data = frame[list(keys("village_type"))].set_axis(kinds, axis=1)
        data = data.melt(ignore_index=False, var_name="group").reset_index(names="cause")
        looks = dict(zip(kinds, LOOKS, strict=True))
        style.histogram(ax, data, looks, y="cause", weights="value", multiple="stack", shrink=0.7)
        ax.set_yticks(range(len(frame)), [name("cause", c, lang) for c in frame.index])
        ax.tick_params(axis="y", length=0)
        ax.set(xlabel=t["x"], ylabel="")
        ax.xaxis.get_major_locator().set_params(integer=True)
        style.legend_outside(figure, ax, "outside lower center", 3)
    rows = t["separator"].join(
        f"{name('cause', c, lang)} {int(frame.loc[c].sum())}" for c in frame.index
    )
    return Picture("causes", figure, t["alt"].format(rows=rows), t["note"])


def ranking(petitions: np.ndarray, listed: np.ndarray, lang: str = "zh") -> Picture:
    """Share of the listed and of the other villages by number of petitions before the list.

    ``petitions`` [V] are those of the listing window, ``listed`` is bool [V].
    """
    t = words(lang, "figures")["ranking"]
    top = int(min(petitions.max(), max(8, min(15, np.quantile(petitions[listed], 0.9)))))
    means = [petitions[m].mean() for m in (listed, ~listed)]
    with style.house():
        figure, ax = style.canvas(
            t["title"].format(listed=number(means[0], lang, 1), others=number(means[1], lang, 1)),
            2.3,
        )
        looks = {t["others"]: ("#b9b9b9", "////"), t["listed"]: (style.CAMPAIGN, "")}
        data = pd.DataFrame(
            {
                "petitions": np.minimum(petitions, top),
                "group": np.where(listed, t["listed"], t["others"]),
            }
        )
        how = {"discrete": True, "multiple": "dodge", "stat": "percent", "common_norm": False}
        style.histogram(ax, data, looks, x="petitions", shrink=0.76, **how)
        ax.set_xticks(range(top + 1), [*map(str, range(top)), t["or_more"].format(n=top)])
        ax.set(xlabel=t["x"], ylabel=t["y"])
        ax.legend(frameon=False, reverse=True)
    none = share((petitions[~listed] == 0).mean(), lang)
    return Picture(
        "ranking",
        figure,
        t["alt"].format(
            listed=number(means[0], lang, 1), others=number(means[1], lang, 1), none=none
        ),
        t["note"],
    )

"""Does the learned listing rule fit: predicted probability against the share that was listed."""

from __future__ import annotations

import pandas as pd
import seaborn as sns

from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.words.wording import share, words


def listing_rule(calibration: pd.DataFrame, found: float, lang: str = "zh") -> Picture:
    """Calibration (columns p_mean, listed_share, n).

    ``found`` is the share of the listed among the top ranks of the rule.
    """
    t = words(lang, "figures")["listing_rule"]
    with style.house():
        figure, ax = style.canvas(t["title"].format(found=share(found, lang)), 2.7, width=4.6)
        ax.plot([0, 1], [0, 1], color=style.QUIET, lw=0.8, ls="--")
        area = {"size": "n", "sizes": (20, 130), "size_norm": (0, calibration["n"].max())}
        look = {"color": style.CAMPAIGN, "alpha": 0.8, "lw": 0, "legend": False}
        sns.scatterplot(calibration, x="p_mean", y="listed_share", ax=ax, **area, **look)
        ax.set(xlabel=t["x"], ylabel=t["y"], xlim=(-0.03, 1.03), ylim=(-0.03, 1.03))
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_ticks([0, 0.25, 0.5, 0.75, 1], ["0", "25%", "50%", "75%", "100%"])
    rows = t["separator"].join(
        f"{share(p, lang)}→{share(q, lang)}"
        for p, q in zip(calibration["p_mean"], calibration["listed_share"], strict=True)
    )
    return Picture(
        "listing_rule", figure, t["alt"].format(found=share(found, lang), rows=rows), t["note"]
    )

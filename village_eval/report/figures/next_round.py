"""What designs of a next round could detect: how often a true fall of some size would be seen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import seaborn as sns

from village_eval.next_round.power import POWER
from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.words.wording import missing, percent, words

INKS = (style.CAMPAIGN, style.CAMPAIGN, style.ACCENT, style.QUIET)
DASHES = ("", (3.7, 1.6), "", (6.4, 1.6, 1, 1.6))
LARGEST = np.log(0.25)
"""Falls beyond three quarters are not drawn."""


def next_round(promises: list[dict], lang: str = "zh") -> Picture | None:
    """Power curves of promise.next_round with a line at four cases of five.

    None without any curve.
    """
    t, shown = words(lang, "figures")["next_round"], [p for p in promises if len(p["curve"])]
    if not shown:
        return None
    names = [t["designs"][p["design"]].format(months=p["months"]) for p in shown]
    inks, dashes = (dict(zip(names, of, strict=False)) for of in (INKS, DASHES))
    curves = pd.concat([p["curve"].assign(design=n) for p, n in zip(shown, names, strict=True)])
    curves = curves[curves["effect"] >= LARGEST]
    curves = curves.assign(fall=-100 * np.expm1(curves["effect"]), seen=100 * curves["power"])
    sizes = [
        t["never"] if missing(p["detectable_percent"]) else percent(p["detectable_percent"], lang)
        for p in shown
    ]
    with style.house():
        figure, ax = style.canvas(
            t["title"].format(n=shown[0]["villages"], design=names[0], size=sizes[0]), 2.5
        )
        ax.axhline(100 * POWER, color=style.RULE, lw=0.8)
        look = {"palette": inks, "dashes": dashes, "lw": 1.6, "estimator": None}
        sns.lineplot(curves, x="fall", y="seen", hue="design", style="design", ax=ax, **look)
        for name, promise in zip(names, shown, strict=True):
            if not missing(promise["detectable_percent"]):
                at = -promise["detectable_percent"], 100 * POWER
                ax.scatter(*at, color=inks[name], s=22, zorder=3)
        ax.set(xlim=(0, 70), ylim=(0, 102), xlabel=t["x"], ylabel=t["y"])
        ax.legend(frameon=False, loc="lower right")
    listed = t["separator"].join(
        t["row"].format(design=n, size=s) for n, s in zip(names, sizes, strict=True)
    )
    return Picture("next_round", figure, t["alt"].format(rows=listed), t["note"])

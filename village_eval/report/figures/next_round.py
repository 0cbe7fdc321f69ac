"""What designs of a next round could detect: how often a true fall of some size would be seen."""

from __future__ import annotations

import numpy as np

from village_eval.next_round.power import POWER
from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.words.wording import missing, percent, words

INKS = (style.CAMPAIGN, style.CAMPAIGN, style.ACCENT, style.QUIET)
DASHES = ("-", "--", "-", "-.")
LARGEST = np.log(0.25)
"""Falls beyond three quarters are not drawn."""


def next_round(promises: list[dict], lang: str = "zh") -> Picture | None:
    """Power curves of promise.next_round with a line at four cases of five; None without any
    curve."""
    t, shown = words(lang, "figures")["next_round"], [p for p in promises if len(p["curve"])]
    if not shown:
        return None
    names = [t["designs"][p["design"]].format(months=p["months"]) for p in shown]
    sizes = [
        t["never"] if missing(p["detectable_percent"]) else percent(p["detectable_percent"], lang)
        for p in shown
    ]
    with style.house():
        figure, ax = style.canvas(
            t["title"].format(n=shown[0]["villages"], design=names[0], size=sizes[0]), 2.9
        )
        ax.axhline(100 * POWER, color=style.RULE, lw=0.8)
        for promise, name, ink, dash in zip(shown, names, INKS, DASHES, strict=False):
            drawn = promise["curve"][promise["curve"]["effect"] >= LARGEST]
            ax.plot(
                -100 * np.expm1(drawn["effect"]),
                100 * drawn["power"],
                dash,
                color=ink,
                lw=1.6,
                label=name,
            )
            if not missing(promise["detectable_percent"]):
                ax.scatter(
                    [-promise["detectable_percent"]], [100 * POWER], color=ink, s=22, zorder=3
                )
        ax.set(xlim=(0, 70), ylim=(0, 102), xlabel=t["x"], ylabel=t["y"])
        ax.legend(frameon=False, loc="lower right")
    listed = t["separator"].join(
        t["row"].format(design=n, size=s) for n, s in zip(names, sizes, strict=True)
    )
    return Picture("next_round", figure, t["alt"].format(rows=listed), t["note"])

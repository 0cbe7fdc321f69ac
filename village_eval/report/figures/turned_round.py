"""How many listed villages turned around: the campaign year beside quiet years.

And beside what a comparison with the year before would announce.
"""

from __future__ import annotations

import numpy as np

from village_eval.findings.may_say import villages
from village_eval.findings.villages import Turnaround
from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.words.wording import count, signed_number, words


def turned_round(many: Turnaround, lang: str = "zh") -> Picture:
    """Villages that improved in each quiet year as dots, in the campaign year with the range."""
    t, quiet = words(lang, "figures")["turned_round"], many.quiet["improved"].to_numpy(float)
    about = {
        "n": many.listed,
        "improved": count(many.improved, lang),
        "low": many.low,
        "high": many.high,
    }
    rows = [t["row_campaign"]]
    if len(quiet):
        about["quiet"] = count(quiet.mean(), lang)
        rows.insert(0, t["row_quiet"])
    if many.before_after is not None:
        rows.append(t["row_announced"])
    at = len(rows) - 1 - np.arange(len(rows))
    with style.house():
        figure, ax = style.canvas(_title(many, about, lang), 0.95 + 0.33 * len(rows))
        if len(quiet):
            ax.axvline(quiet.mean(), color=style.QUIET, lw=1, ls="--", zorder=0)
            ax.scatter(quiet, np.full(len(quiet), at[0]), s=34, color=style.QUIET, alpha=0.55)
            ax.scatter([quiet.mean()], [at[0]], marker="D", s=48, color=style.INK, zorder=3)
        here = at[rows.index(t["row_campaign"])]
        ax.plot(
            [many.low, many.high],
            [here, here],
            color=style.CAMPAIGN,
            lw=5,
            alpha=0.35,
            solid_capstyle="butt",
        )
        ax.scatter([many.improved], [here], s=70, color=style.CAMPAIGN, zorder=3)
        if many.before_after is not None:
            ax.scatter([many.before_after], [at[-1]], s=60, marker="X", color=style.ACCENT)
        ax.set(ylim=(-0.6, len(rows) - 0.4), xlim=(0, many.listed), xlabel=t["x"].format(**about))
        ax.set_yticks(at, rows)
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
    alt = t["alt" if len(quiet) else "alt_alone"].format(**about)
    return Picture("turned_round", figure, alt, t["note"])


def _title(many: Turnaround, about: dict[str, object], lang: str) -> str:
    """The excess over years without a campaign, which is the answer; the count without any."""
    t = words(lang, "figures")["turned_round"]
    if many.excess is None:
        return str(t["title_alone"].format(**about))
    value, low, high = many.excess
    form = villages(many, None)
    show, ends = (
        (signed_number, (low, high)) if form == "unclear" else (count, sorted((low, high), key=abs))
    )
    least, most = (show(end, lang) for end in ends)
    return str(t[f"title_{form}"].format(excess=show(value, lang), least=least, most=most))

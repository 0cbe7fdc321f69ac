"""Does it last: the effect by window from the campaign on.

With the half-lives that the data allow.
"""

from __future__ import annotations

import numpy as np

from village_eval.findings.may_say import half_life
from village_eval.findings.persistence import HALF, PIECES, Persistence
from village_eval.report.amounts import signed
from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.words.wording import month, words

SHOWN = ("during", *PIECES)


def persistence(p: Persistence, during: int, lang: str = "zh") -> Picture | None:
    """Windows as bars as wide as their months with 95 % ranges.

    With the fitted path and the slowest and fastest fading, where a half-life may be told.

    ``during``: months that the campaign touches. None without a known window.
    """
    t = words(lang, "figures")["persistence"]
    rows = p.windows[p.windows["window"].isin(SHOWN)]
    known = rows[rows["estimate"].notna()]
    if known.empty:
        return None
    low, high = (
        known["ci_low"].to_numpy(float).clip(-2, 2),
        known["ci_high"].to_numpy(float).clip(-2, 2),
    )
    lo, hi = style.limits(low, high)
    with style.house():
        figure, ax = style.canvas(t["title"][p.verdict], 2.8)
        ax.axvspan(-during, 0, color=style.PALE, lw=0, zorder=0)
        ax.axhline(0, color=style.INK, lw=0.8)
        for row, bottom, top in zip(known.itertuples(), low, high, strict=True):
            first, last = (-during, 0) if row.window == "during" else (row.first - 1, row.last)
            ax.fill_between(
                [first + 0.15, last - 0.15], bottom, top, color=style.CAMPAIGN, alpha=0.2, lw=0
            )
            ax.hlines(row.estimate, first + 0.15, last - 0.15, color=style.CAMPAIGN, lw=2.2)
        for row in rows[rows["estimate"].isna()].itertuples():
            text = (
                t["needs"].format(month=month(row.needs, lang)) if not row.known else t["refused"]
            )
            ax.text(
                (max(row.first - 1, -during) + row.last) / 2,
                hi,
                text,
                ha="center",
                va="top",
                fontsize=7,
                color=style.QUIET,
            )
        fitted = p.fade is not None and half_life(p.fade)
        if p.fade is not None and fitted:
            x = np.linspace(0, known["last"].max(), 97)
            for life, dash, label in (
                (p.fade.low, ":", t["fastest"]),
                (p.fade.high, "--", t["slowest"]),
            ):
                ax.plot(
                    x,
                    p.fade.effect * HALF ** (x / life),
                    color=style.QUIET,
                    ls=dash,
                    lw=1.2,
                    label=label,
                )
            ax.plot(
                x,
                p.fade.effect * HALF ** (x / p.fade.half_life),
                color=style.ACCENT,
                lw=1.8,
                label=t["fitted"],
            )
            style.legend_outside(figure, ax, "outside lower right", 3)
        ax.text(-during / 2, lo, t["campaign"], ha="center", va="bottom", fontsize=8)
        ax.set(xlabel=t["x"], ylabel=t["y"], ylim=(lo, hi), xlim=(-during, 24))
        ax.set_xticks([0, 3, 6, 12, 24])
        style.percent_axis(ax.yaxis, lo, hi, lang)
    names = words(lang)["window"]
    told = t["separator"].join(
        f"{names[r.window]} {signed(r.estimate, 'log_ratio', lang)}" for r in known.itertuples()
    )
    return Picture(
        "persistence", figure, t["alt"].format(rows=told), t["note_fitted" if fitted else "note"]
    )

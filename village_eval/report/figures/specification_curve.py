"""The specification curve: what every reasonable choice would have said.

Sorted answers above, the choices behind them below, what is known to mislead apart.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.expectation.results import Finding
from village_eval.findings.specification import CHOICES, of_headline, options, summary
from village_eval.report.amounts import signed
from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.report.options import option_name
from village_eval.words.wording import count, words

BINS = 70
ROW, CURVE = 0.165, 2.7
"""Heights in inches of a row of the matrix and of the curve."""


def specification_curve(curve: pd.DataFrame, finding: Finding, lang: str = "zh") -> Picture | None:
    """The curve of a county (specification.py) with the headline ``finding`` marked.

    None when there is nothing to compare.
    """
    found = summary(curve)
    if found is None or found.n < 2:
        return None
    t = words(lang, "figures")["specification_curve"]
    curve = of_headline(curve)
    kept = curve[~curve["misleads"].astype(bool)].reset_index(drop=True)
    apart = curve[curve["misleads"].astype(bool)]
    rows = [(c, o) for c in CHOICES if len(taken := options(curve, c)) > 1 for o in [None, *taken]]
    said = {k: signed(v, "log_ratio", lang) for k, v in found.answers.items()}
    said |= {"n": count(found.n, lang), "rank": count(found.rank, lang)}
    ci_low, ci_high = finding.estimate.ends
    title = t["title"].format(**said)
    with style.house():
        heights = {
            "height_ratios": [CURVE, ROW * len(rows)],
            "width_ratios": [9, 1.5 if len(apart) else 0.01],
        }
        figure, axes = style.canvas(
            title, CURVE + 0.9 + ROW * len(rows), nrows=2, ncols=2, gridspec_kw=heights
        )
        (top, side), (matrix, corner) = axes
        corner.set_axis_off()
        lo, hi = style.limits(
            kept["ci_low"].quantile([0.01, 0.99]),
            kept["estimate"],
            ci_low,
            ci_high,
            apart["estimate"],
            pad=0.06,
        )
        _curve(top, kept, t, said["headline"], lang)
        _apart(side, apart, t["apart"])
        for ax in (top, side):
            ax.set_ylim(lo, hi)
        style.percent_axis(top.yaxis, lo, hi, lang)
        side.set_yticks([])
        _matrix(matrix, kept, rows, lang)
        matrix.set_xlabel(t["x"])
    alt = t["alt" if found.apart else "alt_no_apart"].format(
        **said, apart=found.apart, apart_median=signed(found.apart_median or 0.0, "log_ratio", lang)
    )
    return Picture(
        "specification_curve", figure, alt, t["note_misleading" if finding.grade == "X" else "note"]
    )


def _curve(ax, kept: pd.DataFrame, t: dict, headline: str, lang: str) -> None:
    x = np.arange(len(kept))
    ax.axhline(0, color=style.QUIET, lw=0.8)
    ax.fill_between(
        x, kept["ci_low"], kept["ci_high"], step="mid", color=style.PALE, lw=0, rasterized=True
    )
    ax.scatter(x, kept["estimate"], s=3, color=style.INK, lw=0, rasterized=True)
    at = int(np.flatnonzero(kept["headline"])[0])
    row = kept.iloc[at]
    ax.vlines(at, row["ci_low"], row["ci_high"], color=style.CAMPAIGN, lw=2)
    ax.scatter([at], [row["estimate"]], marker="D", s=42, color=style.CAMPAIGN, zorder=4)
    right = at < 0.6 * len(kept)
    ax.annotate(
        t["headline"].format(signed=headline),
        (at, row["ci_low"]),
        (6 if right else -6, 2),
        textcoords="offset points",
        ha="left" if right else "right",
        va="bottom",
        color=style.CAMPAIGN,
        fontweight="bold",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.8},
    )
    ax.set(xlim=(-0.5, len(kept) - 0.5), xticks=[], ylabel=t["y"])


def _apart(ax, apart: pd.DataFrame, label: str) -> None:
    if apart.empty:
        ax.set_axis_off()
        return
    x = np.arange(len(apart))
    ax.axhline(0, color=style.QUIET, lw=0.8)
    ax.scatter(
        x, apart["estimate"], marker="s", s=12, facecolor="white", edgecolor=style.ACCENT, lw=1
    )
    ax.set(xlim=(-1, len(apart)), xticks=[])
    ax.set_xlabel(label, color=style.ACCENT, fontsize=7.5)
    ax.spines["left"].set_visible(False)


def _matrix(ax, kept: pd.DataFrame, rows: list[tuple], lang: str) -> None:
    """Each option's share of the answers in a bin over its share of all.

    1 is mid-grey, twice as often black.
    """
    bins = min(BINS, len(kept))
    where = np.arange(len(kept)) * bins // len(kept)
    size = np.bincount(where, minlength=bins)
    shade = np.full((len(rows), bins), np.nan)
    for i, (choice, option) in enumerate(rows):
        if option is not None:
            taken = (kept[choice] == option).to_numpy()
            shade[i] = np.bincount(where, taken, bins) / size / taken.mean()
    names = words(lang, "figures")["specification_choice"]
    labels = [names[c] if o is None else option_name(c, o, lang) for c, o in rows]
    style.heatmap(ax, shade, labels, 2, cmap="Greys")
    at = np.flatnonzero(kept["headline"])[0]
    ax.axvline((at + 0.5) * bins / len(kept), color=style.CAMPAIGN, lw=1)
    ax.tick_params(axis="y", labelsize=7)
    for label, (_, option) in zip(ax.get_yticklabels(), rows, strict=True):
        label.set_fontweight("bold" if option is None else "normal")

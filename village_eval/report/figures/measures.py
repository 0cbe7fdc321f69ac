"""What went with each group and each measure, and which measures came together."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import leaves_list

from village_eval.measures.doses import TOGETHER, correlations, tree
from village_eval.report.amounts import signed
from village_eval.report.figures import style
from village_eval.report.figures.ranges import ranges
from village_eval.report.figures.style import Picture
from village_eval.words.vocabulary import MEASURES, name
from village_eval.words.wording import count, number, words

LOOKS = {"overall": "headline", "group": "group", "measure": "other"}
BOUND = 1.4
"""Ranges are cut at −75 % and +306 %."""


def measure_effects(rows: pd.DataFrame, lang: str = "zh") -> Picture | None:
    """Petitions: all measures, groups and single measures as dots with 95 % ranges.

    None without any.
    """
    rows = rows[(rows["outcome"] == "petitions") & rows["estimate"].notna()]
    if rows.empty:
        return None
    t = words(lang, "figures")["measure_effects"]
    labels = [_label(row, t["overall"], lang) for row in rows.itertuples()]
    seen = int((rows["p_adjusted"] < 0.05).sum())
    with style.house():
        figure, ax = style.canvas(
            t["title" if seen else "title_none"].format(n=seen), 1.2 + 0.16 * len(rows)
        )
        ax.axvline(0, color=style.QUIET, lw=0.8)
        for y in style.changes(rows["level"].tolist()):
            ax.axhline(y - 0.5, color=style.RULE, lw=0.8)
        cut = rows[["estimate", "ci_low", "ci_high"]].clip(-BOUND, BOUND).to_numpy()
        lo, hi = ranges(ax, labels, cut[:, 0], cut[:, 1], cut[:, 2], rows["level"].map(LOOKS))
        style.percent_axis(ax.xaxis, lo, hi, lang)
        ax.tick_params(axis="y", labelsize=7)
        ax.set(xlabel=t["axis"])
    told = t["separator"].join(
        f"{label} {signed(e, 'log_ratio', lang)}"
        for label, e in zip(labels, rows["estimate"], strict=True)
    )
    return Picture("measure_effects", figure, t["alt"].format(rows=told), t["note"])


def _label(row, overall: str, lang: str) -> str:
    if row.level == "overall":
        return overall
    if row.level == "group":
        return name("measure_group", row.group, lang)
    return name("measure", row.measure, lang)


def together(doses: np.ndarray, bundles: list[list[str]], lang: str = "zh") -> Picture | None:
    """Correlation of doses between measures as a heat map.

    Measures that come together side by side; None with fewer than three.
    """
    given = np.flatnonzero(doses.std(0) > 1e-9)
    if len(given) < 3:
        return None
    t = words(lang, "figures")["together"]
    r = correlations(doses)[np.ix_(given, given)]
    order = leaves_list(tree(r))
    r, keys = r[np.ix_(order, order)], [MEASURES[given[i]] for i in order]
    with style.house():
        figure, ax = style.canvas(
            t["title" if bundles else "title_none"].format(n=count(len(bundles), lang)), 5.2
        )
        shown = np.where(np.tri(len(keys), k=-1, dtype=bool), np.abs(r), np.nan)
        told = [[number(x, lang, 2) if abs(x) >= TOGETHER else "" for x in row] for row in r]
        ink = {"fontsize": 7, "color": "white", "fontweight": "bold"}
        rows = [f"{name('measure', key, lang)}  {i}" for i, key in enumerate(keys, start=1)]
        style.heatmap(ax, shown, rows, 1, {"label": t["axis"]}, annot=np.array(told), annot_kws=ink)
        ax.set_xticks(np.arange(len(keys)) + 0.5, range(1, len(keys) + 1))
    i, j = np.unravel_index(np.nanargmax(shown), shown.shape)
    pair = {
        "one": name("measure", keys[i], lang),
        "other": name("measure", keys[j], lang),
        "r": number(r[i, j], lang, 2),
    }
    return Picture("together", figure, t["alt"].format(n=len(keys), **pair), t["note"])

"""Forest plots that read at 30, at 100 and at 2,850 counties, and one of measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from village_eval.many.words import measure_name, observed
from village_eval.report.amounts import signed, size
from village_eval.report.figures import style
from village_eval.report.figures.ranges import ranges
from village_eval.report.figures.style import Picture
from village_eval.words import wording as w

NAMED = 30
"""Beyond so many counties their names are no longer written."""
LINES = 400
"""Beyond so many the ranges are one shaded band."""
BOUND = 1.4
"""Ranges are cut at −75 % and +306 %."""
LOOKS = {"overall": "headline", "group": "group", "measure": "other"}


def counties_forest(content: Mapping[str, Any], lang: str = "zh") -> Picture | None:
    """Every county's headline with its range, ranked, and what they say together.

    ``content``: of pooled.json. None when too few counties have one.
    """
    counties, told = content["headlines"], content["findings"]
    mean = next((f for f in told if counties and f["id"] == counties[0]["id"]), None)
    if mean is None:
        return None
    t = w.words(lang, "many")["forest"]
    ranked = sorted(counties, key=lambda c: c["estimate"])
    cut = np.array([[c[k] for k in ("estimate", "ci_low", "ci_high")] for c in ranked])
    cut = cut.clip(-BOUND, BOUND)
    n, low = len(ranked), int((cut[:, 2] < 0).sum())
    high = int((cut[:, 1] > 0).sum())
    about = {
        "n": w.count(n, lang),
        "size": size(mean["estimate"], "log_ratio", lang),
        "signed": signed(mean["estimate"], "log_ratio", lang),
        "low": signed(mean["ci_low"], "log_ratio", lang),
        "high": signed(mean["ci_high"], "log_ratio", lang),
        "clear": w.count(low, lang),
        "rose": w.count(high, lang),
        "from": signed(mean["prediction_low"], "log_ratio", lang),
        "to": signed(mean["prediction_high"], "log_ratio", lang),
    }
    named = n <= NAMED
    with style.house():
        height = 1.8 + 0.115 * n if named else 4.6
        figure, ax = style.canvas(t[mean["conclusion"]].format(**about), height)
        spread = (mean["prediction_low"], mean["prediction_high"])
        ax.axvspan(*np.clip(spread, -BOUND, BOUND), color=style.PALE, lw=0, label=t["spread"])
        ax.axvspan(mean["ci_low"], mean["ci_high"], color=style.ACCENT, alpha=0.45, lw=0)
        ax.axvline(mean["estimate"], color=style.ACCENT, lw=1.4, label=t["mean"])
        ax.axvline(0, color=style.INK, lw=0.8)
        if named:
            titles = [c["title"] for c in ranked]
            own = len(set(titles)) == n  # several counties may have one name
            labels = titles if own else [c["county"] for c in ranked]
            value, bottom, top = cut.T.tolist()
            lo, hi = ranges(ax, labels, value, bottom, top, ["compared"] * n)
            ax.tick_params(axis="y", labelsize=6.5)
        else:
            lo, hi = _caterpillar(ax, cut)
            ax.set(ylabel=t["rank"])
        ax.scatter([], [], color=style.INK, marker="o", s=14, label=t["county"])
        style.percent_axis(ax.xaxis, lo, hi, lang)
        ax.set(xlabel=t["axis"])
        style.legend_outside(figure, ax, "outside lower center", 3)
    note = t["note"] if named else t["note_many"]
    return Picture("counties", figure, t["alt"].format(**about), note)


def _caterpillar(ax: Axes, cut: np.ndarray) -> tuple[float, float]:
    """Ranked ranges without names: thin lines, or a band where there are very many."""
    rank = np.arange(1, len(cut) + 1)
    if len(cut) <= LINES:
        ax.hlines(
            rank, cut[:, 1], cut[:, 2], color=style.CAMPAIGN, lw=np.clip(150 / len(cut), 0.4, 1.4)
        )
    else:
        ax.fill_betweenx(rank, cut[:, 1], cut[:, 2], color=style.CAMPAIGN, alpha=0.35, lw=0)
    ax.scatter(cut[:, 0], rank, color=style.INK, s=np.clip(600 / len(cut), 0.6, 14), lw=0, zorder=3)
    lo, hi = style.limits(cut)
    ax.set(xlim=(lo, hi), ylim=(len(cut) + 1, 0))
    return lo, hi


def measures_forest(
    rows: Sequence[Mapping[str, Any]], outcome: str = "petitions", lang: str = "zh"
) -> Picture | None:
    """All measures, groups and single measures over many counties.

    Within counties with ranges; beside them between counties, and the same doses on earlier years.
    """
    rows = [r for r in observed(rows, outcome) if r.get("estimate") is not None]
    if not rows:
        return None
    t = w.words(lang, "many")["measures_forest"]
    noun = w.words(lang, "attribution")["outcome"][outcome]
    found = [r for r in rows if r["conclusion"] != "cannot_be_told" and r["level"] == "measure"]
    key = "title_none" if not found else "title_warned" if found[0]["warned"] else "title"
    about = {"n": w.count(len(found), lang), "noun": noun}
    about["counties"] = w.count(max(r["counties"] for r in rows), lang)
    with style.house():
        figure, ax = style.canvas(t[key].format(**about), 1.6 + 0.19 * len(rows))
        ax.axvline(0, color=style.QUIET, lw=0.8)
        for y in style.changes([r["level"] for r in rows]):
            ax.axhline(y - 0.5, color=style.RULE, lw=0.8)
        cut = np.array([[r[k] for k in ("estimate", "ci_low", "ci_high")] for r in rows])
        cut = cut.clip(-BOUND, BOUND)
        labels = [measure_name(r, lang) for r in rows]
        looks = [LOOKS[r["level"]] for r in rows]
        value, bottom, top = cut.T.tolist()
        lo, hi = ranges(ax, labels, value, bottom, top, looks)
        at = np.arange(len(rows))
        for field, mark, ink in (
            ("between_counties", "D", style.ACCENT),
            ("placebo", "x", style.INK),
        ):
            x = np.array([np.nan if r.get(field) is None else r[field] for r in rows], float)
            inside = (x > lo) & (x < hi)
            face = {"facecolors": "none", "edgecolors": ink} if mark == "D" else {"color": ink}
            ax.scatter(
                x[inside],
                at[inside] + 0.22,
                marker=mark,
                s=16,
                lw=0.9,
                zorder=4,
                label=t[field],
                **face,
            )
        ax.scatter([], [], color=style.QUIET, marker="o", s=20, label=t["within"])
        style.percent_axis(ax.xaxis, lo, hi, lang)
        ax.set(xlabel=t["axis"].format(**about))
        style.legend_outside(figure, ax, "outside lower center", 3)
    told = t["separator"].join(
        f"{label} {signed(r['estimate'], 'log_ratio', lang)}"
        for label, r in zip(labels, rows, strict=True)
    )
    return Picture(f"measures_{outcome}", figure, t["alt"].format(rows=told, **about), t["note"])

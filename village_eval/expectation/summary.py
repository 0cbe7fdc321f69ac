"""An estimate as statsmodels' users know results: summary(), params, conf_int(), and a plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from village_eval.expectation.display import why
from village_eval.words import names
from village_eval.words.catalogue import UnknownWords, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from statsmodels.iolib.summary import Summary

    from village_eval.expectation.results import Estimate


def summary_of(e: Estimate, lang: str) -> Summary:
    """statsmodels' Summary: what was asked of whom, the coefficient, quiet years, remarks."""
    from statsmodels.iolib.summary import Summary
    from statsmodels.iolib.table import SimpleTable
    from statsmodels.iolib.tableformatting import fmt_2cols, fmt_params

    t, made = words(lang, "display"), Summary()
    about = [
        (t["design"], e.design, t["listed"], str(e.n_treated)),
        (t["question"], e.id, t["unlisted"], str(e.n_control)),
        (t["scale"], e.scale, t["townships"], str(e.n_clusters)),
        (t["estimand"], e.estimand, t["df"], "" if e.df is None else f"{e.df:.3g}"),
    ]
    try:
        title = names.design(e.design, lang, e.label)
    except UnknownWords:  # one of a researcher's own
        title = e.design
    made.tables.append(SimpleTable(about, title=title, txt_fmt=fmt_2cols))
    ends = [None, None] if e.ci_low is None else [e.ci_low, e.ci_high]
    t_value = None if not e.se or e.value is None else e.value / e.se
    row = [_three(x) for x in (e.value, e.se, t_value, e.p_value, *ends)]
    heads = ["coef", "std err", "t", "P>|t|", "[0.025", "0.975]"]
    made.tables.append(SimpleTable([row], heads, [e.id], txt_fmt=fmt_params))
    if e.quiet is not None and len(e.quiet):
        years = e.quiet[["estimate", "se", "ci_low", "ci_high"]]
        rows = [[_three(x) for x in row] for row in years.itertuples(index=False)]
        heads = ["coef", "std err", "[0.025", "0.975]"]
        stubs = [f"{t['quiet_year']} {year}" for year in e.quiet["year"]]
        made.tables.append(SimpleTable(rows, heads, stubs, txt_fmt=fmt_params))
    remarks = [why(e.reason, lang)] if e.value is None else [t["att"], t["error"]]
    made.add_extra_txt([*remarks, *([e.reference] if e.reference else [])])
    return made


def _three(x: float | None) -> str:
    return "" if x is None or not np.isfinite(x) else f"{x:.3f}"


def interval_of(e: Estimate, alpha: float) -> tuple[float, float]:
    """The two-sided interval of an estimate at the level 1 − alpha; NaN without an error."""
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha!r}")
    if e.value is None or e.error is None:
        return float("nan"), float("nan")
    half = float(e.error.quantile(1 - alpha / 2))
    return e.value - half, e.value + half


def event_path(path: pd.DataFrame, labels: tuple[str, str], ax: Axes | None = None) -> Axes:
    """An event study by month: estimates with intervals, the quiet years' path dashed.

    ``path`` has month, estimate, ci_low, ci_high, quiet, in_listing_window, in_campaign; ``labels``
    are those of the axes.
    """
    ax, known = _axes(ax, 3.2), path.dropna(subset=["estimate"])
    for mask, shade in (("in_listing_window", "#e6e6e6"), ("in_campaign", "#c9d8ea")):
        if (at := path.loc[path[mask], "month"]).size:
            ax.axvspan(at.min() - 0.5, at.max() + 0.5, color=shade, lw=0, zorder=0)
    ax.axhline(0, color="#8a8a8a", lw=0.8)
    ax.vlines(known["month"], known["ci_low"], known["ci_high"], color="#9db4d0", lw=1)
    ax.scatter(known["month"], known["estimate"], color="#1b4f8a", zorder=3, s=14)
    ax.plot(path["month"], path["quiet"], color="#222222", lw=1.2, ls="--")
    return _finished(ax, *labels)


def forest(rows: pd.DataFrame, label: str, ax: Axes | None = None) -> Axes:
    """Estimates with their intervals, a row each, the first on top, zero marked.

    ``rows`` has name, estimate, ci_low, ci_high and optionally ``bold``, what to look at. Drawn
    on ``ax``, or on one of its own, in the package's font, with nobody's settings changed.
    """
    from village_eval.words import fonts

    ax, at = _axes(ax, 0.8 + 0.3 * len(rows)), np.arange(len(rows))[::-1]
    bold = rows["bold"] if "bold" in rows else pd.Series(True, rows.index)
    inks = list(np.where(bold, "#1b4f8a", "#8a8a8a"))
    ax.axvline(0, color="#8a8a8a", lw=0.8)
    ax.hlines(at, rows["ci_low"].astype(float), rows["ci_high"].astype(float), colors=inks)
    ax.scatter(rows["estimate"].astype(float), at, c=inks, zorder=3, s=22)
    ax.set_yticks(at, [fonts.drawable(str(name)) for name in rows["name"]])
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    return _finished(ax, label, "")


def _axes(ax: Axes | None, height: float) -> Axes:
    import matplotlib.pyplot as plt

    if ax is not None:
        return ax
    return plt.subplots(figsize=(7, height), layout="constrained")[1]


def _finished(ax: Axes, x: str, y: str) -> Axes:
    """Labels in the package's font, so that Chinese is drawn anywhere; nobody's settings change."""
    from village_eval.words import fonts

    fonts.register()
    ax.set_xlabel(fonts.drawable(x))
    ax.set_ylabel(fonts.drawable(y))
    ax.spines[["top", "right"]].set_visible(False)
    for text in (*ax.get_yticklabels(), *ax.get_xticklabels(), ax.xaxis.label, ax.yaxis.label):
        text.set_fontfamily(fonts.FAMILY)
    return ax

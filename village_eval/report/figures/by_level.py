"""Actual over expected by a village's level: the campaign year beside quiet years.

What the reversion slope sees (expectation/reversion.py). Where the unlisted of the campaign year
lie on the lines of quiet years, such years return to the mean alike; the listed stand apart.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import seaborn as sns

from village_eval.expectation.results import Finding
from village_eval.expectation.setting import Setting
from village_eval.report.amounts import signed
from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.words.wording import percent, words

SPAN, GROUPS = 0.6, 4
"""Share of the villages that a point of a line looks at; groups of the listed."""
GRID = np.arange(-3, 6, 0.05)
"""Levels at which lines are drawn, the same in all years."""
SHOWN = (0.02, 0.98)
"""Quantiles of the level between which lines are drawn: beyond, few villages carry them."""


def by_level(setting: Setting, finding: Finding, lang: str = "zh") -> Picture | None:
    """Lines of the unlisted by year, dots of the listed; None without a slope to show."""
    told, window = finding.estimate.reversion, finding.estimate.window
    if told is None or told.delta is None:
        return None
    t = words(lang, "figures")["by_level"]
    lines = pd.concat(
        smoothed(setting, q, window).assign(year=str(setting.campaign.start_month.year - q))
        for q in (0, *finding.estimate.years)
    )
    now, quiet = lines[lines["q"] == 0], lines[lines["q"] > 0]
    every = quiet.groupby("level").filter(lambda at: len(at) == len(finding.estimate.years))
    dots = listed(setting, window)
    about = {
        "slope": signed(told.delta, "log_ratio", lang),
        "share": percent(100 * told.weight, lang),
        "before": signed(told.uncorrected, "log_ratio", lang),
        "after": signed(finding.estimate.answer, "log_ratio", lang),
    }
    form = "title_declared" if told.declared else "title_unlike" if told.full else "title"
    title = t[form].format(**about)
    with style.house():
        figure, ax = style.canvas(title, 3.0)
        ax.axhline(0, color=style.PALE, lw=1, zorder=0)
        sns.lineplot(
            quiet,
            x="level",
            y="beyond",
            units="year",
            estimator=None,
            color=style.QUIET,
            lw=1,
            alpha=0.8,
            ax=ax,
        )
        sns.lineplot(
            every,
            x="level",
            y="beyond",
            errorbar=None,
            color=style.INK,
            lw=1.6,
            ls="--",
            ax=ax,
            label=t["quiet"],
        )
        sns.lineplot(
            now, x="level", y="beyond", color=style.CAMPAIGN, lw=2.6, ax=ax, label=t["campaign"]
        )
        sns.scatterplot(
            dots,
            x="level",
            y="beyond",
            s=60,
            marker="D",
            color=style.ACCENT,
            ax=ax,
            label=t["listed"],
            zorder=3,
        )
        lo, hi = style.limits(lines["beyond"], dots["beyond"])
        ax.set(ylim=(lo, hi), xlabel=t["x"], ylabel=t["y"])
        style.percent_axis(ax.yaxis, lo, hi, lang)
        style.legend_outside(figure, ax, "outside lower center", 3)
    return Picture("by_level", figure, t["alt"].format(title=title, **about), t["note"])


def smoothed(setting: Setting, q: int, window: str) -> pd.DataFrame:
    """The unlisted of one year: columns q, level (of GRID), beyond (log actual over expected).

    The ratio of two lowess lines (Cleveland 1979), of actual and of expected on the level, without
    its robust iterations: they would take the many villages without a petition for the truth.
    """
    from statsmodels.nonparametric.smoothers_lowess import lowess

    y, E, z = _year(setting, q, window)
    u = setting.control(q)[0]
    here = u > 0
    low, high = np.quantile(z[here], SHOWN)
    at = GRID[(low <= GRID) & (high >= GRID)]
    actual, expected = (
        lowess(u[here] * of[here], z[here], frac=SPAN, it=0, xvals=at) for of in (y, E)
    )
    beyond = np.log(np.maximum(actual, 1e-9) / expected)
    return pd.DataFrame({"q": q, "level": at, "beyond": beyond - _mean(y, E, u)})


def listed(setting: Setting, window: str) -> pd.DataFrame:
    """The listed of the campaign year in GROUPS by level: columns level, beyond."""
    y, E, z = _year(setting, 0, window)
    on, base = setting.panel.listed, _mean(y, E, setting.control(0)[0])
    order = np.flatnonzero(on)[np.argsort(z[on], kind="stable")]
    rows = [
        (z[of].mean(), np.log(y[of].sum() / E[of].sum()) - base)
        for of in np.array_split(order, GROUPS)
        if len(of) and y[of].sum() > 0
    ]
    return pd.DataFrame(rows, columns=["level", "beyond"])


def _year(setting: Setting, q: int, window: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Actual, expected and level [V] of a year; what is unknown is nothing of both."""
    y = setting.series.observed(q, window)
    known = np.isfinite(y)
    E = setting.expectation(q, window)[0]
    z = setting.level(q, window, setting.depth(q))[0]
    return np.where(known, y, 0.0), np.where(known, E, 0.0), z


def _mean(y: np.ndarray, E: np.ndarray, weight: np.ndarray) -> float:
    return float(np.log(weight @ y / (weight @ E)))

"""Page one's picture: the campaign year beside quiet years.

What such villages do in quiet years, what they did in the campaign year, and the gap between.
"""

from __future__ import annotations

import numpy as np

from village_eval.expectation.results import Finding
from village_eval.findings.may_say import effect
from village_eval.report.amounts import signed, size
from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.report.sentences import excluded, interval
from village_eval.words.wording import missing, sentences, words

WHITE = {"facecolor": "white", "edgecolor": "none", "pad": 1}


def quiet_years(finding: Finding, lang: str = "zh") -> Picture | None:
    """Quiet years as faint dots with their mean, the campaign year with its range.

    None without a number to draw.
    """
    est, t = finding.estimate, words(lang, "figures")["quiet_years"]
    if missing(est.value) or missing(est.ci_low):
        return None
    quiet, years, mean = np.zeros(0), [], 0.0
    if est.quiet_years is not None:
        quiet, mean = est.quiet_years.table["estimate"].to_numpy(float), est.quiet_years.mean
        years = est.quiet_years.table["year"].tolist()
    raw = mean + est.value
    low, high = (mean + end for end in est.ends)
    direction = _direction(finding) if len(quiet) or finding.grade == "X" else "no_quiet"
    title = t[f"title_{direction}"].format(
        size=size(est.value, est.scale, lang),
        signed=signed(est.value, est.scale, lang),
        excluded=excluded(finding, lang),
    )
    with style.house():
        figure, ax = style.canvas(title, 2.1)
        ax.axvline(0, color=style.PALE, lw=1, zorder=0)
        ax.axvline(mean, color=style.QUIET, lw=1, ls="--", zorder=0)
        if len(quiet):
            ax.scatter(quiet, np.ones(len(quiet)), s=34, color=style.QUIET, alpha=0.55, zorder=2)
            _year_labels(ax, quiet, years)
            ax.scatter([mean], [1], marker="D", s=48, color=style.INK, zorder=3)
        ax.plot([low, high], [0, 0], color=style.CAMPAIGN, lw=5, alpha=0.35, solid_capstyle="butt")
        ax.scatter([raw], [0], s=70, color=style.CAMPAIGN, zorder=3)
        ax.annotate(
            "",
            (raw, 0.42),
            (mean, 0.42),
            arrowprops={"arrowstyle": "->", "color": style.ACCENT, "lw": 1.8},
        )
        gap = t["gap"].format(
            signed=signed(est.value, est.scale, lang), range=interval(finding, lang)
        )
        lo, hi = style.limits(quiet, [low, high, raw, mean], pad=0.12)
        ax.text(
            (raw + mean) / 2,
            0.5,
            gap,
            color=style.ACCENT,
            fontweight="bold",
            ha="center",
            va="bottom",
            fontsize=9,
            bbox=WHITE,
        )
        ax.set(ylim=(-0.45, 1.5), xlim=(lo, hi), xlabel=t["axis"])
        ax.set_yticks(
            [1, 0], [t["row_quiet"] if len(quiet) else t["row_no_quiet"], t["row_campaign"]]
        )
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        style.percent_axis(ax.xaxis, lo, hi, lang)
    words_for = {"mean": mean, "raw": raw, "gap": est.value}
    alt = t["alt"].format(
        years=len(quiet),
        range=interval(finding, lang),
        **{k: signed(v, est.scale, lang) for k, v in words_for.items()},
    )
    note = (
        "note_no_quiet" if not len(quiet) else "note_misleading" if finding.grade == "X" else "note"
    )
    notes = [t[note]]
    if len(quiet) and est.reversion is not None and est.reversion.full:
        notes.append(t["corrected"])
    return Picture("quiet_years", figure, alt, sentences(notes, lang))


def _year_labels(ax, values: np.ndarray, years: list[int]) -> None:
    """Years above their dots, alternating in height where dots are close."""
    order, height = np.argsort(values), 0
    span = max(np.ptp(values), 0.15)
    previous = -np.inf
    for i in order:
        height = (height + 1) % 3 if values[i] - previous < 0.35 * span else 0
        ax.annotate(
            str(years[i]),
            (values[i], 1),
            (0, 6 + 8 * height),
            textcoords="offset points",
            ha="center",
            fontsize=7,
            color="#5a5a5a",
        )
        previous = values[i]


def _direction(finding: Finding) -> str:
    """Which title the evidence allows (may_say.effect)."""
    form = effect(finding)
    if form.removesuffix("_weak") in ("fell", "rose"):
        return "lower" if finding.estimate.answer < 0 else "higher"
    kept = ("misleading", "none_seen", "borderline_fell", "borderline_rose")
    return form.removesuffix("_fell").removesuffix("_rose") if form in kept else "unclear"

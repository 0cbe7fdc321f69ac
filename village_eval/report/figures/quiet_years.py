"""Page one's picture: the campaign year beside quiet years.

What such villages do in quiet years, what they did in the campaign year, and the gap between.
"""

from __future__ import annotations

import numpy as np

from village_eval.expectation.results import Estimate, Finding
from village_eval.findings.may_say import effect
from village_eval.report.amounts import signed, size
from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.report.sentences import excluded, interval
from village_eval.words.wording import missing, sentences, words

MEAN_AT, STEP = 0.95, 0.24
"""Height of the quiet years' mean, the years one above the other; the campaign year is at 0."""
WHITE = {"facecolor": "white", "edgecolor": "none", "pad": 1}


def quiet_years(finding: Finding, lang: str = "zh") -> Picture | None:
    """Quiet years with thin grey ranges and their mean, the campaign year with its range.

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
        range=interval(finding, lang),
    )
    at = MEAN_AT + STEP * np.arange(len(quiet), 0, -1)
    top = at[0] if len(quiet) else MEAN_AT
    with style.house():
        figure, ax = style.canvas(title, 2.1 + 0.13 * max(len(quiet) - 4, 0))
        ax.axvline(0, color=style.PALE, lw=1, zorder=0)
        ends = [low, high, raw, mean]
        if est.quiet_years is not None and len(quiet):
            table = est.quiet_years.table
            ends += [x for x in [*table["ci_low"], *table["ci_high"]] if np.isfinite(x)]
            ax.vlines(mean, -0.2, top, color=style.QUIET, lw=1, ls="--", zorder=0)
            ax.hlines(at, table["ci_low"], table["ci_high"], color=style.QUIET, lw=1, alpha=0.7)
            ax.scatter(quiet, at, s=16, color=style.QUIET, zorder=2)
            ax.scatter([mean], [MEAN_AT], marker="D", s=40, color=style.INK, zorder=3)
        lo, hi = style.limits(quiet, ends, pad=0.08)
        for year, y, x in zip(years, at, _right_ends(est, quiet), strict=True):
            ax.annotate(
                str(year),
                (x, y),
                (4, 0),
                textcoords="offset points",
                va="center",
                fontsize=7,
                color="#5a5a5a",
            )
        ax.plot([low, high], [0, 0], color=style.CAMPAIGN, lw=5, alpha=0.35, solid_capstyle="butt")
        ax.scatter([raw], [0], s=70, color=style.CAMPAIGN, zorder=3)
        ax.annotate(
            "",
            (raw, 0.34),
            (mean, 0.34),
            arrowprops={"arrowstyle": "->", "color": style.ACCENT, "lw": 1.8},
        )
        gap = t["gap"].format(
            signed=signed(est.value, est.scale, lang), range=interval(finding, lang)
        )
        beside = raw < mean and mean - lo > 0.5 * (hi - lo)
        ax.text(
            mean - 0.008 * (hi - lo) if beside else (raw + mean) / 2,
            0.42,
            gap,
            color=style.ACCENT,
            fontweight="bold",
            ha="right" if beside else "center",
            va="bottom",
            fontsize=9,
            bbox=WHITE,
        )
        ax.set(ylim=(-0.4, top + 0.2), xlim=(lo, hi + 0.06 * (hi - lo)), xlabel=t["axis"])
        rows = [(top + MEAN_AT) / 2 if len(quiet) else MEAN_AT, 0]
        ax.set_yticks(rows, [t["row_quiet" if len(quiet) else "row_no_quiet"], t["row_campaign"]])
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


def _right_ends(est: Estimate, quiet: np.ndarray) -> np.ndarray:
    """Where each quiet year's range ends on the right; its dot where it has none."""
    if est.quiet_years is None:
        return quiet
    high = est.quiet_years.table["ci_high"].to_numpy(float)
    return np.where(np.isfinite(high), high, quiet)


def _direction(finding: Finding) -> str:
    """Which title the evidence allows (may_say.effect)."""
    form = effect(finding)
    if form.removesuffix("_weak") in ("fell", "rose"):
        side = "lower" if finding.estimate.answer < 0 else "higher"
        return f"{side}_weak" if form.endswith("_weak") else side
    kept = ("misleading", "none_seen", "borderline_fell", "borderline_rose")
    return form.removesuffix("_fell").removesuffix("_rose") if form in kept else "unclear"

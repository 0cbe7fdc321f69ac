"""The same question put to other designs, with the headline marked."""

from __future__ import annotations

from village_eval.expectation.results import Estimate, Finding
from village_eval.report.amounts import signed
from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.words import names
from village_eval.words.wording import missing, words


def sensitivity(finding: Finding, others: list[Estimate], lang: str = "zh") -> Picture | None:
    """Dots with 95 % intervals, one row a design; the headline on top and in another ink and
    shape."""
    t = words(lang, "figures")["sensitivity"]
    rows = [
        e
        for e in [finding.estimate, *(o for o in others if o.id == finding.id)]
        if not missing(e.value)
    ]
    if not rows:
        return None
    answers = [e.answer for e in rows]
    low, high = (signed(end, rows[0].scale, lang) for end in (min(answers), max(answers)))
    with style.house():
        figure, ax = style.canvas(t["title"].format(low=low, high=high), 1.1 + 0.33 * len(rows))
        ax.axvline(0, color=style.QUIET, lw=0.8)
        for y, est in enumerate(rows):
            colour, mark = (style.CAMPAIGN, "D") if y == 0 else (style.QUIET, "o")
            if not missing(est.ci_low):
                ax.hlines(y, est.ci_low, est.ci_high, color=colour, lw=2 if y == 0 else 1.2)
            ax.scatter(
                [est.value], [y], color=colour, marker=mark, s=40 if y == 0 else 24, zorder=3
            )
        ends = [v for e in rows for v in (e.value, e.ci_low, e.ci_high) if not missing(v)]
        lo, hi = style.limits(ends)
        ax.set(ylim=(len(rows) - 0.4, -0.6), xlim=(lo, hi), xlabel=t["axis"])
        ax.set_yticks(range(len(rows)), [names.design(e.design, lang, e.label) for e in rows])
        ax.tick_params(axis="y", length=0)
        style.percent_axis(ax.xaxis, lo, hi, lang)
    listed = t["separator"].join(
        f"{names.design(e.design, lang, e.label)} {signed(e.answer, e.scale, lang)}" for e in rows
    )
    return Picture("sensitivity", figure, t["alt"].format(rows=listed), t["note"])

"""The same question put to other designs, with the headline marked."""

from __future__ import annotations

import numpy as np

from village_eval.expectation.results import Estimate, Finding
from village_eval.report.amounts import signed
from village_eval.report.figures import style
from village_eval.report.figures.ranges import ranges
from village_eval.report.figures.style import Picture
from village_eval.words import names
from village_eval.words.wording import missing, words


def sensitivity(finding: Finding, others: list[Estimate], lang: str = "zh") -> Picture | None:
    """Dots with 95 % intervals, one row a design.

    The headline is on top and in another ink and shape.
    """
    t = words(lang, "figures")["sensitivity"]
    estimates = [finding.estimate, *(other for other in others if other.id == finding.id)]
    rows = [
        (names.design(e.design, lang, e.label), e.answer, e.ci_low, e.ci_high)
        for e in estimates
        if not missing(e.value)
    ]
    if not rows:
        return None
    labels, values, lows, highs = zip(*rows, strict=True)
    said = [signed(value, finding.estimate.scale, lang) for value in values]
    low, high = said[np.argmin(values)], said[np.argmax(values)]
    with style.house():
        figure, ax = style.canvas(t["title"].format(low=low, high=high), 1.1 + 0.33 * len(rows))
        ax.axvline(0, color=style.QUIET, lw=0.8)
        looks = ["headline", *["other"] * (len(rows) - 1)]
        style.percent_axis(ax.xaxis, *ranges(ax, labels, values, lows, highs, looks), lang)
        ax.set(xlabel=t["axis"])
    listed = t["separator"].join(map(" ".join, zip(labels, said, strict=True)))
    return Picture("sensitivity", figure, t["alt"].format(rows=listed), t["note"])

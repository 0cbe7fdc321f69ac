"""The map of disagreement between designs.

How far every two designs are apart, and where that is more than the headline's own error.
"""

from __future__ import annotations

import numpy as np

from village_eval.expectation.results import Estimate, Finding
from village_eval.report.amounts import signed
from village_eval.report.disagreement import design_name, designs
from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.words.wording import count, signed_number, words

FAR = 3.0
"""Differences of so many standard errors and more are nearly as dark as it gets."""
DARK = 0.75 * FAR
"""From here on a white number is easier to read than a dark one."""


def disagreement(finding: Finding, others: list[Estimate], lang: str = "zh") -> Picture | None:
    """Designs by answer from low to high.

    Each cell the difference of row and column in points; None with a single design.
    """
    rows, headline = designs(finding, others), finding.estimate
    if len(rows) < 2 or not headline.se:
        return None
    t, n = words(lang, "figures")["disagreement"], len(rows)
    value = np.array([e.value for e in rows])
    far = np.abs(value[:, None] - value) / headline.se
    points = 100 * (np.expm1(value)[:, None] - np.expm1(value))
    below = np.tri(n, k=-1, dtype=bool)
    material = (far > 1) & below
    title = t["title" if material.any() else "title_none"].format(
        n=count(material.sum(), lang), all=count(n * (n - 1) / 2, lang)
    )
    with style.house():
        figure, ax = style.canvas(title, 1.2 + 0.33 * n)
        names = [
            f"{design_name(e, lang)} {signed(e.answer, 'log_ratio', lang)}  {i}"
            for i, e in enumerate(rows, start=1)
        ]
        told = np.array([[signed_number(x, lang) for x in row] for row in points])
        shade = np.where(far > 1, far, 0.15)
        size = {"fontsize": 7.5}
        style.heatmap(
            ax, shade, names, 1.25 * FAR, mask=~below, annot=told, annot_kws=size, cmap="Greys"
        )
        # seaborn turns to white ink on greys that are still too light for it
        for text, dark, bold in zip(ax.texts, far[below] > DARK, material[below], strict=True):
            text.set(color="white" if dark else style.INK, fontweight="bold" if bold else "normal")
        ax.set_xticks(np.arange(n) + 0.5, range(1, n + 1))
        at = next(i for i, e in enumerate(rows) if e.design == headline.design)
        for labels in (ax.get_yticklabels(), ax.get_xticklabels()):
            labels[at].set(color=style.CAMPAIGN, fontweight="bold")
        ax.set_xlabel(t["axis"])
    listed = t["separator"].join(
        f"{design_name(e, lang)} {signed(e.answer, 'log_ratio', lang)}" for e in rows
    )
    return Picture(
        "disagreement",
        figure,
        t["alt"].format(rows=listed, n=count(material.sum(), lang)),
        t["note"],
    )

"""The map of disagreement: how far every two designs are apart, and where that is more than the
headline's own error."""

from __future__ import annotations

import numpy as np

from village_eval.expectation.results import Estimate, Finding
from village_eval.report.amounts import signed
from village_eval.report.disagreement import design_name, designs
from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.words.wording import count, signed_number, words

FAR = 3.0
"""Differences of so many standard errors and more are as dark as it gets."""


def disagreement(finding: Finding, others: list[Estimate], lang: str = "zh") -> Picture | None:
    """Designs by answer from low to high; each cell the difference of row and column in points;
    None with a single design."""
    rows, headline = designs(finding, others), finding.estimate
    if len(rows) < 2 or not headline.se:
        return None
    t, n = words(lang, "figures")["disagreement"], len(rows)
    value = np.array([e.value for e in rows])
    far = np.abs(value[:, None] - value) / headline.se
    points = 100 * (np.expm1(value)[:, None] - np.expm1(value))
    material = (far > 1) & np.tri(n, k=-1, dtype=bool)
    title = t["title" if material.any() else "title_none"].format(
        n=count(material.sum(), lang), all=count(n * (n - 1) / 2, lang)
    )
    with style.house():
        figure, ax = style.canvas(title, 1.2 + 0.33 * n)
        shade = np.where(np.tri(n, k=-1, dtype=bool), np.where(far > 1, far, 0.15), np.nan)
        ax.imshow(shade, cmap="Greys", vmin=0, vmax=FAR * 1.25, aspect="auto")
        for i, j in zip(*np.tril_indices(n, -1), strict=True):
            text = signed_number(points[i, j], lang)
            ink = "white" if far[i, j] > 0.6 * FAR * 1.25 else style.INK
            weight = "bold" if material[i, j] else "normal"
            ax.text(
                j, i, text, ha="center", va="center", fontsize=7.5, color=ink, fontweight=weight
            )
        names = [
            f"{design_name(e, lang)} {signed(e.answer, 'log_ratio', lang)}  {i}"
            for i, e in enumerate(rows, start=1)
        ]
        ax.set_yticks(range(n), names)
        ax.set_xticks(range(n), range(1, n + 1))
        at = next(i for i, e in enumerate(rows) if e.design == headline.design)
        for labels in (ax.get_yticklabels(), ax.get_xticklabels()):
            labels[at].set(color=style.CAMPAIGN, fontweight="bold")
        ax.set_xlabel(t["axis"])
        ax.tick_params(length=0)
        for spine in ax.spines.values():
            spine.set_visible(False)
    listed = t["separator"].join(
        f"{design_name(e, lang)} {signed(e.answer, 'log_ratio', lang)}" for e in rows
    )
    return Picture(
        "disagreement",
        figure,
        t["alt"].format(rows=listed, n=count(material.sum(), lang)),
        t["note"],
    )

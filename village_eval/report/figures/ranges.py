"""Rows of dots with their 95 % ranges: what designs, checks and measures have in common."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from village_eval.report.figures import style

LOOKS = {
    "headline": (style.CAMPAIGN, "D", 40, 2.0),
    "group": (style.CAMPAIGN, "s", 34, 1.4),
    "other": (style.QUIET, "o", 24, 1.2),
    "compared": (style.INK, "o", 20, 1.1),
}
"""Colour, mark, its area and the width of the range."""


def ranges(
    ax: Axes,
    labels: Sequence[str],
    values: Sequence[float],
    lows: Sequence[float | None],
    highs: Sequence[float | None],
    looks: Sequence[str] | np.ndarray,
) -> tuple[float, float]:
    """One row for each label, the first on top; None or NaN where there is no range.

    Returns the lowest and the highest value that the axis shows, zero between them.
    """
    x, low, high = (np.asarray(v, float) for v in (values, lows, highs))
    at, look_of = np.arange(len(x)), np.array(looks)
    for look in dict.fromkeys(looks):
        (ink, mark, area, width), of = LOOKS[look], look_of == look
        ax.hlines(at[of], low[of], high[of], color=ink, lw=width)
        ax.scatter(x[of], at[of], color=ink, marker=mark, s=area, zorder=3)
    lo, hi = style.limits(x, low, high)
    ax.set(xlim=(lo, hi), ylim=(len(at) - 0.4, -0.6))
    ax.set_yticks(at, labels)
    ax.tick_params(axis="y", length=0)
    return lo, hi

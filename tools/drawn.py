"""What a figure draws, as data: two figures of the same data have the same, whatever their pixels."""

from __future__ import annotations

import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure


def drawn(figure: Figure) -> list[dict]:
    """For each axes its title, labels, texts, and the coordinates of lines, points and bars."""
    return [
        {
            "title": axes.get_title(),
            "labels": [axes.get_xlabel(), axes.get_ylabel()],
            "ticks": [label.get_text() for label in axes.get_yticklabels()],
            "texts": [text.get_text() for text in axes.texts],
            "lines": [numbers(line.get_xydata()) for line in axes.get_lines()],
            "points": [
                numbers(each.get_offsets())
                for each in axes.collections
                if isinstance(each, PathCollection)
            ],
            "segments": [
                [numbers(path.vertices) for path in each.get_paths()]
                for each in axes.collections
                if not isinstance(each, PathCollection)
            ],
            "bars": [numbers(patch.get_path().vertices) for patch in axes.patches],
        }
        for axes in figure.axes
    ]


def numbers(values) -> list:
    """Coordinates with six significant digits; what is not known is None."""
    table = np.ma.filled(np.ma.asarray(values, float), np.nan)
    return [[float(f"{x:.6g}") if np.isfinite(x) else None for x in row] for row in table]


def differences(old, new, where: str = "") -> list[str]:
    """Where two such lists differ: in words, or in a number by more than a millionth."""
    if isinstance(old, dict) and isinstance(new, dict) and set(old) == set(new):
        return [d for key in old for d in differences(old[key], new[key], f"{where}.{key}")]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return [d for i, (a, b) in pairs for d in differences(a, b, f"{where}[{i}]")]
    if isinstance(old, float) and isinstance(new, float):
        return [] if abs(old - new) <= 1e-6 * max(1, abs(old)) else [f"{where}: {old} is now {new}"]
    return [] if old == new else [f"{where}: {str(old)[:80]} is now {str(new)[:80]}"]

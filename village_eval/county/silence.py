"""Silence: months running in which nothing was filed, which may be a report that did not arrive."""

from __future__ import annotations

import numpy as np

SILENT_MONTHS = 3
"""A township without anything for so many months running is suspected missing."""


def silent_runs(there: np.ndarray) -> list[tuple[int, int]]:
    """Half-open ranges of at least SILENT_MONTHS months in which ``there`` (bool [T]) is False."""
    edges = np.flatnonzero(np.diff(np.concatenate([[True], there, [True]]).astype(int)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2) if b - a >= SILENT_MONTHS]

"""Which counts are withheld so that nobody can work out a small one.

A count from 1 to LEAST − 1 can point at people. Withheld alone it is given back by the column's
total, which other tables and sentences tell; so the smallest of the others goes with it, under one
mark that does not say which is which (secondary suppression; Hundepool et al. 2012, chapter 4).
"""

from __future__ import annotations

import numpy as np

LEAST = 5
"""Smaller counts of villages or petitions can point at people."""
WITHHELD = "*"


def withheld(counts: np.ndarray) -> np.ndarray:
    """Which of a column's counts [n] are not printed, bool [n]; NaN is no count.

    None where none is small; all where all together are. Else the small ones and the smallest of
    the others with its equals (nothing last). The rule looks at values alone, so that whoever knows
    the total, the rule, and all that is printed cannot tell which of the hidden is which.
    """
    known = np.where(np.isfinite(counts), counts, 0)
    hidden = (known > 0) & (known < LEAST)
    if not hidden.any():
        return hidden
    if known.sum() < LEAST:
        return np.asarray(np.isfinite(counts))
    others = np.flatnonzero(np.isfinite(counts) & ~hidden)
    if len(others):
        smallest = min(known[others], key=lambda count: (count == 0, count))
        hidden |= np.isfinite(counts) & (known == smallest)
    return hidden

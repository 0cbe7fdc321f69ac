"""The designs that a next round can have.

Which arms there are, and which factors each arm holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from village_eval.words.vocabulary import MEASURE_GROUPS


@dataclass(frozen=True)
class Design:
    """Arms × factors, bool [A, K].

    An effect is that of a factor held against not held over ``months`` from the start.

    phased: one factor, “has started”; arm 0 starts first, arm 1 ``months`` later, and in between
    they are compared. measures: a factor per group of measures; all start together.
    """

    name: str
    arms: np.ndarray
    months: int
    factors: tuple[str, ...]


def phased(delay: int = 6) -> Design:
    """Half of the villages start first, the others ``delay`` months later."""
    return Design("phased", np.array([[True], [False]]), delay, ("start",))


def measures(full: bool = False, months: int = 12) -> Design:
    """The four groups of measures as a factorial.

    All 16 combinations, or the half 2^(4-1) with one or three groups.

    In the half (defining relation I = −ABCD, resolution IV; Box, Hunter & Hunter 2005) no village
    goes without any group and none gets all four; a main effect is confounded with an interaction
    of three groups only, taken to be none.
    """
    arms = np.array(
        [a for a in product([True, False], repeat=len(MEASURE_GROUPS)) if full or sum(a) % 2]
    )
    return Design("measures_full" if full else "measures", arms, months, tuple(MEASURE_GROUPS))

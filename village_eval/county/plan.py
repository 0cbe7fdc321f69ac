"""A plan: which villages of a next round get what, drawn by lot with a recorded seed.

Its designs, the lottery that can be repeated, and the text that its hash is taken of.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from village_eval.county.lottery import draw
from village_eval.words.vocabulary import MEASURE_GROUPS


@dataclass(frozen=True, eq=False)
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


def design_of(kind: str, months: int) -> Design:
    """The design of a name and a number of months; ValueError for an unknown name."""
    if kind == "phased":
        return phased(months)
    if kind not in ("measures", "measures_full"):
        raise ValueError(kind)
    return measures(kind == "measures_full", months)


@dataclass(frozen=True, eq=False)
class Plan:
    """The lottery of a next round.

    assignment
        one row per village: village_code, village_name, township_code, township_name,
        village_type, expected (petitions a year), block, arm, a 0/1 column per factor of the
        design, and start_date.
    start
        the first day of the round; in a phased roll-out of the first batch.
    made
        the day of the lottery, None where it is not recorded.
    """

    county: str
    design: Design
    seed: int
    start: dt.date
    assignment: pd.DataFrame
    made: dt.date | None = None

    @property
    def start_month(self) -> pd.Period:
        """The calendar month of the first day."""
        return pd.Period(self.start, "M")

    @property
    def last_month(self) -> pd.Period:
        """The last month that the analysis needs."""
        return self.start_month + self.design.months - 1

    @property
    def codes(self) -> np.ndarray:
        """The villages' codes, text [n]."""
        return np.asarray(self.assignment["village_code"].to_numpy(str))

    @property
    def held(self) -> np.ndarray:
        """bool [n, K]: which village holds which factor."""
        return np.asarray(self.design.arms[self.assignment["arm"].to_numpy()])

    def lotteries(self, draws: int, seed: int = 1) -> np.ndarray:
        """Other lotteries that could have been drawn: bool [draws, n, K]."""
        block = self.assignment["block"].to_numpy()
        return np.asarray(self.design.arms[draw(block, len(self.design.arms), draws, seed)])

    @property
    def drawn(self) -> bool:
        """Whether the recorded seed draws this assignment, factor by factor."""
        written = self.assignment[list(self.design.factors)].to_numpy() == 1
        again = self.lotteries(1, self.seed)[0]
        return bool((again == self.held).all() and (written == self.held).all())


def assignment_csv(plan: Plan) -> str:
    """The assignment as text; what its hash is taken of."""
    return str(plan.assignment.to_csv(index=False, lineterminator="\n"))


def digest(text: str) -> str:
    """SHA-256 of a text, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()

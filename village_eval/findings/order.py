"""The order of questions: which are asked, at what level, and once which others are found.

Asked all at once, nested questions drown each other: corrected for everything, a lasting effect is
almost never told. So they are asked in an order written down beforehand, ``ORDERS``, a graph for
each family (Bretz, Maurer, Brannath & Posch 2009). Each question stands behind others, its gate. A
gate opens when all of them are found in one direction, and what is behind it is then asked at 5 %
in that direction only. What is behind a shut gate is not asked, which is no answer.

A question is found when its adjusted p value is below 5 % at a grade of A, B or C; X and D shut
the gate whatever the p value. p values are two-sided, so that a success, which has one hoped-for
sign, is tested at 2.5 %.

Three ways to ask what stands in one step:

alone
    p_adjusted = max(p, p_adjusted of the gate): in a chain the largest p up to it.
together
    Holm (1979), then the same.
as a pair
    the first at 4 % and the second at the level a that their correlation ρ leaves of 5 %,

        P(|Z₁| > z(4 %) or |Z₂| > z(a)) = 5 %,   corr(Z₁, Z₂) = ρ    (2.54 % at ρ = 0.86),

    and each at 5 % once the other is found in the same direction: a closed test of two hypotheses.
    ρ comes from leaving one township out of both. So a late effect does not hide behind a first
    year that lacked power.

Across the accounts of 2024 earned income means two things, so that own income, which means one,
stands in its place in the order.

A question that cannot be answered yet keeps its gate shut: an early report must not claim what a
later one, asked in order, takes back. The first of a pair is therefore asked at 4 % also while the
second is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import ndtr, ndtri

from village_eval.expectation.multiplicity import holm
from village_eval.expectation.outcomes import (
    EARNED_INCOME,
    OWN_INCOME,
    Family,
    Outcome,
    Question,
    earned,
)
from village_eval.expectation.refits import Refits
from village_eval.expectation.results import Estimate

LEVEL = 0.05
FIRST_LEVEL = 0.04
"""Of the first of a pair."""
MOST_ALIKE = 0.95
"""The largest correlation that leaving out twenty townships is believed to tell."""
OPEN = "open"
BELIEVED = ("A", "B", "C")
THE_REST = "the rest"
"""All questions of a family that no step names."""


@dataclass(frozen=True)
class Step:
    """Questions asked at one time (ids), once those that they are ``behind`` are found."""

    asks: tuple[str, ...]
    behind: tuple[str, ...] = ()
    pair: bool = False


FIRST_YEAR, AFTER = "petitions.first_year", "petitions.after"


def _of_income(income: Outcome) -> tuple[Step, ...]:
    total = Question(income).id
    typical = Question(income, statistic="typical").id
    return (
        Step((typical,)),
        Step((total,), behind=(typical,)),
        Step((THE_REST,), behind=(total,)),
    )


ORDERS: dict[Family, tuple[Step, ...]] = {
    "petitions": (
        Step((FIRST_YEAR, AFTER), pair=True),
        Step(("petitions.after_13_24",), behind=(FIRST_YEAR, AFTER)),
        Step((THE_REST,), behind=(FIRST_YEAR, AFTER)),
    ),
    "income": _of_income(EARNED_INCOME),
    "other": (Step((THE_REST,)),),
}
"""By family. The share of villages that earn is no gate of its own: it hardly ever moves, and what
stood behind it was asked in none of 33 simulated counties whose income rose by 10 %. Besides, the
contrast of the year after and the first year stands behind the latter (contrast.py)."""


def order_of(family: Family, asked: Iterable[str]) -> tuple[Step, ...]:
    """The order of a family's questions, of which these ids are asked."""
    if family == "income" and earned(asked) == OWN_INCOME:
        return _of_income(OWN_INCOME)
    return ORDERS[family]


def first_of(family: Family, asked: Iterable[str]) -> str | None:
    """The question that a family is asked first, where it has one."""
    first = order_of(family, asked)[0].asks[0]
    return None if first == THE_REST else first


@dataclass(frozen=True)
class Place:
    """What the order makes of a question.

    ``p_adjusted``: the smallest level at which it would be found, None without a p value. ``gate``:
    OPEN, or the id of the question that shut it, and ``why`` it did: not_found, not_known (no
    number, or not yet), not_trusted (its grade is D or X), other_direction.
    """

    p_adjusted: float | None
    gate: str = OPEN
    why: str | None = None


@dataclass(frozen=True)
class Gate:
    """What stands before a question: the largest p, the direction found (0: none), who shut it."""

    p: float = 0.0
    direction: float = 0.0
    shut_by: str = OPEN
    why: str | None = None

    def place(self, p: float | None) -> Place:
        """Of a question behind it, whose own p value knows of its neighbours already."""
        return Place(None if p is None else max(p, self.p), self.shut_by, self.why)


@dataclass(frozen=True, eq=False)
class Answered:
    """An estimate with its grade and, once it has been asked, its place in the order."""

    estimate: Estimate
    grade: str
    place: Place = Place(None)

    @property
    def believed(self) -> bool:
        """Whether its grade lets it be found."""
        return self.grade in BELIEVED

    @property
    def found(self) -> bool:
        """Whether it is found."""
        p = self.place.p_adjusted
        return self.believed and self.place.gate == OPEN and p is not None and p < LEVEL

    @property
    def direction(self) -> float:
        """Its sign."""
        return float(np.sign(self.estimate.answer))


def in_order(estimates: Sequence[Estimate], grades: Sequence[str]) -> dict[str, Place]:
    """The place of every estimate, by id, after the orders of all families."""
    asked = {e.id: Answered(e, g) for e, g in zip(estimates, grades, strict=True)}
    for family in ORDERS:
        steps = order_of(family, asked)
        own = [i for i, a in asked.items() if a.estimate.question.outcome.family == family]
        named = {ident for step in steps for ident in step.asks}
        for step in steps:
            rest = [i for i in own if i not in named] if THE_REST in step.asks else []
            members = [asked[i] for i in [*step.asks, *rest] if i in asked]
            gate = gate_of([(i, asked.get(i)) for i in step.behind])
            p = _pair(*members) if step.pair and len(members) == 2 else _together(members, gate)
            for a in members:
                ident = a.estimate.id
                asked[ident] = Answered(a.estimate, a.grade, gate.place(p.get(ident)))
    return {ident: a.place for ident, a in asked.items()}


def gate_of(behind: Sequence[tuple[str, Answered | None]]) -> Gate:
    """The gate that questions make for what is behind them, by id, in the order they are asked.

    The first that is not found shuts it; behind one that was not asked, whoever shut that.
    """
    direction, largest = 0.0, 0.0
    for ident, a in behind:
        if a is not None and a.place.gate != OPEN:
            return Gate(a.place.p_adjusted or 1.0, 0.0, a.place.gate, a.place.why)
        if a is None or a.place.p_adjusted is None:
            return Gate(1.0, 0.0, ident, "not_known")
        if not a.believed:
            return Gate(1.0, 0.0, ident, "not_trusted")
        if not a.found:
            return Gate(a.place.p_adjusted, 0.0, ident, "not_found")
        if direction and a.direction != direction:
            return Gate(1.0, 0.0, ident, "other_direction")
        direction, largest = a.direction, max(largest, a.place.p_adjusted)
    return Gate(largest, direction)


def _together(members: Sequence[Answered], gate: Gate) -> dict[str, float]:
    """p values by id, corrected for those asked together, in the gate's direction if it has one."""
    p = {a.estimate.id: (a.estimate.p_value, a) for a in members}
    known = {
        ident: own if gate.direction in (0.0, a.direction) else 1.0
        for ident, (own, a) in p.items()
        if own is not None
    }
    return holm(known) if len(known) > 1 else known


def _pair(first: Answered, second: Answered) -> dict[str, float]:
    """p values of a pair by id: a closed test, in which each helps the other in its direction."""
    weights = FIRST_LEVEL / LEVEL, second_level(_correlation(first, second)) / LEVEL
    adjusted = {}
    for (one, w), (other, v) in (
        ((first, weights[0]), (second, weights[1])),
        ((second, weights[1]), (first, weights[0])),
    ):
        p, q = one.estimate.p_value, other.estimate.p_value
        if p is None:
            continue
        both = p / w
        if q is not None and other.believed and other.direction == one.direction:
            both = min(both, q / v)
        adjusted[one.estimate.id] = min(max(p, both), 1.0)
    return adjusted


def _correlation(first: Answered, second: Answered) -> float:
    """Of two estimates, from leaving one township out of both; 0 where that is not known."""
    refits = [a.estimate.refits for a in (first, second)]
    values = [r.values for r in refits if r is not None]
    if len(values) < 2 or values[0].shape != values[1].shape:
        return 0.0
    covariance = Refits.of(values).covariance
    sd = np.sqrt(np.diag(covariance))
    if not np.isfinite(covariance).all() or not sd.all():
        return 0.0
    return float(np.clip(covariance[0, 1] / sd.prod(), 0, MOST_ALIKE))


NODES, WEIGHTS = np.polynomial.legendre.leggauss(64)


@lru_cache(maxsize=1024)
def second_level(correlation: float, first: float = FIRST_LEVEL, level: float = LEVEL) -> float:
    """The level of the second of a pair: two-sided, both together ``level``.

    P(|Z₁| ≤ z, |Z₂| > c) = level − first, over Z₁ by Gauss-Legendre, c by halving.
    """
    z, s = -ndtri(first / 2), np.sqrt(1 - correlation**2)
    x = z * NODES
    density = z * WEIGHTS * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
    least, most = 0.0, 8.0
    for _ in range(50):
        c = (least + most) / 2
        beyond = ndtr((correlation * x - c) / s) + ndtr((-correlation * x - c) / s)
        least, most = (c, most) if density @ beyond > level - first else (least, c)
    return float(2 * ndtr(-c))

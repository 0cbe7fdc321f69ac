"""Checks: one file a threat, each one declared value. A fail counts, a pass reassures nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from village_eval.checks.bunching import bunching
from village_eval.checks.declared import Case, DeclaredCheck, Threat
from village_eval.checks.displacement import displacement
from village_eval.checks.leave_one_township_out import leave_one_township_out
from village_eval.checks.mergers import mergers
from village_eval.checks.own import own_check
from village_eval.checks.placebo_outcome import placebo_outcome
from village_eval.checks.placebo_space import placebo_space
from village_eval.checks.placebo_time import placebo_time
from village_eval.checks.pre_trend import pre_trend
from village_eval.checks.quiet_year_stability import quiet_year_stability
from village_eval.checks.reversion_slope import reversion_slope
from village_eval.checks.seasonality import seasonality
from village_eval.checks.spillover import spillover
from village_eval.checks.subsidy import subsidy
from village_eval.checks.suppression import suppression
from village_eval.expectation.results import Check

__all__ = [
    "CHECKS",
    "Case",
    "DeclaredCheck",
    "Threat",
    "all_checks",
    "ask",
    "bunching",
    "displacement",
    "leave_one_township_out",
    "mergers",
    "own_check",
    "placebo_outcome",
    "placebo_space",
    "placebo_time",
    "pre_trend",
    "quiet_year_stability",
    "reversion_slope",
    "seasonality",
    "spillover",
    "subsidy",
    "suppression",
]

CHECKS: tuple[DeclaredCheck, ...] = (
    quiet_year_stability,
    reversion_slope,
    pre_trend,
    leave_one_township_out,
    suppression,
    subsidy,
    displacement,
    spillover,
    bunching,
    placebo_time,
    placebo_space,
    placebo_outcome,
    seasonality,
    mergers,
)
"""In the order in which findings have them."""


def all_checks(
    own: Iterable[DeclaredCheck | Callable[[Case], Check]] = (),
) -> tuple[DeclaredCheck, ...]:
    """CHECKS and a researcher's own beside them.

    ValueError where one has no words or the name of another.
    """
    found = list(CHECKS)
    for given in own:
        check = own_check(given)
        if check.name in {c.name for c in found}:
            raise ValueError(f"there is a check {check.name!r} already")
        found.append(check)
    return tuple(found)


def ask(case: Case, checks: Iterable[DeclaredCheck] = CHECKS) -> tuple[Check, ...]:
    """What every check says that is asked of such a question."""
    return tuple(check(case) for check in checks if check.of(case.question))


def __dir__() -> list[str]:
    """What tab completion shows."""
    return __all__

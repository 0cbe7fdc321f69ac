"""From which p values on a check is weak or fails."""

from __future__ import annotations

from collections.abc import Iterable

from village_eval.expectation.between_years import Mixture

WEAK, FAIL = 0.005, 0.001
"""Levels at which a test turns weak or fails. With those below they are chosen so that over a clean
county's checks together at most 5 % see a fail and at most 20 % a weak
(data/certification_checks.csv); tests that leave the between-year part out need the stricter
ones."""
BEYOND_WEAK, BEYOND_FAIL = 0.01, 0.003
"""Levels of the tests that count both errors (beyond.py) and of exact ones."""


POWER = 0.80
"""What a check could have seen is what it would have seen so often."""


def detectable(error: Mixture, level: float, sides: int = 2) -> float:
    """The least true value that a test at ``level`` sees with POWER, above zero."""
    return error.quantile(1 - level / sides) + error.quantile(POWER)


def detectable_of(errors: Iterable[Mixture], level: float, sides: int = 2) -> float | None:
    """The same of several asked together (Bonferroni): of the sharpest; None without any."""
    known = list(errors)
    return min((detectable(e, level / len(known), sides) for e in known), default=None)


def verdict(p: float | None, weak: float = WEAK, fail: float = FAIL) -> str:
    """pass, weak or fail by a p value; not_applicable without one."""
    if p is None or p != p:
        return "not_applicable"
    return "fail" if p < fail else "weak" if p < weak else "pass"

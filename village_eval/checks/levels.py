"""From which p values on a check is weak or fails."""

WEAK, FAIL = 0.005, 0.001
"""Levels at which a test turns weak or fails. With those below they are chosen so that over a clean
county's checks together at most 5 % see a fail and at most 20 % a weak
(data/certification_checks.csv); tests that leave the between-year part out need the stricter
ones."""
BEYOND_WEAK, BEYOND_FAIL = 0.01, 0.003
"""Levels of the tests that count both errors (beyond.py) and of exact ones."""


def verdict(p: float | None, weak: float = WEAK, fail: float = FAIL) -> str:
    """pass, weak or fail by a p value; not_applicable without one."""
    if p is None or p != p:
        return "not_applicable"
    return "fail" if p < fail else "weak" if p < weak else "pass"

"""Checks: one small file per threat, each a function of what was estimated -> Check. A fail counts, a pass reassures nobody."""

WEAK, FAIL = 0.005, 0.001
"""Levels at which a test turns weak or fails; chosen so that over a clean county's checks together at most 5 % see a fail and at
most 20 % a weak (certify/checks.py measures it)."""


def verdict(p: float | None, weak: float = WEAK, fail: float = FAIL) -> str:
    """pass, weak or fail by a p value; not_applicable without one."""
    if p is None or p != p:
        return "not_applicable"
    return "fail" if p < fail else "weak" if p < weak else "pass"

"""Did the neighbours gain too? Threat: unlisted villages around the listed ones fall as well, so
the comparison understates.

Slopes as for displacement (neighbours.py), the other side of the test: by township, and by how many
listed villages are near. A fail means that those who stood for “no campaign” had some of it: the
effect is larger than the number, or something else happened in those townships that is credited to
the campaign. A pass does not prove that neighbours were untouched: see ``detectable``.
"""

from __future__ import annotations

from village_eval.checks import BEYOND_FAIL, BEYOND_WEAK, verdict
from village_eval.checks.displacement import numbers
from village_eval.checks.neighbours import Neighbours
from village_eval.expectation.beyond import together
from village_eval.expectation.results import Check, Estimate


def spillover(around: Neighbours, estimate: Estimate) -> Check:
    """One-sided test that unlisted villages fall with what is listed around them, by township and
    by nearness."""
    p = together(*(b and b.p_fall for b in (around.township, around.gained)))
    return Check(
        "spillover",
        estimate.question,
        verdict(p, BEYOND_WEAK, BEYOND_FAIL),
        numbers(around.township, around.gained, estimate, p, -1),
    )

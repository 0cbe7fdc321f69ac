"""Did the neighbours gain too?

Threat: unlisted villages around the listed ones fall as well, so the comparison understates.

Slopes as for displacement (neighbours.py), the other side of the test: by township, and by how many
listed villages are near. A fail means that those who stood for “no campaign” had some of it: the
effect is larger than the number, or something else happened in those townships that is credited to
the campaign. A pass does not prove that neighbours were untouched: see ``detectable``.
"""

from __future__ import annotations

import numpy as np

from village_eval.checks.declared import Case, DeclaredCheck, Simulated, Threat, edited
from village_eval.checks.displacement import could_see, numbers, of_headlines_of_petitions
from village_eval.checks.levels import BEYOND_FAIL, BEYOND_WEAK, verdict
from village_eval.checks.neighbours import nearest, neighbours
from village_eval.county.panel import Panel
from village_eval.expectation.beyond import together
from village_eval.expectation.results import Check, Drawn


def ask(case: Case) -> Check:
    """One-sided test that unlisted villages fall with what is listed around them.

    By township and by nearness.
    """
    around, estimate = case.once(neighbours), case.estimate
    p = together(*(b.p_fall for b in (around.township, around.gained) if b is not None))
    return case.answer(
        verdict(p, BEYOND_WEAK, BEYOND_FAIL),
        numbers(around.township, around.gained, estimate, p, -1),
        could_see=could_see(around.township, around.gained),
    )


EFFECT = -0.4
"""Of the campaign of which neighbours have a part."""


def gained_next_door(made: Simulated, size: float, rng: np.random.Generator) -> Panel:
    """Unlisted villages among the nearest of a listed one have ``size`` of the effect."""

    def change(y: np.ndarray, start: int) -> None:
        listed, near = made.panel.listed, nearest(made.panel)
        assert near is not None  # simulated villages have places
        beside = (near[listed].sum(0) > 0) & ~listed
        y[beside, start:] = rng.binomial(y[beside, start:], np.exp(size * EFFECT))

    return edited(made, change)


spillover = DeclaredCheck(
    "spillover",
    ask,
    of_headlines_of_petitions,
    (
        Threat(
            "gained next door", (0.25, 0.5, 1.0), base={"effect": EFFECT}, change=gained_next_door
        ),
    ),
    Drawn((("slope", "slope_low", "slope_high"),)),
)

"""Did the trouble move next door?

Threat: petitions that leave the listed villages turn up in unlisted ones around them.

Asked by neighbours.py: do unlisted villages show more than history leads to expect where more
trouble was listed around them? A fail means that what the listed villages lost was partly gained by
others; it does not make the fall in the listed villages untrue, so it lowers the grade. A pass
proves little: ``detectable`` says how many petitions, for each expected of the listed, would have
to move before this county's data show it, and that is often more than all of those averted.
Movement that is even over the whole county is invisible.
"""

from __future__ import annotations

import numpy as np

from village_eval.checks.declared import (
    Case,
    DeclaredCheck,
    Simulated,
    Threat,
    asked_of_headlines,
    asked_of_petitions,
    edited,
)
from village_eval.checks.levels import BEYOND_FAIL, BEYOND_WEAK, detectable_of, verdict
from village_eval.checks.neighbours import nearest, neighbours
from village_eval.county.panel import Panel
from village_eval.expectation.beyond import Beyond, together
from village_eval.expectation.numbers import Number
from village_eval.expectation.outcomes import Question
from village_eval.expectation.results import Check, Drawn, Estimate


def ask(case: Case) -> Check:
    """One-sided test that unlisted villages rise with what is listed around them.

    By township and by nearness.
    """
    around, estimate = case.once(neighbours), case.estimate
    p = together(*(b.p_rise for b in (around.township, around.moved) if b is not None))
    return case.answer(
        verdict(p, BEYOND_WEAK, BEYOND_FAIL),
        numbers(around.township, around.moved, estimate, p, +1),
        could_see=could_see(around.township, around.moved),
    )


def numbers(
    township: Beyond | None, near: Beyond | None, estimate: Estimate, p: float | None, sign: int
) -> dict[str, Number]:
    """Slopes with their intervals, and the petitions that the clearer one implies.

    Beside them the least that would have been seen.
    """
    known = [b for b in (township, near) if b is not None]
    if not known:
        return {}
    clear: Beyond = min(known, key=lambda b: b.p_rise if sign > 0 else b.p_fall)
    seen = could_see(township, near)
    least = None if seen is None else seen.drawn
    expected = estimate.amounts.expected if estimate.amounts else None
    return {
        "p_value": Number(p, "p_value"),
        "slope": Number(clear.value, "share"),
        "slope_low": Number(clear.value - clear.half, "share"),
        "slope_high": Number(clear.value + clear.half, "share"),
        "moved": Number(None if expected is None else float(clear.value * expected), "count"),
        # From one on all of it could move unseen.
        "detectable": Number(least if least is not None and least < 1 else None, "share"),
    }


def could_see(township: Beyond | None, near: Beyond | None) -> Number | None:
    """The least that would have been seen, as a share of the petitions expected of the listed."""
    errors = [b.error for b in (township, near) if b is not None]
    least = detectable_of(errors, BEYOND_WEAK, sides=1)
    return None if least is None else Number(least, "share")


def of_headlines_of_petitions(question: Question) -> bool:
    """Of petitions in the windows that are long enough."""
    return asked_of_petitions(question) and asked_of_headlines(question)


def moved_next_door(made: Simulated, size: float, rng: np.random.Generator) -> Panel:
    """``size`` of the averted petitions turn up in the nearest unlisted villages."""

    def change(y: np.ndarray, start: int) -> None:
        listed, near = made.panel.listed[:, None], nearest(made.panel)
        assert near is not None  # simulated villages have places
        averted = y[:, start:] * np.expm1(-made.effects)[:, None] * listed
        y[:, start:] += rng.poisson(size * near.T @ averted) * ~listed

    return edited(made, change)


displacement = DeclaredCheck(
    "displacement",
    ask,
    of_headlines_of_petitions,
    (
        Threat("moved next door", (0.25, 0.5, 1.0), base={"effect": -0.4}, change=moved_next_door),
        Threat("moved within the township", (1.0,), base={"effect": -0.4}, field="displacement"),
    ),
    Drawn((("slope", "slope_low", "slope_high"),)),
)

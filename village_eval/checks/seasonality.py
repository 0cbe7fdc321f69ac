"""Is it only the campaign's own months?

Threat: petitions are held down until the inspection and come back after it.

Compares listed with unlisted villages in the months of the campaign and in the rest of its first
year, and the campaign's last month with the month after it, each less the same calendar months of
quiet years, so that no season is taken for an effect. The expectation cancels. One-sided: better in
the campaign than after it. A fail says that the year's number hides an effect that was gone; a pass
says little about the years after, and a slow fade of a small effect is not seen.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from village_eval.checks.declared import (
    Case,
    DeclaredCheck,
    Simulated,
    Threat,
    asked_of_petitions,
    edited,
)
from village_eval.checks.levels import BEYOND_FAIL, BEYOND_WEAK, detectable_of, verdict
from village_eval.county.panel import Panel
from village_eval.expectation.beyond import Beyond, beyond_quiet_years, together
from village_eval.expectation.numbers import Number
from village_eval.expectation.outcomes import Question
from village_eval.expectation.results import Check, Drawn
from village_eval.expectation.setting import Setting


def ask(case: Case) -> Check:
    """Campaign months against the rest of the first year, beyond quiet years.

    And the last month against the next.
    """
    setting, estimate = case.setting, case.estimate
    quiet = estimate.years
    k = setting.campaign.months_touched
    if setting.series.per_year != 12 or estimate.window != "first_year" or not quiet or k > 9:
        return case.answer()
    fade = _step(setting, quiet, (0, k), (k, 12))
    rush = _step(setting, quiet, (k - 1, k), (k, k + 1))
    better = [b.p_fall for b in (fade, rush) if b is not None]
    p = together(*better)
    numbers = {
        "p_value": Number(p, "p_value"),
        "rush": Number(None if rush is None else rush.value, "log_ratio"),
    }
    for name, (first, last) in {"campaign": (0, k), "rest": (k, 12)}.items():
        now = [_level(setting, q, first, last) for q in (0, *quiet)]
        beyond = float(case.value + now[0] - np.mean(now[1:]) - _year(setting, quiet))
        numbers[name] = Number(beyond, "log_ratio")
    least = detectable_of([b.error for b in (fade, rush) if b is not None], BEYOND_WEAK, sides=1)
    return case.answer(
        verdict(p, BEYOND_WEAK, BEYOND_FAIL),
        numbers,
        could_see=None if least is None else Number(-least, "log_ratio"),
    )


def _step(
    setting: Setting, quiet: Sequence[int], one: tuple[int, int], other: tuple[int, int]
) -> Beyond | None:
    """log(listed / unlisted) in the months ``one`` less that in ``other``.

    Beyond what quiet years show.
    """
    tau = {q: _ratio(setting, q, *one) - _ratio(setting, q, *other) for q in [0, *quiet]}
    return beyond_quiet_years(tau[0], [tau[q] for q in quiet], setting.df)


def _ratio(setting: Setting, q: int, first: int, last: int) -> np.ndarray:
    """Log of the listed's petitions over the unlisted's [R].

    In months ``first`` to ``last`` after the start of the year q.
    """
    origin = setting.series.start - 12 * q
    y = setting.series.values[:, origin + first : origin + last].sum(1)
    # Half a petition keeps the ratio finite when everything was held back.
    return np.asarray(np.log(setting.treated(q) @ y + 0.5) - np.log(setting.control(q) @ y + 0.5))


def _level(setting: Setting, q: int, first: int, last: int) -> float:
    return float(_ratio(setting, q, first, last)[0])


def _year(setting: Setting, quiet: Sequence[int]) -> float:
    return _level(setting, 0, 0, 12) - float(np.mean([_level(setting, q, 0, 12) for q in quiet]))


def _of(question: Question) -> bool:
    return asked_of_petitions(question) and question.window == "first_year"


def held_back(made: Simulated, size: float, rng: np.random.Generator) -> Panel:
    """``size`` of the listed's petitions of the last month are registered a month later."""

    def change(y: np.ndarray, start: int) -> None:
        last = start + made.campaign.months_touched - 1
        held = rng.binomial(y[:, last], size) * made.panel.listed
        y[:, last] -= held
        y[:, last + 1] += held

    return edited(made, change)


seasonality = DeclaredCheck(
    "seasonality",
    ask,
    _of,
    (
        Threat(
            "fades, months to half",
            (1.0, 3.0, 6.0),
            base={"effect": -0.4},
            field="fade_halflife",
        ),
        Threat("held back until the end", (0.3, 0.6, 0.9), change=held_back),
    ),
    Drawn((("campaign",), ("rest",), ("rush",))),
)

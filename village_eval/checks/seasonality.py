"""Is it only the campaign's own months? Threat: petitions are held down until the inspection and
come back after it.

Compares listed with unlisted villages in the months of the campaign and in the rest of its first
year, and the campaign's last month with the month after it, each less the same calendar months of
quiet years, so that no season is taken for an effect. The expectation cancels. One-sided: better in
the campaign than after it. A fail says that the year's number hides an effect that was gone; a pass
says little about the years after, and a slow fade of a small effect is not seen.
"""

from __future__ import annotations

import numpy as np

from village_eval.checks import BEYOND_FAIL, BEYOND_WEAK, verdict
from village_eval.expectation.beyond import Beyond, beyond_quiet_years, together
from village_eval.expectation.results import Check, Estimate, Number
from village_eval.expectation.setting import Setting


def seasonality(s: Setting, estimate: Estimate) -> Check:
    """Campaign months against the rest of the first year, and last month against the next, beyond
    quiet years."""
    quiet = estimate.years
    k = s.campaign.months_touched
    if s.series.per_year != 12 or estimate.window != "first_year" or not quiet or k > 9:
        return Check("seasonality", estimate.question, "not_applicable")
    fade = _step(s, quiet, (0, k), (k, 12))
    rush = _step(s, quiet, (k - 1, k), (k, k + 1))
    p = together(
        *(b and (b.p_fall if s.series.outcome.favourable < 0 else b.p_rise) for b in (fade, rush))
    )
    numbers = {
        "p_value": Number(p, "p_value"),
        "rush": Number(None if rush is None else rush.value, "log_ratio"),
    }
    for name, (first, last) in {"campaign": (0, k), "rest": (k, 12)}.items():
        now = [_level(s, q, first, last) for q in (0, *quiet)]
        beyond = float(estimate.value + now[0] - np.mean(now[1:]) - _year(s, quiet))
        numbers[name] = Number(beyond, "log_ratio")
    return Check("seasonality", estimate.question, verdict(p, BEYOND_WEAK, BEYOND_FAIL), numbers)


def _step(
    s: Setting, quiet: list[int], one: tuple[int, int], other: tuple[int, int]
) -> Beyond | None:
    """log(listed / unlisted) in the months ``one`` less that in the months ``other``, beyond quiet
    years."""
    tau = {q: _ratio(s, q, *one) - _ratio(s, q, *other) for q in [0, *quiet]}
    return beyond_quiet_years(tau[0], [tau[q] for q in quiet], s.df)


def _ratio(s: Setting, q: int, first: int, last: int) -> np.ndarray:
    """[R]: log of the listed's petitions over the unlisted's in months ``first`` to ``last`` after
    the start of the year q."""
    origin = s.series.start - 12 * q
    y = s.series.values[:, origin + first : origin + last].sum(1)
    # Half a petition keeps the ratio finite when everything was held back.
    return np.log(s.treated(q) @ y + 0.5) - np.log(s.control(q) @ y + 0.5)


def _level(s: Setting, q: int, first: int, last: int) -> float:
    return float(_ratio(s, q, first, last)[0])


def _year(s: Setting, quiet: list[int]) -> float:
    return _level(s, 0, 0, 12) - float(np.mean([_level(s, q, 0, 12) for q in quiet]))

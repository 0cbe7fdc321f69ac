"""How many villages, or counties, a next round needs to see an effect of a given size.

The contrast of a lottery comes from the drawn villages of one year; what years differ by falls out
of it. So its error falls with the square root of the villages: where n villages show a log effect d
in four cases of five, an effect b takes n · (d / b)². Villages of several counties count together,
each county drawing its own lots. Without a lot that is not so: the error is √(within² n / N + k²),
with k² = between² (1 + 1 / quiet years) what the county's years differ by. More villages take the
first part away and leave the second; only counties whose years are independent of each other make
that smaller too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from village_eval.expectation.results import Estimate
from village_eval.next_round.power import POWER
from village_eval.next_round.randomisation import LEVEL


@dataclass(frozen=True)
class Needed:
    """Villages in all, and counties with as many listed villages as this one (at least 1)."""

    villages: int
    counties: int


def needed(detectable: float, villages: int, effect: float) -> Needed:
    """What a lottery needs to see ``effect`` in four cases of five.

    ``detectable``: the log effect that it sees with ``villages``. ValueError for an effect of 0.
    """
    if effect == 0:
        raise ValueError("no number of villages shows an effect of 0")
    n = villages * (detectable / effect) ** 2
    return Needed(math.ceil(n - 1e-9), max(math.ceil(n / villages - 1e-9), 1))


def floor_without_lot(estimate: Estimate) -> float | None:
    """The smallest fall (log, negative) that any number of villages shows without a lot.

    What is left of the error is what years differ by. None where that is not known.
    """
    if estimate.between_sd is None or not estimate.years or estimate.df is None:
        return None
    from scipy.stats import t

    k = estimate.between_sd * math.sqrt(1 + 1 / len(estimate.years))
    return -float(k * (t.ppf(1 - LEVEL / 2, estimate.df) + t.ppf(POWER, estimate.df)))


def counties_without_lot(estimate: Estimate, effect: float) -> int | None:
    """Counties like this one that a repeat without a lot needs, if their years are independent.

    None where the estimate has no error.
    """
    if estimate.error is None or effect == 0:
        return None
    seen = estimate.error.quantile(1 - LEVEL / 2) + estimate.error.quantile(POWER)
    return max(int(np.ceil((seen / effect) ** 2 - 1e-9)), 1)

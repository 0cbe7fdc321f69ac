"""What a randomised next round could see.

The whole lottery and its test, played on this county's own quiet years.

A list is drawn by the learned rule from a quiet year, the lottery is held, the petitions that the
year really had are thinned by exp(effect) in the villages that hold the factor, and the plan's own
test is made. Power is how often it announces an effect.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.designs.permutation import draw_lists
from village_eval.next_round.designs import Design
from village_eval.next_round.lottery import blocks, draw
from village_eval.next_round.quiet import QuietYear
from village_eval.next_round.randomisation import LEVEL, statistic

EFFECTS = (0.0, -0.1, -0.2, -0.3, -0.4, -0.5, -0.6, -0.75, -0.9, -1.1, -1.35, -1.7)
"""Log effects at which power is simulated; the last is a fall of 82 %."""
LISTS, LOTTERIES, DRAWS = 60, 8, 399
POWER = 0.80


def power(
    design: Design,
    years: list[QuietYear],
    township: np.ndarray,
    kind: np.ndarray,
    *,
    effects=EFFECTS,
    lists: int = LISTS,
    lotteries: int = LOTTERIES,
    draws: int = DRAWS,
    seed: int = 1,
) -> pd.DataFrame:
    """Power by true log effect of one factor: columns effect, power, mc (Monte-Carlo error), runs.

    ``lists`` lists are drawn, as many from each quiet year, with ``lotteries`` lotteries each;
    township, kind: labels [V].
    """
    rng = np.random.default_rng(seed)
    share = np.empty((lists, len(effects)))
    for i in range(lists):
        year = years[i % len(years)]
        chosen = np.flatnonzero(draw_lists(year.probability, 1, int(rng.integers(2**31)))[0])
        y, expected = year.y[chosen], year.expected[chosen]
        block = blocks(township[chosen], kind[chosen], expected, len(design.arms))
        share[i] = _announced(design, block, y, expected, effects, lotteries, draws, rng).mean(0)
    # Lists of one year resemble each other: the error is that of the lists' means.
    error = share.std(0, ddof=1) / np.sqrt(lists)
    return pd.DataFrame(
        {"effect": effects, "power": share.mean(0), "mc": error, "runs": lists * lotteries}
    )


def _announced(
    design: Design, block, y, expected, effects, lotteries: int, draws: int, rng
) -> np.ndarray:
    """bool [lotteries, effects].

    Whether the test announces the factor that has the effect (the factors take turns).
    """
    reference = design.arms[draw(block, len(design.arms), draws, rng)]
    actual = design.arms[draw(block, len(design.arms), lotteries, rng)]
    factor = np.arange(lotteries) % design.arms.shape[1]
    held = actual[np.arange(lotteries), :, factor]
    thinned = np.stack(
        [np.where(held, rng.binomial(y.astype(int), np.exp(b)), y) for b in effects], 1
    )  # [lotteries, effects, n]
    outcomes = thinned.reshape(-1, len(y)).T
    largest = np.max(
        [
            np.abs(statistic(reference[:, :, k], outcomes, expected))
            for k in range(design.arms.shape[1])
        ],
        axis=0,
    )
    # Each lottery's own outcomes only, out of all lotteries on all outcomes.
    every = statistic(held, outcomes, expected).reshape(lotteries, lotteries, -1)
    own = np.abs(every[np.arange(lotteries), np.arange(lotteries)])
    at_least = ~(largest.reshape(draws, lotteries, -1) < own - 1e-9)
    return (1 + at_least.sum(0)) / (draws + 1) <= LEVEL


def detectable(curve: pd.DataFrame, target: float = POWER) -> float | None:
    """The smallest log effect (negative) seen with power ``target``, between the simulated ones.

    None when even the last is not.
    """
    rising = np.maximum.accumulate(curve["power"].to_numpy())
    return None if rising[-1] < target else float(np.interp(target, rising, curve["effect"]))

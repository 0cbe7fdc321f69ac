"""What a randomised next round could see.

The whole lottery and its test, played on this county's own quiet years.

A list is drawn by the learned rule from a quiet year, the lottery is held, the petitions that the
year really had are thinned by exp(effect) in the villages that hold the factor, and the plan's own
test is made. Power is how often it announces an effect.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.county.lottery import blocks, draw
from village_eval.county.plan import Design
from village_eval.designs.permutation import draw_lists
from village_eval.next_round.quiet import QuietYear
from village_eval.next_round.randomisation import LEVEL, statistic

EFFECTS = (0.0, -0.1, -0.2, -0.3, -0.4, -0.5, -0.6, -0.75, -0.9, -1.1, -1.35, -1.7)
"""Log effects at which power is simulated; the last is a fall of 82 %."""
LISTS, LOTTERIES, DRAWS = 32, 16, 199
"""So many lists with so many lotteries each: the error of a curve at its steepest is 3 points. With
399 draws instead of 199 the power is the same to half a point."""
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
    kind = np.unique(kind, return_inverse=True)[1]
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
    arms, factors = design.arms.astype(float), design.arms.shape[1]
    drawn = draw(block, len(arms), draws + lotteries, rng)
    reference, actual = drawn[:draws], drawn[draws:]
    held = design.arms[actual, (np.arange(lotteries) % factors)[:, None]]
    outcomes = np.tile(y, (lotteries, len(effects), 1))
    lottery, village = np.nonzero(held)
    outcomes[lottery, :, village] = stayed(y[village], effects, rng).T
    outcomes = outcomes.reshape(-1, len(y)).T
    largest = np.zeros((draws, outcomes.shape[1]))
    for k in range(factors):
        of_one = statistic(arms[:, k][reference], outcomes, expected)
        np.maximum(largest, np.abs(of_one, out=of_one), out=largest)
    # Each lottery's own outcomes only, out of all lotteries on all outcomes.
    every = statistic(held, outcomes, expected).reshape(lotteries, lotteries, -1)
    own = np.abs(every[np.arange(lotteries), np.arange(lotteries)])
    less = largest.reshape(draws, lotteries, -1) < own - 1e-9
    return (1 + draws - np.count_nonzero(less, 0)) / (draws + 1) <= LEVEL


def stayed(y: np.ndarray, effects, rng: np.random.Generator) -> np.ndarray:
    """How many of y [m] petitions there would have been under each of ``effects``: [effects, m].

    Each petition stays with probability exp(effect). It has one number for all effects, so that a
    larger effect never leaves more of them.
    """
    last = np.cumsum(y.astype(int))
    one = rng.random(last[-1] if len(last) else 0)
    so_far = np.cumsum(one < np.exp(effects)[:, None], 1, dtype=float)
    before_first = np.zeros((len(effects), 1))
    return np.diff(np.concatenate([before_first, so_far], 1)[:, last], prepend=before_first)


def detectable(curve: pd.DataFrame, target: float = POWER) -> float | None:
    """The smallest log effect (negative) seen with power ``target``, between the simulated ones.

    None when even the last is not.
    """
    rising = np.maximum.accumulate(curve["power"].to_numpy())
    return None if rising[-1] < target else float(np.interp(target, rising, curve["effect"]))

"""Randomisation inference: the lottery itself is the only thing that has to be believed.

The statistic of a factor is the log ratio of weighted sums, actual over expected, with the factor
against without,

    T = log(Σ_with w y / Σ_with w E) − log(Σ_without w y / Σ_without w E),    w = 1 / (1 + E/4),

ranked among the same statistic under lotteries drawn as the plan's was (Fisher 1935). The weight w,
nearly that of a negative binomial likelihood, is there because a village of which much is expected
also varies more. An effect b is rejected when T is extreme after y of the villages with the factor
is multiplied by exp(−b); the interval holds what is not rejected (Rosenbaum 2002). Arms are of
equal size, so that the test keeps its level also when villages respond differently (Wu & Ding
2021). With several factors the adjusted p value ranks against the largest |T| of a lottery
(Westfall & Young 1993).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LEVEL = 0.05
DISPERSION = 0.25
"""Squared coefficient of variation of a village's rate around what was expected, for the weights:
of those tried (0 to 4) the one with the smallest error on simulated counties; any value keeps the
test valid."""
LIMIT = 4.0
"""Log effects beyond a factor of about 50 are not looked for."""


@dataclass(frozen=True)
class Effect:
    """Of one factor: log effect, 95 % interval by test inversion, p values.

    Villages and petitions with and without it.
    """

    factor: str
    value: float
    ci_low: float
    ci_high: float
    p_value: float
    p_adjusted: float
    villages: tuple[int, int]
    petitions: tuple[float, float]


def statistic(held: np.ndarray, y: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """T of lotteries ``held`` bool or 0/1 [D, n] on outcomes y [n] or [n, S]: [D] or [D, S].

    Infinite where nothing was counted.
    """
    w = weights(expected)
    held = held * w
    on, on_expected = held @ y, held @ expected
    off = w @ y - on
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = on_expected / (w @ expected - on_expected)
        # In place: of many lotteries and outcomes, new arrays cost more than the logarithm.
        on = np.log(np.divide(on, off, out=off), out=off)
        on -= np.log(ratio if y.ndim == 1 else ratio[:, None])
    return np.asarray(on)


def weights(expected: np.ndarray) -> np.ndarray:
    """How much each village counts [n]."""
    return 1 / (1 + DISPERSION * expected)


def effects(
    factors: tuple[str, ...],
    held: np.ndarray,
    reference: np.ndarray,
    y: np.ndarray,
    expected: np.ndarray,
) -> list[Effect]:
    """Effects of all factors. held bool [n, K].

    Reference bool [D, n, K] other lotteries; y, expected [n].

    Raises ValueError when no petition was counted with, or without, some factor.
    """
    inverted = [
        _Inversion(held[:, k], reference[:, :, k], y, expected) for k in range(held.shape[1])
    ]
    largest = np.max([np.abs(i.reference(0.0)) for i in inverted], axis=0)
    made = []
    for factor, x, inversion in zip(factors, held.T, inverted, strict=True):
        low, high = inversion.interval()
        made.append(
            Effect(
                factor,
                inversion.value,
                low,
                high,
                inversion.p_value(0.0),
                _rank(abs(inversion.value), largest),
                (int(x.sum()), int((~x).sum())),
                (float(y[x].sum()), float(y[~x].sum())),
            )
        )
    return made


def _rank(actual: float, reference: np.ndarray) -> float:
    """Share of lotteries at least as extreme, the actual one among them."""
    return float((1 + (~(reference < actual - 1e-9)).sum()) / (len(reference) + 1))


class _Inversion:
    """Tests of every effect b of one factor from two sums per lottery.

    What it holds of the treated and of the untreated.
    """

    def __init__(self, x: np.ndarray, lotteries: np.ndarray, y: np.ndarray, expected: np.ndarray):
        if not y[x].sum() > 0 or not y[~x].sum() > 0:
            raise ValueError("nothing_recorded")
        self.value = float(statistic(x[None, :], y, expected)[0])
        z, y, expected = (
            lotteries.astype(float),
            weights(expected) * y,
            weights(expected) * expected,
        )
        self.treated, self.untreated = y[x].sum(), y[~x].sum()
        self.of_treated, self.of_untreated = z @ (y * x), z @ (y * ~x)
        on = z @ expected
        self.log_expected = np.log(on / (expected.sum() - on))

    def reference(self, b: float) -> np.ndarray:
        """T of the lotteries [D] once the effect b is taken out of the outcome."""
        c = np.exp(-b)
        on = self.of_untreated + c * self.of_treated
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log(on / (self.untreated + c * self.treated - on)) - self.log_expected

    def p_value(self, b: float) -> float:
        return _rank(abs(self.value - b), np.abs(self.reference(b)))

    def interval(self) -> tuple[float, float]:
        """The effects next to the estimate that are not rejected.

        ±LIMIT where none is rejected up to there.
        """
        return self._end(-LIMIT), self._end(LIMIT)

    def _end(self, far: float) -> float:
        kept, rejected = self.value, self.value + far
        if self.p_value(rejected) > LEVEL:
            return rejected
        while abs(rejected - kept) > 1e-4:
            middle = (kept + rejected) / 2
            kept, rejected = (kept, middle) if self.p_value(middle) <= LEVEL else (middle, rejected)
        return kept

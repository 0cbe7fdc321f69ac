"""The listed villages one by one.

Which listed villages lie below what their history led to expect, luck removed.

In the first year village i shows y_i ~ Poisson(E_i r_i), with E_i what its history led to expect
without a campaign and r_i its underlying ratio, r ~ Gamma(k, k/m): m the mean of the listed, k from
their own spread (negative binomial likelihood). The posterior is Gamma(k + y_i, k/m + E_i); a raw
change would credit villages with their luck (Hauer 1997). The headline, and with it every E_i and
m, is itself uncertain: probabilities and counts are averaged over its error distribution.

A village may also lie below its expectation for reasons of its own that have nothing to do with the
campaign. So the same computation is made in quiet years, every village weighted by the probability
that it would have been listed then: how many of as many villages look turned around when nobody did
anything. The answer is what the campaign year has beyond that, with the count's interval widened by
the error of the quiet years' mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import gammainc, gammaln

from village_eval.expectation.results import Estimate
from village_eval.expectation.setting import Setting
from village_eval.words.card import Brief

IMPROVED = 0.9
"""Improved means an underlying rate more than 10 % below what was expected."""
SURE = 0.9
"""A village counts as surely improved from this probability on."""
TWO_SIDED = 1.959963984540054
"""The normal's 97.5 % quantile."""
COLUMNS = [
    "village_code",
    "expected",
    "actual",
    "ratio",
    "ratio_low",
    "ratio_high",
    "probability_improved",
]


@dataclass(frozen=True, eq=False, repr=False)
class Turnaround(Brief):
    """How many listed villages improved (IMPROVED).

    Posterior mean and 95 % interval, and what stands beside it.

    ``sure``: villages that improved with probability SURE or more. ``before_after``: villages that
    a plain comparison with the same months a year earlier would announce (more than 10 % fewer
    petitions), None where these are not observed. ``quiet``: one row per quiet year (year,
    improved, sure), how many of as many villages of their kind the same computation finds when
    nothing was done; empty with fewer than two quiet years.
    """

    listed: int
    improved: float
    low: int
    high: int
    sure: int
    before_after: int | None
    quiet: pd.DataFrame

    @property
    def excess(self) -> tuple[float, float, float] | None:
        """Villages beyond the quiet years' mean, and the 95 % interval.

        The count's own ends, each widened by the error of the mean. None with fewer than two quiet
        years.
        """
        quiet = self.quiet["improved"].to_numpy(float)
        if len(quiet) < 2:
            return None
        mean, error = quiet.mean(), TWO_SIDED * quiet.std(ddof=1) / np.sqrt(len(quiet))
        below, above = self.improved - self.low, self.high - self.improved
        value = float(self.improved - mean)
        return value, value - float(np.hypot(below, error)), value + float(np.hypot(above, error))


def village_table(s: Setting, estimate: Estimate) -> pd.DataFrame:
    """One row per listed village, COLUMNS; ``ratio_low`` to ``ratio_high`` is a 90 % interval.

    Empty without an estimate.
    """
    if estimate.value is None:
        return pd.DataFrame(columns=COLUMNS)
    listed, errors = s.panel.listed, _errors(estimate)
    y, expected = _expected(s, 0, estimate.window, listed * 1.0, estimate.value)
    y, expected = y[listed], expected[listed]
    mean, k = _prior(y, expected, np.ones(len(y)))
    below = _probabilities(IMPROVED, y, expected, mean, k, errors)
    rate = k / mean + expected
    low, high = (_quantile(level, k + y, k, mean, expected, errors) for level in (0.05, 0.95))
    table = pd.DataFrame(
        {
            "village_code": s.panel.villages.loc[listed, "village_code"].to_numpy(),
            "expected": expected,
            "actual": y.astype(int),
            "ratio": (k + y) / rate,
            "ratio_low": low,
            "ratio_high": high,
            "probability_improved": below.mean(0),
        }
    )
    return table.sort_values("village_code", ignore_index=True)


def turnaround(s: Setting, estimate: Estimate) -> Turnaround | None:
    """The honest count of villages turned around; None without an estimate."""
    if estimate.value is None:
        return None
    listed, window, errors = s.panel.listed, estimate.window, _errors(estimate)
    y, expected = _expected(s, 0, window, listed * 1.0, estimate.value)
    mean, k = _prior(y[listed], expected[listed], np.ones(listed.sum()))
    below = _probabilities(IMPROVED, y[listed], expected[listed], mean, k, errors)
    chance = np.mean([_count_distribution(p) for p in below], axis=0)
    low, high = np.searchsorted(np.cumsum(chance), [0.025, 0.975])
    last_year = s.series.last_year(0, window)
    announced = None if last_year is None else int((y < IMPROVED * last_year)[listed].sum())
    sure = int((below.mean(0) >= SURE).sum())
    quiet = _quiet_counts(s, estimate, errors)
    return Turnaround(
        int(listed.sum()), float(below.mean(0).sum()), int(low), int(high), sure, announced, quiet
    )


def _quiet_counts(s: Setting, estimate: Estimate, errors: np.ndarray) -> pd.DataFrame:
    """What each quiet year would have shown had it been the campaign's.

    Its change is taken against the other quiet years.
    """
    quiet, rows = estimate.years, []
    table = pd.DataFrame() if estimate.quiet is None else estimate.quiet
    tau = table["estimate"].to_numpy(float) if len(table) else np.zeros(0)
    for i, q in enumerate(quiet) if len(quiet) > 1 else ():
        p = s.treated(q)[0]
        y, expected = _expected(s, q, estimate.window, p, tau[i] - np.delete(tau, i).mean())
        mean, k = _prior(y, expected, p)
        below = _probabilities(IMPROVED, y, expected, mean, k, errors).mean(0)
        rows.append((int(table["year"].iloc[i]), float(p @ below), float(p @ (below >= SURE))))
    return pd.DataFrame(rows, columns=["year", "improved", "sure"])


def _expected(
    s: Setting, q: int, window: str, weight: np.ndarray, effect: float
) -> tuple[np.ndarray, np.ndarray]:
    """Actual and expected counts [V] q years before the campaign's.

    The weighted sum of expectations is what ``effect`` says.
    """
    y, share = s.series.observed(q, window), s.expectation(q, window)[0]
    return y, share * (weight @ y) / np.exp(effect) / (weight @ share)


def _errors(estimate: Estimate, levels: int = 41) -> np.ndarray:
    """Equally likely errors of the headline's log effect."""
    assert estimate.error is not None  # an estimate of the headline has one
    return np.array([estimate.error.quantile((k + 0.5) / levels) for k in range(levels)])


def _probabilities(
    bound: float, y: np.ndarray, expected: np.ndarray, mean: float, k: float, errors: np.ndarray
) -> np.ndarray:
    """Posterior probability of a ratio below ``bound`` [errors, V].

    If the true log effect is the headline's plus an error.
    """
    rate = k / (mean * np.exp(errors[:, None])) + expected * np.exp(-errors[:, None])
    return np.asarray(gammainc(k + y, bound * rate))


def _quantile(
    level: float, shape: np.ndarray, k: float, mean: float, expected: np.ndarray, errors: np.ndarray
) -> np.ndarray:
    """Quantile [V] of the posterior ratio, averaged over errors, by bisection."""
    rate = k / (mean * np.exp(errors[:, None])) + expected * np.exp(-errors[:, None])
    low, high = np.zeros(len(shape)), np.full(len(shape), 50.0)
    for _ in range(40):
        middle = (low + high) / 2
        under = gammainc(shape, middle * rate).mean(0) < level
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return np.asarray((low + high) / 2)


def _count_distribution(p: np.ndarray) -> np.ndarray:
    """Probabilities [V + 1] of how many independent events happen.

    Their own probabilities are ``p`` [V].
    """
    chance = np.ones(1)
    for each in p:
        chance = np.convolve(chance, [1 - each, each])
    return chance


def _prior(y: np.ndarray, expected: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    """Mean and Gamma shape of the villages' ratios.

    By weighted maximum likelihood with a weak prior of the shape near 4.
    """
    from scipy.optimize import minimize_scalar

    mean = max(weight @ y, 0.5) / (weight @ expected)
    m = np.maximum(expected * mean, 1e-12)

    def loss(log_k: float) -> float:
        k = np.exp(log_k)
        terms = gammaln(k + y) - gammaln(k) + k * np.log(k / (k + m)) + y * np.log(m / (k + m))
        return float(-(weight @ terms) + (log_k - np.log(4)) ** 2 / 2)

    return float(mean), float(np.exp(minimize_scalar(loss, bounds=(-1, 7), method="bounded").x))

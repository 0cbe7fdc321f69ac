"""Village by village: which listed villages lie below what their history led to expect, luck removed.

In the first year village i shows y_i ~ Poisson(E_i r_i), with E_i what its history led to expect without a campaign and r_i its
underlying ratio, r ~ Gamma(k, k/m): m the mean of the listed, k from their own spread (negative binomial likelihood). The
posterior is Gamma(k + y_i, k/m + E_i); a raw change would credit villages with their luck (Hauer 1997). The headline, and with it
every E_i and m, is itself uncertain: the probability of improvement is averaged over its error distribution. A village may also
lie below its expectation for reasons of its own that have nothing to do with the campaign: in quiet years some do.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats
from scipy.optimize import minimize_scalar
from scipy.special import gammaln

from village_eval.effects.setting import Setting
from village_eval.findings import error_of
from village_eval.results import Estimate

IMPROVED = 0.9
"""Improved means an underlying rate more than 10 % below what was expected."""


def village_table(s: Setting, estimate: Estimate) -> pd.DataFrame:
    """One row per listed village: village_code, expected, actual, ratio, probability_improved; empty without an estimate."""
    columns = ["village_code", "expected", "actual", "ratio", "probability_improved"]
    if estimate.value is None:
        return pd.DataFrame(columns=columns)
    listed = s.panel.listed
    actual = s.outcome.target(0, estimate.window)
    share = s.base(0, estimate.window, "history")[0]
    # The listed villages' expectations add up to what the headline says they would have had anyway.
    expected = share[listed] * actual[listed].sum() / np.exp(estimate.value) / share[listed].sum()
    y = actual[listed]
    mean = max(y.sum(), 0.5) / expected.sum()
    k = _strength(y, expected * mean)
    shape, rate = k + y, k / mean + expected
    probability = np.mean([_below(IMPROVED, shape, k, mean, expected, e) for e in _errors(estimate)], axis=0)
    table = pd.DataFrame({
        "village_code": s.panel.villages.loc[listed, "village_code"].to_numpy(), "expected": expected, "actual": y.astype(int),
        "ratio": shape / rate, "probability_improved": probability,
    })  # fmt: skip
    return table.sort_values("village_code", ignore_index=True)


def _errors(estimate: Estimate, levels: int = 41) -> np.ndarray:
    """Equally likely errors of the headline's log effect."""
    error = error_of(estimate)
    return np.array([error.quantile((k + 0.5) / levels) for k in range(levels)])


def _below(bound: float, shape: np.ndarray, k: float, mean: float, expected: np.ndarray, error: float) -> np.ndarray:
    """Posterior probability of a ratio below ``bound`` if the true log effect is the headline's plus ``error``."""
    rate = k / (mean * np.exp(error)) + expected * np.exp(-error)
    return stats.gamma.cdf(bound, shape, scale=1 / rate)


def _strength(y: np.ndarray, mean: np.ndarray) -> float:
    """Gamma shape of the villages' ratios around their mean, by maximum likelihood with a weak prior near 4."""

    def loss(log_k: float) -> float:
        k = np.exp(log_k)
        return (
            -(gammaln(k + y) - gammaln(k) + k * np.log(k / (k + mean)) + y * np.log(mean / (k + mean))).sum()
            + (log_k - np.log(4)) ** 2 / 2
        )

    return float(np.exp(minimize_scalar(loss, bounds=(-1, 7), method="bounded").x))

"""Village by village: which listed villages really turned around, luck removed.

In the first year village i shows y_i ~ Poisson(E_i r_i), with E_i what its history led to expect without a campaign and r_i its
underlying ratio, r ~ Gamma(k, k/m): m the mean of the listed, k from their own spread (negative binomial likelihood). The
posterior is Gamma(k + y_i, k/m + E_i); a raw change would credit villages with their luck (Hauer 1997).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats
from scipy.optimize import minimize_scalar
from scipy.special import gammaln

from village_eval.effects.setting import Setting
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
    table = pd.DataFrame({
        "village_code": s.panel.villages.loc[listed, "village_code"].to_numpy(), "expected": expected, "actual": y.astype(int),
        "ratio": shape / rate, "probability_improved": stats.gamma.cdf(IMPROVED, shape, scale=1 / rate),
    })  # fmt: skip
    return table.sort_values("village_code", ignore_index=True)


def _strength(y: np.ndarray, mean: np.ndarray) -> float:
    """Gamma shape of the villages' ratios around their mean, by maximum likelihood with a weak prior near 4."""

    def loss(log_k: float) -> float:
        k = np.exp(log_k)
        return (
            -(gammaln(k + y) - gammaln(k) + k * np.log(k / (k + mean)) + y * np.log(mean / (k + mean))).sum()
            + (log_k - np.log(4)) ** 2 / 2
        )

    return float(np.exp(minimize_scalar(loss, bounds=(-1, 7), method="bounded").x))

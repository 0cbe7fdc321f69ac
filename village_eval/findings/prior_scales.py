"""How much an answer hangs on what is assumed of how years differ.

Few quiet years tell little of how much villages like these return more in one year than in another,
so the prior on it decides part of the interval. Under each of SCALES the posterior is the kept one
times the ratio of the priors; the estimate is the same, the interval is not.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.expectation.between_years import GRID, Mixture, prior
from village_eval.expectation.results import Estimate

SCALES = (0.02, 0.03, 0.05, 0.10)
"""On the log scale; between half and twice what registers show."""
COLUMNS = ("scale", "used", "between_sd", "ci_low", "ci_high", "p_value")


def prior_scales(estimate: Estimate) -> pd.DataFrame:
    """One row a scale of the prior, COLUMNS; empty where an estimate has no part between years.

    ``used`` marks the headline's own; ``between_sd`` is the root mean square of the posterior.
    """
    used, rows = estimate.prior_scale, []
    if estimate.value is None or estimate.error is None or used is None:
        return pd.DataFrame(columns=list(COLUMNS))
    for scale in sorted({*SCALES, used}):
        error = under(estimate.error, used, scale)
        rows.append(
            (
                scale,
                scale == used,
                float(np.sqrt(error.weights @ GRID**2)),
                estimate.value - error.half,
                estimate.value + error.half,
                error.p_value(estimate.value),
            )
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def under(error: Mixture, used: float, scale: float) -> Mixture:
    """The error under another scale of the prior than the one ``used``."""
    weights = error.weights * prior(scale) / prior(used)
    return Mixture(error.scales, weights / weights.sum(), error.df)

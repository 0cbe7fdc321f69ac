"""Leave one township out: variances that hold with few, unequal clusters (CV3; MacKinnon, Nielsen &
Webb 2023)."""

from __future__ import annotations

import numpy as np


def jackknife_covariance(values: np.ndarray) -> np.ndarray:
    """Covariance [K, K] from values [1 + G, K]: the full sample first, then each township left out.

    A left-out value that cannot be computed (no listed village remains) makes its column NaN.
    """
    full, without = values[0], values[1:]
    g = len(without)
    deviations = without - full
    return (g - 1) / g * deviations.T @ deviations

"""A panel as yearly blocks around the start, in the long form that libraries take."""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.expectation.setting import Setting


def yearly_frame(s: Setting, years: int = 6) -> pd.DataFrame:
    """unit, time (0 is the first year from the start, −1 the listing year), y, listed, cluster.

    Whole observed years only.
    """
    per, start = s.series.per_year, s.series.start
    times = [
        t
        for t in range(-years, 1)
        if start + t * per >= 0 and start + (t + 1) * per <= s.series.values.shape[1]
    ]
    y = np.column_stack(
        [s.series.values[:, start + t * per : start + (t + 1) * per].sum(1) for t in times]
    )
    n, k = y.shape
    return pd.DataFrame(
        {
            "unit": np.repeat(np.arange(n), k),
            "time": np.tile(times, n),
            "y": y.ravel(),
            "listed": np.repeat(s.panel.listed.astype(int), k),
            "cluster": np.repeat(s.panel.township, k),
        }
    )


def as_log_ratio(effect: float, mean: float) -> float:
    """An additive effect on a mean as log ratio of the mean to what it would have been.

    −inf where nothing would remain.
    """
    without = mean - effect
    return float(np.log(mean / without)) if without > 0 and mean > 0 else float("inf")

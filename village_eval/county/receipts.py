"""One-off receipts among a village's income.

A land compensation in a village's income says nothing of a campaign and swamps a total.

A receipt is one-off when it is more than five times the median of the village's earning years and
more than three times the mean over villages of such medians; of villages that earned in three years
or more. Where more than one village-year in two hundred is such, a total of income hangs on who
happened to be paid; its interval, from sums of a few villages, then covers too little, and the
typical village is the better answer.
"""

from __future__ import annotations

import warnings

import numpy as np

JUMP, LARGE, MANY = 5.0, 3.0, 0.005


def one_off_share(values: np.ndarray) -> float:
    """Share of reported village-years [V, Y] (yuan, NaN unknown) that are one-off receipts."""
    reported = np.isfinite(values)
    if values.shape[1] < 4 or not reported.any():
        return 0.0
    earning = np.where(reported & (values > 0), values, np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # villages that never earn
        median = np.nanmedian(earning, axis=1, keepdims=True)
        level = np.nanmean(np.nanmedian(earning, axis=1))
    enough = np.isfinite(earning).sum(1, keepdims=True) >= 3
    jumps = enough & (earning > JUMP * median) & (earning > LARGE * level)
    return float(jumps.sum() / reported.sum())


def hangs_on_receipts(values: np.ndarray) -> bool:
    """Whether one-off receipts are so many that a total of income deserves grade C at most."""
    return one_off_share(values) > MANY

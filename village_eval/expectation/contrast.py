"""The contrast that every design here shares: listed against unlisted, actual against a base."""

from __future__ import annotations

import numpy as np

WINSOR = np.log(5)
"""Log changes of single villages beyond a factor of five count as a factor of five."""


def contrast(
    statistic: str, y: np.ndarray, base: np.ndarray, treated: np.ndarray, control: np.ndarray | None
) -> np.ndarray:
    """Change of the treated from ``base`` to ``y``, less that of the control: float [R].

    y [V]; base [V] or [R, V] (in units of y up to a constant; the constant cancels when there is a
    control); treated, control weights [R, V]. ``total``: log ratio of sums. ``typical``: mean
    winsorised log change of villages where both are positive. ``share_earning``: mean difference.
    Villages with unknown y or base carry no weight.
    """
    base = np.broadcast_to(base, treated.shape)
    known = np.isfinite(y) & np.isfinite(base)
    y, base = np.where(np.isfinite(y), y, 0), np.where(known, base, 0)

    def change(weight: np.ndarray) -> np.ndarray:
        weight = weight * known
        with np.errstate(divide="ignore", invalid="ignore"):
            if statistic == "total":
                return np.log(weight @ y / (weight * base).sum(1))
            if statistic == "share_earning":
                return (weight * (y - base)).sum(1) / weight.sum(1)
            earning = (y > 0) & (base > 0)
            log_change = np.log(np.where(earning, y, 1) / np.where(earning, base, 1))
            centre = np.median(log_change[0][earning[0]]) if earning[0].any() else 0.0
            weight = weight * earning
            return centre + (weight * np.clip(log_change - centre, -WINSOR, WINSOR)).sum(
                1
            ) / weight.sum(1)

    return change(treated) if control is None else change(treated) - change(control)

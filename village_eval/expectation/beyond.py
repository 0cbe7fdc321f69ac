"""What the campaign year shows beyond quiet years: the arithmetic that most checks share.

A check measures the same thing τ in the campaign year and in every quiet year, and asks whether
they differ by more than the two errors that the headline has: within the year (jackknife over
townships) and between years.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from village_eval.expectation.between_years import Mixture
from village_eval.expectation.headline import quiet_year_did, tau
from village_eval.expectation.setting import Setting


@dataclass(frozen=True, eq=False)
class Beyond:
    """τ of the campaign year less the mean of quiet years, and its error.

    ``n_quiet`` is how many; the error is a distribution.
    """

    value: float
    error: Mixture
    n_quiet: int

    @property
    def p_rise(self) -> float:
        """One-sided p value against no rise."""
        return float(1 - self.error.cdf(self.value))

    @property
    def p_fall(self) -> float:
        """One-sided p value against no fall."""
        return float(self.error.cdf(self.value))

    @property
    def p_value(self) -> float:
        """Two-sided p value against no effect."""
        return self.error.p_value(self.value)

    @property
    def half(self) -> float:
        """Half the width of the 95 % interval."""
        return self.error.half


def beyond_quiet_years(campaign: np.ndarray, quiet: list[np.ndarray], df: int) -> Beyond | None:
    """The campaign's τ beyond that of quiet years.

    ``campaign`` and each of ``quiet`` are τ [R], the full sample first, then each township left
    out; ``df`` is Setting.df.

    Quiet years that cannot be computed are left out; None without any, or when the campaign year
    itself cannot be computed.
    """
    quiet = [tau for tau in quiet if np.isfinite(tau).all()]
    if not quiet or not np.isfinite(campaign).all():
        return None
    did = quiet_year_did(campaign[None, :], np.stack(quiet))
    return Beyond(float(did.value), did.error(df), len(quiet)) if did.within > 0 else None


def change_of(
    setting: Setting,
    q: int,
    window: str,
    treated: np.ndarray,
    control: np.ndarray,
    depth: int | None = None,
) -> np.ndarray:
    """Setting.change for groups of one's own.

    Weights ``treated`` and ``control`` [R, V] in the year q; [R], NaN if unobserved.
    """
    y, base = setting.series.target(q, window), setting.base(q, window, "history", depth)
    if y is None or base is None:
        return np.full(len(setting.rule.keep), np.nan)
    return tau(y, base, treated, control, setting.series.statistic)


def together(*p_values: float | None) -> float | None:
    """One p value of several questions asked at once (Bonferroni); None without any."""
    known = [p for p in p_values if p is not None and np.isfinite(p)]
    return min(1.0, len(known) * min(known)) if known else None

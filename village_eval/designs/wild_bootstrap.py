"""Wild cluster bootstrap of the headline from the townships' influences.

A second opinion for few clusters.

Leaving township g out moves the estimate by θ_(g) − θ; the townships' influences −(θ_(g) − θ)
(G−1)/G sum to about zero and carry the jackknife's variance. Each draw multiplies them by
independent Webb weights (six points; Webb 2023), and the t statistic of a draw uses the variance of
its own influences, so that the reference distribution knows how unequal the townships are
(Djogbenou, MacKinnon & Nielsen 2019). The between-year part is added to every draw from the
estimate's own error distribution.
"""

from __future__ import annotations

import numpy as np

from village_eval.expectation.results import Estimate, WildBootstrap

WEBB = np.array([-np.sqrt(1.5), -1.0, -np.sqrt(0.5), np.sqrt(0.5), 1.0, np.sqrt(1.5)])


def wild_bootstrap(
    estimate: Estimate, draws: int = 9999, seed: int = 1, between: bool = True
) -> WildBootstrap:
    """p value for a true value of zero and a 95 % interval.

    ``between=False`` leaves the between-year part out. Raises ValueError for an estimate without
    refits.
    """
    if estimate.value is None or estimate.refits is None:
        raise ValueError(
            f"{estimate.id} by {estimate.design} has no leave-one-township-out values to resample"
        )
    without = estimate.refits.without
    g, rng = len(without), np.random.default_rng(seed)
    influence = (estimate.value - without) * (g - 1) / g
    influence = influence * np.sqrt(
        g / (g - 1)
    )  # so that their squares sum to the jackknife's variance
    weights = WEBB[rng.integers(0, 6, (draws, g))]
    moved = weights @ influence
    # The variance of a draw, influences being taken around their mean as in the sample itself.
    spread = np.sqrt(np.maximum(weights**2 @ influence**2 - moved**2 / g, 1e-300) * g / (g - 1))
    se = float(np.sqrt((influence**2).sum()))
    t = moved / spread
    within_p = float((1 + (np.abs(t) >= abs(estimate.value) / se).sum()) / (draws + 1))
    error = t * se
    mixture = estimate.error
    if between and estimate.quiet_years and mixture is not None:
        # What the townships do not know of: other years, and what is not known of their slopes.
        # Theirs is the jackknife's variance, the estimate's is moderated.
        own = se if estimate.within_se is None else min(se, estimate.within_se)
        extra = np.sqrt(np.maximum(mixture.scales**2 - own**2, 0))
        error = error + rng.choice(extra, draws, p=mixture.weights) * rng.standard_normal(draws)
    p = float((1 + (np.abs(error) >= abs(estimate.value)).sum()) / (draws + 1))
    low, high = np.quantile(error, [0.025, 0.975])
    return WildBootstrap(p, estimate.value - float(high), estimate.value - float(low), within_p)

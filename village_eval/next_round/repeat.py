"""What a repeat of the same kind of campaign could see.

A list of the worst, no lottery, quiet-year DiD.

The campaign year and each year it is compared with are quiet years of this county, their townships
drawn anew with replacement; the campaign year has a list drawn by the learned rule, whose petitions
are thinned by exp(effect), and differs from quiet years by a shift drawn from what the county's own
quiet years say about such shifts (expectation/between_years.py). The test is the headline's, the
rule refitted as there, without what steadies its variance (expectation/moderation.py) and with the
wider prior: townships drawn anew spread as the drawn townships' jackknife says. Quiet years can be
drawn more than once, so that any number of them can be tried. Reversion slopes are not taken out:
what years differ by for that is among the shifts.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.designs.permutation import draw_lists
from village_eval.expectation.between_years import (
    GRID,
    between_posterior,
    mixed_cdf,
    total_scales,
)
from village_eval.expectation.headline import log_ratio
from village_eval.next_round.power import EFFECTS, stayed
from village_eval.next_round.quiet import QuietYear
from village_eval.next_round.randomisation import LEVEL

RUNS = 300


def power_of_repeat(
    years: list[QuietYear],
    township: np.ndarray,
    n_quiet: int | None = None,
    *,
    effects=EFFECTS,
    runs: int = RUNS,
    seed: int = 1,
) -> pd.DataFrame:
    """Power by true log effect with ``n_quiet`` quiet years to compare with.

    Default: as many as there are.

    Columns as in power.power. ``township`` int [V], 0..G-1.
    """
    rng, n_quiet, g = np.random.default_rng(seed), n_quiet or len(years), township.max() + 1
    member = np.eye(g)[township]  # [V, G]
    by_rule = np.array(
        [_sums(y.refits, (y.refits > 0) - y.refits, y.y, y.expected, member) for y in years]
    )  # [Q, 1 + G, G, 4]
    # Each year as it was, and without each township.
    whole = [_change(sums[None, 0], np.ones((1, g)), sums[1:]) for sums in by_rule]
    tau, variance = np.array([v[0] for v, _ in whole]), np.array([v[0] for _, v in whole])
    sigma = rng.choice(GRID, runs, p=between_posterior(tau, np.diag(variance)))

    def anew() -> tuple[np.ndarray, np.ndarray]:
        """How often each township is drawn [runs, G], and a shift of the year [runs]."""
        townships = rng.multinomial(g, np.full(g, 1 / g), runs).astype(float)
        return townships, sigma * rng.standard_normal(runs)

    # The campaign year first; the others come round as often as needed.
    order = np.argsort(rng.random((runs, len(years))), 1)
    quiet, quiet_variance = np.empty((n_quiet, runs)), np.empty((n_quiet, runs))
    for j in range(n_quiet):
        year, (weights, shift) = order[:, (1 + j) % len(years)], anew()
        for q, sums in enumerate(by_rule):
            drawn = year == q
            changes = _change(sums[None, 0], weights[drawn], sums[1:])
            quiet[j, drawn], quiet_variance[j, drawn] = changes
        quiet[j] += shift - tau[year]
    posterior = between_posterior(quiet.T, quiet_variance.T[:, :, None] * np.eye(n_quiet))

    year, (weights, shift) = order[:, 0], anew()
    drawn, village = np.nonzero(
        [draw_lists(years[q].probability, 1, int(rng.integers(2**31)))[0] for q in year]
    )
    y, expected = (np.array([getattr(year, name) for year in years]) for name in ("y", "expected"))
    on_list = y[year[drawn], village]

    def by_township(of_villages: np.ndarray) -> np.ndarray:
        """Sums [runs, G] of what the listed villages hold."""
        cell = drawn * g + township[village]
        return np.bincount(cell, of_villages, runs * g).reshape(runs, g)

    of_expected = by_township(expected[year[drawn], village])
    others = [(y @ member)[year] - by_township(on_list), (expected @ member)[year] - of_expected]
    power = []
    for thinned in stayed(on_list, effects, rng):
        sums = np.stack([by_township(thinned), of_expected, *others], -1)
        value, own_variance = _change(sums, weights)
        value = value - tau[year] + shift - quiet.mean(0)
        within = np.sqrt(own_variance + quiet_variance.sum(0) / n_quiet**2)
        scales = total_scales(within, n_quiet)
        p_value = 2 * mixed_cdf(-np.abs(value), scales, posterior, g - 1)
        power.append(np.mean(np.isfinite(within) & (p_value <= LEVEL)))
    share = np.array(power)
    return pd.DataFrame(
        {"effect": effects, "power": share, "mc": np.sqrt(share * (1 - share) / runs), "runs": runs}
    )


def _sums(
    listed: np.ndarray, others: np.ndarray, y: np.ndarray, expected: np.ndarray, member: np.ndarray
) -> np.ndarray:
    """Actual and expected of the listed and of the others by township.

    [S, G, 4] from weights [S, V].
    """
    return np.stack(
        [x @ member for x in (listed * y, listed * expected, others * y, others * expected)], -1
    )


def _change(
    sums: np.ndarray, weights: np.ndarray, refits: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """τ [S] of counties that hold township g ``weights`` [S, G] times, and its variance.

    The variance [S] is by leaving each township out once.

    sums [S, G, 4]; refits [G, G, 4]: the sums by a rule that was learned without the first of
    the two townships.
    """
    sums = np.broadcast_to(sums, (len(weights), *sums.shape[1:]))
    total = np.einsum("sgk,sg->sk", sums, weights)
    if refits is None:
        left = total[:, None] - sums
    else:
        # Other copies of the township that is left out stay: by the rule that knows it, since the
        # refit has no place for it.
        left = np.tensordot(weights, refits, (1, 1))
        left = left + np.maximum(weights - 1, 0)[:, :, None] * sums
    value, without = _tau(total), _tau(left)
    with np.errstate(invalid="ignore"):
        squares = np.where(weights > 0, weights * (without - value[:, None]) ** 2, 0)
    return value, (1 - 1 / weights.sum(1)) * squares.sum(1)


def _tau(sums: np.ndarray) -> np.ndarray:
    return log_ratio(sums[..., 0], sums[..., 1]) - log_ratio(sums[..., 2], sums[..., 3])

"""Petitions of a simulated county without any campaign: rates, and counts drawn from them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.certify.scenarios import UNLIKE_YEARS, Scenario

SEASON = np.array([-0.02, 0.03, 0.20, 0.10, 0.02, -0.08, -0.12, -0.15, -0.08, -0.02, 0.12, 0.00])


def autoregression(
    rng: np.random.Generator, n: int, length: int, sd: float, memory: float
) -> np.ndarray:
    """Stationary first-order autoregression [n, length]."""
    x = np.empty((n, length))
    noise = rng.normal(0, sd, (n, length))
    x[:, 0] = noise[:, 0]
    for t in range(1, length):
        x[:, t] = memory * x[:, t - 1] + np.sqrt(1 - memory**2) * noise[:, t]
    return x


def standardised(x: np.ndarray) -> np.ndarray:
    """Of mean 0 and standard deviation 1."""
    return (x - x.mean()) / x.std()


def log_rates(s: Scenario, rng, months, township, population, start):
    """Log rates without any campaign [V, M], the villages' permanent levels [V].

    And their own shocks of months and years [V, M], which are a part of the rates.
    """
    n, m = s.n_villages, len(months)
    year = months.year - months[0].year
    level = rng.normal(0, s.village_sd, n) + rng.normal(0, s.township_sd, s.n_townships)[township]
    log_rate = (level + s.elasticity * (np.log(population) - 7.0))[:, None] + SEASON[
        months.month - 1
    ]
    of_months = autoregression(rng, n, m, s.shock_sd, s.shock_memory)
    of_years = autoregression(rng, n, year[-1] + 1, s.year_sd, s.year_memory)[:, year]
    log_rate = log_rate + of_months + of_years
    log_rate += autoregression(rng, s.n_townships, year[-1] + 1, s.township_year_sd, 0.5)[township][
        :, year
    ]
    log_rate += rng.normal(0, s.county_year_sd, year[-1] + 1)[year]
    if s.trend_sd:
        log_rate += rng.normal(0, s.trend_sd, n)[:, None] * (np.arange(m) - start) / 12
    if s.wave:
        since = np.arange(m) - (start - 8)
        log_rate[township == rng.integers(s.n_townships)] += np.where(
            since >= 0, s.wave * 0.5 ** (np.maximum(since, 0) / 6), 0
        )
    log_rate += np.log(s.mean) - np.log(np.exp(log_rate).mean())
    log_rate[:, start - s.recording_months :] += np.log(s.recording_before)
    if s.unlike_slope or s.unlike_top:
        highest = level >= np.quantile(level, 1 - s.unlike_top)
        shift = s.unlike_slope * standardised(level) + np.log(s.unlike_factor) * highest
        log_rate += np.outer(shift, _unlike(months))
    return log_rate, level, of_months + of_years


def unusual_months() -> tuple[tuple[pd.Period, pd.Period], ...]:
    """UNLIKE_YEARS as a campaign that declares them has them."""
    first, last = (pd.Period(month, "M") for month in UNLIKE_YEARS)
    return ((first, last),)


def _unlike(months: pd.PeriodIndex) -> np.ndarray:
    """Which months are of the years unlike the campaign's, bool [M]."""
    ((first, last),) = unusual_months()
    return np.asarray((months >= first) & (months <= last))


def counts(s: Scenario, rng, rate):
    """Over-dispersed counts of petitions.

    With ``serial``, some disputes bring Pareto many petitions, spread over the following months.
    """
    noisy = rate * rng.gamma(s.dispersion, 1 / s.dispersion, rate.shape)
    if not s.serial:
        return rng.poisson(noisy).astype(np.int32)
    sizes_mean = 1 + s.serial * 2.0
    disputes = rng.poisson(noisy / sizes_mean)
    y = disputes.astype(np.int32)
    row, column = np.nonzero(disputes)
    repeat = disputes[row, column]
    row, column = np.repeat(row, repeat), np.repeat(column, repeat)
    more = np.where(
        rng.random(len(row)) < s.serial,
        np.minimum(rng.pareto(1.5, len(row)), 40).round().astype(int),
        0,
    )
    row, column = np.repeat(row, more), np.repeat(column, more)
    later = column + rng.geometric(0.3, len(row)) - 1
    inside = later < rate.shape[1]
    np.add.at(y, (row[inside], later[inside]), 1)
    return y

"""What many counties give to each."""

from __future__ import annotations

import numpy as np
import pytest

from village_eval.expectation.between_years import GRID
from village_eval.many.shrinkage import Headline, common_years, own_years, shrunk

YEARS = (2022, 2021, 2020, 2019)
WITHIN = 0.09


def province(
    seed: int, n: int, mean: float, tau: float, common: float, own: float
) -> tuple[list[Headline], np.ndarray]:
    """Headlines of n counties drawn as the model says, and their true effects."""
    rng = np.random.default_rng(seed)
    shared = rng.normal(0, common, 5)
    truth, estimates = rng.normal(mean, tau, n), []
    for k in range(n):
        years = shared + rng.normal(0, own, 5)
        quiet = years[1:] + rng.normal(0, WITHIN, 4)
        y = truth[k] + years[0] - years[1:].mean() + rng.normal(0, WITHIN)
        estimates.append(Headline(float(y), WITHIN, YEARS, quiet, WITHIN**2 * np.eye(4)))
    return estimates, truth


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.parametrize(
    ("mean", "tau", "common"), [(-0.2, 0.05, 0.05), (0, 0, 0.03), (-0.1, 0.3, 0.0)]
)
def test_intervals_hold_the_truth_of_counties_that_share_their_years(mean, tau, common):
    held = []
    for seed in range(150):
        estimates, truth = province(seed, 30, mean, tau, common, own=0.03)
        told = shrunk(estimates)
        held.append(np.mean(np.abs(told.value - truth) <= told.interval[:, 1] - told.value))
    assert np.mean(held) >= 0.95 - 2.5 * np.std(held) / np.sqrt(150)


def test_where_counties_differ_much_each_keeps_its_own_number_and_where_they_do_not_their_mean():
    differing, _ = province(1, 40, -0.2, tau=0.8, common=0, own=0)
    y = np.array([e.value for e in differing])
    assert shrunk(differing).value == pytest.approx(y, abs=0.05)
    alike, _ = province(2, 40, -0.2, tau=0.0, common=0, own=0)
    y = np.array([e.value for e in alike])
    assert np.std(shrunk(alike).value) < 0.35 * np.std(y)


def test_what_all_share_in_a_year_is_not_averaged_out_by_more_counties():
    half = [
        np.mean([e.half for e in shrunk(province(3, n, -0.2, 0.0, 0.1, 0.0)[0]).error])
        for n in (30, 300)
    ]
    assert half[1] > 0.8 * half[0] and half[1] > 1.96 * 0.05


def test_years_that_not_all_counties_have_say_nothing_of_what_they_share():
    estimates, _ = province(6, 8, -0.2, 0.1, 0, 0)
    other = estimates[0]._replace(years=(2018, 2017, 2016, 2015))
    told = shrunk([other, *estimates[1:]])
    assert np.isfinite(told.interval).all()
    swapped = estimates[1]
    order = [3, 1, 2, 0]
    swapped = swapped._replace(
        years=[YEARS[k] for k in order],
        quiet=swapped.quiet[order],
        covariance=swapped.covariance[np.ix_(order, order)],
    )
    assert shrunk([estimates[0], swapped, *estimates[2:]]).value == pytest.approx(
        shrunk(estimates).value
    )


def test_own_and_common_years_are_told_apart():
    estimates, _ = province(4, 200, 0, 0, common=0.15, own=0.05)
    quiet = np.array([e.quiet for e in estimates])
    covariance = np.array([e.covariance for e in estimates])
    weight = np.full(200, 1 / 200)
    own = own_years(quiet, covariance, weight)
    assert np.sqrt(own @ GRID**2) == pytest.approx(0.05, abs=0.02)
    common = common_years(quiet, covariance, weight, float(own @ GRID**2))
    assert np.sqrt(common @ GRID**2) > 0.08


def test_a_county_without_quiet_years_or_too_few_counties_is_refused():
    estimates, _ = province(5, 6, 0, 0, 0, 0)
    with pytest.raises(ValueError, match="5 counties are needed, there are 4"):
        shrunk(estimates[:4])
    blank = Headline(-0.1, WITHIN, (), np.zeros(0), np.zeros((0, 0)))
    with pytest.raises(ValueError, match="no quiet year"):
        shrunk([*estimates, blank])

"""Counties with one thing wrong, at several sizes: what each check is for.

A threat changes a clean simulated county after the fact, or is a field of the simulator; the seed
makes it the same again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import Simulated, simulate
from village_eval.checks.bunching import THRESHOLDS
from village_eval.checks.neighbours import nearest
from village_eval.words.vocabulary import INCOME_SOURCES

STRONG = replace(PLAIN, effect=-0.4)
"""A campaign that averts a third of the petitions: side effects and fading need an effect to
show."""
NOTHING = replace(PLAIN, effect=0.0)
SILENT, MUTE = replace(NOTHING, surfacing=0.1), replace(NOTHING, surfacing=0.0)
PETITIONS, TOTAL = "petitions.first_year", "total_income.first_year"


@dataclass(frozen=True)
class Threat:
    """What goes wrong, the check that should say so of a finding, and the sizes to try.

    ``make(size, seed)`` gives the county.
    """

    check: str
    finding: str
    sizes: tuple[float, ...]
    make: Callable[[float, int], Simulated]


def county(scenario, seed: int) -> Simulated:
    """A simulated county whose villages have places: townships somewhere, villages around them."""
    made, rng = simulate(scenario, seed), np.random.default_rng([seed, 3])
    township = made.panel.township
    place = rng.uniform([115.0, 34.0], [115.8, 34.7], (township.max() + 1, 2))[
        township
    ] + rng.normal(0, 0.03, (len(township), 2))
    villages = made.panel.villages.assign(lon=place[:, 0], lat=place[:, 1])
    return replace(made, panel=replace(made.panel, villages=villages))


def _petitions(
    made: Simulated, change: Callable[[np.ndarray, int, np.random.Generator], None]
) -> Simulated:
    """``change`` edits petitions [V, M] in place; it is given the column of the start."""
    y = made.panel.petitions.copy()
    change(
        y, made.panel.month_index(made.campaign.start_month), np.random.default_rng([made.seed, 4])
    )
    return replace(made, panel=replace(made.panel, petitions=y))


def _moved_next_door(size: float, seed: int) -> Simulated:
    """``size`` of the averted petitions turn up in the nearest unlisted villages."""
    made = county(STRONG, seed)

    def change(y, start, rng):
        averted = y[:, start:] * np.expm1(-made.effects)[:, None] * made.panel.listed[:, None]
        y[:, start:] += (
            rng.poisson(size * nearest(made.panel).T @ averted) * ~made.panel.listed[:, None]
        )

    return _petitions(made, change)


def _gained_next_door(size: float, seed: int) -> Simulated:
    """Unlisted villages among the nearest of a listed one have ``size`` of the effect."""
    made = county(STRONG, seed)

    def change(y, start, rng):
        beside = (nearest(made.panel)[made.panel.listed].sum(0) > 0) & ~made.panel.listed
        y[beside, start:] = rng.binomial(y[beside, start:], np.exp(size * STRONG.effect))

    return _petitions(made, change)


def _other_path(size: float, seed: int) -> Simulated:
    """Listed villages had ``size`` fewer petitions in the year before the listing window.

    They were on their way up.
    """
    made = county(PLAIN, seed)

    def change(y, start, rng):
        rows = np.flatnonzero(made.panel.listed)[:, None], np.arange(start - 24, start - 12)
        y[rows] = rng.binomial(y[rows], 1 - size)

    return _petitions(made, change)


def _programme(years_before: int) -> Callable[[float, int], Simulated]:
    """Something else takes ``size`` of a year's petitions.

    Of those of the fifth of villages with the most in the year before it.
    """

    def make(size: float, seed: int) -> Simulated:
        def change(y, start, rng):
            first = start - 12 * years_before
            last = y[:, first - 12 : first].sum(1)
            rows = (
                np.flatnonzero(last >= np.quantile(last, 0.8))[:, None],
                np.arange(first, first + 12),
            )
            y[rows] = rng.binomial(y[rows], 1 - size)

        return _petitions(county(NOTHING, seed), change)

    return make


def _listed_for_something_else(size: float, seed: int) -> Simulated:
    """The year before was worse by ``size`` in the listed villages than their rank shows."""
    made = county(PLAIN, seed)

    def change(y, start, rng):
        y[made.panel.listed, start - 12 : start] += rng.poisson(
            size * y[made.panel.listed, start - 12 : start]
        ).astype(np.int32)

    return _petitions(made, change)


def _one_township(size: float, seed: int) -> Simulated:
    """Only the township with the most listed villages has an effect: ``size``.

    A share of their petitions.
    """
    made = county(NOTHING, seed)

    def change(y, start, rng):
        most = np.bincount(made.panel.township, made.panel.listed).argmax()
        rows = made.panel.listed & (made.panel.township == most)
        y[rows, start:] = rng.binomial(y[rows, start:], 1 - size)

    return _petitions(made, change)


def _held_back(size: float, seed: int) -> Simulated:
    """``size`` of the listed's petitions of the last month are registered a month later."""
    made = county(PLAIN, seed)

    def change(y, start, rng):
        last = start + made.campaign.months_touched - 1
        held = rng.binomial(y[:, last], size) * made.panel.listed
        y[:, last] -= held
        y[:, last + 1] += held

    return _petitions(made, change)


def _missing_reports(size: float, seed: int) -> Simulated:
    """``size`` townships report nothing for half of the campaign's year.

    Those with the most listed villages.
    """
    made = county(PLAIN, seed)

    def change(y, start, rng):
        most = np.argsort(-np.bincount(made.panel.township, made.panel.listed))[: int(size)]
        y[np.isin(made.panel.township, most), start : start + 6] = 0

    return _petitions(made, change)


def _nudged(size: float, seed: int) -> Simulated:
    """Of the listed a little short of a threshold, ``size`` report a little more than it.

    Up to a fifth short.
    """
    made, rng = county(PLAIN, seed), np.random.default_rng([seed, 4])
    panel = made.panel
    assert panel.income is not None  # simulated: it is there
    income = panel.income.copy()
    year = int(np.flatnonzero(panel.annual_income[0] == made.campaign.income_year())[0])
    total = income[:, year].sum(1)
    for threshold in THRESHOLDS:
        short = (
            panel.listed
            & (total >= 0.8 * threshold)
            & (total < threshold)
            & (rng.random(len(total)) < size)
        )
        more = (threshold * (1 + rng.uniform(0, 0.03, len(total))) - total).round()
        income[short, year, INCOME_SOURCES.index("operating")] += more[short]
    return replace(made, panel=replace(panel, income=income))


def _field(name: str, base=PLAIN) -> Callable[[float, int], Simulated]:
    """A threat that is a field of the simulator."""
    return lambda size, seed: county(replace(base, **{name: size}), seed)


THREATS: dict[str, Threat] = {
    "suppression": Threat(
        "suppression", PETITIONS, (0.15, 0.25, 0.35, 0.5), _field("suppression", NOTHING)
    ),
    "suppression, a tenth surfaces": Threat(
        "suppression", PETITIONS, (0.25, 0.35, 0.5), _field("suppression", SILENT)
    ),
    "suppression, nothing surfaces": Threat(
        "suppression", PETITIONS, (0.25, 0.35, 0.5), _field("suppression", MUTE)
    ),
    "subsidy": Threat("subsidy", TOTAL, (20_000, 40_000, 80_000), _field("subsidy")),
    "moved next door": Threat("displacement", PETITIONS, (0.25, 0.5, 1.0), _moved_next_door),
    "moved within the township": Threat(
        "displacement", PETITIONS, (1.0,), _field("displacement", STRONG)
    ),
    "gained next door": Threat("spillover", PETITIONS, (0.25, 0.5, 1.0), _gained_next_door),
    "nudged over a threshold": Threat("bunching", TOTAL, (0.25, 0.5, 1.0), _nudged),
    "another path before": Threat("pre_trend", PETITIONS, (0.2, 0.4, 0.6), _other_path),
    "quiet years differ": Threat(
        "quiet_year_stability", PETITIONS, (0.2, 0.4, 0.8), _field("bottom_years_sd")
    ),
    "a programme in a quiet year": Threat(
        "placebo_time", PETITIONS, (0.3, 0.5, 0.8), _programme(2)
    ),
    "another programme that year": Threat(
        "placebo_space", PETITIONS, (0.15, 0.3, 0.5), _programme(0)
    ),
    "listed for something else": Threat(
        "placebo_outcome", PETITIONS, (0.25, 0.5, 1.0), _listed_for_something_else
    ),
    "one township": Threat("leave_one_township_out", PETITIONS, (0.5, 0.9), _one_township),
    "fades, months to half": Threat(
        "seasonality", PETITIONS, (1.0, 3.0, 6.0), _field("fade_halflife", STRONG)
    ),
    "held back until the end": Threat("seasonality", PETITIONS, (0.3, 0.6, 0.9), _held_back),
    "townships silent": Threat("mergers", PETITIONS, (1, 2, 4), _missing_reports),
}

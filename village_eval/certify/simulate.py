"""Synthetic counties with a known truth.

Village i's log rate of petitions in month t is the sum of its level (population, township, itself),
shocks that last months and years, township and county shocks, the season, a shift for the villages
at the bottom in that year, and the campaign's effect on the listed. Counts are Poisson-gamma around
it. The list of a year is drawn from last year's petitions, last year's income and an assessment
that nobody recorded; so simulation runs year by year. The truth is the log ratio of the listed
villages' rates with and without the campaign.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from village_eval.certify.scenarios import PLAIN, UNLIKE_YEARS, Scenario
from village_eval.county.campaign import Campaign
from village_eval.county.ledger import LEDGER_COLUMNS
from village_eval.county.panel import Panel
from village_eval.words.vocabulary import GROUP_OF_MEASURE, MEASURES

SEASON = np.array([-0.02, 0.03, 0.20, 0.10, 0.02, -0.08, -0.12, -0.15, -0.08, -0.02, 0.12, 0.00])
SKIP_SHARE = 0.14
STRENGTH = {
    "inner_party_life": 0.03,
    "secretary_selection": 0.10,
    "cadre_training": 0.04,
    "assessment": 0.06,
    "talent_recruitment": 0.03,
    "young_and_women_cadres": 0.02,
    "cadre_incentives": 0.03,
    "integrity_supervision": 0.08,
    "self_governance": 0.06,
    "affairs_disclosure": 0.10,
    "financial_management": 0.05,
    "dispute_mediation": 0.20,
    "social_security": 0.05,
    "grassroots_visits": 0.12,
    "infrastructure": 0.04,
    "public_services": 0.04,
    "online_services": 0.02,
}
"""Relative strength of a full dose against petitions; scaled so that the listed villages' mean is
the scenario's effect."""
ORDINARY = 0.05
"""The strength of a measure that the vocabulary has and this table has not."""
PRESCRIBED = (("institutions", "services"), ("cadres", "services"), ("party", "cadres"))
"""Groups of measures given more often to laggards by petitions, by income, by assessment."""
STRENGTHS = np.array([STRENGTH.get(measure, ORDINARY) for measure in MEASURES])
"""[measures], in the order of the vocabulary."""


@dataclass(frozen=True)
class Simulated:
    """A county as arrays, and what is true of it.

    ``truth`` maps finding ids to log effects; ``doses`` float [V, measures]; ``village_type`` and
    ``score`` [V]; ``lists`` maps the column at which each list took effect to bool [V]; ``rate``
    and ``quiet_rate`` [V, M] are the underlying monthly rates with and without the campaign.
    """

    scenario: Scenario
    seed: int
    panel: Panel
    campaign: Campaign
    truth: dict[str, float]
    doses: np.ndarray
    score: np.ndarray
    lists: dict[int, np.ndarray]
    effects: np.ndarray
    rate: np.ndarray
    quiet_rate: np.ndarray


def simulate(scenario: Scenario = PLAIN, seed: int = 1, parts: bool = True) -> Simulated:
    """One simulated county.

    ``parts`` adds skip-level, repeat, group, resolved and case counts to the panel.
    """
    s, rng = scenario, np.random.default_rng(seed)
    months = pd.period_range(s.first, s.last, freq="M")
    start = (pd.Period(s.start, "M") - months[0]).n
    township = np.sort(
        np.r_[
            np.arange(s.n_townships),
            rng.choice(
                s.n_townships,
                s.n_villages - s.n_townships,
                p=rng.dirichlet(np.full(s.n_townships, 25.0)),
            ),
        ]
    )
    population = np.exp(rng.normal(7.0, 0.45, s.n_villages)).round()
    log_rate, level, own = _log_rates(s, rng, months, township, population, start)
    income = _Income(s, rng, np.random.default_rng([seed, 14]), months, township)

    y = np.zeros((s.n_villages, len(months)), np.int32)
    lists: dict[int, np.ndarray] = {}
    quiet_rate = np.exp(log_rate)
    rate = quiet_rate.copy()
    doses, effects = np.zeros((s.n_villages, len(MEASURES))), np.zeros(s.n_villages)
    score = np.zeros(s.n_villages)
    parts_of_score = None
    cuts = [0, *[o for o in range(start % 12, len(months), 12) if o > 0], len(months)]
    for first, last in pairwise(cuts):
        if first >= 12:
            coming = own[:, first : first + 12].mean(1)
            candidate, parts_of_score = _score(
                s, rng, y, first, population, income.earned_before(months[first]), level, coming
            )
            bottom = np.clip(1.5 * (candidate.argsort().argsort() / s.n_villages) - 0.5, 0, 1) ** 4
            income.year_at_the_bottom(bottom, months[first])
            if s.bottom_years_sd:
                shift = np.exp(rng.normal(0, s.bottom_years_sd) * bottom)
                rate[:, first:last] *= shift[:, None]
                quiet_rate[:, first:last] *= shift[:, None]
            if first == start or (s.every_year and first < start + 12):
                lists[first] = _draw(s, candidate, township)
        if first in lists:
            listed = lists[first]
            given, effect = _treatment(s, rng, listed, parts_of_score)
            path = _profile(
                s,
                np.arange(last - first if s.every_year and first != start else len(months) - first),
            )
            columns = slice(first, first + len(path))
            averted = rate[:, columns] * -np.expm1(effect[:, None] * path)
            rate[:, columns] -= averted
            _side_effects(s, rate, columns, averted, effect, path, listed, township)
            if first == start:
                doses, effects, score = given, effect, candidate
                near = np.argsort(np.where(listed, np.inf, -candidate))[: s.n_listed]
                rate[near, start : start + 12] *= 1 + s.near_misses
        y[:, first:last] = _draw_counts(s, rng, rate[:, first:last])
    listed = lists[start]
    income_array, income_truth = income.with_campaign(listed, s.start)
    recorded, panel_parts = _record(s, rng, y, rate, quiet_rate, listed, start, parts)
    campaign = Campaign(
        "模拟县",
        s.start,
        (months[start] - 12 * s.list_years, months[start] - 1),
        (months[0], months[-1]),
        s.days,
        unusual=unusual_months() if s.unlike_declared else (),
        earlier_campaigns=tuple((months[o]).start_time.date() for o in lists if o != start),
        synthetic=True,
    )
    villages = _villages(township, population, listed)
    truth = _truth(campaign, rate, quiet_rate, listed, start, len(months)) | income_truth
    villages["village_type"] = _types(s, rng, y, start, income.earned_before(months[start]), listed)
    panel = Panel(
        villages,
        months,
        recorded,
        panel_parts,
        income_array,
        income.periods,
        pd.DataFrame(columns=LEDGER_COLUMNS),
        {months[o]: on for o, on in lists.items() if s.lists_known and o != start},
    )
    return Simulated(
        s, seed, panel, campaign, truth, doses, score, lists, effects, rate, quiet_rate
    )


def _ar1(rng: np.random.Generator, n: int, length: int, sd: float, memory: float) -> np.ndarray:
    """Stationary first-order autoregression [n, length]."""
    x = np.empty((n, length))
    noise = rng.normal(0, sd, (n, length))
    x[:, 0] = noise[:, 0]
    for t in range(1, length):
        x[:, t] = memory * x[:, t - 1] + np.sqrt(1 - memory**2) * noise[:, t]
    return x


def _log_rates(s: Scenario, rng, months, township, population, start):
    """Log rates without any campaign [V, M], the villages' permanent levels [V].

    And their own shocks of months and years [V, M], which are a part of the rates.
    """
    n, m = s.n_villages, len(months)
    year = months.year - months[0].year
    level = rng.normal(0, s.village_sd, n) + rng.normal(0, s.township_sd, s.n_townships)[township]
    log_rate = (level + s.elasticity * (np.log(population) - 7.0))[:, None] + SEASON[
        months.month - 1
    ]
    of_months = _ar1(rng, n, m, s.shock_sd, s.shock_memory)
    of_years = _ar1(rng, n, year[-1] + 1, s.year_sd, s.year_memory)[:, year]
    log_rate = log_rate + of_months + of_years
    log_rate += _ar1(rng, s.n_townships, year[-1] + 1, s.township_year_sd, 0.5)[township][:, year]
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
        shift = s.unlike_slope * _z(level) + np.log(s.unlike_factor) * highest
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


def _draw_counts(s: Scenario, rng, rate):
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


def _z(x: np.ndarray) -> np.ndarray:
    return (x - x.mean()) / x.std()


def _score(s: Scenario, rng, y, origin, population, earned, level, coming):
    """What the county's offices would rank villages by at ``origin``; higher is worse.

    With its three parts [V, 3]. ``coming`` [V] are the villages' own shocks of the next year, which
    those who assess may foresee.
    """
    year, earlier = y[:, origin - 12 : origin], y[:, max(origin - 24, 0) : origin - 12].sum(1)
    petitions = {
        "years": lambda: y[:, max(origin - 12 * s.list_years, 0) : origin].sum(1),
        "last_quarter": lambda: year[:, -3:].sum(1),
        "worst_month": lambda: year.max(1),
        "rise": lambda: np.maximum(year.sum(1) - earlier, 0),
    }[s.list_by]()
    worst = np.sqrt(1000 * petitions / population) if s.by_rate else np.sqrt(petitions)
    known = s.assessment_of_level * _z(level)
    if s.foresight:
        known = known + s.foresight * _z(coming)
    unknown = np.sqrt(1 - s.assessment_of_level**2 - s.foresight**2)
    assessment = known + unknown * rng.normal(size=len(level))
    parts = np.column_stack(
        [
            s.petitions_weight * _z(worst),
            -s.income_weight * _z(np.log1p(earned)),
            s.assessment_weight * assessment,
        ]
    )
    return parts.sum(1), parts


def _draw(s: Scenario, score, township):
    """The list: the worst of the county, of some townships, or of every township by its size."""
    if s.in_townships:
        score = np.where(township < s.in_townships, score, -np.inf)
    listed = np.zeros(len(score), bool)
    if not s.quotas:
        listed[np.argsort(-score)[: s.n_listed]] = True
        return listed
    size = np.bincount(township)
    share = s.n_listed * size / size.sum()
    quota = np.floor(share).astype(int)
    quota[np.argsort(-(share - quota))[: s.n_listed - quota.sum()]] += 1
    for g, n in enumerate(quota):
        members = np.flatnonzero(township == g)
        listed[members[np.argsort(-score[members])[:n]]] = True
    return listed


def _treatment(s: Scenario, rng, listed, parts_of_score):
    """Doses [V, measures] by kind of laggard, and the log effect on petitions [V]."""
    kind = np.argmax(parts_of_score, 1)
    prescribed = np.array(
        [[GROUP_OF_MEASURE[m] in groups for m in MEASURES] for groups in PRESCRIBED], float
    )
    given = rng.random((len(listed), len(MEASURES))) < 0.25 + 0.35 * prescribed[kind]
    doses = given * rng.beta(4, 4, given.shape) * listed[:, None]
    raw = doses @ STRENGTHS
    mean = raw[listed].mean()
    return doses, s.effect * raw / mean if mean > 0 else s.effect * listed


def _profile(s: Scenario, t: np.ndarray) -> np.ndarray:
    """Strength of the effect by months since the start.

    Builds up over two months, fades after the campaign if it does; or follows the scenario's path.
    """
    if s.path:
        since, share = np.array(s.path).T
        return np.asarray(share[np.searchsorted(since, t, "right") - 1])
    months = int(np.ceil(s.days / 30.4))
    build_up = np.minimum((t + 1) / 2, 1)
    return build_up * (
        0.5 ** (np.maximum(t - months + 1, 0) / s.fade_halflife) if s.fade_halflife else 1.0
    )


def _side_effects(s: Scenario, rate, columns, averted, effect, path, listed, township):
    """Displacement to and spill-over on the unlisted villages of the same townships, in place."""
    size = np.maximum(np.bincount(township, ~listed), 1)
    if s.displacement:
        moved = np.zeros((len(size), averted.shape[1]))
        np.add.at(moved, township, averted)
        rate[:, columns] += np.where(
            listed[:, None], 0, s.displacement * (moved / size[:, None])[township]
        )
    if s.spillover:
        share = np.bincount(township, listed) / np.bincount(township)
        rate[:, columns] *= np.exp(
            np.where(listed[:, None], 0, (s.spillover * s.effect * share[township])[:, None] * path)
        )


def _record(s: Scenario, rng, y, rate, quiet_rate, listed, start, parts):
    """What the register shows.

    Suppression turns petitions away, some of which surface above the county.
    """
    skip = rng.binomial(y, SKIP_SHARE)
    local = y - skip
    if s.suppression:
        turned = rng.binomial(local[:, start:], s.suppression) * listed[:, None]
        local[:, start:] -= turned
        skip[:, start:] += rng.binomial(turned, s.surfacing)
    recorded = (local + skip).astype(np.int32)
    if not parts:
        return recorded, {"skip_level": skip.astype(np.int32)}
    shares = {"repeat": 0.30, "group": 0.12, "resolved": 0.80, "satisfied": 0.70}
    drawn = {name: rng.binomial(recorded, share).astype(np.int32) for name, share in shares.items()}
    drawn["local"] = rng.binomial(local, 0.58).astype(np.int32)
    return recorded, drawn | {"skip_level": skip.astype(np.int32)}


def _truth(campaign: Campaign, rate, quiet_rate, listed, start, n_months) -> dict[str, float]:
    truth = {}
    for window, (first, last) in campaign.windows().items():
        columns = slice(start + first, start + last)
        if start + last <= n_months:
            truth[f"petitions.{window}"] = float(
                np.log(rate[listed, columns].sum() / quiet_rate[listed, columns].sum())
            )
    return truth


def _villages(township, population, listed) -> pd.DataFrame:
    order = np.arange(len(township)) - np.searchsorted(township, township)
    township_code = np.char.add("371399", np.char.zfill((100 + township).astype(str), 3))
    return pd.DataFrame(
        {
            "village_code": np.char.add(township_code, np.char.zfill((200 + order).astype(str), 3)),
            "village_name": [f"{i}村" for i in range(len(township))],
            "township_code": township_code,
            "township_name": [f"{g}镇" for g in township],
            "population": population,
            "listed": listed.astype(int),
        }
    )


def _types(s: Scenario, rng, y, start, earned, listed) -> np.ndarray:
    """The kind of laggard that the county writes down: petitions, economy or disunity.

    Empty where not listed.
    """
    petitions = _z(np.sqrt(y[:, start - 12 : start].sum(1)))
    poor = -_z(np.log1p(earned)) + 0.6
    quarrel = rng.normal(0.2, 0.8, len(listed))
    kind = np.array(["petitions", "economy", "disunity"])[
        np.argmax(np.column_stack([petitions, poor, quarrel]), 1)
    ]
    return np.where(listed, kind, "")


class _Income:
    """Yearly income by source [V, Y, 5] without the campaign.

    ``with_campaign`` adds what it does. ``years`` draws what years are like for the bottom, apart
    from ``rng``, so that a county with such years has the petitions of one without.
    """

    def __init__(self, s: Scenario, rng, years, months, township):
        self.s, self.rng, self.years = s, rng, years
        last = months[-1].year if months[-1].month == 12 else months[-1].year - 1
        self.periods = pd.period_range(str(months[0].year), str(last), freq="Y-DEC")
        n, k = s.n_villages, len(self.periods)
        level = 10.3 + rng.normal(0, s.income_sd, n) + rng.normal(0, 0.15, s.n_townships)[township]
        if s.concentrated:
            level = level + np.log(20) * (rng.random(n) < s.concentrated)
        growth = np.cumsum(rng.normal(0.04, 0.03, k))
        year = _ar1(rng, n, k, s.income_year_sd, s.income_year_memory)
        operating = np.exp(level[:, None] + growth + year + rng.normal(0, 0.08, (n, k)))
        contracting = np.exp(
            level[:, None]
            - 0.3
            + 0.5 * growth
            + rng.normal(0, 0.6, n)[:, None]
            + 0.5 * year
            + rng.normal(0, 0.05, (n, k))
        )
        earns = np.repeat((rng.random(n) >= s.never_earn)[:, None], k, 1)
        for t in range(1, k):
            moves = rng.random(n) < s.zeros_move * np.where(earns[:, t - 1], 0.2, 1.0)
            earns[:, t] = np.where(moves, ~earns[:, t - 1], earns[:, t - 1])
        leases = (rng.random(n) >= 0.2)[:, None] & earns
        contracting = contracting * leases
        if s.one_off:
            contracting += (rng.random((n, k)) < s.one_off) * 1e6 * rng.lognormal(0, 0.8, (n, k))
        investment = np.exp(rng.normal(8.5, 1.0, (n, k))) * (rng.random((n, k)) < 0.25)
        subsidy = np.exp(rng.normal(9.1, 0.8, (n, k)))
        other = np.exp(rng.normal(7.5, 1.0, (n, k))) * (rng.random((n, k)) < 0.35)
        self.array = np.stack(
            [operating * earns, contracting, investment, subsidy, other], 2
        ).round()

    def earned_before(self, month: pd.Period) -> np.ndarray:
        """Operating plus contracting in the calendar year before a month's [V].

        The earliest year where that is not known.
        """
        year = month.year - 1 - self.periods[0].year
        return self.array[:, int(np.clip(year, 0, len(self.periods) - 1)), :2].sum(1)

    def year_at_the_bottom(self, bottom, origin: pd.Period) -> None:
        """A good or bad year, and the drift, of the villages that are worst at ``origin``.

        By their weights ``bottom`` [V]. The drift stays, the year passes. The year is the one in
        which a campaign that began then would be looked for.
        """
        s, year = self.s, origin.year + (origin.month > 6) - self.periods[0].year
        if not (s.income_bottom_sd or s.income_drift) or year >= len(self.periods):
            return
        self.array[:, year, :2] *= np.exp(self.years.normal(0, s.income_bottom_sd) * bottom)[
            :, None
        ]
        self.array[:, year:, :2] *= np.exp(s.income_drift * bottom)[:, None, None]
        self.array = self.array.round()

    def with_campaign(self, listed, start) -> tuple[np.ndarray, dict[str, float]]:
        """Income with the campaign's effect on earnings and its subsidies, and the truth.

        The truth is log effects on the totals.
        """
        s, income = self.s, self.array.copy()
        year = start.year + (start.month > 6) - self.periods[0].year
        if year >= len(self.periods):
            return income, {}
        income[listed, year:, :2] *= np.exp(s.income_effect)
        if (
            start.month > 6
        ):  # the year of the start has a part of it, and is not the year that is looked at
            income[listed, year - 1, :2] *= np.exp(s.income_effect * (13 - start.month) / 12)
        income[listed, year, 3] += s.subsidy
        income = income.round()
        truth = {}
        for name, sources in {
            "operating_income": [0],
            "earned_income": [0, 1],
            "total_income": [0, 1, 2, 3, 4],
        }.items():
            with_it, without = (a[listed][:, year, sources].sum() for a in (income, self.array))
            truth[f"{name}.first_year"] = float(np.log(with_it / without))
        truth["earned_income.first_year.typical"] = s.income_effect
        truth["earned_income.first_year.share_earning"] = 0.0
        return income, truth

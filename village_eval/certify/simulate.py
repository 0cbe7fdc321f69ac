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

from village_eval.certify.incomes import Income
from village_eval.certify.offices import draw, profile, ranking, side_effects, treatment
from village_eval.certify.rates import counts, log_rates, standardised, unusual_months
from village_eval.certify.scenarios import PLAIN, Scenario, chosen
from village_eval.county.campaign import Campaign
from village_eval.county.county import County
from village_eval.county.display import panel_card
from village_eval.county.door import check
from village_eval.county.ledger import LEDGER_COLUMNS
from village_eval.county.panel import Panel
from village_eval.words.card import Card, Shown
from village_eval.words.catalogue import words
from village_eval.words.vocabulary import MEASURES

SKIP_SHARE = 0.14


@dataclass(frozen=True, repr=False)
class Simulated(Shown):
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

    def card(self, lang: str) -> Card:
        """Its panel, and what is true of it."""
        t, panel = words(lang, "display"), panel_card(self.panel, lang)
        rows = pd.DataFrame(list(self.truth.items()), columns=[t["truth"], t["log_ratio"]])
        title = f"{t['simulated'].format(seed=self.seed)}: {panel.title}"
        return Card(title, panel.facts, rows, lang=lang)

    def county(self) -> County:
        """Its tables as a county has them, with a register, measures and what they need."""
        from village_eval.certify.synthetic_tables import county_tables

        return County.of(*county_tables(self))


def simulate(
    scenario: Scenario | str = PLAIN, seed: int = 1, parts: bool = True, **numbers: object
) -> Simulated:
    """One simulated county.

    Parameters
    ----------
    scenario
        A Scenario, or the name of one (``village_eval.certify.scenarios.SCENARIOS``): ``plain``
        has an effect, in ``null`` nothing was done, ``demo`` is the embedded county.
    seed
        The same seed gives the same county.
    parts
        Adds skip-level, repeat, group, resolved and case counts to the panel.
    numbers
        Fields of Scenario to change: ``n_villages=300, n_listed=30, effect=-0.3``.

    Returns
    -------
    Simulated
        ``panel`` and ``campaign`` for designs, ``truth`` by finding id (log effects), and
        ``county()`` for evaluate.

    Raises
    ------
    ValueError
        For an unknown scenario or field.
    """
    check(seed=seed)
    s, rng = chosen(scenario, **numbers), np.random.default_rng(seed)
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
    log_rate, level, own = log_rates(s, rng, months, township, population, start)
    income = Income(s, rng, np.random.default_rng([seed, 14]), months, township)

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
            candidate, parts_of_score = ranking(
                s, rng, y, first, population, income.earned_before(months[first]), level, coming
            )
            bottom = np.clip(1.5 * (candidate.argsort().argsort() / s.n_villages) - 0.5, 0, 1) ** 4
            income.year_at_the_bottom(bottom, months[first])
            if s.bottom_years_sd or s.bottom_years:
                own_year = rng.normal(0, s.bottom_years_sd) if s.bottom_years_sd else 0.0
                shared = dict(enumerate(s.bottom_years)).get(cuts.index(first), 0.0)
                shift = np.exp((own_year + shared) * bottom)
                rate[:, first:last] *= shift[:, None]
                quiet_rate[:, first:last] *= shift[:, None]
            if first == start or (s.every_year and first < start + 12):
                lists[first] = draw(s, candidate, township)
        if first in lists:
            listed = lists[first]
            given, effect = treatment(s, rng, listed, parts_of_score)
            path = profile(
                s,
                np.arange(last - first if s.every_year and first != start else len(months) - first),
            )
            columns = slice(first, first + len(path))
            averted = rate[:, columns] * -np.expm1(effect[:, None] * path)
            rate[:, columns] -= averted
            side_effects(s, rate, columns, averted, effect, path, listed, township)
            if first == start:
                doses, effects, score = given, effect, candidate
                near = np.argsort(np.where(listed, np.inf, -candidate))[: s.n_listed]
                rate[near, start : start + 12] *= 1 + s.near_misses
        y[:, first:last] = counts(s, rng, rate[:, first:last])
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
        months[start],
    )
    return Simulated(
        s, seed, panel, campaign, truth, doses, score, lists, effects, rate, quiet_rate
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
    petitions = standardised(np.sqrt(y[:, start - 12 : start].sum(1)))
    poor = -standardised(np.log1p(earned)) + 0.6
    quarrel = rng.normal(0.2, 0.8, len(listed))
    kind = np.array(["petitions", "economy", "disunity"])[
        np.argmax(np.column_stack([petitions, poor, quarrel]), 1)
    ]
    return np.where(listed, kind, "")

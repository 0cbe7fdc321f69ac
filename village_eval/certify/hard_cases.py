"""Counties whose history is short or spoilt, whose list or books are odd.

Each must get an honest answer or a clear refusal.

tools/hard_cases.py writes what is said of them to docs/hard_cases.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from village_eval.certify.scenarios import PLAIN, SCENARIOS, Scenario
from village_eval.certify.simulate import simulate
from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel

Given = tuple[Panel, Campaign, dict[str, float]]
"""What is given, and the truth by finding id."""


@dataclass(frozen=True)
class HardCase:
    """``make(seed)`` gives panel, campaign and truth.

    ``what`` names what is hard, in two languages.
    """

    zh: str
    en: str
    make: Callable[[int], Given]


def _county(scenario: Scenario, seed: int) -> Given:
    made = simulate(scenario, seed)
    return made.panel, made.campaign, made.truth


def _field(**fields) -> Callable[[int], Given]:
    return lambda seed: _county(replace(PLAIN, **fields), seed)


def _named(name: str) -> Callable[[int], Given]:
    return lambda seed: _county(SCENARIOS[name], seed)


def _unusual(seed: int) -> Given:
    """In 2020 to 2022 registers were held down where levels are high.

    By 15 % for each standard deviation of a village's level.
    """
    panel, campaign, truth = _county(PLAIN, seed)
    level = panel.petitions.sum(1) / panel.population
    order = (level.argsort().argsort() + 0.5) / len(level)
    kept = np.clip(0.85 ** np.clip((order - 0.5) * 3.5, 0, None), 0, 1)
    odd = (panel.months >= pd.Period("2020-01")) & (panel.months <= pd.Period("2022-12"))
    y = panel.petitions.copy()
    y[:, odd] = np.random.default_rng(seed).binomial(y[:, odd], kept[:, None])
    spans = ((pd.Period("2020-01", "M"), pd.Period("2022-12", "M")),)
    return replace(panel, petitions=y), replace(campaign, unusual=spans), truth


def _short_window(seed: int) -> Given:
    panel, campaign, truth = _county(SCENARIOS["last_quarter"], seed)
    return (
        panel,
        replace(campaign, listing_window=(campaign.start_month - 3, campaign.start_month - 1)),
        truth,
    )


def _quarterly(seed: int) -> Given:
    panel, campaign, truth = _county(SCENARIOS["income"], seed)
    yearly, years = _books(panel)
    quarters = pd.period_range(f"{years[0]}Q1", f"{years[-1]}Q4", freq="Q-DEC")
    income = np.repeat(yearly / 4, 4, axis=1)
    return replace(panel, income=income, income_periods=quarters), campaign, truth


def _books(panel: Panel) -> tuple[np.ndarray, np.ndarray]:
    """Income [V, Y, 5] and its years [Y] of a simulated county, which has them."""
    assert panel.income is not None and panel.income_periods is not None
    return panel.income, panel.income_periods.year.to_numpy()


def _no_income(seed: int) -> Given:
    panel, campaign, truth = _county(PLAIN, seed)
    return replace(panel, income=None, income_periods=None), campaign, truth


def _some_income(seed: int) -> Given:
    """Three of ten villages did not report the campaign's year."""
    panel, campaign, truth = _county(SCENARIOS["income"], seed)
    yearly, years = _books(panel)
    income, year = yearly.copy(), int(np.flatnonzero(years == campaign.income_year())[0])
    income[np.random.default_rng(seed).random(len(income)) < 0.3, year] = np.nan
    return replace(panel, income=income), campaign, truth


def _no_population(seed: int) -> Given:
    panel, campaign, truth = _county(PLAIN, seed)
    return replace(panel, villages=panel.villages.assign(population=np.nan)), campaign, truth


def _late_townships(seed: int) -> Given:
    """Three townships entered the register two years later than the others."""
    panel, campaign, truth = _county(PLAIN, seed)
    y = panel.petitions.copy()
    y[np.isin(panel.township, [2, 7, 11]), :24] = 0
    return replace(panel, petitions=y), campaign, truth


def _online(seed: int) -> Given:
    """From half a year before the start petitions can be filed online.

    Six in 100,000 people a month do, everywhere.
    """
    panel, campaign, truth = _county(PLAIN, seed)
    y, start = panel.petitions.copy(), panel.month_index(campaign.start_month)
    online = np.zeros(y.shape, np.int32)
    online[:, start - 6 :] = np.random.default_rng(seed).poisson(
        6e-5 * panel.population[:, None], (len(y), y.shape[1] - start + 6)
    )
    parts = panel.parts | {"channel_online": online, "channel_visit": y}
    return replace(panel, petitions=y + online, parts=parts), campaign, truth


def _listed(choose: Callable[[Panel], np.ndarray]) -> Callable[[int], Given]:
    """A county where nothing was done, with another list."""

    def make(seed: int) -> Given:
        panel, campaign, truth = _county(SCENARIOS["null"], seed)
        return (
            replace(panel, villages=panel.villages.assign(listed=choose(panel).astype(int))),
            campaign,
            truth,
        )

    return make


def _first_listed(n: int) -> Callable[[Panel], np.ndarray]:
    return lambda panel: panel.listed & (np.cumsum(panel.listed) <= n)


HARD_CASES: dict[str, HardCase] = {
    "two_quiet_years": HardCase("只有两个对照年份", "two quiet years", _field(first="2020-01")),
    "one_quiet_year": HardCase("只有一个对照年份", "one quiet year", _field(first="2021-01")),
    "no_quiet_year": HardCase("没有对照年份", "no quiet year", _field(first="2022-01")),
    "lists_known": HardCase("年年列名单，名单齐全", "lists every year, all known", _named("lists")),
    "lists_known_nothing_done": HardCase(
        "年年列名单，名单齐全，整治没有作用", "the same, and nothing was done", _named("null_lists")
    ),
    "lists_unknown": HardCase(
        "年年列名单，只知道日期", "lists every year, only their dates known", _named("every_year")
    ),
    "unusual_years": HardCase(
        "对照年份多在疫情期间", "most quiet years are years of an epidemic", _unusual
    ),
    "by_score": HardCase("主要按考核列名单", "list mostly by assessment", _named("assessment")),
    "by_rate": HardCase("按每千人件数列名单", "list by petitions per head", _named("rate")),
    "by_decree": HardCase(
        "上级指定名单，与信访、收入无关",
        "list by decree, unrelated to petitions or income",
        _field(petitions_weight=0.0, income_weight=0.0, assessment_weight=1.0),
    ),
    "short_window": HardCase("只按最后三个月列名单", "list by three months only", _short_window),
    "quarterly_income": HardCase("收入按季上报", "income by quarter", _quarterly),
    "no_income": HardCase("没有收入表", "no income table", _no_income),
    "some_income": HardCase(
        "三成村未报整治当年收入",
        "three of ten villages did not report that year's income",
        _some_income,
    ),
    "no_population": HardCase("没有人口数", "no population", _no_population),
    "late_townships": HardCase(
        "三个乡镇晚两年才登记",
        "three townships entered the register two years late",
        _late_townships,
    ),
    "recording_for_all": HardCase(
        "开始前一年登记口径放宽",
        "recording rose for all a year before the start",
        _named("recording_up"),
    ),
    "recording_online": HardCase(
        "开始前半年开通网上信访", "petitions online from half a year before the start", _online
    ),
    "all_listed": HardCase(
        "全县村都在名单上", "everyone is listed", _listed(lambda p: np.ones(len(p.villages), bool))
    ),
    "three_listed": HardCase(
        "只有三个村在名单上", "three villages are listed", _listed(_first_listed(3))
    ),
    "one_township": HardCase(
        "名单全在一个乡镇",
        "one township holds all the listed",
        _listed(lambda p: p.listed & (p.township == 4)),
    ),
    "two_townships": HardCase(
        "名单在两个乡镇",
        "two townships hold all the listed",
        _listed(lambda p: (p.township < 2) & (p.petitions[:, 50:62].sum(1) > 5)),
    ),
}

"""Pooling of measures' effects on earned income over simulated provinces with known effects.

As ``pooling`` does for petitions: a bank of counties without a campaign, in each of which doses are
drawn anew and the year's income is multiplied by what they do. Income has no first weeks to hold
fixed; officials may do more where the year before was poor.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from village_eval.certify.pooling import (
    BANK,
    FIRST_SEED,
    SIZES,
    SMALL,
    World,
    draw_doses,
    province_jobs,
    told,
)
from village_eval.certify.runs import code_key, examined
from village_eval.certify.simulate import simulate
from village_eval.expectation.panel_settings import Settings
from village_eval.many import dose_algebra as algebra
from village_eval.many.doses import Scores, pool_doses
from village_eval.many.doubts import doubts
from village_eval.measures.regression import log_change
from village_eval.measures.scores import ListedYear, campaign_year, quiet_years
from village_eval.words.vocabulary import MEASURES

REAL = {
    "infrastructure": 0.20,
    "talent_recruitment": 0.15,
    "financial_management": 0.12,
    "secretary_selection": 0.10,
    "cadre_incentives": 0.08,
}
"""Log effects of full doses on earned income; the other twelve measures do nothing."""
WORLDS: dict[str, World] = {
    "five work, by chance": World(REAL),
    "five work, effects differ": World(REAL, differ=0.1),
    "nothing works, by chance": World({}),
    "sizes differ": World(REAL, differ=0.1, sizes=1.0),
    "common shocks, five years": World(REAL, shock=0.05),
    "common shocks, one year": World(REAL, shock=0.05, years=1),
    "nothing works, follow poor years": World({}, follows=0.5),
}


@dataclass(frozen=True, eq=False)
class Banked:
    """The listed villages of a simulated county, their income in the campaign's and quiet years.

    Which kind of laggard the offices saw [L], and how poor the year before was against what history
    led to expect [L].
    """

    now: ListedYear
    earlier: list[ListedYear]
    kind: np.ndarray
    poor: np.ndarray


@lru_cache(maxsize=1)
def bank(seed: int, counties: int) -> list[Banked]:
    """So many counties of seeds from ``seed`` on; the last bank is kept."""
    return [_banked(k) for k in range(seed, seed + counties)]


def _banked(seed: int) -> Banked:
    county = simulate(SMALL, seed, parts=False)
    s = Settings(county.panel, county.campaign).of("earned_income")
    years = dict(quiet_years(s))
    before = years[min(years)]
    poor = -log_change(before.y, before.expected)[0][0]
    types = county.panel.villages.loc[county.panel.listed, "village_type"].to_numpy(str)
    kind = np.array([("petitions", "economy", "disunity").index(t) for t in types])
    return Banked(campaign_year(s), list(years.values()), kind, poor)


def province(
    world: World, counties: int, seed: int, of: list[Banked]
) -> tuple[Scores, Scores, np.ndarray]:
    """Scores of a province, of its placebo years, and mean effects."""
    rng = np.random.default_rng([seed, counties, 11])
    effects = np.array([world.effects.get(m, 0.0) for m in MEASURES])
    shocks = rng.normal(0, world.shock, (world.years, len(MEASURES)))
    now, earlier = [], []
    for c in range(counties):
        own = effects + shocks[c % world.years] + rng.normal(0, world.differ, len(MEASURES))
        b = of[rng.integers(len(of))]
        n = len(b.kind)
        if world.sizes:
            n = min(max(round(36 * np.exp(rng.normal(0, world.sizes))), 12), n)
        some = np.sort(rng.permutation(len(b.kind))[:n])
        doses = draw_doses(rng, b.kind)
        if world.follows:
            seen = (b.poor - b.poor.mean()) / max(b.poor.std(), 1e-9)
            doses = np.clip(doses * np.exp(world.follows * seen)[:, None], 0, 1)
        y = b.now.y * np.exp(doses @ own)
        about = (doses[some].mean(0), float(n), c % world.years, c)
        now.append((*_some(b.now, some, y).likelihood(doses[some]), *about))
        earlier += [(*_some(q, some, q.y).likelihood(doses[some]), *about) for q in b.earlier]
    return _scores(now), _scores(earlier), effects


def _some(year: ListedYear, some: np.ndarray, y: np.ndarray) -> ListedYear:
    expected = year.expected * (np.nansum(y) / np.nansum(year.expected[0]))
    return replace(
        year,
        y=y[some],
        expected=expected[:, some],
        controls=year.controls[some],
        keep=year.keep[:, some],
    )


def _scores(rows: list) -> Scores:
    precision, score, dose, villages, year, county = (np.array(x) for x in zip(*rows, strict=True))
    return Scores(precision, score, dose, villages, year, year, county)


def _one(job: tuple[str, int, int, int]) -> pd.DataFrame:
    name, counties, seed, first = job
    now, earlier, effects = province(WORLDS[name], counties, seed, bank(first, BANK))
    return told(now, earlier, np.zeros((0, 2)), effects, "earned_income").assign(
        world=name, size=counties, seed=seed
    )


def certify_earnings(
    provinces: int = 100,
    *,
    seed: int = 1,
    workers: int | None = None,
    file: Path | None = None,
    first: int = FIRST_SEED,
) -> pd.DataFrame:
    """One row per world, size of province, province and contrast."""
    jobs = province_jobs(WORLDS, SIZES, range(seed, seed + provinces), first)
    code = code_key((pool_doses, algebra.pooled, doubts))
    names = ("world", "size", "seed")
    return examined(_one, jobs, names, file=file, code=code, workers=workers)

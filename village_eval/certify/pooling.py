"""Pooling of measures over simulated provinces whose measures have known effects.

A bank of small counties is simulated once, with nobody's campaign in them. For each province doses
are drawn and the petitions of the campaign's year are drawn anew from the same rates times what the
doses do, with Poisson-gamma counts; so a province of a hundred counties takes a fraction of a
second, and what is regressed and pooled is what ``evaluate`` and ``pool`` compute.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from village_eval.certify.offices import PRESCRIBED
from village_eval.certify.runs import code_key, examined, monte_carlo_error
from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import simulate
from village_eval.expectation.panel_settings import Settings
from village_eval.many import dose_algebra as algebra
from village_eval.many.doses import CONTRASTS, Scores, pool_doses, table
from village_eval.many.doubts import doubts
from village_eval.measures.listed import EARLY, surprise
from village_eval.measures.scores import ListedYear, campaign_year, of_trouble, quiet_years
from village_eval.words.vocabulary import GROUP_OF_MEASURE, MEASURES

SMALL = replace(
    PLAIN,
    n_villages=600,
    n_townships=12,
    n_listed=60,
    first="2019-01",
    last="2024-02",
    effect=0.0,
)
BANK = 400
"""Counties in the bank, of seeds from 25001 on, on which nothing was chosen."""
FIRST_SEED = 25001
REAL = {
    "dispute_mediation": -0.22,
    "grassroots_visits": -0.16,
    "secretary_selection": -0.14,
    "affairs_disclosure": -0.12,
    "integrity_supervision": -0.10,
}
"""Log effects of full doses; the other twelve measures do nothing."""


@dataclass(frozen=True)
class World:
    """How a province's doses come about and what they do.

    ``effects``: log effects of full doses by measure; ``differ``: their standard deviation between
    counties; ``follows``: log dose for a standard deviation of the trouble seen; ``shock``:
    standard deviation of a shock common to a measure and a year; ``years``: calendar years that
    counties spread over; ``sizes``: standard deviation of log numbers of listed villages.
    """

    effects: dict[str, float]
    differ: float = 0.0
    follows: float = 0.0
    shock: float = 0.0
    years: int = 5
    sizes: float = 0.0


WORLDS: dict[str, World] = {
    "five work, by chance": World(REAL),
    "five work, effects differ": World(REAL, differ=0.1),
    "one works, by chance": World({"dispute_mediation": -0.22}),
    "nothing works, by chance": World({}),
    "sizes differ": World(REAL, differ=0.1, sizes=1.0),
    "common shocks, five years": World(REAL, shock=0.05),
    "common shocks, one year": World(REAL, shock=0.05, years=1),
    "no shocks, one year": World(REAL, years=1),
    "nothing works, follow trouble": World({}, follows=0.5),
    "five work, follow trouble": World(REAL, follows=0.5),
}
SIZES = (30, 100)
TOLD = [
    *("contrast", "level", "measure", "truth", "estimate", "se", "jackknife"),
    *("ci_low", "ci_high", "p_adjusted", "doubtful"),
]


@dataclass(frozen=True, eq=False)
class Banked:
    """The listed villages of one simulated county, as far as doses and petitions are drawn anew.

    Rates without a campaign [L, 12], petitions of the three months before, the expectation [L], the
    campaign year and the quiet years with their controls, which kind of laggard the offices saw
    [L], and the township [L].
    """

    rate: np.ndarray
    before: np.ndarray
    base: np.ndarray
    now: ListedYear
    earlier: list[ListedYear]
    kind: np.ndarray
    township: np.ndarray


@lru_cache(maxsize=1)
def bank(seed: int, counties: int) -> list[Banked]:
    """So many counties of seeds from ``seed`` on; the last bank is kept."""
    return [_banked(k) for k in range(seed, seed + counties)]


def _banked(seed: int) -> Banked:
    county = simulate(SMALL, seed, parts=False)
    s = Settings(county.panel, county.campaign).of("petitions")
    listed, start = county.panel.listed, s.series.start
    types = county.panel.villages.loc[listed, "village_type"].to_numpy(str)
    return Banked(
        county.quiet_rate[listed, start : start + 12],
        s.series.values[listed, start - 3 : start].sum(1),
        s.expectation(0, "first_year")[0][listed],
        campaign_year(s),
        [year for _, year in quiet_years(s)],
        np.array([("petitions", "economy", "disunity").index(t) for t in types]),
        county.panel.township[listed],
    )


def draw_doses(rng, kind: np.ndarray) -> np.ndarray:
    """As offices.treatment gives them: by kind of laggard, dose by chance."""
    prescribed = np.array(
        [[GROUP_OF_MEASURE[m] in groups for m in MEASURES] for groups in PRESCRIBED], float
    )
    given = rng.random((len(kind), len(MEASURES))) < 0.25 + 0.35 * prescribed[kind]
    return np.asarray(given * rng.beta(4, 4, given.shape))


def _county(rng, b: Banked, world: World, effects: np.ndarray, some: np.ndarray):
    """Dose scores of one county's villages ``some``: of the campaign's year, of earlier years.

    Then the doses, and score and precision of their following trouble.
    """
    doses = draw_doses(rng, b.kind)
    build_up = np.minimum((np.arange(12) + 1) / 2, 1)
    noise = rng.gamma(SMALL.dispersion, 1 / SMALL.dispersion, b.rate.shape)
    if world.follows:
        quiet = rng.poisson(b.rate * noise)
        seen = surprise(b.before + quiet[:, :EARLY].sum(1), b.base)
        doses = np.clip(
            doses * np.exp(world.follows * (seen - seen.mean()) / seen.std())[:, None], 0, 1
        )
        # Petitions averted are taken out of those that would have come.
        y = rng.binomial(quiet, np.exp(np.minimum((doses @ effects)[:, None] * build_up, 0)))
    else:
        y = rng.poisson(b.rate * noise * np.exp((doses @ effects)[:, None] * build_up))
    early = y[:, :EARLY].sum(1)
    controls = b.now.controls.copy()
    controls[:, -1] = surprise(early, b.base)
    rest = y[:, EARLY:].sum(1).astype(float)
    expected = b.now.expected * (rest.sum() / b.now.expected[0].sum())
    now = _of(replace(b.now, y=rest, expected=expected, controls=controls), some)
    earlier = [_of(year, some) for year in b.earlier]
    doses = doses[some]
    seen = surprise(b.before + early, b.base)[some]
    follows = of_trouble(doses, seen, now.controls[:, :-1])
    return now.likelihood(doses), [year.likelihood(doses) for year in earlier], doses, follows


def _of(year: ListedYear, some: np.ndarray) -> ListedYear:
    if len(some) == len(year.y):
        return year  # with what it knows already of itself without doses
    return ListedYear(
        year.y[some], year.expected[:, some], year.controls[some], year.keep[:, some], year.counts
    )


def province(world: World, counties: int, seed: int, of: list[Banked]):
    """Scores of a province, of its placebo years, how doses followed trouble, and mean effects."""
    rng = np.random.default_rng([seed, counties])
    effects = np.array([world.effects.get(m, 0.0) for m in MEASURES])
    shocks = rng.normal(0, world.shock, (world.years, len(MEASURES)))
    now, earlier, follows = [], [], []
    for c in range(counties):
        year = c % world.years
        own = effects + shocks[year] + rng.normal(0, world.differ, len(MEASURES))
        left = round(36 * np.exp(rng.normal(0, world.sizes))) if world.sizes else SMALL.n_listed
        left = min(max(left, 12), 600)
        parts: list[tuple] = []
        while left >= 12 or not parts:  # a large county is made of several small ones
            b = of[rng.integers(len(of))]
            some = np.sort(rng.permutation(len(b.kind))[:left])
            parts.append(_county(rng, b, world, own, some))
            left -= len(some)
        weights = np.array([len(part[2]) for part in parts], float)
        dose = weights @ np.array([part[2].mean(0) for part in parts]) / weights.sum()
        about = (dose, weights.sum(), year, c)
        now.append((sum(p[0][0] for p in parts), sum(p[0][1] for p in parts), *about))
        for q in range(min(len(p[1]) for p in parts)):
            earlier.append((sum(p[1][q][0] for p in parts), sum(p[1][q][1] for p in parts), *about))
        follows.append(np.sum([p[3] for p in parts], 0))
    return _scores(now), _scores(earlier), np.array(follows), effects


def _scores(rows: list) -> Scores:
    precision, score, dose, villages, year, county = (np.array(x) for x in zip(*rows, strict=True))
    return Scores(precision, score, dose, villages, year, year, county)


def _one(job: tuple[str, int, int, int]) -> pd.DataFrame:
    name, counties, seed, first = job
    now, earlier, follows, effects = province(WORLDS[name], counties, seed, bank(first, BANK))
    return told(now, earlier, follows, effects, "petitions").assign(
        world=name, size=counties, seed=seed
    )


def told(
    now: Scores, earlier: Scores, follows: np.ndarray, effects: np.ndarray, outcome: str
) -> pd.DataFrame:
    """What is pooled of a province, a row for each contrast, beside its truth and the doubts."""
    found, jackknife = pool_doses(now), pool_doses(now, shocks=False)
    rows = table(now, found, outcome).assign(
        truth=now.contrasts @ effects,
        jackknife=jackknife.se,
        doubtful=doubts(earlier, follows).doubtful,
        contrast=range(len(CONTRASTS)),
    )
    return rows[TOLD]


def province_jobs(
    worlds: Iterable[str], sizes: Sequence[int], seeds: range, first: int
) -> list[tuple[str, int, int, int]]:
    """Every world at every size for every seed: (world, counties, seed, the bank's first seed)."""
    return [(name, size, seed, first) for seed in seeds for name in worlds for size in sizes]


def certify_pooling(
    provinces: int = 100,
    *,
    seed: int = 1,
    workers: int | None = None,
    file: Path | None = None,
    first: int = FIRST_SEED,
) -> pd.DataFrame:
    """One row per world, size of province, province and contrast."""
    jobs = province_jobs(WORLDS, SIZES, range(seed, seed + provinces), first)
    # Of the room many only what pools doses matters; the batch beside it may change.
    code = code_key((pool_doses, algebra.pooled, doubts))
    names = ("world", "size", "seed")
    return examined(_one, jobs, names, file=file, code=code, workers=workers)


def summarise_pooling(runs: pd.DataFrame) -> pd.DataFrame:
    """One row per world, size and level.

    coverage of the 95 % interval (its Monte-Carlo error over provinces), bias and sd of the error,
    mean standard error and the jackknife's part of it; false: share of provinces in which something
    false is told (no effect, or the other sign), false_unwarned: without a warning; found: of real
    effects, the share told; doubtful: share with a warning.
    """
    rows = []
    for (name, size, level), g in runs.groupby(["world", "size", "level"], sort=False):
        error = g["estimate"] - g["truth"]
        inside = (g["ci_low"] <= g["truth"]) & (g["truth"] <= g["ci_high"])
        told, real = g["p_adjusted"] < 0.05, g["truth"].abs() > 1e-12
        wrong = told & (~real | (np.sign(g["truth"]) != np.sign(g["estimate"])))
        unwarned = wrong & ~g["doubtful"].astype(bool)
        rows.append(
            {
                "world": name,
                "counties": size,
                "level": level,
                "provinces": g["seed"].nunique(),
                "coverage": inside.mean(),
                "coverage_mc": monte_carlo_error(inside.groupby(g["seed"]).mean()),
                "bias": error.mean(),
                "sd": error.std(),
                "se": g["se"].mean(),
                "jackknife_se": g["jackknife"].mean(),
                "false": wrong.groupby(g["seed"]).any().mean(),
                "false_unwarned": unwarned.groupby(g["seed"]).any().mean(),
                "found": told[real].mean() if real.any() else np.nan,
                "doubtful": g.groupby("seed")["doubtful"].first().mean(),
            }
        )
    return pd.DataFrame(rows)

"""Pooling of rounds drawn by lot over simulated provinces whose truth is known.

The counties are those of ``pooling``; each holds the lottery of its round among its listed
villages, petitions are drawn anew with what priority does, and what is kept and pooled is what
``evaluate`` and ``pool`` compute. Officials may do as they like beside the lot: in some worlds they
do more where trouble was seen, or pass over the lot in a fifth of the villages.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from village_eval.certify.pooling import BANK, FIRST_SEED, SMALL, Banked, bank, province_jobs
from village_eval.certify.runs import code_key, examined, monte_carlo_error
from village_eval.county.lottery import blocks, draw
from village_eval.county.plan import Design, measures, phased
from village_eval.many import dose_algebra as algebra
from village_eval.many.lots import FOUND, UNBALANCED, Lots, pool_lotteries
from village_eval.measures.listed import EARLY, surprise
from village_eval.next_round.lottery import likelihood

FACTORIAL = measures()


@dataclass(frozen=True)
class World:
    """What priority does and what officials do beside it.

    ``effects``: log effect of each factor; ``differ``: their standard deviation between counties;
    ``shock``: of what a year does to a factor everywhere; ``follows``: log effect on petitions of
    what officials do, beside the lot, in a village with a standard deviation more trouble seen;
    ``passed_over``: share of villages in which they give priority to trouble instead of by lot.
    """

    effects: tuple[float, ...]
    design: Design = FACTORIAL
    differ: float = 0.0
    shock: float = 0.0
    years: int = 1
    follows: float = 0.0
    passed_over: float = 0.0
    villages: int = 60


NOTHING, TWO = (0.0, 0.0, 0.0, 0.0), (0.0, 0.0, -0.2, -0.12)
WORLDS: dict[str, World] = {
    "nothing works": World(NOTHING),
    "two groups work": World(TWO),
    "effects differ": World(TWO, differ=0.1),
    "years differ, three years": World(TWO, differ=0.05, shock=0.05, years=3),
    "years differ, one year": World(TWO, differ=0.05, shock=0.05),
    "24 villages each": World(TWO, villages=24),
    "nothing works, doses follow trouble": World(NOTHING, follows=-0.15, passed_over=0.2),
    "two work, doses follow trouble": World(TWO, follows=-0.15, passed_over=0.2),
    "early start works": World((-0.2,), design=phased(6), differ=0.1),
    "early start does nothing": World((0.0,), design=phased(6)),
}
SIZES = (3, 10, 30)
DRAWS = 299
"""Lotteries from which a county's own variance is told: a third of what ``evaluate`` draws."""


def certify_lots(
    provinces: int = 100,
    *,
    seed: int = 1,
    workers: int | None = None,
    file: Path | None = None,
    first: int = FIRST_SEED,
) -> pd.DataFrame:
    """One row per world, number of counties with a lot, province and factor."""
    jobs = province_jobs(WORLDS, SIZES, range(seed, seed + provinces), first)
    code = code_key((pool_lotteries, algebra.pooled))
    names = ("world", "size", "seed")
    return examined(_one, jobs, names, file=file, code=code, workers=workers)


def _one(job: tuple[str, int, int, int]) -> pd.DataFrame:
    name, counties, seed, first = job
    world = WORLDS[name]
    now, before = province(world, counties, seed, bank(first, BANK))
    found, earlier = pool_lotteries(now), pool_lotteries(before, shocks=False)
    half = np.array([error.half for error in found.errors])
    return pd.DataFrame(
        {
            "world": name,
            "size": counties,
            "seed": seed,
            "factor": now.factors,
            "truth": truth(world),
            "estimate": found.values,
            "se": found.se,
            "ci_low": found.values - half,
            "ci_high": found.values + half,
            "p_adjusted": found.p_values,
            "tau": found.tau,
            "unbalanced": bool(earlier.p_values.min() < UNBALANCED),
        }
    )


def truth(world: World) -> np.ndarray:
    """Mean log effects [K] over the window of what the lot gave, as far as it was followed."""
    b = np.array(world.effects) * (1 - world.passed_over)
    return np.asarray(np.log(np.exp(b[:, None] * _build_up(world.design.months)).mean(1)))


def _build_up(months: int) -> np.ndarray:
    return np.minimum((np.arange(months) + 1) / 2, 1)


def province(world: World, counties: int, seed: int, of: list[Banked]) -> tuple[Lots, Lots]:
    """Lotteries of a province, and the same lots on the months before the start."""
    rng = np.random.default_rng([seed, counties, 7])
    k = len(world.effects)
    shocks = rng.normal(0, world.shock, (world.years, k))
    now, before = [], []
    for c in range(counties):
        own = world.effects + shocks[c % world.years] + rng.normal(0, world.differ, k)
        b = of[rng.integers(len(of))]
        some = np.sort(rng.permutation(len(b.kind))[: world.villages])
        of_now, of_before = _county(rng, b, world, own, some)
        now.append(of_now)
        before.append(of_before)
    year = np.arange(counties) % world.years
    return _lots(now, world, year), _lots(before, world, year)


def _county(rng, b: Banked, world: World, own: np.ndarray, some: np.ndarray):
    """Precision and score of one county's lottery, and of the lots on earlier petitions."""
    design, n = world.design, len(some)
    rate, base = b.rate[some], b.base[some]
    block = blocks(b.township[some], b.kind[some], base, len(design.arms))
    lotteries = design.arms[draw(block, len(design.arms), DRAWS + 1, rng)]
    held, others = lotteries[0], lotteries[1:]
    quiet = rng.poisson(rate * rng.gamma(SMALL.dispersion, 1 / SMALL.dispersion, rate.shape))
    seen = surprise(b.before[some] + quiet[:, :EARLY].sum(1), base)
    seen = (seen - seen.mean()) / max(seen.std(), 1e-9)
    done = held.astype(float)
    if world.passed_over:
        over = rng.random(n) < world.passed_over
        done[over] = seen[over, None] > 0
    beside = world.follows * np.clip(seen, 0, None)
    months = design.months
    change = (done @ own + beside)[:, None] * _build_up(months)
    noise = rng.gamma(SMALL.dispersion, 1 / SMALL.dispersion, (n, months))
    if world.follows:  # petitions averted are taken out of those that would have come
        y = rng.binomial(quiet[:, :months], np.exp(np.minimum(change, 0)))
    else:
        y = rng.poisson(rate[:, :months] * noise * np.exp(change))
    earlier = b.before[some].astype(float)
    return (
        likelihood(held, others, y.sum(1).astype(float), base),
        likelihood(held, others, earlier, base),
    )


def _lots(rows: list, world: World, year: np.ndarray) -> Lots:
    precision, score = (np.array(x) for x in zip(*rows, strict=True))
    return Lots(world.design.factors, precision, score, year, world.villages * len(rows))


def summarise_lots(runs: pd.DataFrame) -> pd.DataFrame:
    """One row per world and number of counties.

    coverage of the 95 % interval (its Monte-Carlo error over provinces), bias and sd of the error,
    mean standard error; false: share of provinces in which something false is told; found: of real
    effects, the share told; unbalanced: share in which the lot is not believed.
    """
    rows = []
    for (name, size), g in runs.groupby(["world", "size"], sort=False):
        error = g["estimate"] - g["truth"]
        inside = (g["ci_low"] <= g["truth"]) & (g["truth"] <= g["ci_high"])
        told, real = g["p_adjusted"] < FOUND, g["truth"].abs() > 1e-12
        wrong = told & (~real | (np.sign(g["truth"]) != np.sign(g["estimate"])))
        rows.append(
            {
                "world": name,
                "counties": size,
                "provinces": g["seed"].nunique(),
                "coverage": inside.mean(),
                "coverage_mc": monte_carlo_error(inside.groupby(g["seed"]).mean()),
                "bias": error.mean(),
                "sd": error.std(),
                "se": g["se"].mean(),
                "false": wrong.groupby(g["seed"]).any().mean(),
                "found": told[real].mean() if real.any() else np.nan,
                "unbalanced": g.groupby("seed")["unbalanced"].first().mean(),
            }
        )
    return pd.DataFrame(rows)

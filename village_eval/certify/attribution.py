"""Attribution against counties whose measures have known effects.

With doses by chance, and with doses that follow trouble.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from village_eval.certify.offices import STRENGTHS
from village_eval.certify.runs import examined, monte_carlo_error
from village_eval.certify.scenarios import SCENARIOS
from village_eval.certify.simulate import Simulated, simulate
from village_eval.expectation.listing import learn_rule
from village_eval.expectation.panel_settings import setting
from village_eval.measures import attribute
from village_eval.measures.doses import IN_GROUP
from village_eval.measures.listed import EARLY, surprise

SEEN = 0.05


@dataclass(frozen=True)
class Given:
    """A scenario, and how much doses follow what officials see in the first weeks.

    In log dose per standard deviation.
    """

    scenario: str
    follows: float = 0.0


SETTINGS: dict[str, Given] = {
    "doses by chance": Given("plain"),
    "doses by chance, nothing works": Given("null"),
    "doses by chance, nine townships": Given("nine_townships"),
    "doses by chance, rare petitions": Given("rare"),
    "doses follow trouble, nothing works": Given("null", 0.5),
    "doses follow trouble closely, nothing works": Given("null", 1.0),
}


def true_effects(county: Simulated, doses: np.ndarray) -> np.ndarray:
    """Log effect of a full dose of each measure over the first year [measures]."""
    if not county.scenario.effect:
        return np.zeros(doses.shape[1])
    return county.truth["petitions.first_year"] * STRENGTHS / (doses @ STRENGTHS).mean()


def followed(county: Simulated, doses: np.ndarray, by: float) -> np.ndarray:
    """Doses [L, measures] that are larger where petitions ran above expectation.

    From three months before the start to EARLY months after it.
    """
    s, start = (
        setting(county.panel, county.campaign),
        county.panel.month_index(county.campaign.start_month),
    )
    listed = county.panel.listed
    base = s.base(0, "first_year", "history")
    assert base is not None  # a simulated county has a history
    seen = surprise(
        county.panel.petitions[listed, start - 3 : start + EARLY].sum(1), base[0, listed]
    )
    return np.clip(doses * np.exp(by * (seen - seen.mean()) / seen.std())[:, None], 0, 1)


def _one(job: tuple[str, int]) -> pd.DataFrame:
    name, seed = job
    given = SETTINGS[name]
    county = simulate(SCENARIOS[given.scenario], seed, parts=False)
    doses = county.doses[county.panel.listed]
    effects = true_effects(county, doses)
    doses = followed(county, doses, given.follows) if given.follows else doses
    found = attribute(
        county.panel, county.campaign, None, learn_rule(county.panel, county.campaign), doses
    )
    rows, mean = found.rows[found.rows["outcome"] == "petitions"], doses.mean(0)
    truth = np.r_[mean @ effects, (mean * effects) @ IN_GROUP, effects]
    return rows.assign(setting=name, seed=seed, truth=truth, alarm=found.doubtful)[
        [
            "setting",
            "seed",
            "level",
            "truth",
            "estimate",
            "ci_low",
            "ci_high",
            "p_adjusted",
            "minimum_detectable",
            "alarm",
        ]
    ]


def certify_attribution(
    counties: int = 100,
    *,
    seed: int = 1,
    workers: int | None = None,
    file: Path | None = None,
) -> pd.DataFrame:
    """One row per setting, county, level and measure.

    Columns: truth, estimate, interval, p_adjusted, alarm.
    """
    jobs = [(name, k) for k in range(seed, seed + counties) for name in SETTINGS]
    return examined(_one, jobs, ("setting", "seed"), file=file, workers=workers)


def summarise_attribution(runs: pd.DataFrame) -> pd.DataFrame:
    """One row per setting and level.

    coverage of the 95 % interval with its Monte-Carlo error over counties, bias and sd of the
    error, width, mean minimum detectable effect; discoveries: per county, what is announced
    (p_adjusted below 0.05); false: share of counties that announce something false (no effect, or
    the other sign); alarm: share in which doses are said to follow trouble or went with earlier
    years.
    """
    rows = []
    runs = runs[runs["estimate"].notna()]
    for name in SETTINGS:
        for level in ("overall", "group", "measure"):
            g = runs[(runs["setting"] == name) & (runs["level"] == level)]
            if g.empty:
                continue
            error = g["estimate"] - g["truth"]
            inside = (g["ci_low"] <= g["truth"]) & (g["truth"] <= g["ci_high"])
            seen = g["p_adjusted"] < SEEN
            false = seen & (
                (g["truth"].abs() < 1e-12) | (np.sign(g["truth"]) != np.sign(g["estimate"]))
            )
            by_county = inside.groupby(g["seed"]).mean()
            rows.append(
                {
                    "setting": name,
                    "level": level,
                    "counties": g["seed"].nunique(),
                    "truth": g["truth"].mean(),
                    "coverage": inside.mean(),
                    "coverage_mc": monte_carlo_error(by_county),
                    "bias": error.mean(),
                    "sd": error.std(),
                    "width": (g["ci_high"] - g["ci_low"]).mean(),
                    "minimum_detectable": g["minimum_detectable"].mean(),
                    "discoveries": seen.groupby(g["seed"]).sum().mean(),
                    "false": false.groupby(g["seed"]).any().mean(),
                    "alarm": g.groupby("seed")["alarm"].first().mean(),
                }
            )
    return pd.DataFrame(rows)

"""Designs against simulated counties of known truth, on all cores, resumable by seed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd

from village_eval.certify.runs import code_key, examined
from village_eval.certify.scenarios import DECLARED, SCENARIOS, UNLIKE, known_scenarios
from village_eval.certify.simulate import Simulated, simulate
from village_eval.certify.summary import summarise
from village_eval.designs import DESIGNS as declared
from village_eval.designs import QUIET_YEAR_DID, estimate_of
from village_eval.expectation.listing import learn_rule
from village_eval.expectation.panel_settings import setting

OUTCOMES = ("petitions", "earned_income", "earned_income:typical")
INCOME_ONLY = (
    "income",
    "income_years",
    "null_income_years",
    "income_hard_years",
    "zeros",
    "one_off",
    "concentrated",
)
PETITIONS_ONLY = (
    "rare",
    "serial",
    "recording_up",
    "recording_down",
    "wave",
    "trends",
    "persistent",
    "two_years",
    "assessment_of_level",
    "foreseen_5",
    "foreseen_8",
    "three_townships",
    "last_quarter",
    "worst_month",
    "rise",
    "hard_years",
    "harder_years",
    *UNLIKE,
)
"""Scenarios that change only one of the outcomes are examined on that one."""
DEFAULT = [name for name in SCENARIOS if name != "demo" and not name.endswith(DECLARED)]


DESIGNS: dict[str, Callable] = {
    d.name: d.function for d in declared if d == QUIET_YEAR_DID or d.beside == "every"
}
LIBRARY: dict[str, Callable] = {
    d.name: d.function for d in declared if d == QUIET_YEAR_DID or d.beside == "primary"
}
"""Designs that take a library or a search, beside the headline on the same counties; 50 counties of
three scenarios tell enough."""


def examine(
    county: Simulated, designs: dict[str, Callable] = DESIGNS, outcomes: Iterable[str] = OUTCOMES
) -> list[dict]:
    """One row per outcome and design: estimate, interval and truth.

    A design is called as ``design(panel, campaign, outcome=…, window="first_year", given=setting)``
    and returns an Estimate; a function of one's own may ignore ``given``.
    """
    rows, rule = [], learn_rule(county.panel, county.campaign)
    for outcome in outcomes:
        s = setting(county.panel, county.campaign, outcome, rule)
        key = s.question("first_year").id
        for label, design in designs.items():
            e = estimate_of(
                design(county.panel, county.campaign, outcome=outcome, window="first_year", given=s)
            )
            rows.append(
                {
                    "outcome": outcome,
                    "design": label,
                    "truth": county.truth[key],
                    "value": e.value,
                    "se": e.se,
                    "ci_low": e.ci_low,
                    "ci_high": e.ci_high,
                    "p_value": e.p_value,
                    "within_se": e.within_se,
                    "between_sd": e.between_sd,
                    "df": e.df,
                }
            )
    return rows


def _one(job: tuple[str, int, dict, tuple[str, ...]]) -> pd.DataFrame:
    scenario, seed, designs, asked = job
    outcomes = list(asked)
    if scenario in INCOME_ONLY:
        outcomes = [o for o in asked if o != "petitions"] or outcomes
    if scenario in PETITIONS_ONLY:
        outcomes = [o for o in asked if o == "petitions"] or outcomes
    county = simulate(SCENARIOS[scenario], seed, parts=False)
    county.panel.villages["listing_score"] = (
        county.score
    )  # for the discontinuity, the only design that looks at it
    rows = examine(county, designs, outcomes)
    return pd.DataFrame(rows).assign(scenario=scenario, seed=seed)


def certify(
    counties: int = 40,
    scenarios: Iterable[str] | None = None,
    out: str | Path | None = None,
    *,
    seed: int = 1,
    designs: dict[str, Callable] = DESIGNS,
    outcomes: Iterable[str] = OUTCOMES,
    workers: int | None = None,
) -> pd.DataFrame:
    """Examine designs on so many counties of each scenario and return the summary table.

    Seeds from ``seed`` on.

    With ``out`` the runs are kept there as they are made (runs.csv) and an interrupted
    certification goes on where it was; runs of other code are made anew. Designs are sent to other
    processes, those of a notebook's cell by what they are. Raises ValueError for an unknown
    scenario.
    """
    scenarios = known_scenarios(scenarios or DEFAULT)
    outcomes = tuple(outcomes)
    jobs = [(s, k, designs, outcomes) for k in range(seed, seed + counties) for s in scenarios]
    runs = examined(
        _one,
        jobs,
        ("scenario", "seed"),
        file=None if out is None else Path(out) / "runs.csv",
        code=code_key(designs.values(), [*sorted(designs), *outcomes]),
        workers=workers,
    )
    return summarise(runs)


def examine_many(
    scenario: str,
    counties: int,
    *,
    seed: int = 1,
    designs: dict[str, Callable] = DESIGNS,
    outcomes: Iterable[str] = ("petitions",),
    workers: int | None = None,
) -> pd.DataFrame:
    """The rows of ``examine`` on many counties of one scenario, one by one instead of summarised.

    Columns scenario and seed.
    """
    jobs = [(scenario, k, designs, tuple(outcomes)) for k in range(seed, seed + counties)]
    return examined(_one, jobs, ("scenario", "seed"), workers=workers)

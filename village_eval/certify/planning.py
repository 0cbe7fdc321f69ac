"""Plans of a next round on simulated counties.

Does the test keep its level, is what was promised seen, does the interval hold?

A county is planned with what is known a year after its campaign; the lottery is held, the petitions
that it then really had are thinned by exp(effect) where the lot gave the factor (which is exact:
counts are a Poisson mixture), and the plan's own analysis is made of them. The effect is 0, or what
the planner said it would detect in that county in four cases of five. The repeat of a campaign is
examined on the county's own campaign, whose true effect is known, by the headline.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from village_eval.certify.runs import examined, holds
from village_eval.certify.scenarios import SCENARIOS
from village_eval.certify.simulate import Simulated, simulate
from village_eval.county.panel import Panel
from village_eval.county.plan import Design, Plan, measures, phased
from village_eval.designs import quiet_year_did
from village_eval.expectation.listing import learn_rule
from village_eval.expectation.panel_settings import setting
from village_eval.next_round.analysis import analyse
from village_eval.next_round.plan import make_plan, worst
from village_eval.next_round.power import POWER, detectable
from village_eval.next_round.promise import curve
from village_eval.next_round.randomisation import LEVEL

PLANNED = ("plain", "demo", "rare", "serial")
EXAMINED = (phased(6), phased(12), measures())
LOTTERIES, DRAWS = 6, 999


def certify_planning(
    counties: int = 100,
    scenarios: Iterable[str] = PLANNED,
    *,
    seed: int = 1,
    workers: int | None = None,
    file: Path | None = None,
) -> pd.DataFrame:
    """One row per county, design and lottery: effect, promised, seen, covered.

    ``counties`` of each scenario.
    """
    jobs = [(scenario, k) for k in range(seed, seed + counties) for scenario in scenarios]
    return examined(_one, jobs, ("scenario", "seed"), file=file, workers=workers)


def summarise_planning(runs: pd.DataFrame) -> pd.DataFrame:
    """By scenario, design, months and whether there is an effect.

    What was promised and what came, with errors over counties.
    """
    runs = runs.assign(nothing=runs["effect"] == 0, percent=100 * np.expm1(runs["effect"]))
    keys = ["scenario", "design", "months", "nothing"]
    by_county = runs.groupby([*keys, "seed"])[["percent", "promised", "seen", "covered"]].mean()
    rows = by_county.groupby(keys).mean()
    error = by_county.groupby(keys).sem()
    rows = rows.assign(
        seen_mc=error["seen"], covered_mc=error["covered"], counties=by_county.groupby(keys).size()
    )
    rows["trials"] = runs.groupby(keys).size()
    columns = [
        "counties",
        "trials",
        "percent",
        "promised",
        "seen",
        "seen_mc",
        "covered",
        "covered_mc",
    ]
    return rows[columns].reset_index().drop(columns="nothing")


def _one(job: tuple[str, int]) -> pd.DataFrame:
    scenario, seed = job
    county = simulate(SCENARIOS[scenario], seed, parts=False)
    rows = [row for design in EXAMINED for row in _lotteries(county, design)] + _repeat(county)
    return pd.DataFrame(rows).assign(scenario=scenario, seed=seed)


def _lotteries(county: Simulated, design: Design) -> list[dict]:
    """Plans of one design, without an effect and with what the planner would detect."""
    origin, n = (
        county.panel.month_index(county.campaign.start_month) + 12,
        int(county.panel.listed.sum()),
    )
    known = _until(county.panel, origin)
    rule = learn_rule(known, county.campaign)
    promised = detectable(curve(known, county.campaign, rule, design, n))
    rows, rng = [], np.random.default_rng(county.seed)
    start = county.panel.months[origin].start_time.date()
    for k in range(LOTTERIES):
        plan = make_plan(
            known,
            county.campaign,
            design,
            worst(known, county.campaign, rule, n),
            start,
            seed=1000 * county.seed + k,
        )
        for effect in (0.0,) if promised is None else (0.0, promised):
            factor = k % len(design.factors)
            found = analyse(
                plan,
                _with_effect(plan, county.panel, factor, effect, rng),
                county.campaign,
                DRAWS,
                seed=k,
            ).effects
            seen = [e.p_adjusted <= LEVEL for e in found]
            one = found[factor]
            rows.append(
                {
                    "design": design.name,
                    "months": design.months,
                    "effect": effect,
                    "promised": POWER if effect else LEVEL,
                    "seen": float(seen[factor] if effect else any(seen)),
                    "covered": float(one.ci_low <= effect <= one.ci_high),
                }
            )
    return rows


def _repeat(county: Simulated) -> list[dict]:
    """The county's own campaign.

    The power that was promised for its true effect, and whether the headline sees one.
    """
    n, truth = int(county.panel.listed.sum()), county.truth["petitions.first_year"]
    s = setting(county.panel, county.campaign)
    simulated = curve(county.panel, county.campaign, s.rule, None, n).sort_values("effect")
    found = quiet_year_did(county.panel, county.campaign, given=s)
    row = {"design": "repeat", "months": 12, "effect": truth}
    row["promised"] = float(np.interp(truth, simulated["effect"], simulated["power"]))
    return [
        row
        | {
            "seen": float(found.p_value is not None and found.p_value <= LEVEL),
            "covered": float(holds(found, truth)),
        }
    ]


def _until(panel: Panel, origin: int) -> Panel:
    """The panel as known before the column ``origin``."""
    return replace(
        panel, months=panel.months[:origin], petitions=panel.petitions[:, :origin], parts={}
    )


def _with_effect(
    plan: Plan, panel: Panel, factor: int, effect: float, rng: np.random.Generator
) -> Panel:
    """The panel with the window's petitions thinned in the villages that hold the factor."""
    first = panel.month_index(plan.start_month)
    codes = plan.assignment["village_code"][plan.held[:, factor]]
    rows = np.flatnonzero(panel.villages["village_code"].isin(codes))
    petitions = panel.petitions.copy()
    window = slice(first, first + plan.design.months)
    petitions[rows, window] = rng.binomial(petitions[rows, window], np.exp(effect))
    return replace(panel, petitions=petitions)

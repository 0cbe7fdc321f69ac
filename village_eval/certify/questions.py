"""The order of questions against counties of known truth.

How often is anything told of a family that is not so, and how often is a lasting, late or short
effect told? Headlines of all windows without checks: what a check adds only shuts gates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from village_eval.certify.runs import examined, monte_carlo_error
from village_eval.certify.scenarios import PLAIN, Scenario
from village_eval.certify.simulate import Simulated, simulate
from village_eval.designs import quiet_year_did
from village_eval.expectation.incomes import incomes
from village_eval.expectation.other_outcomes import settings as other_settings
from village_eval.expectation.outcomes import PETITIONS, Family
from village_eval.expectation.panel_settings import Settings
from village_eval.expectation.results import Estimate
from village_eval.findings.caps import caps
from village_eval.findings.contrast import contrast
from village_eval.findings.grading import findings_of
from village_eval.findings.order import AFTER, FIRST_YEAR, OPEN, first_of

DIFFERING = replace(PLAIN, bottom_years_sd=0.05)
WORLDS: dict[str, tuple[Scenario, tuple[Family, ...]]] = {
    "null": (replace(PLAIN, effect=0.0), ("petitions", "income")),
    "null, years differ": (replace(DIFFERING, effect=0.0), ("petitions",)),
    "null, other outcomes": (replace(DIFFERING, effect=0.0), ("other",)),
    "only the first year": (
        replace(DIFFERING, effect=-0.4, path=((0, 1.0), (12, 0.0))),
        ("petitions",),
    ),
    "only the campaign's months": (
        replace(DIFFERING, effect=-1.2, path=((0, 1.0), (4, 0.0))),
        ("petitions",),
    ),
    "lasting": (PLAIN, ("petitions",)),
    "lasting, −0.30, years differ": (replace(DIFFERING, effect=-0.3), ("petitions",)),
    "late": (
        replace(DIFFERING, effect=-0.38, path=((0, 0.0), (4, 0.53), (12, 1.0))),
        ("petitions",),
    ),
    "income": (replace(PLAIN, effect=0.0, income_effect=0.10), ("income",)),
    "income, accounts of 2024": (
        replace(PLAIN, effect=0.0, income_effect=0.10, start=dt.date(2024, 3, 1), new_accounts=0.2),
        ("income",),
    ),
    "null, accounts of 2024": (
        replace(PLAIN, effect=0.0, start=dt.date(2024, 3, 1), new_accounts=0.2),
        ("income",),
    ),
    "null, accounts of 2024, the listed lease more": (
        replace(PLAIN, effect=0.0, start=dt.date(2024, 3, 1), new_accounts=0.2, listed_lease=2.0),
        ("income",),
    ),
    "null, accounts of 2024, the listed lease less": (
        replace(PLAIN, effect=0.0, start=dt.date(2024, 3, 1), new_accounts=0.2, listed_lease=0.3),
        ("income",),
    ),
}
"""Counties and the families asked of them. In ``late`` the first year falls by about 0.12, the year
after by 0.25, the one behind it by 0.36 (log)."""
CONTRAST, ANY = "petitions.after − first_year", "any"
FEWER = 3
FIRM = ("A", "B")
NOTHING = 0.02
"""A smaller true effect (log, or difference of shares) counts as none: telling it is wrong."""


def _one(job: tuple[str, int]) -> pd.DataFrame:
    name, seed = job
    scenario, families = WORLDS[name]
    county = simulate(scenario, seed, parts="other" in families)
    panel, campaign = county.panel, county.campaign
    settings = Settings(panel, campaign)
    estimates = list(_estimates(settings, families))
    found = settings.rule.found
    told = findings_of((e, [], caps(panel, campaign, e, found)) for e in estimates)
    rows = [
        (
            f.question.outcome.family,
            f.id,
            _truth(county, f.estimate),
            f.estimate.value,
            f.estimate.p_value,
            f.p_adjusted,
            f.gate,
            f.conclusion,
            f.grade,
        )
        for f in told
    ]
    grown = contrast(told)
    if grown is not None:
        truth = county.truth[AFTER] - county.truth[FIRST_YEAR]
        found = grown.conclusion in ("grew", "faded")
        said = ("fell" if grown.value < 0 else "rose") if found else grown.conclusion
        numbers = truth, grown.value, grown.p_value, grown.p_adjusted
        rows.append(("petitions", CONTRAST, *numbers, grown.gate, said, ""))
    columns = ["family", "question", "truth", "value", "p_value", "p_adjusted", "gate", "said"]
    columns.append("grade")
    return pd.DataFrame(rows, columns=columns).assign(world=name, seed=seed)


def _estimates(settings: Settings, families: tuple[Family, ...]) -> Iterator[Estimate]:
    """Headlines of everything that is asked of the families."""
    panel, campaign = settings.panel, settings.campaign
    asked = PETITIONS.questions() if "petitions" in families else []
    if "income" in families:
        asked += [q for o in incomes(panel, campaign) for q in o.questions()]
    for q in asked:
        yield quiet_year_did(panel, campaign, window=q.window, given=settings.of(q.series))
    if "other" in families:
        for setting in other_settings(settings):
            for window in setting.series.outcome.windows:
                if window in setting.series.windows:
                    yield quiet_year_did(panel, campaign, window=window, given=setting)


def _truth(county: Simulated, estimate: Estimate) -> float | None:
    """The true effect; None where it is not known (parts of the register under a campaign)."""
    asked, s = estimate.question, county.scenario
    if asked.outcome.family == "other":
        return None if s.effect else 0.0
    known = {"typical": s.income_effect, "share_earning": 0.0}
    return county.truth.get(asked.id, known.get(asked.statistic))


def certify_questions(
    counties: int = 500, *, seed: int = 1, workers: int | None = None, file: Path | None = None
) -> pd.DataFrame:
    """One row per world, county and question: truth, value, p values, gate, what is said.

    Of other outcomes alone a part of the counties (FEWER): they take five times as long.
    """
    jobs = [
        (name, k)
        for k in range(seed, seed + counties)
        for name, (_, families) in WORLDS.items()
        if families != ("other",) or k < seed + counties // FEWER
    ]
    return examined(_one, jobs, ("world", "seed"), file=file, workers=workers)


def summarise_questions(runs: pd.DataFrame) -> pd.DataFrame:
    """One row per world, family and question, the family as a whole (ANY) first.

    Shares of counties: asked (its gate is open), told (found in the direction of the truth), wrong
    (found where there is nothing, or the other way round; of ANY: at least one such), with its
    Monte-Carlo error; firmly_wrong: wrong at grade A or B; given_first: told among counties whose
    family's first question is told.
    """
    runs = runs[runs["value"].notna()]
    direction = runs["said"].map({"fell": -1, "rose": 1}).fillna(0)
    truth = np.sign(runs["truth"].where(runs["truth"].abs() >= NOTHING, 0))
    runs = runs.assign(
        told=(direction != 0) & (direction == truth),
        wrong=(direction != 0) & (direction != truth) & runs["truth"].notna(),
        asked=runs["gate"] == OPEN,
    )
    # A sentence of grade C says that it may mean something else.
    runs["firmly_wrong"] = runs["wrong"] & runs["grade"].isin(FIRM)
    rows = []
    for world, (_, families) in WORLDS.items():
        for family in families:
            own = runs[(runs["world"] == world) & (runs["family"] == family)]
            if own.empty:
                continue
            any_wrong = own.groupby("seed")["wrong"].any()
            about = {"world": world, "family": family, "counties": len(any_wrong)}
            whole = {
                "question": ANY,
                "wrong": any_wrong.mean(),
                "wrong_mc": monte_carlo_error(any_wrong),
                "firmly_wrong": own.groupby("seed")["firmly_wrong"].any().mean(),
            }
            rows.append(about | whole)
            first = own[own["question"] == first_of(family, own["question"])]
            first = first.set_index("seed")["told"]
            for question, g in own.groupby("question", sort=False):
                given = g[g["seed"].map(first).fillna(False).astype(bool)]
                rows.append(
                    about
                    | {
                        "question": question,
                        "truth": g["truth"].mean(),
                        "asked": g["asked"].mean(),
                        "told": g["told"].mean(),
                        "told_mc": monte_carlo_error(g["told"]),
                        "given_first": given["told"].mean() if len(given) else np.nan,
                        "wrong": g["wrong"].mean(),
                        "wrong_mc": monte_carlo_error(g["wrong"]),
                        "firmly_wrong": g["firmly_wrong"].mean(),
                    }
                )
    columns = ["world", "family", "question", "counties", "truth", "asked", "told", "told_mc"]
    columns += ["given_first", "wrong", "wrong_mc", "firmly_wrong"]
    return pd.DataFrame(rows).reindex(columns=columns)

"""What the designs of a next round could detect in this county, side by side.

By simulation on its quiet years.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.county.plan import Design, measures, phased
from village_eval.expectation.listing import ListingRule, quiet_origins
from village_eval.expectation.panel_settings import Settings, unusable
from village_eval.next_round.power import detectable, power
from village_eval.next_round.quiet import QuietYears
from village_eval.next_round.repeat import power_of_repeat

OPTIONS: tuple[Design | None, ...] = (phased(6), phased(12), measures(), None)
"""Designs that are always compared; None is a repeat of the same kind of campaign, over its first
year."""
REPEAT_MONTHS = 12
QUIET = (1, 2, 4, 8)
LEAST = 16
"""Fewer villages than this are not enough for the smallest factorial, nor for any report to advise
a lottery."""


def village_kind(panel: Panel) -> np.ndarray:
    """The type of each village as text [V], empty where it has none."""
    return panel.villages["village_type"].fillna("").to_numpy(str)


def curve(
    panel: Panel,
    campaign: Campaign,
    rule: ListingRule,
    design: Design | None,
    n: int,
    seed: int = 1,
    quiet: QuietYears | None = None,
) -> pd.DataFrame:
    """Power by effect of a design (None: a repeat) with n villages.

    Empty when no quiet year observes its window. ``quiet`` are the panel's quiet years, where they
    are made already.
    """
    quiet = quiet or QuietYears(panel, campaign, rule)
    years = quiet.of(design.months if design else REPEAT_MONTHS, n)
    if not years:
        return pd.DataFrame(columns=["effect", "power", "mc", "runs"])
    if design is None:
        return power_of_repeat(years, panel.township, seed=seed)
    return power(design, years, panel.township, village_kind(panel), seed=seed)


def promise(
    panel: Panel,
    campaign: Campaign,
    rule: ListingRule,
    design: Design | None,
    n: int,
    seed: int = 1,
    quiet: QuietYears | None = None,
) -> dict:
    """What one design could detect.

    Keys: design, villages, months, quiet_years, detectable_percent (None: not even a fall of 82 %),
    curve.
    """
    simulated = curve(panel, campaign, rule, design, n, seed, quiet)
    name, months = _name(design)
    years = len(quiet_origins(panel, campaign, (0, months)))
    effect = detectable(simulated) if len(simulated) else None
    row = {
        "design": name,
        "villages": n,
        "months": months,
        "quiet_years": years if len(simulated) else 0,
    }
    return row | {"detectable_percent": _percent(effect), "curve": simulated}


def next_round(
    panel: Panel, campaign: Campaign, seed: int = 1, settings: Settings | None = None
) -> list[dict]:
    """What every report says of the next round.

    Promises of all OPTIONS for as many villages as were listed; none for few.
    """
    n = int(panel.listed.sum())
    if n < LEAST or n > len(panel.villages) // 2 or unusable(panel, campaign):
        return []
    rule = (settings or Settings(panel, campaign)).rule
    quiet = QuietYears(panel, campaign, rule)
    return [promise(panel, campaign, rule, design, n, seed, quiet) for design in OPTIONS]


def compare(
    panel: Panel,
    campaign: Campaign,
    rule: ListingRule,
    sizes: list[int],
    options=OPTIONS,
    seed: int = 1,
    known: list[dict] | None = None,
) -> pd.DataFrame:
    """A row per number of villages and design; columns as of promise, without the curves.

    ``known`` are promises made already with this seed, which are not simulated again.
    """
    quiet = QuietYears(panel, campaign, rule)
    made = {(row["design"], row["months"], row["villages"]): row for row in known or []}

    def row(design: Design | None, n: int) -> dict:
        name, months = _name(design)
        found = made.get((name, months, n))
        return found or promise(panel, campaign, rule, design, n, seed, quiet)

    rows = [row(design, n) for n in sizes for design in options]
    return pd.DataFrame(rows).drop(columns="curve")


def quiet_years_needed(
    panel: Panel,
    campaign: Campaign,
    rule: ListingRule,
    n: int,
    seed: int = 1,
    known: list[dict] | None = None,
) -> pd.DataFrame:
    """What a repeat with n villages could detect by number of quiet years.

    Columns quiet_years, detectable_percent. ``known`` are promises made already with this seed.
    """
    years = QuietYears(panel, campaign, rule).of(REPEAT_MONTHS, n)
    made = {
        len(years): row["detectable_percent"]
        for row in known or []
        if (row["design"], row["villages"]) == (_name(None)[0], n)
    }
    rows = []
    for k in QUIET if years else ():
        if k not in made:
            effect = detectable(power_of_repeat(years, panel.township, k, seed=seed))
            made[k] = _percent(effect)
        rows.append({"quiet_years": k, "detectable_percent": made[k]})
    return pd.DataFrame(rows, columns=["quiet_years", "detectable_percent"])


def _name(design: Design | None) -> tuple[str, int]:
    """What a design is called, and its months."""
    return (design.name, design.months) if design else ("repeat", REPEAT_MONTHS)


def _percent(effect: float | None) -> float | None:
    return None if effect is None else float(100 * np.expm1(effect))

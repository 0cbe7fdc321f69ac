"""Making a plan: whom the next round lists, and the lot that says who gets what."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from village_eval.county.campaign import Campaign
from village_eval.county.lottery import blocks, draw
from village_eval.county.panel import Panel
from village_eval.county.plan import Design, Plan
from village_eval.expectation.listing import ListingRule, features
from village_eval.next_round.promise import village_kind
from village_eval.next_round.quiet import expectation

ABOUT = ["village_code", "village_name", "township_code", "township_name", "village_type"]


def make_plan(
    panel: Panel,
    campaign: Campaign,
    design: Design,
    rows: np.ndarray,
    start: dt.date,
    seed: int = 1,
) -> Plan:
    """Draw the plan for the villages ``rows``, in blocks of like villages.

    Rows are indices of the panel; lottery.py draws.
    """
    expected = expectation(panel, campaign)(len(panel.months))
    expected = (
        np.ones(len(panel.villages))
        if expected is None
        else expected * panel.petitions[:, -12:].sum()
    )
    rows = rows[
        np.lexsort((panel.villages["village_code"].to_numpy(str)[rows], panel.township[rows]))
    ]
    block = blocks(
        panel.township[rows], village_kind(panel)[rows], expected[rows], len(design.arms)
    )
    arm = draw(block, len(design.arms), 1, seed)[0]
    table = panel.villages.iloc[rows][ABOUT].reset_index(drop=True)
    table["village_type"] = village_kind(panel)[rows]
    table = table.assign(expected=expected[rows].round(2), block=block, arm=arm)
    for k, factor in enumerate(design.factors):
        table[factor] = design.arms[arm, k].astype(int)
    later = _months_later(start, design.months)
    table["start_date"] = [
        start if design.name != "phased" or first else later for first in design.arms[arm, 0]
    ]
    return Plan(campaign.county, design, seed, start, table, dt.date.today())


def worst(panel: Panel, campaign: Campaign, rule: ListingRule, n: int) -> np.ndarray:
    """The n villages (indices) that the learned rule would list next, from what is known now."""
    x = features(panel, campaign, len(panel.months), rule.features)
    return np.argsort(-(x @ rule.coefficients[0, 1:]), kind="stable")[:n]


def next_start(panel: Panel, campaign: Campaign, today: dt.date) -> dt.date:
    """The first day of the campaign's calendar month that comes next.

    After today, and after the data end.
    """
    month = campaign.start_month
    while month <= max(panel.months[-1], pd.Period(today, "M")):
        month += 12
    return month.start_time.date()


def _months_later(day: dt.date, months: int) -> dt.date:
    return (pd.Timestamp(day) + pd.DateOffset(months=months)).date()

"""What a county's files would have said on an earlier day.

Everything dated later is not known yet. Each table's contract says which of its dates decide.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd

from village_eval.county.campaign import Campaign
from village_eval.county.contracts import CONTRACTS, contract_of
from village_eval.county.county import County
from village_eval.county.periods import periods_of


def known_on(county: County, day: dt.date | str) -> County:
    """The county as known on the evening of ``day``.

    Petitions, mechanisms, mergers and lists of later days, and periods that had not ended, are
    gone; what was resolved, done or signed off later is open. A measure that had not begun stays as
    a plan if a planned start is recorded, else it is gone.
    """
    evening = pd.Timestamp(day)
    known = {
        name: _known(name, table, evening, county.campaign)
        for name, table in county.tables().items()
    }
    return county.with_tables(known)


def _known(name: str, table: pd.DataFrame, day: pd.Timestamp, campaign: Campaign) -> pd.DataFrame:
    known = CONTRACTS[contract_of(name, table.columns)].known
    if known.rule:
        return RULES[known.rule](table, day, campaign)
    if known.dated:
        table = table[~(pd.to_datetime(table[known.dated]) > day)].reset_index(drop=True)
    if known.over:
        table = table[_ended(table[known.over], day)].reset_index(drop=True)
    for date, told in known.later.items():
        if date in table:
            later = table[date] > day
            table = table.assign(**{c: table[c].mask(later) for c in told if c in table})
    return table


def _ended(period: pd.Series, day: pd.Timestamp) -> pd.Series:
    """Which months, quarters or years were over."""
    if isinstance(period.dtype, pd.PeriodDtype):
        return period.dt.end_time < day
    return pd.Series(periods_of(period).end_time < day, period.index)


def _measures(table: pd.DataFrame, day: pd.Timestamp, campaign: Campaign) -> pd.DataFrame:
    """A dose is known once its measure is signed off.

    With the campaign's end if it never was.
    """
    planned = (
        table["planned_start"].notna()
        if "planned_start" in table
        else pd.Series(False, table.index)
    )
    table = table[~(table["start_date"] > day) | planned]
    begun, over = table["start_date"] <= day, day >= pd.Timestamp(campaign.end)
    signed = table["end_date"].le(day) | (table["end_date"].isna() & over)
    open_now = {
        "start_date": table["start_date"].where(begun),
        "end_date": table["end_date"].where(table["end_date"] <= day),
        "dose": table["dose"].where(begun & signed),
        "funds": table["funds"].where(begun),
        "completed": table["completed"].where(begun & signed, 0),
    }
    return table.assign(**open_now).reset_index(drop=True)


RULES = {"measures": _measures}

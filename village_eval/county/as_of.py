"""What a county's files would have said on an earlier day: everything dated later is not known
yet."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd

from village_eval.county.campaign import Campaign
from village_eval.county.county import County


def known_on(county: County, day: dt.date | str) -> County:
    """The county as known on the evening of ``day``.

    Petitions, mechanisms, mergers and lists of later days, and periods that had not ended, are
    gone; what was resolved, done or signed off later is open. A measure that had not begun stays as
    a plan if a planned start is recorded, else it is gone.
    """
    day = pd.Timestamp(day)
    tables = {name: frame for name, frame in county.tables().items() if name != "villages"}
    known = {
        "petitions": _petitions,
        "measures": lambda t, d: _measures(t, d, county.campaign),
        "township_actions": _actions,
        "income": _ended,
        "satisfaction": _ended,
        "mechanisms": lambda t, d: _begun(t, d, "start_date"),
        "earlier_lists": lambda t, d: _begun(t, d, "start"),
        "village_changes": lambda t, d: _begun(t, d, "date"),
    }
    return replace(county, **{name: known[name](frame, day) for name, frame in tables.items()})


def _begun(table: pd.DataFrame, day: pd.Timestamp, column: str) -> pd.DataFrame:
    return table[~(pd.to_datetime(table[column]) > day)].reset_index(drop=True)


def _ended(table: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Rows of years or quarters that were over."""
    if table.empty:
        return table
    period = table["period"].astype(str)
    freq = "Q-DEC" if period.str.contains("Q").any() else "Y-DEC"
    return table[pd.PeriodIndex(period, freq=freq).end_time < day].reset_index(drop=True)


def _petitions(table: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    if "date" not in table:
        return table[pd.PeriodIndex(table["month"], freq="M") < day.to_period("M")].reset_index(
            drop=True
        )
    table = _begun(table, day, "date")
    if "resolved_date" not in table:
        return table
    later = table["resolved_date"] > day
    open_now = {"resolved_date": table["resolved_date"].mask(later)}
    if "satisfied" in table:
        open_now["satisfied"] = table["satisfied"].mask(later)
    return table.assign(**open_now)


def _measures(table: pd.DataFrame, day: pd.Timestamp, campaign: Campaign) -> pd.DataFrame:
    """A dose is known once the measure is signed off, or with the campaign's end if it never
    was."""
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
    }
    open_now |= {"dose": table["dose"].where(begun & signed), "funds": table["funds"].where(begun)}
    open_now["completed"] = table["completed"].where(begun & signed, 0)
    return table.assign(**open_now).reset_index(drop=True)


def _actions(table: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    return table.assign(done_date=table["done_date"].mask(table["done_date"] > day))

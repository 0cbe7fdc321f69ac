"""Which rows of a list of laggard villages are this campaign's, and which of other rounds."""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd

from village_eval.bureau.columns import parsed
from village_eval.bureau.layout import Block
from village_eval.bureau.notes import Notes
from village_eval.bureau.set_aside import remarks
from village_eval.bureau.years import years_in
from village_eval.folder.dates import date as date_in
from village_eval.folder.dates import month as month_in

BEFORE = dt.timedelta(days=183)
"""A list is drawn up in the half year before its campaign, or while it runs."""
When = dt.date | int
_LEFT = re.compile("退出|摘帽|移出|调出|撤出|出列|销号|不再列入|已转化")


def when_listed(block: Block, notes: Notes) -> list[When | None]:
    """The day, or the year, when each village was listed; None without such a column."""
    return parsed(block, "listed_on", _when, "bad_year", notes, required=True)


def _left_before(block: Block, start: dt.date) -> list[int]:
    """Rows whose remark says that the village left the list in a year before the campaign."""
    positions = [position for position, _ in remarks(block)]
    found = []
    for row in dict.fromkeys(block.cells.index):
        cells = block.sheet.rows[row - 1]
        told = [str(cells[p]) for p in positions if p < len(cells) and cells[p] is not None]
        left = [text for text in told if _LEFT.search(text)]
        years = set().union(*map(years_in, left), set())
        if years and max(years) < start.year:
            found.append(row)
    return found


def _when(cell: object) -> When | None:
    day = date_in(cell, strict=True)
    if isinstance(day, dt.date):
        return day
    if (month := month_in(cell)) is not None:
        return dt.date(month.year, month.month, 1)
    years = years_in(cell)
    return years.pop() if len(years) == 1 else None


def rounds(
    listed: pd.DataFrame, block: Block, start: dt.date, days: int, notes: Notes
) -> tuple[pd.DataFrame, dict[int, pd.DataFrame]]:
    """The rows of this campaign's round, and those of other rounds by year.

    ``listed`` has the column ``_when``. Without dates all rows are this round's.
    """
    when = listed["_when"]
    left = _left_before(block, start)
    mine = ~listed["_row"].isin(left)
    if left:
        notes.warn("left_the_list", **block.at, row=left[0], rows=len(left))
        notes.line(block.sheet.source, "dropped", int((~mine).sum()), "left_the_list")
        listed, when = listed[mine], when[mine]
    if when.isna().all():
        return listed, {}
    years = when.map(lambda w: w.year if isinstance(w, dt.date) else w)
    possible = [y for y in years.dropna() if start.year - 1 <= y <= start.year]
    year = max(possible, default=start.year)
    end = start + dt.timedelta(days=days)
    mine = when.map(
        lambda w: start - BEFORE <= w <= end if isinstance(w, dt.date) else w == year
    ).astype(bool)
    others = {int(y): rows for y, rows in listed[~mine].groupby(years[~mine])}
    column = block.headers["listed_on"]
    named = tuple(str(y) for y in others)
    if not mine.any():
        notes.problem(
            "list_of_other_years", **block.at, column=column, year=str(start.year), years=named
        )
    elif others:
        notes.warn("other_rounds", **block.at, column=column, rows=int((~mine).sum()), years=named)
    return listed[mine], others

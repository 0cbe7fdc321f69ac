"""When a measure began, ended and was to be done, as its register writes it.

A day stays that day. Of a month, or a part of one, a beginning takes the first day and an end the
last one; the campaign's own first and last day where they lie in it. Anything coarser is a deadline
or nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from village_eval.bureau.coarse_dates import Span, spans, why_no_day, without_deadline
from village_eval.bureau.columns import parsed
from village_eval.bureau.layout import Block
from village_eval.bureau.notes import Notes
from village_eval.bureau.values import words
from village_eval.bureau.years import near_campaign, since_1904, with_year
from village_eval.county.campaign import Campaign
from village_eval.folder.cells import fold
from village_eval.folder.dates import MonthDay
from village_eval.folder.dates import date as date_in

DATES = ("start_date", "end_date", "planned_start", "planned_end")
_EXAMPLES = 5


def dates_of(block: Block, campaign: Campaign, notes: Notes) -> dict[str, list[dt.date | None]]:
    """The days of each of DATES, row by row; those taken from months are told and in the ledger.

    A measure without a beginning cannot be placed in time, unless it is planned.
    """
    planned = _column(block, "planned_start", campaign, notes)
    begun = _column(block, "start_date", campaign, notes, required=[day is None for day in planned])
    earliest = [b or p or campaign.start for b, p in zip(begun, planned, strict=True)]
    ended = _column(block, "end_date", campaign, notes, after=earliest)
    due = [p or b or campaign.start for b, p in zip(begun, planned, strict=True)]
    until = _column(block, "planned_end", campaign, notes, after=due)
    return dict(zip(DATES, (begun, ended, planned, until), strict=True))


def _column(
    block: Block,
    column: str,
    campaign: Campaign,
    notes: Notes,
    required: bool | list[bool] = False,
    after: list[dt.date] | None = None,
) -> list[dt.date | None]:
    taken: set[object] = set()
    days = parsed(
        block,
        column,
        reader(campaign, column, block.sheet.since_1904, taken),
        lambda cell: _why(cell, column),
        notes,
        required=required,
        blank=words("pending"),
    )
    if column not in block.cells:
        return days
    cells = block.cells[column]
    if after is not None:
        days = [
            _not_before(day, cell, first, campaign)
            for day, cell, first in zip(days, cells, after, strict=True)
        ]
    coarse = [
        (row, cell, day)
        for (row, cell), day in zip(cells.items(), days, strict=True)
        if cell in taken
    ]
    header = block.headers[column]
    for row, cell, _ in coarse:
        notes.warn("months_as_days", **block.at, row=row, column=header, value=cell)
    if coarse:
        told = tuple(dict.fromkeys(f"{fold(cell)} {day}" for _, cell, day in coarse))
        about: dict[str, Any] = {"column": header, "days": told[:_EXAMPLES]}
        notes.line(block.sheet.source, "filled", len(coarse), "months_as_days", **about)
    return days


def _not_before(
    day: dt.date | None, cell: object, first: dt.date, campaign: Campaign
) -> dt.date | None:
    """An end without a year that would lie before the campaign and before its own beginning.

    12月31日 of a measure begun in March 2023 is no day of 2022.
    """
    if day is None or day >= min(first, campaign.start) or isinstance(cell, dt.date):
        return day
    if re.search(r"\d{4}", fold(cell)):
        return day
    return with_year(MonthDay(day.month, day.day), day.year + 1)


def reader(
    campaign: Campaign, column: str, old_mac: bool, taken: set[object] | None = None
) -> Callable[[object], dt.date | None]:
    """What reads a cell of ``column`` as a day; ``taken`` is filled with cells that name none."""

    def parse(cell: object) -> dt.date | None:
        text = fold(cell) if isinstance(cell, str) else ""
        day = date_in(since_1904(cell) if old_mac else cell, strict=False)
        if day is None and text:
            text = without_deadline(text) if column == "planned_end" else _from(text, column)
            day = date_in(text, strict=False)
        if day is not None:
            return near_campaign(day, campaign.start, campaign.end)
        coarse = _of_span(text, column, campaign)
        if coarse is not None and taken is not None:
            taken.add(cell)
        return coarse

    return parse


def _from(text: str, column: str) -> str:
    """3月5日起 as the day it names."""
    return re.sub("(?:起|开始|启动)$", "", text) if "start" in column else text


def _of_span(text: str, column: str, campaign: Campaign) -> dt.date | None:
    start, end = campaign.start, campaign.end
    span = _nearest(text, campaign)
    if span is None:
        return None
    if column == "planned_end":
        return span.last
    if not span.fine:
        return None
    if column == "end_date":
        return end if span.first <= end <= span.last else span.last
    return start if span.first <= start <= span.last else span.first


def _nearest(text: str, campaign: Campaign) -> Span | None:
    """Of the years that a month without one may mean the one nearest to the campaign."""
    start, end = campaign.start, campaign.end
    found = spans(text, range(start.year - 1, end.year + 2))
    return min(
        found, key=lambda s: max((start - s.last).days, (s.first - end).days, 0), default=None
    )


def _why(cell: object, column: str) -> str:
    text = fold(cell)
    if column == "end_date" and without_deadline(text) != text:
        return "deadline_as_end"
    return why_no_day(text)

"""Years and parts of years that titles and names speak of; the year of a date without one."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import NamedTuple

from village_eval.folder.dates import MonthDay

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_NAMED = {"上半年": (1, 6), "下半年": (7, 12), "前三季度": (1, 9)}
_WHICH = (
    r"(?:(?:第?(?=[一二三四1-4]季|[Qq])[Qq]?)(?P<quarter>[一二三四1-4])(?:季度?)?"
    rf"|(?P<half>{'|'.join(_NAMED)})"
    r"|(?P<from>\d{1,2})月?[-~至到—–](?P<to>\d{1,2})月|(?P<month>\d{1,2})月(?!\d{1,2}[日号]))"
)
_PART = re.compile(rf"(?<!\d)(?:19|20)\d{{2}}年?度?[-_]?{_WHICH}")
_PART_ALONE = re.compile(rf"{_WHICH}份?")
_MADE = (
    "填报|填表|制表|报送|上报|打印|编制|整理|更新|导出|汇总|核实|修订|提供|印发|制发|下发|上墙|制"
)
_FILLED_IN = rf"(?:{_MADE}|报表|统计|报出)(?:时间|日期)"


_STAMPED = re.compile(
    rf"{_FILLED_IN}.*|(?:19|20)\d{{2}}年\d{{1,2}}月(?:\d{{1,2}}日)?(?:{_MADE})"
    r"|^\(?(?:日期|时间)?:?(?:19|20)\d{2}[年./-]\d{1,2}[月./-]\d{1,2}日?\)?$"
)
"""When a form was filled in: after 填表日期, before 报送, or a date that stands alone."""


def with_year(date: dt.date | MonthDay, year: int | None) -> dt.date | None:
    """A date as it is; a month and day in ``year``, or None when that year has no such day."""
    if isinstance(date, dt.date):
        return date
    try:
        return None if year is None else dt.date(year, *date)
    except ValueError:
        return None


def since_1904(cell: object) -> object:
    """A bare serial number of a workbook of the 1904 date system, as others count."""
    return cell + 1462 if isinstance(cell, int | float) and not isinstance(cell, bool) else cell


def near_campaign(date: dt.date | MonthDay, start: dt.date, end: dt.date) -> dt.date | None:
    """The date that a cell means: a date as it is.

    A month and day get the year that brings it nearest to the campaign's days (year ends may lie
    between them).
    """
    around = (with_year(date, year) for year in range(start.year - 1, end.year + 2))

    def away(day: dt.date) -> int:
        return max((start - day).days, (day - end).days, 0)

    return min((day for day in around if day), key=away, default=None)


def years_in(text: object) -> set[int]:
    """The years that a title, a sheet's or a file's name speaks of."""
    return {int(y) for y in _YEAR.findall(unicodedata.normalize("NFKC", str(text)))}


def years_of_table(line: object) -> set[int]:
    """The years that a line above a table speaks of, without the day it was filled in."""
    folded = re.sub(r"\s", "", unicodedata.normalize("NFKC", str(line)))
    return years_in(_STAMPED.sub("", folded))


class Span(NamedTuple):
    """The months of a year that a table is about."""

    first: int
    last: int


WHOLE_YEAR = Span(1, 12)
QUARTERS = [Span(m, m + 2) for m in (1, 4, 7, 10)]


def span_in(text: object) -> Span | None:
    """The part of a year that a title or a sheet's name speaks of: 第一季度, 上半年, 1-9月.

    None when it names none. A quarter counts only beside a year or alone: 填报时间:第四季度 says
    when a form was filled in.
    """
    folded = re.sub(r"\s", "", unicodedata.normalize("NFKC", str(text)))
    folded = _STAMPED.sub("", folded)
    match = _PART.search(folded) or _PART_ALONE.fullmatch(folded)
    if match is None:
        return None
    named = match.groupdict()
    if named["quarter"]:
        return QUARTERS["一二三四1234".index(named["quarter"]) % 4]
    if named["half"]:
        return Span(*_NAMED[named["half"]])
    first, last = int(named["from"] or named["month"]), int(named["to"] or named["month"])
    return Span(first, last) if 1 <= first <= last <= 12 else None

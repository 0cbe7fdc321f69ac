"""Years and quarters that titles and names speak of, and the year of a date written without one."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from village_eval.folder.dates import MonthDay

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_QUARTER = re.compile(r"(?:第)?([一二三四1-4])季度?|[Qq]([1-4])")


def with_year(date: dt.date | MonthDay, year: int | None) -> dt.date | None:
    """A date as it is; a month and day in ``year``, or None when that year has no such day."""
    if isinstance(date, dt.date):
        return date
    try:
        return None if year is None else dt.date(year, *date)
    except ValueError:
        return None


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


def quarter_in(text: object) -> int | None:
    """The quarter in 2022年第一季度 or 2022Q1."""
    match = _QUARTER.search(unicodedata.normalize("NFKC", str(text)))
    return "一二三四1234".index(match[1] or match[2]) % 4 + 1 if match else None

"""Dates as bureaus write them: 2019-4-12, 2019/4/12, 2019年4月12日, 2019.04.12, 20190412, Excel
serials, 3月24日."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

EXCEL_EPOCH = dt.date(1899, 12, 30)
SERIALS = (20_000, 80_000)
"""Numbers from 1954 to 2119 as Excel counts days."""

_FULL = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?(?:T?\d{1,2}[:时].*)?(?:星期.)?")
_SHORT_YEAR = re.compile(r"(\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?")
_PACKED = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_MONTH_DAY = re.compile(r"(\d{1,2})(?:月|[-/.])(\d{1,2})[日号]?")


def parse_date(written: object) -> dt.date | tuple[int, int] | None:
    """A date; a (month, day) whose year is not written; None when it is neither."""
    if isinstance(written, dt.datetime):
        return written.date()
    if isinstance(written, dt.date):
        return written
    if isinstance(written, int | float):
        text = f"{written:g}" if written != int(written) else str(int(written))
    else:
        text = re.sub(r"\s", "", unicodedata.normalize("NFKC", str(written)))
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text) and SERIALS[0] <= float(text) <= SERIALS[1]:
        return EXCEL_EPOCH + dt.timedelta(days=int(float(text)))
    for form in (_FULL, _PACKED, _SHORT_YEAR):
        if match := form.fullmatch(text):
            year, month, day = map(int, match.groups()[:3])
            return _date(year + 2000 if year < 100 else year, month, day)
    if match := _MONTH_DAY.fullmatch(text):
        month, day = int(match[1]), int(match[2])
        return (month, day) if _date(2024, month, day) else None
    return None


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def near_campaign(month: int, day: int, start: dt.date, end: dt.date) -> dt.date | None:
    """The month and day in the year that brings it nearest to the campaign's days (year ends may
    lie between them)."""
    around = (_date(year, month, day) for year in range(start.year - 1, end.year + 2))

    def away(date: dt.date) -> int:
        return max((start - date).days, (date - end).days, 0)

    return min((d for d in around if d), key=away, default=None)


_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_QUARTER = re.compile(r"(?:第)?([一二三四1-4])季度?|[Qq]([1-4])")


def years_in(text: object) -> set[int]:
    """The years that a title, a sheet's or a file's name speaks of."""
    return {int(y) for y in _YEAR.findall(unicodedata.normalize("NFKC", str(text)))}


def quarter_in(text: object) -> int | None:
    """The quarter in 2022年第一季度 or 2022Q1."""
    match = _QUARTER.search(unicodedata.normalize("NFKC", str(text)))
    return "一二三四1234".index(match[1] or match[2]) % 4 + 1 if match else None

"""What a cell says of time: dates, months, years and quarters; the rules are those of cells.py."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from village_eval.folder.cells import spaced

YEARS = (1900, 2100)
"""Dates outside these years are slips of the pen."""
EXCEL_EPOCH = dt.date(1899, 12, 30)
EXCEL_DAYS = (20_000, 80_000)
"""Excel serial numbers that can be dates: 1954 to 2119."""
SHORT_YEARS = range(13, 70)
"""Years without their century; a smaller number could be a month, a greater one the last
century."""

_WEEKDAY = r"\s?\(?(?:星期|周|礼拜)[一二三四五六日天]\)?"
_HALF = r"(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚|夜间|[AaPp]\.?[Mm]\.?)"
_CLOCK = (
    r"(?:[01]?\d|2[0-3])"
    r"(?::[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?|[时点](?:[0-5]?\d分?(?:[0-5]?\d秒)?|整)?)"
)
_TIME = rf"(?:{_HALF}?\s?{_CLOCK}(?:\s?{_HALF})?(?:\s?\+08(?::?00)?)?|\(?{_HALF}\)?)"
# A time stands after a blank, a T, or a character that ends the day; never right after a digit.
_REST = rf"(?:{_WEEKDAY})?(?:(?:[T\s]|(?<![\dT\s])|(?=[凌清早上中下傍晚夜(]))\s?{_TIME})?"
_DATE = re.compile(
    r"(?P<year>\d{4}|\d{2})"
    r"(?:\s?(?P<mark>[-/.])\s?(?P<month>\d{1,2})\s?(?P=mark)\s?(?P<day>\d{1,2})"
    rf"|\s?年\s?(?P<month_>\d{{1,2}})\s?月\s?(?P<day_>\d{{1,2}})(?:\s?[日号])?){_REST}"
)
_MONTH_DAY = re.compile(
    rf"(\d{{1,2}})(?:\s?月\s?(\d{{1,2}})(?:\s?[日号])?|\s?[-/.]\s?(\d{{1,2}})){_REST}"
)
_PACKED = re.compile(r"((?:19|20|21)\d{2})(\d{2})(\d{2})(?:(?:[01]\d|2[0-3])(?:[0-5]\d){2})?")
_PACKED_AND_TIME = re.compile(rf"(\d{{4}})(\d{{2}})(\d{{2}})[T\s]\s?{_TIME}")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_MONTH = re.compile(r"(\d{4})(?:\s?([-/.])\s?(\d{1,2})|\s?年\s?(\d{1,2})\s?月|(\d{2}))")
_PERIOD = re.compile(
    r"(?:(\d{4})\s?(?:年度?)?(?:全年)?)?\s?-?\s?(?:第?([一二三四1-4])季度?|[Qq]([1-4]))?"
)


class MonthDay(NamedTuple):
    """A date whose year is not written."""

    month: int
    day: int


def date(written: object, *, strict: bool) -> dt.date | MonthDay | None:
    """The day; a time of the day is passed over. A MonthDay only without ``strict``."""
    if isinstance(written, bool | np.bool_ | dt.time):
        return None
    text = spaced(written)
    if _SERIAL.fullmatch(text) and EXCEL_DAYS[0] <= float(text) <= EXCEL_DAYS[1]:
        return EXCEL_EPOCH + dt.timedelta(days=int(float(text)))
    if match := _PACKED.fullmatch(text) or _PACKED_AND_TIME.fullmatch(text):
        return _day(*map(int, match.groups()[:3]))
    if match := _DATE.fullmatch(text):
        year = _year(match["year"], match["mark"], strict)
        month, day = match["month"] or match["month_"], match["day"] or match["day_"]
        return None if year is None else _day(year, int(month), int(day))
    if strict or not (match := _MONTH_DAY.fullmatch(text)):
        return None
    if isinstance(written, float) and re.search(r"\.[123]$", text):
        return None  # 4.20 typed as a number is stored as 4.2
    month, day = int(match[1]), int(match[2] or match[3])
    return MonthDay(month, day) if _day(2024, month, day) else None


def _year(digits: str, mark: str | None, strict: bool) -> int | None:
    if len(digits) == 4:
        return int(digits)
    short = int(digits)
    known = short < SHORT_YEARS.stop and (short in SHORT_YEARS or mark is None)
    return 2000 + short if known and not strict else None


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day) if YEARS[0] <= year <= YEARS[1] else None
    except ValueError:
        return None


def month(written: object) -> pd.Period | None:
    """A month, also from its first day, which spreadsheets make of 2022-03."""
    text = spaced(written)
    if match := _MONTH.fullmatch(text):
        year, number = int(match[1]), int(match[3] or match[4] or match[5])
        # The number 2022.10 is stored as 2022.1.
        two_ways = match[2] == "." and match[3] == "1"
        known = not two_ways and _day(year, number, 1) if 1 <= number <= 12 else None
        return pd.Period(year=year, month=number, freq="M") if known else None
    day = date(written, strict=True)
    return pd.Period(day, "M") if isinstance(day, dt.date) and day.day == 1 else None


def period(written: object, year: int | None = None) -> str | None:
    """A year (2022) or quarter (2022Q1); ``year`` is that of a quarter written without one."""
    text = spaced(written)
    match = _PERIOD.fullmatch(text)
    if not text or not match or (match[1] is None and year is None):
        return None
    stated = int(match[1] or year or 0)
    if not YEARS[0] <= stated <= YEARS[1]:
        return None
    quarter = match[2] or match[3]
    if not quarter:
        return str(stated) if match[1] else None
    return f"{stated}Q{'一二三四1234'.index(quarter) % 4 + 1}"

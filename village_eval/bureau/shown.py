"""What a sheet shows where the stored value says something else.

A number shown as a percentage is read as it is shown. Excel stores 2023年5月, typed by a clerk, as
the first of May: where all cells of a column that show a month alone are first days, they are
months, and no days.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable

from village_eval.folder.dates import EXCEL_DAYS, EXCEL_EPOCH

_CHINESE_MONTHS = {27, 36, 50, 52, 57}
"""Built-in formats of Chinese Excel that show 2023年5月; openpyxl does not know them."""
_DAYS = range(*EXCEL_DAYS)
_NO_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|;.*')


def as_shown(cells: Iterable, since_1904: bool) -> dict[tuple[int, int], object]:
    """Values of openpyxl's cells by row and column; blank text is nothing."""
    values: dict[tuple[int, int], object] = {}
    months: dict[int, list[tuple[tuple[int, int], dt.date | None]]] = defaultdict(list)
    for cell in cells:
        at = cell.row, cell.column
        values[at] = _value(cell)
        if _shows_month(cell):
            months[cell.column].append((at, _day(values[at], since_1904)))
    for column in months.values():
        if all(day is not None and day.day == 1 for _, day in column):
            values |= {at: f"{day.year}年{day.month}月" for at, day in column if day}
    return values


def _value(cell) -> object:
    value = cell.value
    if isinstance(value, str):
        return value if value.strip() else None
    shown = cell.number_format or ""
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in shown:
        return f"{round(value * 100, 8):g}%"
    return value


def _shows_month(cell) -> bool:
    if not isinstance(cell.value, dt.date | int | float) or isinstance(cell.value, bool):
        return False
    if cell._style.numFmtId in _CHINESE_MONTHS:
        return True
    codes = _NO_FORMAT.sub("", cell.number_format or "").lower()
    return "y" in codes and "m" in codes and not re.search("[dhs]", codes)


def _day(value: object, since_1904: bool) -> dt.date | None:
    """A whole day; openpyxl leaves those of Chinese formats as Excel's count of days."""
    if isinstance(value, dt.datetime):
        return value.date() if value.time() == dt.time() else None
    if isinstance(value, int | float) and value == int(value):
        days = int(value) + 1462 * since_1904
        return EXCEL_EPOCH + dt.timedelta(days=days) if days in _DAYS else None
    return value if isinstance(value, dt.date) else None

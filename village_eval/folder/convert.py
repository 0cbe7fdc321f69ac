"""Text to types, one function a kind of column: values (NA where the text cannot be read) and, by
kind, which rows are wrong.

Work is done once per distinct text: registers repeat the same few thousand dates and terms.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Callable

import numpy as np
import pandas as pd

from village_eval.county.contracts import CODE_DIGITS, DTYPES
from village_eval.words import vocabulary

_DATE = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_MONTH = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})月?|(\d{2}))")
_PERIOD = re.compile(r"(\d{4})年?(?:第?-?[Qq]?([1-4一二三四])(?:季度)?)?")
_NUMBER = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?(?:[eE][-+]?\d+)?")
_LOST = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_FLAGS = {
    "0": 0,
    "1": 1,
    "0.0": 0,
    "1.0": 1,
    "是": 1,
    "否": 0,
    "true": 1,
    "false": 0,
    "True": 1,
    "False": 0,
    "TRUE": 1,
    "FALSE": 0,
}
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}
EXCEL_DAYS = (20000, 80000)
"""Excel serial numbers that can be dates: 1954 to 2119."""
LIKE_ENOUGH = 0.45
YEARS = (1700, 2200)
"""Any year that pandas can hold."""


def convert(text: pd.Series, column: dict) -> tuple[pd.Series, dict[str, pd.Series]]:
    """Values of the column's type, and for each kind of problem a bool mask of the rows that have
    it."""
    kind, _, terms = column["type"].partition(":")
    if kind == "text":
        return text.astype("str"), {}
    reader = _reader(kind, terms)
    code, distinct = pd.factorize(text, use_na_sentinel=True)
    read = [
        reader(value if value.isascii() else unicodedata.normalize("NFKC", value).strip())
        for value in distinct
    ]
    values = np.array([value for value, _ in read] + [None], dtype=object)[code]
    wrong = np.array([problem or "" for _, problem in read] + [""], dtype=object)[code]
    dtype = DTYPES.get(kind, "str")
    typed = pd.Series(values, index=text.index, dtype=object)
    typed = pd.to_datetime(typed).astype(dtype) if kind == "date" else typed.astype(dtype)
    return typed, {
        problem: pd.Series(wrong == problem, text.index) for problem in sorted(set(wrong) - {""})
    }


def _reader(kind: str, terms: str) -> Callable[[str], tuple[object, str | None]]:
    if kind in ("term", "terms"):
        return lambda text: _terms(text, terms, many=kind == "terms")
    return {
        "village_code": lambda text: _code(text, "village_code"),
        "township_code": lambda text: _code(text, "township_code"),
        "integer": lambda text: _number(text, whole=True),
        "number": _number,
        "share": _number,
        "flag": lambda text: (_FLAGS[text], None) if text in _FLAGS else (None, "not_flag"),
        "date": _date,
        "month": _month,
        "period": _period,
    }[kind]


def _code(text: str, kind: str):
    if _LOST.fullmatch(text):
        return None, "lost_digits"
    text = re.sub(r"\.0+$", "", text)
    good = len(text) == CODE_DIGITS[kind] and text.isascii() and text.isdigit()
    return (text, None) if good else (None, f"not_{kind}")


def _number(text: str, whole: bool = False):
    if not _NUMBER.fullmatch(text):
        return None, "not_integer" if whole else "not_number"
    value = float(text.replace(",", ""))
    if not np.isfinite(value):
        return None, "not_number"
    return (None, "not_integer") if whole and value != int(value) else (value, None)


def _date(text: str):
    if re.fullmatch(r"\d{8}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    elif re.fullmatch(r"\d{5}(\.\d+)?", text) and EXCEL_DAYS[0] <= float(text) <= EXCEL_DAYS[1]:
        return np.datetime64("1899-12-30") + int(float(text)), None
    match = _DATE.fullmatch(text)
    try:
        year, month, day = map(int, match.groups())
        if not YEARS[0] <= year <= YEARS[1]:
            return None, "not_date"
        return np.datetime64(dt.date(year, month, day)), None
    except (AttributeError, ValueError):
        return None, "not_date"


def _month(text: str):
    if match := _MONTH.fullmatch(text):
        year, month = int(match[1]), int(match[2] or match[3])
        if 1 <= month <= 12 and YEARS[0] <= year <= YEARS[1]:
            return pd.Period(year=year, month=month, freq="M"), None
    date, _ = _date(text)
    # Spreadsheets turn 2022-03 into the first of March.
    return (
        (pd.Period(date, "M"), None)
        if date is not None and date.astype("datetime64[D]") == date.astype("datetime64[M]")
        else (None, "not_month")
    )


def _period(text: str):
    match = _PERIOD.fullmatch(text)
    if not match or not YEARS[0] <= int(match[1]) <= YEARS[1]:
        return None, "not_period"
    year, quarter = match.groups()
    return (f"{year}Q{_QUARTERS.get(quarter, quarter)}" if quarter else year), None


def _terms(text: str, kind: str, many: bool):
    if many:
        found, unknown = vocabulary.lookup_many(kind, text)
        return (None, "unknown_term") if unknown or not found else (";".join(found), None)
    key = vocabulary.lookup(kind, text)
    return (key, None) if key else (None, "unknown_term")


def closest(kind: str, written: str) -> str | None:
    """The key of the vocabulary whose key, name or alias is most like what was written; None when
    nothing is like it."""
    _, unknown = vocabulary.lookup_many(kind, written)
    spelled = vocabulary.normalise(unknown[0] if unknown else written).lower()

    def likeness(key: str) -> float:
        return max(
            difflib.SequenceMatcher(None, spelled, vocabulary.normalise(way).lower()).ratio()
            for way in vocabulary.ways(kind, key)
        )

    best = max(vocabulary.keys(kind), key=likeness)
    return best if likeness(best) >= LIKE_ENOUGH else None

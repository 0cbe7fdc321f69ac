"""What one cell says: codes, numbers, flags, terms (dates.py: dates, months, periods).

The one reader of the county folder and of the bureaus' workbooks.

A cell is text or a typed value. With ``strict`` (the folder) only what is complete in itself is
read; without it (bureaus) also units beside a number and dates that lack a year or its century.
What is not understood, or may mean two things, is None: nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
import difflib
import math
import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

import numpy as np
import pandas as pd

from village_eval.words import vocabulary

YES, NO = frozenset({"1", "是", "true"}), frozenset({"0", "否", "false"})
UNITS = (
    *("亿元", "百万元", "万元", "千元", "百元", "亿", "万", "元"),
    *("人次", "余人", "人", "户", "名", "个", "分", "%"),
)
LIKE_ENOUGH = 0.45

_INVISIBLE = re.compile(r"[\u200b\ufeff]")


# --- text ----------------------------------------------------------------------------------------


def cell_text(value: object) -> str:
    """A cell as text: whole floats without .0, dates as 2022-03-15, true as 1, nothing as ""."""
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool | np.bool_):
        return str(int(value))
    if isinstance(value, float | np.floating):
        amount = float(value)
        if math.isnan(amount):
            return ""
        whole = abs(amount) < 1e15 and amount == int(amount)
        return str(int(amount)) if whole else repr(amount)
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return str(value).strip()


def spaced(written: object) -> str:
    """Full-width forms folded, invisible characters gone, one blank where there were several."""
    text = cell_text(written)
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).replace("−", "-")
    return " ".join(text.split())


def fold(written: object) -> str:
    """Full-width forms folded, blanks and invisible characters taken out."""
    return _fold(written if isinstance(written, str) else str(written))


@lru_cache(maxsize=2**16)
def _fold(text: str) -> str:
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return _INVISIBLE.sub("", re.sub(r"\s", "", folded))


# --- codes, numbers, flags -----------------------------------------------------------------------

_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?[eE]\+?(\d+)")
_DIGITS = r"\d+|\d{1,3}(?:,\d{3})+"
_NUMBER = re.compile(rf"[-+]?(?:{_DIGITS})(?:\.\d*)?(?:[eE][-+]?\d+)?")
_WITH_UNIT = re.compile(
    r"['¥￥]?([-+]?)\s?((?:\d+|\d{1,3}(?:[, ]\d{3})+)(?:\.\d*)?|\.\d+|\d+(?:\.\d+)?[eE][-+]?\d+)"
    rf"\s?({'|'.join(UNITS)})?"
)


def code(written: object, digits: int) -> str | None:
    """A code of so many digits as text; None for another length, or when Excel has rounded it."""
    text = fold(cell_text(written)).strip("'\"")
    if match := _SCIENTIFIC.fullmatch(text):
        head, decimals, power = match[1], match[2] or "", int(match[3])
        text = head + decimals if len(decimals) == power else ""
    text = re.sub(r"\.0*$", "", text)
    return text if len(text) == digits and text.isascii() and text.isdigit() else None


def lost_digits(text: str) -> bool:
    """Whether a code was rounded by Excel to the form 3.71324E+11."""
    match = _SCIENTIFIC.fullmatch(text)
    return match is not None and len(match[2] or "") != int(match[3])


def number(written: object, *, strict: bool) -> tuple[float, str] | None:
    """A finite number and the unit written with it ("" without one; ``strict`` allows none)."""
    if isinstance(written, bool | np.bool_):
        return None
    text, unit = spaced(written), ""
    if not strict and not isinstance(written, int | float):
        if match := re.fullmatch(r"\(\s?([^-+()]+)\)", text):
            text = f"-{match[1].strip()}"
        text = re.sub(r"^负(?=\s?\d)", "-", text)
        match = _WITH_UNIT.fullmatch(text)
        if not match:
            return None
        text, unit = match[1] + match[2].replace(" ", ","), match[3] or ""
        text = text.replace(".", "0.", 1) if match[2].startswith(".") else text
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text.replace(",", ""))
    return (value, unit) if math.isfinite(value) else None


def flag(written: object, yes: Collection[str] = YES, no: Collection[str] = NO) -> int | None:
    """1 or 0 by folded words in lower case."""
    text = re.sub(r"^([01])\.0+$", r"\1", fold(cell_text(written)).lower())
    return 1 if text in yes else 0 if text in no else None


# --- terms ---------------------------------------------------------------------------------------


def terms(kind: str, written: object, *, many: bool, strict: bool) -> tuple[list[str], list[str]]:
    """Keys of the vocabulary in a cell, and what is unknown.

    With ``many`` parted by 、，； or /, without ``strict`` by blanks and + too.
    """
    key = vocabulary.lookup(kind, written)
    if key:
        return [key], []
    if not many:
        return [], [str(written)]
    text = str(written) if strict else re.sub(r"[\s+]+", "、", str(written).strip())
    return vocabulary.lookup_many(kind, text)


def closest(kind: str, written: str) -> str | None:
    """The key whose key, name or alias is most like what was written; None when nothing is."""
    _, unknown = vocabulary.lookup_many(kind, written)
    spelled = vocabulary.normalise(unknown[0] if unknown else written).lower()

    def likeness(key: str) -> float:
        return max(
            difflib.SequenceMatcher(None, spelled, vocabulary.normalise(way).lower()).ratio()
            for way in vocabulary.ways(kind, key)
        )

    best = max(vocabulary.keys(kind), key=likeness)
    return best if likeness(best) >= LIKE_ENOUGH else None

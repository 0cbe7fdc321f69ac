"""Numbers as bureaus write them: 1180人, ４６０, 1,180, 1.2万, 45%, - for zero; and village
codes."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

COLUMNS = tomllib.loads(files(__package__).joinpath("columns.toml").read_text("utf-8"))
"""How bureaus head their columns and write yes and no; see the file."""

MONEY = {
    "元": 1.0,
    "百元": 100.0,
    "千元": 1e3,
    "万元": 1e4,
    "万": 1e4,
    "百万元": 1e6,
    "亿元": 1e8,
    "亿": 1e8,
}
_NUMBER = re.compile(
    r"([-+−]?\d[\d,]*(?:\.\d+)?|[-+]?\.\d+|[-+]?\d+(?:\.\d+)?[eE][-+]?\d+)(亿元|百万元|万元|千元|百元|亿|万|元|人次|余人|人|户|名|个|分|%)?"
)


_INVISIBLE = re.compile(r"[\s\u200b\ufeff]")


def fold(text: object) -> str:
    """Full-width forms folded, blanks and invisible characters taken out."""
    return _fold(text if isinstance(text, str) else str(text))


@lru_cache(maxsize=2**16)
def _fold(text: str) -> str:
    return _INVISIBLE.sub("", text if text.isascii() else unicodedata.normalize("NFKC", text))


@cache
def words(kind: str) -> frozenset[str]:
    """The words of one kind of columns.toml (yes, no, zero …), folded and in lower case."""
    return frozenset(fold(w).lower() for w in COLUMNS["words"][kind])


def parse_number(written: object) -> tuple[float, str] | None:
    """The number and the unit written with it ('' without one); dashes are zero; None when it is no
    number."""
    if isinstance(written, bool):
        return None
    if isinstance(written, int | float):
        return float(written), ""
    text = fold(written).lstrip("'¥￥").lower()
    if text in words("zero"):
        return 0.0, ""
    match = _NUMBER.fullmatch(re.sub(r"^\((.*)\)$", r"-\1", text))
    return (float(match[1].replace(",", "").replace("−", "-")), match[2] or "") if match else None


def parse_count(written: object) -> float | None:
    """A number of persons or households; 1.2万 is 12,000."""
    number = parse_number(written)
    if number is None or number[1] in ("元", "%"):
        return None
    return number[0] * MONEY.get(number[1], 1.0)


def parse_money(written: object, unit: float | None) -> float | None:
    """Yuan; a unit in the cell goes before the one of the table (``unit``: yuan per unit). None
    when it is no amount."""
    number = parse_number(written)
    if number is None or number[1] not in (*MONEY, ""):
        return None
    factor = MONEY[number[1]] if number[1] else unit
    return None if factor is None else round(number[0] * factor, 2)


def parse_code(written: object) -> str | None:
    """A village code of 12 digits as text; None when it is another length, or when Excel has
    rounded it (3.71324E+11 as text)."""
    if isinstance(written, int | float) and not isinstance(written, bool):
        text = f"{written:.0f}" if written == int(written) else ""
    else:
        text = fold(written).strip("'\"")
        if match := re.fullmatch(r"(\d)\.(\d+)[eE]\+?11", text):
            text = match[1] + match[2] if len(match[2]) == 11 else ""
        text = re.sub(r"\.0*$", "", text)
    return text if re.fullmatch(r"[1-9]\d{11}", text) else None


def parse_flag(written: object, yes: str = "yes", no: str = "no") -> int | None:
    """1 or 0 by the words of columns.toml; None when it is neither."""
    text = fold(f"{written:g}" if isinstance(written, float) else written).lower()
    return 1 if text in words(yes) else 0 if text in words(no) else None

"""What bureaus mean by a number or a word: 1180人, 1.2万, 45%, - for zero, √ for yes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from village_eval.county.contracts import CODE_DIGITS
from village_eval.folder import cells
from village_eval.folder.cells import fold
from village_eval.words.patterns import with_parts, written_out


def _read() -> dict:
    table = tomllib.loads(files(__package__).joinpath("columns.toml").read_text("utf-8"))
    return with_parts(table, table.pop("parts"))


COLUMNS = _read()
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


FLAGS = {
    "repeat": ("first", "repeated"),
    "satisfied": ("satisfied", "dissatisfied", "not_rated"),
    "completed": ("yes", "no"),
    "listed": ("yes", "no"),
    "status": ("valid", "void"),
}
"""Columns that say yes or no, and the groups of words that they know."""
_OWN: ContextVar[Mapping[str, Mapping[str, str]]] = ContextVar(
    "own flags", default=MappingProxyType({})
)


@contextmanager
def own_flags(own: Mapping[str, Mapping[str, str]]) -> Iterator[None]:
    """Inside, ``words`` knows further ones by group."""
    before = _OWN.set(own)
    try:
        yield
    finally:
        _OWN.reset(before)


def words(kind: str) -> frozenset[str]:
    """The words of one kind of columns.toml (yes, no, zero …), folded and in lower case."""
    own = _OWN.get().get(kind)
    return _words(kind) | own.keys() if own else _words(kind)


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(fold(w).lower() for w in written_out(COLUMNS["words"][kind]))


def parse_number(written: object) -> tuple[float, str] | None:
    """The number and the unit written with it ('' without one).

    Dashes are zero; None when it is no number.
    """
    if isinstance(written, str) and fold(written).lower() in words("zero"):
        return 0.0, ""
    return cells.number(written, strict=False)


def parse_count(written: object) -> float | None:
    """A number of persons or households; 1.2万 is 12,000."""
    number = parse_number(written)
    if number is None or number[1] in ("元", "%"):
        return None
    return number[0] * MONEY.get(number[1], 1.0)


def parse_money(written: object, unit: float | None) -> float | None:
    """Yuan; a unit in the cell goes before the one of the table (``unit``: yuan per unit).

    None when it is no amount.
    """
    number = parse_number(written)
    if number is None or number[1] not in (*MONEY, ""):
        return None
    factor = MONEY[number[1]] if number[1] else unit
    return None if factor is None else round(number[0] * factor, 2)


def parse_code(written: object) -> str | None:
    """A village's code."""
    return cells.code(written, CODE_DIGITS["village_code"])


def parse_flag(written: object, yes: str = "yes", no: str = "no") -> int | None:
    """1 or 0 by the words of columns.toml; None when it is neither.

    满意(已回访) is 满意; what is in the bracket may not take back what stands before it.
    """
    found = cells.flag(written, words(yes), words(no))
    if found is None and isinstance(written, str) and (noted := _NOTED.fullmatch(fold(written))):
        found = cells.flag(noted[1], words(yes), words(no))
        if cells.flag(noted[2], words(yes), words(no)) not in (None, found):
            return None
    return found


_NOTED = re.compile(r"([^()]+)\(((?:(?!不|非|未|部分|待|拟|否|无|后|前)[一-鿿]){1,6})\)")

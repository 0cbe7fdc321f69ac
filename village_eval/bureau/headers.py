"""Which column means what, and where in a sheet headers stand: one or two rows, repeated or not."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import MappingProxyType

from village_eval.bureau.forms import LAST_YEAR, OTHERWISE, forms, plain
from village_eval.bureau.rows import NOTE, TOTAL
from village_eval.bureau.values import COLUMNS
from village_eval.bureau.years import years_in
from village_eval.folder.cells import fold, number
from village_eval.words.patterns import Ways

PLACES = ("township_name", "village_name", "village_code")
KINDS = list(COLUMNS["kinds"])
NOT_NEEDED = "\0"
"""What a county's own words say of a header that it does not need."""
_OWN: ContextVar[Mapping[str, str]] = ContextVar("own headers", default=MappingProxyType({}))


@contextmanager
def also(own: Mapping[str, str]) -> Iterator[None]:
    """Inside, headers that a county writes in its own way (folded) are read as known ones."""
    before = _OWN.set(own)
    try:
        yield
    finally:
        _OWN.reset(before)


def header_forms(header: str) -> list[str]:
    """The ways of reading a header; see forms.py."""
    if not (own := _OWN.get()):
        return forms(header)
    read = forms(header)
    meant = next((own[form] for form in read if form in own), None)
    # What one table does not need may be a known column of another.
    return read if meant is None else [*read, meant] if meant == NOT_NEEDED else [meant]


def _of(table: str, common: Ways[tuple[str, int]] | None = None) -> Ways[tuple[str, int]]:
    return Ways(
        (
            (way, (column, usual))
            for column, ways in COLUMNS["columns"][table].items()
            for usual, way in enumerate([column, *ways])
        ),
        plain,
        common,
    )


_ANY = _of("any")
ALIASES = {kind: _of(kind, _ANY) for kind in KINDS}
PERSON = Ways(((way, c) for c, ways in COLUMNS["person"].items() for way in ways), plain)
_PLACE = Ways(
    (
        (way, column)
        for table, column in (
            ("any", "village_name"),
            ("any", "village_code"),
            ("changes", "old_name"),
            ("changes", "old_code"),
        )
        for way in [column, *COLUMNS["columns"][table][column]]
    ),
    plain,
)


OF_WHICH_PART = ("其中:", "其中：", "#")
"""What a column begins with that holds a part of what is headed above it."""


_OF_A_FORM = re.compile(
    r"(?:填报|制表|填表|编制|报送|上报|统计)(?:单位|部门|时间|日期)"
    r"|\(?(?:金额|计量)?单位:?\(?(?:亿|百万|万|千|百)?元\)?\)?$"
)


@dataclass(frozen=True)
class Header:
    """Where a header stands: its last row, its first row, and per column what may be its text."""

    kind: str
    row: int
    top: int
    texts: list[list[str]]
    columns: dict[str, int]


def find_headers(rows: list[list[object]], kinds: Sequence[str] = KINDS) -> list[Header]:
    """All header rows of a sheet; a repeated one that brings nothing new begins no table."""
    found: list[tuple[tuple, Header]] = []
    place = [_names_place(cells) for cells in rows]
    for row in range(len(rows)):
        best = None
        if _holds_figures(rows[row]):
            continue
        for above in (False, True):
            if not place[row] and not (above and row and place[row - 1]):
                continue
            if above and (row == 0 or len({c for c in rows[row - 1] if c is not None}) < 2):
                continue  # one text alone, merged or not, is a title
            texts = header_texts(rows, row, above)
            for order, kind in enumerate(kinds):
                columns = assign(texts, kind)
                if all(
                    any(c in columns for c in any_of) for any_of in COLUMNS["kinds"][kind]["needs"]
                ):
                    rank = (_matched(texts, kind), len(columns), -above, -order)
                    if best is None or rank > best[0]:
                        top = row - (above or _two_rows(rows, row))
                        best = (rank, Header(kind, row, top, texts, columns))
        if best is None:
            continue
        if found and row - found[-1][1].row == 1:  # the two rows of one header
            if best[0] > found[-1][0] or _two_rows(rows, row):
                found[-1] = best
            continue
        found.append(best)
    headers = [header for _, header in found]
    return [
        h
        for i, h in enumerate(headers)
        if i == 0
        or h.columns != headers[i - 1].columns
        or h.kind != headers[i - 1].kind
        or title_above(rows, h.top) < h.top
    ]


def _two_rows(rows: list[list[object]], row: int) -> bool:
    """Whether a column of places is headed alike in the row above: cells merged over both."""
    return row > 0 and any(
        isinstance(low, str) and low == high and any(f in _PLACE for f in header_forms(low))
        for low, high in zip(rows[row], rows[row - 1], strict=False)
    )


def _names_place(cells: list[object]) -> bool:
    return any(
        isinstance(c, str) and len(c) < 30 and any(f in _PLACE for f in header_forms(c))
        for c in cells
    )


def _holds_figures(cells: list[object]) -> bool:
    """Two numbers that are no years stand in no header: a row of totals also begins with 合计."""
    numbers = (
        number(c, strict=False) for c in cells if c is not None and not isinstance(c, dt.date)
    )
    return sum(n is not None and not 1900 <= n[0] <= 2100 for n in numbers) >= 2


def _matched(texts: list[list[str]], kind: str) -> tuple[int, int]:
    """How many columns of a header the kind knows, those of different years counted apart."""
    known = [(m[0], ways) for ways in texts if (m := meaning(ways, kind))]
    apart = {
        (c, frozenset() if c in PLACES else frozenset(y for w in ways for y in years_in(w)))
        for c, ways in known
    }
    return len(apart), len(known)


def title_above(rows: list[list[object]], top: int) -> int:
    """The first of the rows right above a header that belong to it: titles, units, blank rows."""
    first = top
    while first and _is_title(rows[first - 1]):
        first -= 1
    return first if any(c is not None for r in rows[first:top] for c in r) else top


def _is_title(cells: list[object]) -> bool:
    filled = {str(c) for c in cells if c is not None}
    return len(filled) <= 3 and all(
        isinstance(c, str) and not TOTAL.fullmatch(fold(c)) and _is_of_a_form(fold(c), len(filled))
        for c in cells
        if c is not None
    )


def _is_of_a_form(text: str, filled: int) -> bool:
    """A title, a unit, or who filled in the form and when, which stand above a table."""
    if _OF_A_FORM.match(text):
        return True
    return filled < 3 and not NOTE.fullmatch(text)


def side_by_side(texts: list[list[str]]) -> list[tuple[int, int]]:
    """Columns from, to of each table in a row of headers that repeats itself."""
    heads = [fold(ways[0]) if ways else "" for ways in texts]
    places = [i for i, h in enumerate(heads) if h and heads.count(h) > 1 and h in _PLACE]
    places = [i for i in places if heads[i] == heads[places[0]]]
    if len(places) < 2 or places[1] - places[0] < 2:
        return [(0, len(texts))]
    left, width = places[0], places[1] - places[0]
    while left and heads[left - 1] == heads[left - 1 + width] != "":
        left -= 1
    starts = [left + k * width for k in range(len(places))]
    if any(p - s != places[0] - left for p, s in zip(places, starts, strict=True)):
        return [(0, len(texts))]
    return list(zip(starts, [*starts[1:], len(texts)], strict=True))


def header_texts(rows: list[list[object]], row: int, above: bool) -> list[list[str]]:
    """For each column the texts that may be its header.

    With ``above`` those of a two-row header.
    """
    texts = []
    for column in range(max(len(rows[row]), len(rows[row - 1]) if above else 0)):
        low, high = (
            r[column] if column < len(r) else None
            for r in (rows[row], rows[row - 1] if above else [])
        )
        both = "".join(str(w).removesuffix(".0") for w in (high, low) if w)
        part = isinstance(low, str) and low.lstrip().startswith(OF_WHICH_PART)
        ways = ([low, both] if part else [low, both, high]) if above and low != high else [low]
        texts.append([str(w) for w in ways if w and (isinstance(w, str) or _is_year(w))])
    return texts


def _is_year(cell: object) -> bool:
    """A year typed as a number, above the columns of that year."""
    return isinstance(cell, int | float) and cell in range(1990, 2101)


def meaning(ways: list[str], kind: str) -> tuple[str, int] | None:
    """The canonical column of a header and how usual the way of writing it is.

    Of a header in two rows both together say more than the lower one: 计划 over 完成时间.
    """
    if kind != "income" and (of_last_year := list(filter(LAST_YEAR.search, ways))):
        return next(filter(None, (ALIASES[kind].get(plain(way)) for way in of_last_year)), None)
    if len(ways) == 3:
        low, both, high = ways
        ways = [both, high] if OTHERWISE.match(plain(high)) else [both, low, high]
    for way in ways:
        for form in header_forms(way):
            if found := ALIASES[kind].get(form):
                return found if not _OF_WHICH.match(way) else (found[0], found[1] + PART)
    return next(filter(None, (_of_parts(way, kind) for way in ways)), None)


def _of_parts(way: str, kind: str) -> tuple[str, int] | None:
    """责任单位/牵头部门: what all parts mean."""
    parts = [part for part in _BETWEEN.split(plain(way)) if part]
    if len(parts) < 2:
        return None
    found = [meaning([part], kind) for part in parts]
    return found[0] if len({m and m[0] for m in found}) == 1 else None


_BETWEEN = re.compile(r"[/、]|或")
_OF_WHICH = re.compile(r"\s*[#(（]?其中")
PART = 1000
"""A column that is said to be a part goes after one that is not."""


def assign(texts: list[list[str]], kind: str) -> dict[str, int]:
    """Positions by canonical column.

    Of two columns that mean the same the one with the more usual header.
    """
    found: dict[str, tuple[int, int]] = {}
    for position, ways in enumerate(texts):
        hit = meaning(ways, kind)
        if hit and (hit[0] not in found or hit[1] < found[hit[0]][0]):
            found[hit[0]] = (hit[1], position)
    return {c: position for c, (_, position) in found.items()}


def persons_in(texts, taken: set[int]) -> dict[str, int]:
    """Positions of columns of persons by canonical name, beside those that are taken."""
    person: dict[str, int] = {}
    accused: dict[str, int] = {}
    for position, ways in enumerate(texts):
        if position not in taken:
            found = (PERSON.get(f) for way in ways for f in header_forms(way))
            if named := next(filter(None, found), None):
                by = accused if any(map(_ACCUSED.match, ways)) else person
                by.setdefault(named, position)
    return accused | person


_ACCUSED = re.compile(r"\s*被")
"""被反映人 stands beside 反映人 and is another person."""

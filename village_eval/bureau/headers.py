"""Which column means what, and where in a sheet headers stand: one or two rows, repeated or not."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from village_eval.bureau.rows import NOTE, TOTAL
from village_eval.bureau.values import COLUMNS
from village_eval.bureau.years import years_in
from village_eval.folder.cells import fold, number
from village_eval.words.patterns import is_pattern, written_out

PLACES = ("township_name", "village_name", "village_code")
KINDS = list(COLUMNS["kinds"])
_ORDINAL = re.compile(
    r"^(?:[一二三四五六七八九十]+[、.,:]|\([一二三四五六七八九十\d]+\)|\d{1,2}[、.)])"
)
"""一、经营收入 and 1.经营收入 are 经营收入."""


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
    """The ways of reading a header: whole, without brackets, without a year before it."""
    if not (own := _OWN.get()):
        return _forms(header)
    forms = _forms(header)
    meant = next((own[form] for form in forms if form in own), None)
    # What one table does not need may be a known column of another.
    return forms if meant is None else [*forms, meant] if meant == NOT_NEEDED else [meant]


@lru_cache(maxsize=4096)
def _forms(header: str) -> list[str]:
    text = fold(header).strip("*:,").lower()
    text = _ORDINAL.sub("", text) or text
    bare = re.sub(
        r"\([^)]*\)|\[[^]]*\]|【[^】]*】|[/,]?单位:?.*$|[/,](?:亿元|百万元|万元|千元|百元|元|%)$",
        "",
        text,
    )
    return list(
        dict.fromkeys(
            [
                text,
                bare,
                re.sub(r"^(?:19|20)\d{2}年?度?(?:末|底)?", "", bare),
                re.sub(r"^(?:上年度?|去年|本年度?|当年)数?", "", bare),
                re.sub(r"^(?:村民?|本村|其中:?)", "", bare),
                re.sub(r"^\d{3}(?:\d{2})?(?=[一-鿿])", "", bare),  # 501经营收入, an account
            ]
        )
    )


def _aliases(kind: str) -> dict[str, tuple[str, int]]:
    named = {**COLUMNS["columns"]["any"], **COLUMNS["columns"][kind]}
    every = [
        (fold(way).lower(), column, usual, usual > sum(not is_pattern(w) for w in ways))
        for column, ways in named.items()
        for usual, way in enumerate([column, *written_out(ways)])
    ]
    # What is written out goes before what only a pattern makes.
    made = {way: (column, usual) for way, column, usual, pattern in every if pattern}
    return made | {way: (column, usual) for way, column, usual, pattern in every if not pattern}


ALIASES = {kind: _aliases(kind) for kind in KINDS}
PERSON = {fold(w).lower(): c for c, ways in COLUMNS["person"].items() for w in written_out(ways)}
_PLACE = {
    alias
    for kind in KINDS
    for alias, (column, _) in ALIASES[kind].items()
    if column in ("village_name", "village_code", "old_name", "old_code")
}


OF_WHICH_PART = ("其中:", "其中：", "#")
"""What a column begins with that holds a part of what is headed above it."""


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
    return len(filled) <= 2 and all(
        isinstance(c, str) and not TOTAL.fullmatch(fold(c)) and not NOTE.fullmatch(fold(c))
        for c in cells
        if c is not None
    )


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
    """The canonical column of a header and how usual the way of writing it is."""
    return next(
        (ALIASES[kind][f] for way in ways for f in header_forms(way) if f in ALIASES[kind]), None
    )


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
    for position, ways in enumerate(texts):
        if position not in taken:
            named = next(
                (PERSON[f] for way in ways for f in header_forms(way) if f in PERSON), None
            )
            if named and named not in person:
                person[named] = position
    return person

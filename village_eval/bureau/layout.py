"""The tables of a sheet: each with its columns, its unit, its years and its rows.

Where headers stand says headers.py, which rows are data rows.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from village_eval.bureau.forms import AFTER_AMOUNT
from village_eval.bureau.headers import (
    KINDS,
    Header,
    assign,
    find_headers,
    meaning,
    persons_in,
    side_by_side,
    title_above,
)
from village_eval.bureau.left_behind import name_what_stays_behind
from village_eval.bureau.notes import Notes
from village_eval.bureau.rows import data_rows
from village_eval.bureau.sheet import Sheet
from village_eval.bureau.values import MONEY
from village_eval.bureau.years import Span, span_in, years_in, years_of_table
from village_eval.folder.cells import fold, spaced

_ONE = "亿元|百万元|万元|千元|百元|元"
_SOME = rf"((?:{_ONE})(?:\s?[、,/或和]\s?(?:{_ONE}))*)"
# 单位:元氏县农业农村局 states no unit, so no word may go on after it.
_UNIT = re.compile(rf"(?:单位|金额)\s?[:为]?\s?\(?\s?{_SOME}(?![一-鿿])|\(\s?{_SOME}\s?\)")
_COLUMN_UNIT = re.compile(rf"\((?:单位:?)?({_ONE})\)|(?:[/,:]|单位:?|{AFTER_AMOUNT})({_ONE})$")


@dataclass(frozen=True)
class Block:
    """A table found in a sheet.

    ``columns`` and ``person`` give positions by canonical name, ``headers`` what the clerk wrote.

    ``cells`` has the canonical columns, raw, and the index is the row as the clerk counts; persons
    are in ``persons`` alone. ``row`` is the header's last row, ``first`` the index of the first
    row below it (and below units). ``units`` are yuan per unit by column, ``unit`` the one of the
    whole table. ``unread`` are columns of figures whose header nobody knows.
    """

    sheet: Sheet
    kind: str
    headers: dict[str, str]
    cells: pd.DataFrame
    persons: pd.DataFrame
    units: dict[str, float]
    percent: frozenset[str]
    unit: float | None
    years: dict[str, set[int]] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()
    totals: pd.DataFrame | None = None
    across: bool = False
    first: int = 0
    row: int = 0
    titles: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def at(self) -> dict:
        """Where a message should point."""
        return {"file": self.sheet.file, "sheet": self.sheet.name}


_SOURCES = {"operating", "contracting", "investment", "subsidy", "other"}
_AMOUNTS = _SOURCES | {"total"}


def find_blocks(sheet: Sheet, notes: Notes, kinds: Sequence[str] = KINDS) -> list[Block]:
    """The tables of a sheet: one, or several that are stacked, side by side, or years across.

    Empty when no header of one of the kinds stands anywhere in it.
    """
    found: list[Block] = []
    headers = find_headers(sheet.rows, kinds)
    for number, header in enumerate(headers):
        first, last = 0, len(sheet.rows)
        if number:
            first = title_above(sheet.rows, header.top)
        if number + 1 < len(headers):
            last = title_above(sheet.rows, headers[number + 1].top)
        rows = [[None] * len(r) if i < first else r for i, r in enumerate(sheet.rows[:last])]
        before = found[-1] if found else None
        over = [str(c) for r in rows[: header.top] for c in r if isinstance(c, str)]
        for begin, end in side_by_side(header.texts):
            part = [[*[None] * begin, *r[begin:end]] for r in rows]
            texts = [ways if begin <= p < end else [] for p, ways in enumerate(header.texts)]
            piece = replace(sheet, rows=part)
            found += _cut(piece, notes, header, texts, over, before)
    return found


def _cut(
    sheet: Sheet, notes: Notes, header: Header, texts, over: list[str], before: Block | None
) -> list[Block]:
    kind, row = header.kind, header.row
    width = max(map(len, sheet.rows[row:]), default=0)
    texts = texts + [[] for _ in range(width - len(texts))]
    titles = [*over, sheet.name or ""]
    stated_years = {
        "title": set().union(*(years_of_table(t) for t in over), set()),
        "sheet": years_in(sheet.name or ""),
        "file": years_in(sheet.file),
    }
    groups = _by_year(texts, kind, stated_years)
    blocks: list[Block] = []
    for year, columns in groups:
        _two_alike(sheet, notes, kind, texts, columns, groups)
        years = stated_years if year is None else {"title": {year}}
        blocks.append(
            _block(sheet, notes, header, texts, columns, titles, years, before, bool(blocks))
        )
    taken = {p for _, columns in groups for p in columns.values()}
    person = persons_in(texts, taken)
    first = blocks[0].first
    unread = name_what_stays_behind(
        sheet, notes, kind, texts, taken, set(person.values()), sheet.rows[first:]
    )
    return [replace(block, unread=unread) for block in blocks]


def unit_of_column(ways: list[str]) -> float | None:
    """Yuan per unit, where a column's own header states it."""
    named = next(filter(None, (_COLUMN_UNIT.search(fold(w)) for w in ways)), None)
    return MONEY[named[1] or named[2]] if named else None


def stated_units(texts: Iterable[str]) -> set[float]:
    """The units, in yuan, that titles and headers state for a whole table."""
    return {
        MONEY[u]
        for text in texts
        for a, b in _UNIT.findall(spaced(text))
        for u in re.findall(_ONE, a or b)
    }


def _year_of(ways: list[str], stated: set[int]) -> int | None:
    """The year that a column's own header speaks of: 2018年, 上年数, 本年数."""
    named = set().union(*(years_in(w) for w in ways), set())
    if len(named) == 1:
        return next(iter(named))
    text = fold("".join(ways))
    if len(stated) == 1 and re.search(r"上年|去年", text):
        return next(iter(stated)) - 1
    return next(iter(stated)) if len(stated) == 1 and re.search(r"本年|当年", text) else None


def _by_year(texts, kind: str, stated) -> list[tuple[int | None, dict[str, int]]]:
    """The columns of a table; of one with years across, those of each year with its places."""
    if kind != "income":
        return [(None, assign(texts, kind))]
    title: set[int] = next((y for y in stated.values() if len(y) == 1), set())
    years = [
        _year_of(ways, title) if (m := meaning(ways, kind)) and m[0] in _AMOUNTS else None
        for ways in texts
    ]
    if len({y for y in years if y}) < 1 or any(
        y is None
        for y, ways in zip(years, texts, strict=True)
        if (m := meaning(ways, kind)) and m[0] in _SOURCES
    ):
        return [(None, assign(texts, kind))]
    groups: list[tuple[int | None, dict[str, int]]] = []
    for year in sorted({y for y in years if y}):
        own = [
            ways if y == year or ((m := meaning(ways, kind)) and m[0] not in _AMOUNTS) else []
            for y, ways in zip(years, texts, strict=True)
        ]
        groups.append((year, assign(own, kind)))
    return groups


def _two_alike(sheet: Sheet, notes: Notes, kind: str, texts, columns, groups) -> None:
    """Two columns of one header, or two of one source of income: taking one would lose money."""
    years = {p for _, cs in groups for p in cs.values()}
    for column, position in columns.items():
        for other, ways in enumerate(texts):
            if (
                other not in years
                and ways
                and (found := meaning(ways, kind))
                and found[0] == column
                and (column in _SOURCES or fold(ways[0]) == fold(texts[position][0]))
            ):
                notes.problem(
                    "two_columns", sheet.file, sheet=sheet.name, column=texts[position][0]
                )
                return


def _block(
    sheet: Sheet, notes: Notes, header: Header, texts, columns, titles, years, before, again
) -> Block:
    kind, first = header.kind, header.row + 1
    headers = {c: re.sub(r"\s", "", texts[p][0]) for c, p in columns.items()}
    person = persons_in(texts, set(columns.values()))
    unit_row = sheet.rows[first] if first < len(sheet.rows) else []
    unit_texts = [fold(c).strip("()") for c in unit_row if c is not None]
    if unit_texts and all(
        u in (*MONEY, "%", "人", "户", "日", "度", "分", "年月日") for u in unit_texts
    ):
        first += 1
    else:
        unit_row = []
    units, percent = {}, set()
    for column, position in columns.items():
        below = (
            fold(unit_row[position]).strip("()")
            if position < len(unit_row) and unit_row[position] is not None
            else ""
        )
        named = unit_of_column(texts[position])
        if named is not None:
            units[column] = named
        elif below in MONEY:
            units[column] = MONEY[below]
        if "%" in fold("".join(texts[position])) or below == "%":
            percent.add(column)
    stated: set[float] = set()
    if kind in ("income", "measures"):
        heads = [w for ways in texts for w in ways]
        stated = stated_units([*titles, *heads])
    stated -= set(units.values()) if len(stated) > 1 else set()
    if len(stated) > 1 and not again:
        notes.problem("two_units", sheet.file, sheet=sheet.name)
    unit = next(iter(stated)) if len(stated) == 1 else None
    spans = tuple(s for s in map(span_in, [*titles, sheet.file]) if s)
    if before is not None:  # a table further down keeps what its own title does not say anew
        unit = unit if stated else before.unit
        if not years.get("title"):
            years = years | {"title": before.years.get("title", set())}
        spans = spans or before.spans
    kept, totals = data_rows(sheet, notes, first, columns, texts, again)

    def frame(positions: dict[str, int], rows: list[int]) -> pd.DataFrame:
        data = {
            c: [sheet.rows[i][p] if p < len(sheet.rows[i]) else None for i in rows]
            for c, p in positions.items()
        }
        return pd.DataFrame(data, index=[i + 1 for i in rows], dtype=object)

    return Block(
        sheet,
        kind,
        headers,
        frame(columns, kept),
        frame(person, kept),
        units,
        frozenset(percent),
        unit,
        years,
        spans,
        frame(columns, totals),
        first=first,
        row=header.row + 1,
        titles=tuple(titles),
    )

"""Where in a sheet the table stands.

Its kind, its header (one or two rows), its unit, its year, its rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

import pandas as pd

from village_eval.bureau.notes import Notes
from village_eval.bureau.values import COLUMNS, MONEY
from village_eval.bureau.workbook import FIRST_ROWS, Sheet
from village_eval.bureau.years import Span, span_in, years_in
from village_eval.county import privacy
from village_eval.folder.cells import fold, spaced

KINDS = list(COLUMNS["kinds"])
_ONE = "亿元|百万元|万元|千元|百元|元"
_SOME = rf"((?:{_ONE})(?:\s?[、,/或和]\s?(?:{_ONE}))*)"
# 单位:元氏县农业农村局 states no unit, so no word may go on after it.
_UNIT = re.compile(rf"(?:单位|金额)\s?[:为]?\s?\(?\s?{_SOME}(?![一-鿿])|\(\s?{_SOME}\s?\)")
_COLUMN_UNIT = re.compile(rf"\((?:单位:?)?({_ONE})\)|(?:[/,:]|单位:?)({_ONE})$")
_TOTAL = re.compile(rf"[^,。;]{{0,10}}(?:{'|'.join(COLUMNS['words']['total_row'])}):?")
_NOTE = re.compile(
    rf"(?:{'|'.join(COLUMNS['words']['note_row'])})[一-鿿]{{0,6}}\d*(?:\([^)]*\))?[:,、.].*"
    r"|(?:注|备注|说明)(?:[:\d,、(\[].*|释.*|明.*)?"
)


@dataclass(frozen=True)
class Block:
    """A table found in a sheet.

    ``columns`` and ``person`` give positions by canonical name, ``headers`` what the clerk wrote.

    ``cells`` has the canonical columns, raw, and the index is the row as the clerk counts; persons
    are in ``persons`` alone. ``units`` are yuan per unit by column, ``unit`` the one of the whole
    table.
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

    @property
    def at(self) -> dict:
        """Where a message should point."""
        return {"file": self.sheet.file, "sheet": self.sheet.name}


@lru_cache(maxsize=4096)
def header_forms(header: str) -> list[str]:
    """The ways of reading a header: whole, without brackets, without a year before it."""
    text = fold(header).strip("*:,").lower()
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
            ]
        )
    )


def _aliases(kind: str) -> dict[str, tuple[str, int]]:
    named = {**COLUMNS["columns"]["any"], **COLUMNS["columns"][kind]}
    return {fold(w).lower(): (c, i) for c, ways in named.items() for i, w in enumerate([c, *ways])}


ALIASES = {kind: _aliases(kind) for kind in KINDS}
_SOURCES = {"operating", "contracting", "investment", "subsidy", "other"}
_AMOUNTS = _SOURCES | {"total"}
PERSON = {fold(w).lower(): c for c, ways in COLUMNS["person"].items() for w in ways}


def find_blocks(sheet: Sheet, notes: Notes) -> list[Block]:
    """The tables of a sheet: one, or several that are stacked, side by side, or years across.

    Empty when no header of a known kind stands anywhere in it.
    """
    found: list[Block] = []
    headers = _headers(sheet.rows)
    for number, header in enumerate(headers):
        first, last = 0, len(sheet.rows)
        if number:
            first = _title_above(sheet.rows, header.top)
        if number + 1 < len(headers):
            last = _title_above(sheet.rows, headers[number + 1].top)
        rows = [[None] * len(r) if i < first else r for i, r in enumerate(sheet.rows[:last])]
        before = found[-1] if found else None
        over = [str(c) for r in rows[: header.top] for c in r if isinstance(c, str)]
        for begin, end in side_by_side(header.texts):
            part = [[*[None] * begin, *r[begin:end]] for r in rows]
            texts = [ways if begin <= p < end else [] for p, ways in enumerate(header.texts)]
            piece = replace(sheet, rows=part)
            found += _cut(piece, notes, header, texts, over, before)
    return found


@dataclass(frozen=True)
class Header:
    """Where a header stands: its last row, its first row, and per column what may be its text."""

    kind: str
    row: int
    top: int
    texts: list[list[str]]
    columns: dict[str, int]


_PLACE = {
    alias
    for kind in KINDS
    for alias, (column, _) in ALIASES[kind].items()
    if column in ("village_name", "village_code", "old_name", "old_code")
}


def _headers(rows: list[list[object]]) -> list[Header]:
    """All header rows of a sheet; a repeated one that brings nothing new begins no table."""
    found: list[tuple[tuple, Header]] = []
    place = [_names_place(cells) for cells in rows]
    for row in range(len(rows)):
        best = None
        for above in (False, True):
            if not place[row] and not (above and row and place[row - 1]):
                continue
            if above and row == 0:
                continue
            texts = header_texts(rows, row, above)
            for order, kind in enumerate(KINDS):
                columns = assign(texts, kind)
                if all(
                    any(c in columns for c in any_of) for any_of in COLUMNS["kinds"][kind]["needs"]
                ):
                    rank = (_matched(texts, kind), len(columns), -above, -order)
                    if best is None or rank > best[0]:
                        best = (rank, Header(kind, row, row - above, texts, columns))
        if best is None:
            continue
        if found and row - found[-1][1].row == 1:  # the two rows of one header
            if best[0] > found[-1][0]:
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
        or _title_above(rows, h.top) < h.top
    ]


def _names_place(cells: list[object]) -> bool:
    return any(
        isinstance(c, str) and len(c) < 30 and any(f in _PLACE for f in header_forms(c))
        for c in cells
    )


def _matched(texts: list[list[str]], kind: str) -> tuple[int, int]:
    """How many columns of a header the kind knows, those of different years counted apart."""
    known = [(m[0], ways) for ways in texts if (m := _meaning(ways, kind))]
    apart = {(column, frozenset(y for w in ways for y in years_in(w))) for column, ways in known}
    return len(apart), len(known)


def _title_above(rows: list[list[object]], top: int) -> int:
    """The first of the rows right above a header that belong to it: titles, units, blank rows."""
    first = top
    while first and _is_title(rows[first - 1]):
        first -= 1
    return first if any(c is not None for r in rows[first:top] for c in r) else top


def _is_title(cells: list[object]) -> bool:
    filled = {str(c) for c in cells if c is not None}
    return len(filled) <= 2 and all(
        isinstance(c, str) and not _TOTAL.fullmatch(fold(c)) and not _NOTE.fullmatch(fold(c))
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
        ways = [low, f"{high or ''}{low or ''}", high] if above else [low]
        texts.append([str(w) for w in ways if isinstance(w, str) and w])
    return texts


def _meaning(ways: list[str], kind: str) -> tuple[str, int] | None:
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
        hit = _meaning(ways, kind)
        if hit and (hit[0] not in found or hit[1] < found[hit[0]][0]):
            found[hit[0]] = (hit[1], position)
    return {c: position for c, (_, position) in found.items()}


def _cut(
    sheet: Sheet, notes: Notes, header: Header, texts, over: list[str], before: Block | None
) -> list[Block]:
    kind, row = header.kind, header.row
    width = max(map(len, sheet.rows[row:]))
    texts = texts + [[] for _ in range(width - len(texts))]
    titles = [*over, sheet.name or ""]
    stated_years = {
        "title": set().union(*(years_in(t) for t in over), set()),
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
    person = _persons(texts, taken)
    first = blocks[0].first
    _name_what_stays_behind(sheet, notes, texts, taken, set(person.values()), sheet.rows[first:])
    return blocks


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
        _year_of(ways, title) if (m := _meaning(ways, kind)) and m[0] in _AMOUNTS else None
        for ways in texts
    ]
    if len({y for y in years if y}) < 1 or any(
        y is None
        for y, ways in zip(years, texts, strict=True)
        if (m := _meaning(ways, kind)) and m[0] in _SOURCES
    ):
        return [(None, assign(texts, kind))]
    groups: list[tuple[int | None, dict[str, int]]] = []
    for year in sorted({y for y in years if y}):
        own = [
            ways if y == year or ((m := _meaning(ways, kind)) and m[0] not in _AMOUNTS) else []
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
                and (found := _meaning(ways, kind))
                and found[0] == column
                and (column in _SOURCES or fold(ways[0]) == fold(texts[position][0]))
            ):
                notes.problem(
                    "two_columns", sheet.file, sheet=sheet.name, column=texts[position][0]
                )
                return


def _persons(texts, taken: set[int]) -> dict[str, int]:
    person: dict[str, int] = {}
    for position, ways in enumerate(texts):
        if position not in taken:
            named = next(
                (PERSON[f] for way in ways for f in header_forms(way) if f in PERSON), None
            )
            if named and named not in person:
                person[named] = position
    return person


def _block(
    sheet: Sheet, notes: Notes, header: Header, texts, columns, titles, years, before, again
) -> Block:
    kind, first = header.kind, header.row + 1
    headers = {c: re.sub(r"\s", "", texts[p][0]) for c, p in columns.items()}
    person = _persons(texts, set(columns.values()))
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
        named = next(filter(None, (_COLUMN_UNIT.search(fold(w)) for w in texts[position])), None)
        if named:
            units[column] = MONEY[named[1] or named[2]]
        elif below in MONEY:
            units[column] = MONEY[below]
        if "%" in fold("".join(texts[position])) or below == "%":
            percent.add(column)
    stated: set[float] = set()
    if kind in ("income", "measures"):
        heads = [w for ways in texts for w in ways]
        stated = {
            MONEY[u]
            for text in [*titles, *heads]
            for a, b in _UNIT.findall(spaced(text))
            for u in re.findall(_ONE, a or b)
        }
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
    )


def _name_what_stays_behind(
    sheet: Sheet, notes: Notes, texts, taken: set[int], person: set[int], rows
) -> None:
    """Ledger lines for columns that are not carried over.

    What stands in columns of persons must never be shown.
    """
    personal, unknown = [], []
    for position, ways in enumerate(texts):
        if position in taken:
            continue
        cells = [r[position] for r in rows if position < len(r) and r[position] is not None]
        header = " ".join(dict.fromkeys(ways))
        by_header = position in person or privacy.is_personal_header(header)
        quotable = bool(ways) and len(ways[0]) <= 20 and privacy.redact(header) == header
        quotable &= by_header or not privacy.is_name_like(header)
        shown = ways[0] if quotable else f"#{position + 1}"
        if by_header or privacy.is_about_persons(header, cells):
            personal.append(shown)
            names = privacy.names_in(cells)
            # Under a header that says nothing only what looks like a name is one; the rest may be
            # ordinary words.
            notes.names |= names if by_header else {n for n in names if privacy.is_name_like(n)}
        elif cells and fold(header) not in ("序号", "编号", "no.", "id"):
            unknown.append(shown)
    if personal:
        notes.line(sheet.source, "dropped", 0, "personal_columns", columns=tuple(personal))
    if unknown:
        notes.line(sheet.source, "dropped", 0, "unknown_columns", columns=tuple(unknown))
        notes.warn("unknown_columns", sheet.file, sheet=sheet.name, columns=tuple(unknown))


def names_in_unknown(sheet: Sheet, notes: Notes) -> None:
    """Names in a sheet that is not read, so that they are recognised elsewhere."""
    for i, row in enumerate(sheet.rows[:FIRST_ROWS]):
        for position, cell in enumerate(row):
            if isinstance(cell, str) and len(cell) < 15 and privacy.is_personal_header(cell):
                notes.names |= privacy.names_in(
                    r[position] for r in sheet.rows[i + 1 :] if position < len(r)
                )


def data_rows(
    sheet: Sheet, notes: Notes, first: int, columns: dict[str, int], texts, again: bool
) -> tuple[list[int], list[int]]:
    """The rows with data, and those of totals.

    Totals, notes and repeated headers are dropped with a ledger line; blank rows do not count.
    ``again``: the rows were counted already, for another year across.
    """
    kept: list[int] = []
    totals: list[int] = []
    dropped = {"total": 0, "note": 0, "header": 0}
    village = [columns[c] for c in ("village_name", "village_code") if c in columns]
    head = {fold(t) for ways in texts for t in ways}
    for i in range(first, len(sheet.rows)):
        cells = sheet.rows[i]
        filled = [c for c in cells if c is not None and c != ""]
        if not filled:
            continue
        begins = [fold(c) for c in cells[:4] if isinstance(c, str)]
        named = any(p < len(cells) and cells[p] is not None for p in village)
        if any(b in head for b in begins) and sum(fold(c) in head for c in filled) >= max(
            3, 0.6 * len(filled)
        ):
            dropped["header"] += 1
        elif any(_TOTAL.fullmatch(b) for b in begins):
            dropped["total"] += 1
            totals.append(i)
        elif _is_note(filled, named):
            dropped["note"] += 1
            notes.names |= {
                n
                for c in filled
                if isinstance(c, str)
                for n in re.findall(r"人[:：]\s*([一-鿿]{2,4})", c)
            }
        else:
            kept.append(i)
    total = len(kept) + sum(dropped.values())
    if again:  # rows of another year across: each is a fact of its own
        notes.line(sheet.source, "read", len(kept), "rows_across")
        return kept, totals
    notes.line(sheet.source, "read", total, "rows")
    for what, rows in dropped.items():
        if rows:
            notes.line(sheet.source, "dropped", rows, f"{what}_rows")
    return kept, totals


def _is_note(filled: list[object], named: bool) -> bool:
    """填表人：… and the like, or one long text alone in its row (merged cells count once)."""
    first = fold(filled[0])
    if isinstance(filled[0], str) and _NOTE.fullmatch(first):
        return True
    return (
        len(first) >= 6 and len({str(c) for c in filled}) == 1 and (not named or len(filled) >= 3)
    )

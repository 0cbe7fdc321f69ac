"""Where in a sheet the table stands.

Its kind, its header (one or two rows), its unit, its year, its rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

import pandas as pd

from village_eval.bureau.notes import Notes
from village_eval.bureau.values import COLUMNS, MONEY
from village_eval.bureau.workbook import FIRST_ROWS, Sheet
from village_eval.bureau.years import quarter_in, years_in
from village_eval.county import privacy
from village_eval.folder.cells import fold

KINDS = list(COLUMNS["kinds"])
_UNIT = re.compile(
    r"(?:单位|金额)[:为]?\(?(亿元|百万元|万元|千元|百元|元)|\((亿元|百万元|万元|千元|百元|元)\)"
)
_TOTAL = re.compile(rf"[^,。;]{{0,10}}(?:{'|'.join(COLUMNS['words']['total_row'])}):?")
_NOTE = re.compile(
    rf"(?:{'|'.join(COLUMNS['words']['note_row'])})[一-鿿]{{0,6}}\d*(?:\([^)]*\))?[:,、.].*|(?:注|备注|说明).*"
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
    quarter: int | None = None

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
                re.sub(r"^(?:19|20)\d{2}年?度?", "", bare),
                re.sub(r"^(?:村民?|本村|其中:?)", "", bare),
            ]
        )
    )


def _aliases(kind: str) -> dict[str, tuple[str, int]]:
    named = {**COLUMNS["columns"]["any"], **COLUMNS["columns"][kind]}
    return {fold(w).lower(): (c, i) for c, ways in named.items() for i, w in enumerate([c, *ways])}


ALIASES = {kind: _aliases(kind) for kind in KINDS}
PERSON = {fold(w).lower(): c for c, ways in COLUMNS["person"].items() for w in ways}


def find_block(sheet: Sheet, notes: Notes) -> Block | None:
    """The table of a sheet, or None when no header of a known kind stands in its first rows."""
    best = None
    for row in range(min(FIRST_ROWS, len(sheet.rows))):
        for above in (False, True):
            if above and row == 0:
                continue
            texts = _header_texts(sheet.rows, row, above)
            for order, kind in enumerate(KINDS):
                columns = _assign(texts, kind)
                if all(
                    any(c in columns for c in any_of) for any_of in COLUMNS["kinds"][kind]["needs"]
                ):
                    rank = (len(columns), -above, -row, -order)
                    if best is None or rank > best[0]:
                        best = (rank, kind, row, texts, columns)
    return None if best is None else _cut(sheet, notes, *best[1:])


def _header_texts(rows: list[list[object]], row: int, above: bool) -> list[list[str]]:
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


def _assign(texts: list[list[str]], kind: str) -> dict[str, int]:
    """Positions by canonical column.

    Of two columns that mean the same the one with the more usual header.
    """
    found: dict[str, tuple[int, int]] = {}
    for position, ways in enumerate(texts):
        hit = next(
            (ALIASES[kind][f] for way in ways for f in header_forms(way) if f in ALIASES[kind]),
            None,
        )
        if hit and (hit[0] not in found or hit[1] < found[hit[0]][0]):
            found[hit[0]] = (hit[1], position)
    return {c: position for c, (_, position) in found.items()}


def _cut(sheet: Sheet, notes: Notes, kind: str, row: int, texts, columns: dict[str, int]) -> Block:
    headers = {c: re.sub(r"\s", "", texts[p][0]) for c, p in columns.items()}
    taken, person = set(columns.values()), {}
    width = max(map(len, sheet.rows[row:]))
    texts = texts + [[] for _ in range(width - len(texts))]
    for position, ways in enumerate(texts):
        if position not in taken:
            named = next(
                (PERSON[f] for way in ways for f in header_forms(way) if f in PERSON), None
            )
            if named and named not in person:
                person[named] = position
    first = row + 1
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
        text = fold("".join(texts[position]))
        below = (
            fold(unit_row[position]).strip("()")
            if position < len(unit_row) and unit_row[position] is not None
            else ""
        )
        if named := re.search(r"[(/,:单位](亿元|百万元|万元|千元|百元|元)\)?", text):
            units[column] = MONEY[named[1]]
        elif below in MONEY:
            units[column] = MONEY[below]
        if "%" in text or below == "%":
            percent.add(column)
    over = [str(c) for r in sheet.rows[: row + 1] for c in r if isinstance(c, str)] + [
        sheet.name or ""
    ]
    stated = (
        {MONEY[a or b] for text in over for a, b in _UNIT.findall(fold(text))}
        if kind in ("income", "measures")
        else set()
    )
    stated -= set(units.values()) if len(stated) > 1 else set()
    if len(stated) > 1:
        notes.problem("two_units", sheet.file, sheet=sheet.name)
    years = {
        "title": set().union(*(years_in(t) for t in over[:-1])),
        "sheet": years_in(sheet.name or ""),
        "file": years_in(sheet.file),
    }
    quarter = next((q for q in map(quarter_in, [*over, sheet.file]) if q), None)
    _name_what_stays_behind(sheet, notes, texts, taken, set(person.values()), sheet.rows[first:])
    kept = _data_rows(sheet, notes, first, columns, texts)

    def frame(positions: dict[str, int]) -> pd.DataFrame:
        data = {
            c: [sheet.rows[i][p] if p < len(sheet.rows[i]) else None for i in kept]
            for c, p in positions.items()
        }
        return pd.DataFrame(data, index=[i + 1 for i in kept], dtype=object)

    unit = next(iter(stated)) if len(stated) == 1 else None
    return Block(
        sheet,
        kind,
        headers,
        frame(columns),
        frame(person),
        units,
        frozenset(percent),
        unit,
        years,
        quarter,
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


def _data_rows(sheet: Sheet, notes: Notes, first: int, columns: dict[str, int], texts) -> list[int]:
    """The rows with data; totals, notes and repeated headers are dropped with a ledger line.

    Blank rows do not count.
    """
    kept, dropped = [], {"total": 0, "note": 0, "header": 0}
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
    notes.line(sheet.source, "read", total, "rows")
    for what, rows in dropped.items():
        if rows:
            notes.line(sheet.source, "dropped", rows, f"{what}_rows")
    return kept


def _is_note(filled: list[object], named: bool) -> bool:
    """填表人：… and the like, or one long text alone in its row (merged cells count once)."""
    first = fold(filled[0])
    if isinstance(filled[0], str) and _NOTE.fullmatch(first):
        return True
    return (
        len(first) >= 6 and len({str(c) for c in filled}) == 1 and (not named or len(filled) >= 3)
    )

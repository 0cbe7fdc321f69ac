"""Tables laid out across: months of petition counts, or one column per measure."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from village_eval.bureau.headers import PLACES, assign, header_texts, meaning
from village_eval.bureau.layout import Block, stated_units, unit_of_column
from village_eval.bureau.notes import Notes
from village_eval.bureau.rows import data_rows
from village_eval.bureau.sheet import FIRST_ROWS, Sheet
from village_eval.bureau.unknown import hints
from village_eval.bureau.values import parse_count, words
from village_eval.bureau.years import years_in
from village_eval.folder.cells import fold
from village_eval.words import vocabulary

FEWEST = 3
"""So many months or measures beside each other make a table across."""
_MONTH = re.compile(r"(?:(\d{4})年|(\d{4})[-./])?(\d{1,2})(?:月份?)?")


def across(sheet: Sheet, notes: Notes) -> Block | None:
    """The long form of a table with months or measures across; None for any other sheet."""
    for row in range(min(FIRST_ROWS, len(sheet.rows))):
        texts = header_texts(sheet.rows, row, False)
        if sum(bool(t) for t in texts) <= FEWEST:
            continue
        places = {c: p for c, p in assign(texts, "villages").items() if c in PLACES}
        if not {"village_name", "village_code"} & set(places):
            continue
        title = [str(c) for r in sheet.rows[:row] for c in r if isinstance(c, str)]
        named = "".join([*title, sheet.name or "", sheet.file])
        measures = {p: m for p, ways in enumerate(texts) if ways and (m := _measure(ways[0]))}
        if len(set(measures.values())) >= FEWEST:
            below = _parts(sheet.rows, row, measures, places)
            if below:
                return _parts_of_measures(sheet, notes, row, texts, places, below)
            return _doses(sheet, notes, row, texts, places, measures)
        stated = next(
            (
                y
                for t in ([*title], [sheet.name or ""], [sheet.file])
                if len(y := set().union(*map(years_in, t), set())) == 1
            ),
            set(),
        )
        months = {p: m for p, ways in enumerate(texts) if ways and (m := _month(ways[0], stated))}
        if len(set(months.values())) >= FEWEST and any(h in named for h in hints("counts")):
            return _counts(sheet, notes, row, texts, places, months)
    return None


def _measure(header: str) -> str | None:
    bare = re.sub(r"\([^)]*\)$", "", fold(header))
    return vocabulary.lookup("measure", bare)


def _month(header: str, stated: set[int]) -> str | None:
    match = _MONTH.fullmatch(fold(header))
    if not match or ("月" not in header and not (match[1] or match[2])):
        return None
    year = int(match[1] or match[2] or next(iter(stated), 0))
    return f"{year}-{int(match[3]):02d}" if year and 1 <= int(match[3]) <= 12 else None


def _long(sheet, notes, row, texts, places, columns):
    """Rows of places and one column's cell each, with the rows as the clerk counts them."""
    width = max(map(len, sheet.rows[row:]))
    texts = texts + [[] for _ in range(width - len(texts))]
    kept, _ = data_rows(sheet, notes, row + 1, places, texts, False)
    cells = []
    for i in kept:
        at = [sheet.rows[i][p] if p < len(sheet.rows[i]) else None for p in places.values()]
        for position, what in columns.items():
            cell = sheet.rows[i][position] if position < len(sheet.rows[i]) else None
            cells.append((i + 1, *at, what, cell, position))
    return (
        kept,
        texts,
        pd.DataFrame(cells, columns=["_row", *places, "what", "cell", "_at"], dtype=object),
    )


def _counts(sheet, notes, row, texts, places, months) -> Block:
    kept, texts, long = _long(sheet, notes, row, texts, places, months)
    notes.line(sheet.source, "read", len(long) - len(kept), "rows_across")
    total = next(
        (p for p, ways in enumerate(texts) if ways and fold(ways[0]) in words("total_row")),
        None,
    )
    sums = long.assign(cell=[parse_count(c) or 0 if c is not None else 0 for c in long["cell"]])
    for i in kept:
        if total is None or total >= len(sheet.rows[i]):
            continue
        stated = sheet.rows[i][total]
        summed = sums.loc[sums["_row"] == i + 1, "cell"].sum()
        if stated is not None and parse_count(stated) != summed:
            notes.problem(
                "months_differ",
                sheet.file,
                sheet=sheet.name,
                row=i + 1,
                value=stated,
                summed=f"{summed:g}",
            )
    cells = long.rename(columns={"what": "month", "cell": "petitions"}).set_index("_row")
    headers = {c: "".join(texts[p][0].split()) for c, p in places.items()}
    headers |= {"month": "月份", "petitions": "件数"}
    cells = cells[[*places, "month", "petitions"]]
    return _block(sheet, "counts", row, headers, cells, frozenset())


def _doses(sheet, notes, row, texts, places, measures) -> Block:
    kept, texts, long = _long(sheet, notes, row, texts, places, measures)
    long = long[[c is not None and fold(c) != "" for c in long["cell"]]]
    step, more = (
        ("read", len(long) - len(kept))
        if len(long) >= len(kept)
        else ("dropped", len(kept) - len(long))
    )
    notes.line(sheet.source, step, more, "rows_of_measures")
    percent = any("%" in fold(texts[p][0]) for p in measures)
    cells = long.rename(columns={"what": "measure", "cell": "dose"}).set_index("_row")
    headers = {c: "".join(texts[p][0].split()) for c, p in places.items()}
    headers |= {"measure": "具体措施", "dose": texts[next(iter(measures))][0]}
    cells = cells[[*places, "measure", "dose"]]
    return _block(sheet, "measures", row, headers, cells, frozenset(["dose"] if percent else []))


def _parts(rows, row: int, measures: dict[int, str], places: dict[str, int]):
    """What stands below measures in a second row of headers: (measure, column) by position."""
    if row + 1 >= len(rows):
        return {}
    own, found, measure = header_texts(rows, row + 1, False), {}, None
    for position, ways in enumerate(own):
        here = rows[row][position] if position < len(rows[row]) else None
        if position in measures or here is not None:
            measure = measures.get(position)
        named = meaning(ways, "measures")
        column = named[0] if named else None
        if measure and column and column not in places and column != "measure":
            found[position] = (measure, column)
    return found if len({column for _, column in found.values()}) > 1 else {}


def _parts_of_measures(sheet, notes, row, texts, places, parts) -> Block:
    """A row for each village and measure of which anything is told."""
    kept, _ = data_rows(sheet, notes, row + 2, places, texts, False)
    of: dict[str, dict[str, int]] = {}
    for position, (measure, column) in parts.items():
        of.setdefault(measure, {}).setdefault(column, position)
    columns = list(dict.fromkeys(column for _, column in parts.values()))
    long = []
    for i in kept:
        cells = sheet.rows[i]
        at = [cells[p] if p < len(cells) else None for p in places.values()]
        for measure, where in of.items():
            told = [
                cells[where[c]] if c in where and where[c] < len(cells) else None for c in columns
            ]
            if any(t is not None for t in told):
                long.append((i + 1, *at, measure, *told))
    step, more = ("read", len(long) - len(kept))
    if more < 0:
        step, more = "dropped", -more
    notes.line(sheet.source, step, more, "rows_of_measures")
    table = pd.DataFrame(long, columns=["_row", *places, "measure", *columns], dtype=object)
    below = header_texts(sheet.rows, row + 1, False)
    first = {c: next(p for p, (_, column) in parts.items() if column == c) for c in columns}
    headers = {c: "".join(texts[p][0].split()) for c, p in places.items()}
    headers |= {"measure": "具体措施"} | {c: "".join(below[p][0].split()) for c, p in first.items()}
    units = {c: u for c, p in first.items() if (u := unit_of_column(below[p])) is not None}
    percent = {c for c, p in first.items() if "%" in fold(below[p][0])}
    block = _block(sheet, "measures", row + 1, headers, table.set_index("_row"), frozenset(percent))
    titles = [str(c) for r in sheet.rows[:row] for c in r if isinstance(c, str)]
    stated = stated_units([*titles, sheet.name or ""])
    return replace(
        block,
        units=units,
        unit=stated.pop() if len(stated) == 1 else None,
        across="start_date" not in columns and "planned_start" not in columns,
    )


def _block(sheet, kind, row, headers, cells, percent) -> Block:
    nobody = pd.DataFrame(index=cells.index)
    return Block(sheet, kind, headers, cells, nobody, {}, percent, None, across=True, row=row + 1)

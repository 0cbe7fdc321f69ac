"""Every distinct cell of a large register is read once, by the functions that read a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from village_eval.bureau.columns import parsed, terms
from village_eval.bureau.large_register import READ, Register
from village_eval.bureau.layout import Block
from village_eval.bureau.notes import Notes
from village_eval.bureau.register import _date, _persons, _repeat, _satisfied
from village_eval.bureau.set_aside import state
from village_eval.bureau.sheet import Sheet
from village_eval.bureau.values import parse_code, words

if TYPE_CHECKING:
    import polars as pl

WHOLE = {"repeat", "persons", "satisfied", "status"}


@dataclass(frozen=True)
class Values:
    """By column a table of distinct cells and what they mean; rows of the register in all."""

    of: dict[str, pl.DataFrame]
    counties: list[str]
    rows: int


def distinct_values(register: Register, villages: dict[str, str], notes: Notes) -> Values:
    """What every distinct cell means; each that means nothing is a problem at its first row."""
    import polars as pl

    frame = register.plain()
    columns = [c for c in ("village_code", "date", *READ) if c in register.headers]
    asked = [frame.group_by(c).agg(pl.len(), pl.col("_row").min()) for c in columns]
    try:
        # One column after the other: all at once, they hold each other's rows (twice the memory).
        found = [table.collect(engine="streaming") for table in asked]
    except pl.exceptions.PolarsError:
        notes.problem("unreadable", register.source)
        return Values({}, [], 0)
    rows = int(found[0]["len"].sum()) if found else 0
    notes.line(register.source, "read", rows, "rows")
    of = {}
    for column, table in zip(columns, found, strict=True):
        table = table.sort("_row")
        meant = _meaning(register, column, table, villages, notes)
        of[column] = pl.DataFrame(
            {
                column: table[column],
                f"={column}": pl.Series(meant, dtype=_dtype(column), strict=False),
            }
        )
    code = of["village_code"]["=village_code"].to_list()
    counties = [None if c is None else villages.get(c, "") for c in code]
    of["village_code"] = of["village_code"].with_columns(pl.Series("_county", counties, pl.String))
    return Values(of, sorted({c for c in counties if c}), rows)


def _dtype(column: str):
    import polars as pl

    if column in WHOLE:
        return pl.Int64
    return pl.Date if column in ("date", "resolved_date") else pl.String


def _meaning(register: Register, column: str, table, villages: dict[str, str], notes: Notes):
    """The distinct cells of a column as a block of a sheet, read as any block is."""
    rows = table["_row"].to_list()
    cells = pd.DataFrame({column: pd.Series(table[column].to_list(), rows, dtype=object)})
    cells = cells.where(cells.notna(), None)
    sheet = Sheet(register.source, None, [])
    nobody = pd.DataFrame(index=cells.index)
    block = Block(sheet, "petitions", register.headers, cells, nobody, {}, frozenset(), None)
    if column == "village_code":
        header, meant = register.headers[column], []
        for row, code in zip(
            rows, parsed(block, column, parse_code, "bad_code", notes, True), strict=True
        ):
            if code is not None and code not in villages:
                notes.problem("unknown_code", register.source, row=row, column=header, value=code)
            meant.append(code)
        return meant
    if column == "date":
        return parsed(block, column, _date(block), "bad_date", notes, required=True)
    if column == "resolved_date":
        return parsed(block, column, _date(block), "bad_date", notes, blank=words("pending"))
    if column == "repeat":
        return parsed(block, column, _repeat(register.headers), "bad_repeat", notes)
    if column == "status":
        return parsed(block, column, state(register.headers[column]), "bad_status", notes)
    if column == "persons":
        return parsed(block, column, _persons, "bad_count", notes, blank=words("zero"))
    if column == "satisfied":
        blank = words("not_rated")
        return parsed(block, column, _satisfied, "bad_satisfied", notes, blank=blank)
    return terms(block, column, column, notes, fallback="other" if column == "category" else None)

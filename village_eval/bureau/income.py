"""Collective income: a sheet a year or quarter, each with its own unit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from village_eval.bureau.columns import parsed
from village_eval.bureau.layout import Block
from village_eval.bureau.matching import match_villages
from village_eval.bureau.names import Roster
from village_eval.bureau.notes import Notes
from village_eval.bureau.origins import PLACE
from village_eval.bureau.parts_of_year import settle_periods
from village_eval.bureau.splits import sum_parts
from village_eval.bureau.township_rows import without_township_rows
from village_eval.bureau.values import parse_money
from village_eval.bureau.years import QUARTERS, WHOLE_YEAR, Span, span_in, years_in
from village_eval.county import accounts, privacy
from village_eval.folder.cells import fold
from village_eval.folder.dates import period as period_in
from village_eval.words.said import Said
from village_eval.words.vocabulary import INCOME_SOURCES

ROUNDING = 0.006
"""Half of the last decimal of a table in 万元, and a little more."""
MOST = 0.5
"""When more of the rows than this do not add up to their total, a column was read wrongly."""


def read_income(blocks: list[Block], roster: Roster, notes: Notes) -> pd.DataFrame:
    """income.csv in yuan, sorted by village and period, and where each row stands (PLACE).

    Rows entered twice are dropped, contradicting ones reported.
    """
    tables = [_sheet(block, roster, notes) for block in blocks]
    income = _without_repeats(pd.concat(tables, ignore_index=True), notes)
    income = sum_parts(income, roster, INCOME_SOURCES, notes)
    income = settle_periods(income, notes)
    facts = ["village_code", "period", *INCOME_SOURCES]
    for _, row in income[income.duplicated(["village_code", "period"])].iterrows():
        notes.problem(
            "income_twice", row["_file"], sheet=row["_sheet"], row=row["_row"], period=row["period"]
        )
    for source in dict.fromkeys(block.sheet.source for block in blocks):
        notes.line(source, "kept", int((income["_source"] == source).sum()), "in_income")
    return income[facts + PLACE].sort_values(["village_code", "period"]).reset_index(drop=True)


def _without_repeats(income: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    same = income.duplicated(["village_code", "_written", "_year", "_span", *INCOME_SOURCES])
    for source, rows in income[same].groupby("_source").size().items():
        notes.line(source, "dropped", int(rows), "entered_twice")
    return income[~same]


def _sheet(block: Block, roster: Roster, notes: Notes) -> pd.DataFrame:
    block = without_township_rows(block, (*INCOME_SOURCES, "total"), notes, roster.townships)
    units = {c: block.units.get(c, block.unit) for c in INCOME_SOURCES if c in block.cells}
    amounts = {}
    periods = _periods(block, notes)
    new = _in_new_accounts(block, periods)
    for column in INCOME_SOURCES:
        if column not in block.cells and not (column == "contracting" and new.all()):
            source = Said(f"vocabulary.income_source.{column}")
            if block.unread and "total" not in block.cells:
                # It may be the very source; the table's own total would have shown it.
                columns = block.unread
                notes.problem("maybe_income", **block.at, source=source, columns=columns)
            else:
                notes.warn("no_income_column", **block.at, source=source)
        amounts[column] = parsed(block, column, _amount(units.get(column)), "bad_amount", notes)
    if any(unit is None for unit in units.values()) and not _own_units(block, units):
        notes.problem("no_unit", **block.at)
    frame = pd.DataFrame({c: pd.array(v, dtype="Float64") for c, v in amounts.items()})
    frame.insert(0, "village_code", match_villages(block, roster, notes))
    if new.any():
        frame.loc[new, "contracting"] = 0.0
        notes.line(block.sheet.source, "filled", int(new.sum()), "no_contracting_line")
    frame.insert(1, "_year", pd.array([p and p[0] for p in periods], dtype="Int64"))
    frame.insert(2, "_span", [p and p[1] for p in periods])
    frame = frame.assign(
        _source=block.sheet.source,
        _file=block.sheet.file,
        _sheet=block.sheet.name,
        _row=list(block.cells.index),
        _written=_written(block, roster, frame["village_code"]),
    )
    _compare_total(frame, block, notes)
    _compare_column_totals(frame, block, units, notes)
    frame = frame.dropna(subset=["village_code", "_year"])
    return frame.astype({"_year": int})


def _written(block: Block, roster: Roster, codes: pd.Series) -> list[object]:
    """The village as the row has it where it is part of a split one, else nothing."""
    written = block.cells.get("village_name", block.cells.get("village_code"))
    parts = set(roster.whole.values())
    assert written is not None  # a table without both is none of this kind
    return [fold(w) if c in parts else None for w, c in zip(written, codes, strict=True)]


def _in_new_accounts(block: Block, periods: list[tuple[int, Span] | None]) -> np.ndarray:
    """Rows of years whose accounts have no 发包及上交收入, in a table without that column."""
    missing = "contracting" not in block.cells
    return np.array([missing and p is not None and p[0] >= accounts.FIRST for p in periods], bool)


def _amount(unit: float | None):
    # Without a unit the table is refused as a whole; single amounts are then no further problem.
    return lambda cell: (
        None
        if privacy.is_number_of_person(cell)
        else parse_money(cell, 1.0 if unit is None else unit)
    )


def _own_units(block: Block, units: dict) -> bool:
    """Whether every amount carries its own unit, or is zero."""
    cells = [c for column in units for c in block.cells[column] if c is not None]
    return all(parse_money(c, None) is not None or parse_money(c, 1.0) == 0 for c in cells)


def _periods(block: Block, notes: Notes) -> list[tuple[int, Span] | None]:
    """Year and part of the year of every row."""
    if "period" in block.cells and block.cells["period"].isna().all():
        block = replace(block, cells=block.cells.drop(columns="period"))  # a form's column, unused
    year = _table_year(block, notes, quiet="period" in block.cells)
    stated = set(block.spans)
    if len(stated) > 1:
        notes.problem("two_spans", **block.at)
    span = next(iter(stated), WHOLE_YEAR)
    if "period" not in block.cells and "part" not in block.cells:
        return [None if year is None else (year, span)] * len(block.cells)
    years = parsed(block, "period", lambda c: _period(c, year, span), "bad_period", notes, True)
    parts = parsed(
        block, "part", _span(block.headers.get("part", "")), "bad_period", notes, required=True
    )
    if "period" not in block.cells:
        years = [None if year is None else (year, span)] * len(block.cells)
    return [y and (y[0], part or y[1]) for y, part in zip(years, parts, strict=True)]


def _span(header: str):
    """What reads a part of a year; below 月份 a bare 3 is March."""

    def parse(cell: object) -> Span | None:
        text = fold(cell).removesuffix(".0")
        months = "月" in header and text.isdecimal() and 1 <= int(text) <= 12
        return Span(int(text), int(text)) if months else span_in(cell)

    return parse


def _period(cell: object, year: int | None, span: Span) -> tuple[int, Span] | None:
    if found := period_in(cell, year):
        stated, _, quarter = found.partition("Q")
        return int(stated), QUARTERS[int(quarter) - 1] if quarter else span
    part, named = span_in(cell), years_in(cell)
    year = next(iter(named)) if len(named) == 1 else year
    return (year, part) if part and year else None


def _table_year(block: Block, notes: Notes, quiet: bool = False) -> int | None:
    """The year that the title, else the sheet's, else the file's name speaks of."""
    stated = {where: next(iter(years)) for where, years in block.years.items() if len(years) == 1}
    if "title" in stated and "sheet" in stated and stated["title"] != stated["sheet"]:
        notes.problem(
            "two_years", **block.at, title=str(stated["title"]), name=str(stated["sheet"])
        )
    year = stated.get("title", stated.get("sheet", stated.get("file")))
    if year is None and not quiet:
        notes.problem("no_year", **block.at)
    return year


def _compare_total(frame: pd.DataFrame, block: Block, notes: Notes) -> None:
    """The table's own 合计 settles what a blank among the sources means.

    Zero, if the rest adds up; where it does not, it shows slips.
    """
    if "total" not in block.cells:
        return
    unit = block.units.get("total", block.unit) or 1.0
    total = pd.array(parsed(block, "total", _amount(unit), "bad_amount", notes), dtype="Float64")
    values = frame[INCOME_SOURCES]
    tolerance = max(1.0, ROUNDING * unit * (len(INCOME_SOURCES) + 1))
    off = ((values.sum(axis=1) - total).abs() > tolerance).fillna(False)
    if int(off.sum()) > max(2, MOST * len(off)):
        notes.problem(
            "totals_differ", **block.at, row=frame["_row"][off].iloc[0], rows=int(off.sum())
        )
        return
    for row, stated in zip(frame["_row"][off], total[off.to_numpy(bool)], strict=True):
        notes.warn(
            "total_differs",
            **block.at,
            row=row,
            column=block.headers["total"],
            value=f"{stated / unit:g}",
        )
    some = values.isna().any(axis=1) & values.notna().any(axis=1) & ~off & pd.Series(total).notna()
    if some.any():
        frame.loc[some, INCOME_SOURCES] = values[some].fillna(0.0)
        notes.line(block.sheet.source, "filled", int(some.sum()), "blank_is_zero")


def _compare_column_totals(frame: pd.DataFrame, block: Block, units: dict, notes: Notes) -> None:
    """The bureau's own 合计 of a column, where one grand total stands, against the rows read."""
    if block.totals is None or not len(block.totals):
        return
    for column in (c for c in INCOME_SOURCES if c in block.cells):
        stated = [
            amount
            for cell in block.totals[column]
            if cell is not None and (amount := _amount(units.get(column))(cell)) is not None
        ]
        rows = frame[column].dropna().astype(float)
        unit = units.get(column) or 1.0
        # Subtotals add up to the grand total once more; the largest is the table's.
        if stated and abs(max(stated) - rows.sum()) > max(1.0, ROUNDING * unit * (len(rows) + 1)):
            notes.warn(
                "column_total_differs",
                **block.at,
                column=block.headers[column],
                stated=f"{max(stated):,.0f}",
                summed=f"{rows.sum():,.0f}",
            )

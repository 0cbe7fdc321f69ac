"""Collective income: a sheet a year or quarter, each with its own unit."""

from __future__ import annotations

import pandas as pd

from village_eval.bureau.columns import parsed
from village_eval.bureau.layout import Block
from village_eval.bureau.names import Roster
from village_eval.bureau.notes import Notes
from village_eval.bureau.rosters import match_villages
from village_eval.bureau.values import parse_money
from village_eval.county import privacy
from village_eval.folder.dates import period as period_in
from village_eval.words.said import Said
from village_eval.words.vocabulary import INCOME_SOURCES

ROUNDING = 0.006
"""Half of the last decimal of a table in 万元, and a little more."""
JUMP = 300
"""The median of a year this many times that of the other years: most likely the unit is wrong."""


def read_income(blocks: list[Block], roster: Roster, notes: Notes) -> pd.DataFrame:
    """income.csv in yuan, sorted by village and period.

    Rows entered twice are dropped, contradicting ones reported.
    """
    tables = [_sheet(block, roster, notes) for block in blocks]
    income = pd.concat(tables, ignore_index=True)
    facts = ["village_code", "period", *INCOME_SOURCES]
    same = income.duplicated(facts)
    for source, rows in income[same].groupby("_source").size().items():
        notes.line(source, "dropped", int(rows), "entered_twice")
    income = income[~same]
    for _, row in income[income.duplicated(["village_code", "period"])].iterrows():
        notes.problem(
            "income_twice", row["_file"], sheet=row["_sheet"], row=row["_row"], period=row["period"]
        )
    for block in blocks:
        notes.line(
            block.sheet.source,
            "kept",
            int((income["_source"] == block.sheet.source).sum()),
            "in_income",
        )
    _compare_units(income, notes)
    return income[facts].sort_values(["village_code", "period"]).reset_index(drop=True)


def _sheet(block: Block, roster: Roster, notes: Notes) -> pd.DataFrame:
    units = {c: block.units.get(c, block.unit) for c in INCOME_SOURCES if c in block.cells}
    amounts = {}
    for column in INCOME_SOURCES:
        if column not in block.cells:
            notes.warn(
                "no_income_column", **block.at, source=Said(f"vocabulary.income_source.{column}")
            )
        amounts[column] = parsed(block, column, _amount(units.get(column)), "bad_amount", notes)
    if any(unit is None for unit in units.values()) and not _own_units(block, units):
        notes.problem("no_unit", **block.at)
    frame = pd.DataFrame({c: pd.array(v, dtype="Float64") for c, v in amounts.items()})
    frame.insert(0, "village_code", match_villages(block, roster, notes))
    frame.insert(1, "period", _periods(block, notes))
    frame = frame.assign(
        _source=block.sheet.source,
        _file=block.sheet.file,
        _sheet=block.sheet.name,
        _row=list(block.cells.index),
    )
    _compare_total(frame, block, notes)
    return frame.dropna(subset=["village_code", "period"])


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


def _periods(block: Block, notes: Notes) -> list[str | None]:
    if "period" in block.cells:
        year = _table_year(block, notes, quiet=True)
        return parsed(
            block, "period", lambda cell: period_in(cell, year), "bad_period", notes, required=True
        )
    year = _table_year(block, notes)
    return [
        None if year is None else f"{year}Q{block.quarter}" if block.quarter else str(year)
    ] * len(block.cells)


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


def _compare_units(income: pd.DataFrame, notes: Notes) -> None:
    earning = income.assign(total=income[INCOME_SOURCES].sum(axis=1)).query("total > 0")
    medians = earning.groupby("period")["total"].median().astype(float)
    for period, median in medians.items():
        others = medians.drop(period).median()
        if others > 0 and not 1 / JUMP < median / others < JUMP:
            first = earning[earning["period"] == period].iloc[0]
            details = {"period": period, "median": f"{median:,.0f}", "others": f"{others:,.0f}"}
            notes.warn("unit_suspect", first["_file"], sheet=first["_sheet"], **details)

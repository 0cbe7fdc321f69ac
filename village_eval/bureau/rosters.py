"""The roster of villages: villages.csv as the bureaus keep it, without the list."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from village_eval.bureau.columns import clean_place, parsed, terms
from village_eval.bureau.layout import Block
from village_eval.bureau.matching import fill_township
from village_eval.bureau.names import township_stem, without_note
from village_eval.bureau.notes import Notes
from village_eval.bureau.township_rows import without_township_rows
from village_eval.bureau.values import parse_code, parse_count, parse_flag, parse_number, words
from village_eval.bureau.village_types import village_types
from village_eval.county import privacy
from village_eval.folder.cells import fold

COUNTS = ("population", "households", "party_members")
MEASURED = ("lon", "lat", "listing_score")


def read_villages(blocks: list[Block], notes: Notes) -> pd.DataFrame:
    """villages.csv without the list (its columns), one row a village in the order of the roster."""
    tables = [_villages(block, notes) for block in blocks]
    villages = (
        pd.concat([t for t in tables if len(t)], ignore_index=True)
        if any(map(len, tables))
        else pd.DataFrame()
    )
    if villages.empty:
        return villages
    whole = _are_townships(villages)
    for source, rows in villages[whole].groupby("_source").size().items():
        notes.line(source, "dropped", int(rows), "total_rows")
    villages = villages[~whole]
    facts = [c for c in villages if not c.startswith("_")]
    same = villages.duplicated(facts)
    for source, rows in villages[same].groupby("_source").size().items():
        notes.line(source, "dropped", int(rows), "entered_twice")
    villages = villages[~same]
    again = villages["village_code"].duplicated()
    for _, row in villages[again].iterrows():
        notes.problem("code_twice", row["_file"], sheet=row["_sheet"], row=row["_row"])
    return villages[~again].reset_index(drop=True)


def _are_townships(villages: pd.DataFrame) -> pd.Series:
    """Rows of townships among villages: a township's code (…000) under a township's name."""
    whole = villages["village_code"].astype("str").str.endswith("000")
    return whole & villages["village_name"].isin(villages["township_name"])


def _villages(block: Block, notes: Notes) -> pd.DataFrame:
    block = without_township_rows(block, COUNTS, notes)
    townships = fill_township(block, notes)
    names = [clean_place(c, notes) for c in block.cells["village_name"]]
    columns = {
        "village_code": parsed(block, "village_code", parse_code, "bad_code", notes, required=True),
        "village_name": names,
        "township_name": townships,
        **{
            c: parsed(block, c, _count, "bad_count", notes, blank=words("zero"))
            for c in COUNTS
            if c in block.cells
        },
        **{
            c: parsed(block, c, _measured, "bad_number", notes, blank=words("zero"))
            for c in MEASURED
            if c in block.cells
        },
    }
    if "population" not in block.cells:
        notes.warn("no_population", **block.at)
        columns["population"] = [None] * len(names)
    if "team_state" in block.cells:
        columns["team_state"] = terms(block, "team_state", "team_state", notes)
    if "listed" in block.cells:
        columns["listed"] = [v or 0 for v in parsed(block, "listed", parse_flag, "bad_flag", notes)]
    if "village_type" in block.cells:
        columns["village_type"] = village_types(block, notes)
    exchanged = (
        [
            bool(h and p and h > p)
            for h, p in zip(
                columns.get("households", ()), columns.get("population", ()), strict=True
            )
        ]
        if {"households", "population"} <= set(columns)
        else []
    )
    if sum(exchanged) > max(2, 0.5 * len(names)):
        notes.problem("households_exceed", **block.at, rows=sum(exchanged))
    for row, cell, name in zip(block.cells.index, block.cells["village_name"], names, strict=True):
        if name is not None and fold(cell) != name:
            notes.warn("person_beside", **block.at, row=row, column=block.headers["village_name"])
    for row, name, township in zip(block.cells.index, names, townships, strict=True):
        if name is None:
            notes.problem("blank_cell", **block.at, row=row, column=block.headers["village_name"])
        if township is None:
            notes.problem("no_township", **block.at, row=row)
    frame = pd.DataFrame(columns)
    plain = [(None, ()) if name is None else without_note(name) for name in names]
    frame = frame.assign(
        village_name=[name for name, _ in plain],
        _old=[old for _, old in plain],
        _source=block.sheet.source,
        _file=block.sheet.file,
        _sheet=block.sheet.name,
        _row=block.cells.index,
    )
    return frame.dropna(subset=["village_code", "village_name", "township_name"])


def _count(cell: object) -> int | None:
    """Persons or households."""
    count = parse_count(cell)
    return (
        int(count)
        if count is not None
        and count >= 0
        and count == int(count)
        and not privacy.is_number_of_person(cell)
        else None
    )


def _measured(cell: object) -> float | None:
    number = parse_number(cell)
    return None if number is None or privacy.is_number_of_person(cell) else number[0]


def with_township_codes(villages: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """township_code is the first nine digits.

    One code with two names takes the more usual one, and is reported.
    """
    villages = villages.assign(township_code=villages["village_code"].str[:9])
    for code, names in villages.groupby("township_code")["township_name"]:
        usual, *rare = [n for n, _ in Counter(names).most_common()]
        if rare:
            first = villages.loc[names.index[names != usual][0]]
            if len({township_stem(n) for n in (usual, *rare)}) > 1:
                notes.problem(
                    "township_two_names",
                    first["_file"],
                    sheet=first["_sheet"],
                    row=first["_row"],
                    code=code,
                    names=(usual, *rare),
                )
            villages.loc[names.index, "township_name"] = usual
    return villages

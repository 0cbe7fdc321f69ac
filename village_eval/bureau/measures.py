"""The register of measures.

What was done in which village, from when to when, how far, for how much.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from village_eval.bureau.both_ends import with_both_ends
from village_eval.bureau.columns import parsed, terms
from village_eval.bureau.doses import doses
from village_eval.bureau.income import _own_units
from village_eval.bureau.layout import Block
from village_eval.bureau.matching import match_villages
from village_eval.bureau.measure_dates import DATES, dates_of
from village_eval.bureau.names import Roster
from village_eval.bureau.notes import Notes
from village_eval.bureau.origins import PLACE
from village_eval.bureau.township_rows import without_township_rows
from village_eval.bureau.values import parse_flag, parse_money
from village_eval.county import privacy
from village_eval.county.campaign import Campaign
from village_eval.words import vocabulary
from village_eval.words.said import Said
from village_eval.words.vocabulary import GROUP_OF_MEASURE


def read_measures(
    blocks: list[Block], roster: Roster, campaign: Campaign, notes: Notes
) -> pd.DataFrame:
    """measures.csv, and where each row stands (PLACE).

    Rows that are the same in everything are dropped.
    """
    measures = pd.concat(
        [_sheet(block, roster, campaign, notes) for block in blocks], ignore_index=True
    )
    facts = [c for c in measures if not c.startswith("_")]
    same = measures.duplicated(facts)
    for source, rows in measures[same].groupby("_source").size().items():
        notes.line(source, "dropped", int(rows), "entered_twice")
    for source in dict.fromkeys(block.sheet.source for block in blocks):
        kept = int((~same & (measures["_source"] == source)).sum())
        notes.line(source, "kept", kept, "in_measures")
    measures = measures.loc[
        ~same,
        [
            c
            for c in facts
            if c not in ("planned_start", "planned_end", "actor") or measures[c].notna().any()
        ]
        + PLACE,
    ]
    return measures.sort_values(
        ["village_code", "measure", "start_date"], kind="stable"
    ).reset_index(drop=True)


def _sheet(block: Block, roster: Roster, campaign: Campaign, notes: Notes) -> pd.DataFrame:
    block = without_township_rows(block, ("funds",), notes, roster.townships)
    block = with_both_ends(_one_measure_a_row(block, notes), campaign)
    measure = terms(block, "measure", "measure", notes, required=True)
    group = terms(block, "group", "measure_group", notes)
    written = block.cells.get("group", pd.Series([None] * len(measure), dtype=object))
    for row, m, g, cell in zip(block.cells.index, measure, group, written, strict=True):
        if m and g and GROUP_OF_MEASURE[m] != g:
            notes.warn(
                "other_group",
                **block.at,
                row=row,
                column=block.headers["group"],
                value=cell,
            )
    dates = dates_of(block, campaign, notes)
    columns = {
        "village_code": match_villages(block, roster, notes, fill_villages=True),
        "measure": measure,
        **{c: dates[c] for c in DATES[:2]},
        "dose": doses(block, notes),
        "funds": _funds(block, notes),
        "department": terms(block, "department", "department", notes, many=True, fallback="other"),
        "completed": _completed(block, dates["end_date"], notes),
        **{c: dates[c] for c in DATES[2:]},
        "actor": terms(block, "actor", "actor", notes, many=True),
    }
    for first, last in (DATES[:2], DATES[2:]):
        for row, begin, end in zip(block.cells.index, dates[first], dates[last], strict=True):
            if begin and end and end < begin:
                notes.problem(
                    "end_before_start",
                    **block.at,
                    row=row,
                    column=block.headers[last],
                    value=end,
                )
    if block.across:  # doses across carry no dates
        dates["start_date"] = [campaign.start] * len(measure)
        columns["start_date"] = dates["start_date"]
        notes.warn("start_assumed", **block.at, start=campaign.start.isoformat())
    elif "start_date" not in block.cells:
        notes.problem("no_column", **block.at, name=Said("importing.column.start_date"))
    place = {"_source": block.sheet.source, "_file": block.sheet.file, "_sheet": block.sheet.name}
    frame = pd.DataFrame(columns, dtype=object).assign(**place, _row=list(block.cells.index))
    return frame.dropna(subset=["village_code", "measure"])


def _one_measure_a_row(block: Block, notes: Notes) -> Block:
    """Several measures in one cell become a row each; each has the cell's dates and dose."""
    several = [_several(cell) for cell in block.cells["measure"]]
    if not any(len(s) > 1 for s in several):
        return block
    for row, parts in zip(block.cells.index, several, strict=True):
        if len(parts) > 1 and "funds" in block.cells and block.cells["funds"][row] is not None:
            notes.problem("funds_of_several", **block.at, row=row, column=block.headers["funds"])
    times = [len(s) for s in several]
    where = [i for i, n in enumerate(times) for _ in range(n)]
    notes.line(block.sheet.source, "read", len(where) - len(times), "several_in_cell")
    cells = block.cells.iloc[where].assign(measure=[part for s in several for part in s])
    return replace(block, cells=cells, persons=block.persons.iloc[where])


def _several(cell: object) -> list[object]:
    """The measures in a cell, where each of its parts is one."""
    parts = [p for p in re.split(r"[、;；，,\n]", str(cell or "")) if p.strip()]
    if len(parts) < 2 or vocabulary.lookup("measure", cell):
        return [cell]
    return [*parts] if all(vocabulary.lookup("measure", p) for p in parts) else [cell]


def _funds(block: Block, notes: Notes) -> list[float | None]:
    if "funds" not in block.cells:
        return [None] * len(block.cells)
    unit = block.units.get("funds", block.unit)
    if unit is None and not _own_units(block, {"funds": None}):
        notes.problem("no_unit_funds", **block.at, column=block.headers["funds"])

    def parse(cell: object) -> float | None:
        value = (
            None
            if privacy.is_number_of_person(cell)
            else parse_money(cell, 1.0 if unit is None else unit)
        )
        return value if value is None or value >= 0 else None

    return parsed(block, "funds", parse, "bad_amount", notes)


def _completed(block: Block, ends: list, notes: Notes) -> list[int | None]:
    """是否销号; where the column is missing, a date of completion says it."""
    if "completed" in block.cells:
        return parsed(block, "completed", _flag, "bad_flag", notes)
    return [int(end is not None) for end in ends]


def _flag(cell: object) -> int | None:
    return parse_flag(
        re.sub(r"^已于.*销号$", "已销号", str(cell)) if isinstance(cell, str) else cell
    )

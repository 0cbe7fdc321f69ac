"""The register of measures.

What was done in which village, from when to when, how far, for how much.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pandas as pd

from village_eval.bureau.columns import parsed, terms
from village_eval.bureau.income import _own_units
from village_eval.bureau.layout import Block
from village_eval.bureau.names import Roster
from village_eval.bureau.notes import Notes
from village_eval.bureau.origins import PLACE
from village_eval.bureau.rosters import match_villages
from village_eval.bureau.values import parse_flag, parse_money, parse_number, words
from village_eval.bureau.years import near_campaign, since_1904
from village_eval.county import privacy
from village_eval.county.campaign import Campaign
from village_eval.folder.cells import fold
from village_eval.folder.dates import date as date_in
from village_eval.words import vocabulary
from village_eval.words.said import Said
from village_eval.words.vocabulary import GROUP_OF_MEASURE

DATES = ("start_date", "end_date", "planned_start", "planned_end")


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
    block = _with_both_ends(_one_measure_a_row(block, notes), campaign)
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
    # A measure without a start cannot be placed in time, unless it is planned.
    dates: dict[str, list[dt.date | None]] = {}
    for c in reversed(DATES):
        needed = c == "start_date" and [day is None for day in dates["planned_start"]]
        pending = words("pending") if c in DATES[:2] else ()
        dates[c] = parsed(
            block,
            c,
            _date(campaign, block.sheet.since_1904, deadline=c == "planned_end"),
            "bad_date",
            notes,
            required=needed,
            blank=pending,
        )
    columns = {
        "village_code": match_villages(block, roster, notes, fill_villages=True),
        "measure": measure,
        **{c: dates[c] for c in DATES[:2]},
        "dose": _doses(block, notes),
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


def _with_both_ends(block: Block, campaign: Campaign) -> Block:
    """起止时间, both days in one cell, as two columns; a cell of another kind stays one date."""
    if "from_to" not in block.cells or "start_date" in block.cells:
        return block
    parse = _date(campaign, block.sheet.since_1904)
    ends = [_both_ends(cell, parse) for cell in block.cells["from_to"]]
    cells = block.cells.assign(start_date=[first for first, _ in ends])
    header = block.headers["from_to"]
    headers = block.headers | {"start_date": header}
    if "end_date" not in cells:
        cells = cells.assign(end_date=[last for _, last in ends])
        headers |= {"end_date": header}
    return replace(block, cells=cells, headers=headers)


def _both_ends(cell: object, parse) -> tuple[object, object]:
    text = fold(cell) if isinstance(cell, str) else ""
    for mark in re.finditer(r"至|到|[-—–~]+", text):
        first, last = text[: mark.start()], text[mark.end() :]
        if re.fullmatch(r"\d{1,2}[日号]", last) and (month := re.match(r".*?\d{1,2}月", first)):
            last = month[0] + last
        if parse(first) is not None and parse(last) is not None:
            return first, last
    return cell, None


def _several(cell: object) -> list[object]:
    """The measures in a cell, where each of its parts is one."""
    parts = [p for p in re.split(r"[、;；，,\n]", str(cell or "")) if p.strip()]
    if len(parts) < 2 or vocabulary.lookup("measure", cell):
        return [cell]
    return [*parts] if all(vocabulary.lookup("measure", p) for p in parts) else [cell]


def _date(campaign: Campaign, old_mac: bool, deadline: bool = False):
    def parse(cell: object) -> dt.date | None:
        if deadline and isinstance(cell, str):
            cell = re.sub(r"(?:之前|以前|前)(?:完成|销号|办结)?$", "", fold(cell))
        date = date_in(since_1904(cell) if old_mac else cell, strict=False)
        return None if date is None else near_campaign(date, campaign.start, campaign.end)

    return parse


def _doses(block: Block, notes: Notes) -> list[float | None]:
    """The column as shares from 0 to 1.

    A column is in per cent when its header says so or one of its numbers is above one; 45% is
    always 0.45.
    """
    numbers = parsed(
        block,
        "dose",
        lambda c: None if privacy.is_number_of_person(c) else parse_number(c),
        "bad_share",
        notes,
    )
    plain = [n for n, unit in (n for n in numbers if n) if unit == ""]
    hundredths = any(n > 1 for n in plain)
    if plain and "dose" in block.percent and not hundredths and any(plain):
        notes.warn("shares_under_percent", **block.at, column=block.headers["dose"])
    doses: list[float | None] = []
    for row, number in zip(block.cells.index, numbers, strict=True):
        if number is None:
            doses.append(None)
            continue
        value, unit = number
        mixed = hundredths and 0 < value <= 1 and unit == "" and "dose" not in block.percent
        if mixed:
            notes.warn(
                "mixed_shares",
                **block.at,
                row=row,
                column=block.headers["dose"],
                value=f"{value:g}",
            )
        share = (
            round(value / 100, 6)
            if unit == "%" or (unit == "" and hundredths and not mixed)
            else value
        )
        if not 0 <= share <= 1 or unit not in ("", "%"):
            notes.problem(
                "bad_share",
                **block.at,
                row=row,
                column=block.headers["dose"],
                value=f"{value:g}{unit}",
            )
        doses.append(share)
    return doses


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

"""The register of measures.

What was done in which village, from when to when, how far, for how much.
"""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd

from village_eval.bureau.columns import parsed, terms
from village_eval.bureau.income import _own_units
from village_eval.bureau.layout import Block
from village_eval.bureau.names import Roster
from village_eval.bureau.notes import Notes
from village_eval.bureau.rosters import match_villages
from village_eval.bureau.values import parse_flag, parse_money, parse_number, words
from village_eval.bureau.years import near_campaign
from village_eval.county import privacy
from village_eval.county.campaign import Campaign
from village_eval.folder.dates import date as date_in
from village_eval.words.said import Said
from village_eval.words.vocabulary import GROUP_OF_MEASURE

DATES = ("start_date", "end_date", "planned_start", "planned_end")


def read_measures(
    blocks: list[Block], roster: Roster, campaign: Campaign, notes: Notes
) -> pd.DataFrame:
    """measures.csv; rows that are the same in everything are dropped."""
    measures = pd.concat(
        [_sheet(block, roster, campaign, notes) for block in blocks], ignore_index=True
    )
    facts = [c for c in measures if not c.startswith("_")]
    same = measures.duplicated(facts)
    for source, rows in measures[same].groupby("_source").size().items():
        notes.line(source, "dropped", int(rows), "entered_twice")
    for block in blocks:
        notes.line(
            block.sheet.source,
            "kept",
            int((~same & (measures["_source"] == block.sheet.source)).sum()),
            "in_measures",
        )
    measures = measures.loc[
        ~same,
        [
            c
            for c in facts
            if c not in ("planned_start", "planned_end", "actor") or measures[c].notna().any()
        ],
    ]
    return measures.sort_values(
        ["village_code", "measure", "start_date"], kind="stable"
    ).reset_index(drop=True)


def _sheet(block: Block, roster: Roster, campaign: Campaign, notes: Notes) -> pd.DataFrame:
    measure = terms(block, "measure", "measure", notes, required=True)
    group = terms(block, "group", "measure_group", notes)
    for row, m, g in zip(block.cells.index, measure, group, strict=True):
        if m and g and GROUP_OF_MEASURE[m] != g:
            notes.warn(
                "other_group",
                **block.at,
                row=row,
                column=block.headers["group"],
                value=block.cells["group"][row],
            )
    # A measure without a start cannot be placed in time, unless it is planned.
    dates: dict[str, list[dt.date | None]] = {}
    for c in reversed(DATES):
        needed = c == "start_date" and [day is None for day in dates["planned_start"]]
        pending = words("pending") if c in DATES[:2] else ()
        dates[c] = parsed(
            block, c, _date(campaign), "bad_date", notes, required=needed, blank=pending
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
                    value=block.cells[last][row],
                )
    if "start_date" not in block.cells:
        notes.problem("no_column", **block.at, name=Said("importing.column.start_date"))
    frame = pd.DataFrame(columns, dtype=object).assign(_source=block.sheet.source)
    return frame.dropna(subset=["village_code", "measure"])


def _date(campaign: Campaign):
    def parse(cell: object) -> dt.date | None:
        date = date_in(cell, strict=False)
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
                value=block.cells["dose"][row],
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

"""Which village of the roster a row is about."""

from __future__ import annotations

import re

import pandas as pd

from village_eval.bureau.columns import clean_place
from village_eval.bureau.layout import Block
from village_eval.bureau.names import Roster
from village_eval.bureau.notes import Notes
from village_eval.folder.cells import fold


def match_villages(
    block: Block,
    roster: Roster,
    notes: Notes,
    *,
    fill_villages: bool = False,
    fill_townships: bool = True,
) -> list[str | None]:
    """The village code of every row; what the roster does not know is reported, never dropped.

    ``fill_villages``, ``fill_townships``: named once and blank below.
    """
    townships = fill_township(block, notes) if fill_townships else _townships(block, notes)
    names = [
        clean_place(c, notes)
        for c in block.cells.get("village_name", pd.Series([None] * len(block.cells)))
    ]
    codes = list(block.cells.get("village_code", [None] * len(block.cells)))
    stated = _stated_township(block, roster)
    found: list[str | None] = []
    last: tuple[str | None, object] = (None, None)
    last_township = None
    for row, township, name, code in zip(block.cells.index, townships, names, codes, strict=True):
        if name is None and code is None and fill_villages and township == last_township:
            name, code = last
        if name is None and code is None:
            notes.problem(
                "no_village",
                **block.at,
                row=row,
                column=block.headers.get("village_name", block.headers.get("village_code")),
            )
            found.append(None)
            continue
        last, last_township = (name, code), township
        village, kind, details = roster.match(township, name, code)
        if kind == "ambiguous_village" and township is None and stated:
            village, kind, details = roster.match(stated, name, code)
        if village is not None and kind:
            column = "village_code" if kind == "name_unknown_code" else "village_name"
            value = code if kind == "name_unknown_code" else name
            notes.warn(kind, **block.at, row=row, column=block.headers[column], value=value)
        elif village is None:
            column = (
                "township_name"
                if kind == "unknown_township"
                else "village_name"
                if name
                else "village_code"
            )
            value = township if kind == "unknown_township" else (township, name) if name else code
            notes.problem(
                kind, **block.at, row=row, column=block.headers.get(column), value=value, **details
            )
        found.append(village)
    return found


def fill_township(block: Block, notes: Notes) -> list[str | None]:
    """Townships row by row: named once and blank below, or named by the sheet alone."""
    if "township_name" not in block.cells:
        by_sheet = re.search(r"[一-鿿]{1,6}(?:镇|乡|街道)", fold(block.sheet.name or ""))
        return [by_sheet[0] if by_sheet else None] * len(block.cells)
    filled, last = [], None
    for cell in block.cells["township_name"]:
        last = clean_place(cell, notes) or last
        filled.append(last)
    blank = int(block.cells["township_name"].isna().sum())
    if blank:
        notes.line(block.sheet.source, "filled", blank, "township_filled")
    return filled


def _townships(block: Block, notes: Notes) -> list[str | None]:
    cells = block.cells.get("township_name", pd.Series([None] * len(block.cells), dtype=object))
    return [clean_place(c, notes) for c in cells]


def _stated_township(block: Block, roster: Roster) -> str | None:
    """The one township that the sheet, the title or the file is named after."""
    for named in (block.sheet.name or "", " ".join(block.titles), block.sheet.file):
        known = [t for t in roster.townships if fold(t) in fold(named)]
        if known:
            return known[0] if len(known) == 1 else None
    return None

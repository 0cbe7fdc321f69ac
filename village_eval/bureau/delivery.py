"""A delivery taken in: its sheets, and the tables in them by kind."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from village_eval.bureau.across import across
from village_eval.bureau.files import read_sheets
from village_eval.bureau.headers import KINDS
from village_eval.bureau.layout import Block, find_blocks
from village_eval.bureau.left_behind import names_in_unknown
from village_eval.bureau.notes import Notes
from village_eval.bureau.sections import with_sections
from village_eval.bureau.sheet import Sheet
from village_eval.bureau.source import Source
from village_eval.bureau.unknown import unknown_table
from village_eval.folder.bounded import MINUTES
from village_eval.words.said import Said

BESIDE, ROSTERS = ("income", "list"), ("population", "households", "listed")
"""Kinds of tables that may hold the roster, and columns that only a roster has."""


@dataclass
class Delivery:
    """What was found, ``notes`` on it, and how many ``minutes`` reading its files may take."""

    notes: Notes
    minutes: float = MINUTES
    sheets: list[Sheet] = field(default_factory=list)
    blocks: dict[str, list[Block]] = field(default_factory=lambda: {kind: [] for kind in KINDS})


def take_in(
    folder: Path,
    delivery: Delivery,
    ignored: Collection[str] = (),
    source: Source | None = None,
    keys: dict | None = None,
) -> None:
    """The tables of a folder, and of its database, by kind.

    They are recognised by their headers whatever the file's name.
    """
    notes = delivery.notes
    database = source.file if source else None
    sheets = read_sheets(folder, notes, ignored, database, delivery.minutes)
    if source and keys:
        from village_eval.bureau.database import read_source

        sheets += read_source(source, keys, notes, ignored)
    for sheet in sheets:
        delivery.sheets.append(sheet)
        sheet = with_sections(sheet, notes)
        wide = across(sheet, notes)
        found = [wide] if wide else find_blocks(sheet, notes)
        if not found:
            names_in_unknown(sheet, notes)
            notes.line(sheet.source, "dropped", 0, "unknown_sheet")
            unknown_table(sheet, notes)
        for block in found:
            if block.cells.empty:
                notes.warn(
                    "empty_table",
                    sheet.file,
                    sheet=sheet.name,
                    table=Said(f"importing.kind.{block.kind}"),
                )
                continue
            if sheet.hidden and block is found[0]:
                notes.warn("hidden_sheet", sheet.file, sheet=sheet.name)
            delivery.blocks[block.kind].append(block)
    if not delivery.blocks["villages"]:
        _roster_among_others(delivery)


def _roster_among_others(delivery: Delivery) -> None:
    """Where no table is a roster alone: a table of income with codes and population is one, too."""
    seen: set[str] = set()
    for block in [b for kind in BESIDE for b in delivery.blocks[kind]]:
        if block.across or block.sheet.source in seen:
            continue
        seen.add(block.sheet.source)
        for roster in find_blocks(block.sheet, Notes(), ("villages",)):
            if len(roster.cells) and any(column in roster.cells for column in ROSTERS):
                rows = len(roster.cells)
                delivery.notes.line(block.sheet.source, "read", rows, "rows_as_roster")
                delivery.blocks["villages"].append(roster)
                used = set(roster.headers.values())
                delivery.notes.used_after_all(block.sheet.source, used)

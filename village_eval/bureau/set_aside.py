"""Petitions that are set aside before any is counted: void ones, and those of no village.

Each with its ledger line; a word that nobody knows is asked about.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pandas as pd

from village_eval.bureau.columns import clean_place, parsed
from village_eval.bureau.layout import Block
from village_eval.bureau.names import Roster
from village_eval.bureau.notes import Notes
from village_eval.bureau.township_rows import without_township_rows
from village_eval.bureau.values import parse_flag, words
from village_eval.folder.cells import fold

MOST_OF_NO_VILLAGE = 0.5
"""Of a table's petitions without a village: beyond it the column is likely another one."""
STORY = 10
"""A longer text in a column of states is a story and no state."""
NAMED = 5
AROUND_A_STATE = r"\([^()]*\)$|[。;]+$"
"""What may stand behind a state."""


def set_aside(block: Block, roster: Roster, notes: Notes) -> Block:
    """The block without void petitions and those that name no village."""
    block = without_township_rows(_valid(block, notes), (), notes, roster.townships)
    return of_a_village(block, roster, notes)


def _valid(block: Block, notes: Notes) -> Block:
    """Without rows whose state, or whose remark, says that they are void."""
    states = parsed(block, "status", state(block.headers.get("status", "")), "bad_status", notes)
    void = {"status": [s == 0 for s in states]}
    for position, header in remarks(block):
        void[header] = [
            _is_void(cells[position]) if position < len(cells) else False
            for cells in (block.sheet.rows[row - 1] for row in block.cells.index)
        ]
    gone = [False] * len(states)
    for column, marked in void.items():
        new = [m and not g for m, g in zip(marked, gone, strict=True)]
        if any(new):
            header = block.headers.get(column, column)
            notes.line(block.sheet.source, "dropped", sum(new), "void_rows", column=header)
        gone = [g or m for g, m in zip(gone, marked, strict=True)]
    return _without(block, gone)


def state(header: str):
    """1 for a petition that counts, 0 for a void one; 是 and 否 by what the header asks."""
    asks = re.search(r"^是否|标[志记]$", fold(header))
    asks_void = bool(re.search("作废|无效|撤销|注销|删除", fold(header)))

    def parse(cell: object) -> int | None:
        if _is_void(cell):
            return 0
        text = fold(cell)
        if asks and (answer := parse_flag(cell)) is not None:
            return answer != asks_void
        return 1 if len(text) > STORY or _bare(text) in words("valid") else None

    return parse


def _bare(text: str) -> str:
    return re.sub(AROUND_A_STATE, "", text).lower()


def _is_void(cell: object) -> bool:
    """作废, and 作废（重复登记）."""
    return isinstance(cell, str) and _bare(fold(cell)) in words("void")


def remarks(block: Block) -> list[tuple[int, str]]:
    """Positions and headers of columns that may say so in passing; nothing else of them is read."""
    if block.row < 1:
        return []
    head = block.sheet.rows[block.row - 1]
    return [
        (position, str(cell))
        for position, cell in enumerate(head)
        if isinstance(cell, str) and fold(cell) in words("remark_columns")
    ]


def of_a_village(block: Block, roster: Roster, notes: Notes) -> Block:
    """Without rows that name a township, 县直 or 不详 for a village; blank ones are a problem."""
    if "village_name" not in block.cells:
        return block
    nothing = [None] * len(block.cells)
    townships = [clean_place(c, notes) for c in block.cells.get("township_name", nothing)]
    codes = list(block.cells.get("village_code", nothing))
    names = [clean_place(c, notes) for c in block.cells["village_name"]]
    written: Counter[str] = Counter()
    gone, blank = [], []
    for row, township, name, code in zip(block.cells.index, townships, names, codes, strict=True):
        none = code is None and name is not None and _is_no_village(township, name, roster)
        written[name or ""] += none
        gone.append(none)
        if code is None and name is None:
            blank.append(row)
    column, all_of_them = block.headers["village_name"], len(gone)
    for row in blank:
        notes.problem(
            "blank_village", **block.at, row=row, column=column, share=_share(len(blank), gone)
        )
    if any(gone):
        rows = sum(gone)
        about: dict[str, Any] = {
            "rows": rows,
            "share": _share(rows, gone),
            "words": tuple(word for word, times in written.most_common(NAMED) if times),
        }
        if rows > max(2, MOST_OF_NO_VILLAGE * all_of_them):
            notes.problem("most_of_no_village", **block.at, column=column, **about)
        else:
            notes.warn("of_no_village", **block.at, column=column, **about)
        notes.line(block.sheet.source, "dropped", rows, "of_no_village")
    lost = set(blank)
    return _without(block, [g or r in lost for g, r in zip(gone, block.cells.index, strict=True)])


def _is_no_village(township: str | None, name: str, roster: Roster) -> bool:
    text = fold(name)
    of_no_village = text.lower() in words("no_village") or roster.is_county(text)
    if not of_no_village and roster.township(text) is None:
        return False
    return roster.match(township, name)[0] is None


def _share(rows: int, of: list) -> str:
    share = 100 * rows / len(of)
    return f"{share:.0f}%" if share >= 1 else "<1%"


def _without(block: Block, gone: list[bool]) -> Block:
    if not any(gone):
        return block
    kept = ~pd.Series(gone).to_numpy(bool)
    return replace(block, cells=block.cells[kept], persons=block.persons[kept])

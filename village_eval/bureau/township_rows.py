"""Rows of a township among its villages: its name alone, or with the sum of its villages."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pandas as pd

from village_eval.bureau.columns import clean_place
from village_eval.bureau.layout import Block
from village_eval.bureau.matching import fill_township
from village_eval.bureau.notes import Notes
from village_eval.bureau.values import MONEY, parse_number
from village_eval.folder.cells import fold

_PLACE = {"township_name", "village_name", "village_code"}


def without_township_rows(
    block: Block, amounts: Collection[str], notes: Notes, townships: Collection[str] = ()
) -> Block:
    """The block without rows that name a township alone and hold nothing, or its villages' sums.

    The township's name stays for the rows below. A row with other figures, or any other fact, stays
    too, and is reported as one without a village. ``townships``: names that stand in no column of
    the block.
    """
    if "village_name" not in block.cells:
        return block
    cells = block.cells
    nothing = pd.Series([None] * len(cells), cells.index, dtype=object)
    written = [clean_place(c, notes) for c in cells.get("township_name", nothing)]
    known = {fold(t) for t in (*written, *townships) if t}
    alone = [
        code is None
        and (v is None or fold(v) in known)
        and (t is None or v is None or fold(v) == t)
        and not (t is None and v is None)
        for t, v, code in zip(
            written, cells["village_name"], cells.get("village_code", nothing), strict=True
        )
    ]
    if not any(alone):
        return block
    mask = pd.Series(alone, cells.index)
    facts = cells.drop(columns=[c for c in cells if c in _PLACE])
    empty = mask & facts.isna().all(axis=1)
    sums = mask & facts.drop(columns=list(amounts), errors="ignore").isna().all(axis=1)
    township = pd.Series(
        fill_township(block, notes)
        if "township_name" in cells
        else cells["village_name"].where(mask),
        cells.index,
    )
    for column in (c for c in amounts if c in cells):
        figures = cells[column].map(_figure)
        whole = figures[~mask].groupby(township[~mask]).sum()
        near = (figures - township.map(whole)).abs() <= 1e-6 * figures.abs() + 0.5
        sums &= near | cells[column].isna()  # a sum that was not stated
    sums &= ~empty
    for gone, reason in ((sums, "total_rows"), (empty, "township_rows")):
        if gone.any():
            notes.line(block.sheet.source, "dropped", int(gone.sum()), reason)
    kept = ~(sums | empty)
    if "township_name" in cells:
        cells = cells.assign(township_name=township.astype(object))
    return replace(block, cells=cells[kept], persons=block.persons[kept])


def _figure(cell: object) -> float:
    number = None if cell is None else parse_number(cell)
    return 0.0 if number is None else number[0] * MONEY.get(number[1], 1.0)

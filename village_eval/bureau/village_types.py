"""The one type of a laggard village, also where a cell names two."""

from __future__ import annotations

import re
from dataclasses import replace

from village_eval.bureau.columns import terms
from village_eval.bureau.layout import Block
from village_eval.bureau.notes import Notes
from village_eval.folder.cells import fold
from village_eval.words import vocabulary

KIND = "village_type"
_BETWEEN = re.compile(r"[、,;/+]|(?:同时|以及|并且|并|且|和|及|与)(?=.{2})|(?=兼)")
_MAIN = re.compile(r"^以(?P<a>.+)为主$|^主要(?:类型)?(?:是|为)?:?(?P<b>.+)$|^(?P<c>.+)\(主要?\)$")
_BESIDE = re.compile(
    r"^(?:次要|其次|兼有?|另有|同时)(?:类型)?(?:是|为)?:?(?P<a>.+)$|^(?P<b>.+)\((?:次要?|兼)\)$"
)


def village_types(block: Block, notes: Notes) -> list[str | None]:
    """Keys row by row; where a cell names two, the one that it calls the main one, else a problem.

    The remedies and the comparison by type need one type a village: which one, the bureau knows.
    """
    if KIND not in block.cells:
        return [None] * len(block.cells)
    settled: dict[object, str | None] = {}
    for row, cell in block.cells[KIND].items():
        found = types_in(cell)
        if len(found) == 1:
            settled[row] = found.pop()
        elif found:
            settled[row] = None
            several(block, row, KIND, cell, notes)
    cells = [settled.get(row, cell) for row, cell in block.cells[KIND].items()]
    return terms(replace(block, cells=block.cells.assign(**{KIND: cells})), KIND, KIND, notes)


def several(block: Block, row: int, column: str, cell: object, notes: Notes) -> None:
    """A row that names two types and calls neither the main one."""
    notes.problem("two_types", **block.at, row=row, column=block.headers[column], value=cell)


def types_in(cell: object) -> set[str]:
    """The types among which a cell of several leaves it open; empty where it is of another form."""
    text = fold(cell.strip().replace("\n", "、")) if isinstance(cell, str) else ""
    parts = [part for part in _BETWEEN.split(text) if part]
    if len(parts) < 2 or vocabulary.lookup(KIND, text):
        return set()
    named, main = [], []
    for part in parts:
        first, beside = _MAIN.match(part), _BESIDE.match(part)
        marked = first or beside
        key = vocabulary.lookup(KIND, next(filter(None, marked.groups())) if marked else part)
        if key is None:
            return set()
        named.append(key)
        if first:
            main.append(key)
    return {main[0]} if len(set(main)) == 1 else set(named)

"""Columns of a block to values, with a problem for every cell that is not what it should be."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

from village_eval.bureau.layout import Block
from village_eval.bureau.notes import Notes
from village_eval.bureau.values import words
from village_eval.county import privacy
from village_eval.folder import cells
from village_eval.folder.cells import fold
from village_eval.words.said import Said

FLAG_PROBLEMS = {
    "bad_repeat": "repeat",
    "bad_satisfied": "satisfied",
    "bad_flag": "completed",
    "bad_status": "status",
}
MISSING = {"", "nan", "none", "null", "#n/a", "不详", "未知", "未填"}


def parsed(
    block: Block,
    column: str,
    parse: Callable,
    kind: str | Callable[[object], str],
    notes: Notes,
    required: bool | list[bool] = False,
    blank: Collection[str] = (),
    **details,
) -> list:
    """The values of a column in row order.

    None for blanks, and for what ``parse`` gives None: that is reported as ``kind``.

    ``required``: whether a blank is a problem, for all rows or row by row. ``blank``: words that
    also mean that there is nothing (folded, lower case). ``kind``: of the problem, or what tells
    it from the cell.
    """
    if column not in block.cells:
        return [None] * len(block.cells)
    header = block.headers[column]
    memo: dict[tuple[type, object], object] = {}
    values: list[Any] = []
    needed = required if isinstance(required, list) else [required] * len(block.cells)
    for (row, cell), need in zip(block.cells[column].items(), needed, strict=True):
        if cell is None or (text := fold(cell).lower()) in MISSING or text in blank:
            if need:
                notes.problem("blank_cell", **block.at, row=row, column=header)
            values.append(None)
            continue
        key = (type(cell), cell)
        if key not in memo:
            memo[key] = parse(cell)
        if memo[key] is None:
            if privacy.is_number_of_person(cell):
                notes.problem("person_number", **block.at, row=row, column=header)
            else:
                told = kind if isinstance(kind, str) else kind(cell)
                if isinstance(cell, str) and cell.startswith("="):
                    told = "formula"
                notes.problem(told, **block.at, row=row, column=header, value=cell, **details)
                if told in FLAG_PROBLEMS:
                    notes.unknown_term(FLAG_PROBLEMS[told], cell, True)
        values.append(memo[key])
    return values


def terms(
    block: Block,
    column: str,
    vocabulary_kind: str,
    notes: Notes,
    *,
    required: bool = False,
    fallback: str | None = None,
    many: bool = False,
) -> list[str | None]:
    """Keys of the vocabulary, joined by ; with ``many``.

    An unknown term is a problem, or ``fallback`` with a warning.
    """
    if column not in block.cells:
        return [None] * len(block.cells)
    header = block.headers[column]
    memo: dict[object, tuple[list[str], str]] = {}
    values: list[str | None] = []
    for row, cell in block.cells[column].items():
        if cell is None or fold(cell).lower() in MISSING | words("zero"):
            if required:
                notes.problem("blank_cell", **block.at, row=row, column=header)
            values.append(None)
            continue
        if cell not in memo:
            memo[cell] = _term(cell, vocabulary_kind, notes, many)
        found, unknown = memo[cell]
        if unknown:
            place = {**block.at, "row": row, "column": header, "value": unknown}
            notes.unknown_term(vocabulary_kind, unknown, not fallback)
            if fallback:
                notes.warn("term_to_other", **place, suggestion=_name(vocabulary_kind, fallback))
            elif close := cells.closest(vocabulary_kind, unknown):
                notes.problem("unknown_term", **place, suggestion=_name(vocabulary_kind, close))
            else:
                notes.problem("no_such_term", **place)
            if fallback and fallback not in found:
                found = [*found, fallback]
        values.append(";".join(found) or None)
    return values


def _name(kind: str, key: str) -> Said:
    return Said(f"vocabulary.{kind}.{key}")


def _term(cell: object, kind: str, notes: Notes, many: bool) -> tuple[list[str], str]:
    """Keys found in a cell, and what was not understood ('' if nothing).

    Names and numbers of persons in it are passed over.
    """
    found, unknown = cells.terms(kind, cell, many=False, strict=False)
    if found:
        return found, ""
    clean = privacy.redact(cell, notes.pattern()).replace(privacy.BLANK, "")
    if many:
        found, unknown = cells.terms(kind, clean, many=True, strict=False)
        unknown = [u for u in unknown if not privacy.is_name_like(u)]
        return found, "、".join(unknown)
    clean = re.sub(r"[(:,、;]+$|\(\)", "", fold(clean))
    found, _ = cells.terms(kind, clean, many=False, strict=False) if clean else ([], [])
    return (found, "") if found else ([], str(cell))


_PERSON_BESIDE = re.compile(
    r"(.+?(?:村|社区|委会|委员会))(?:村民|群众|支部?书记|[:,、])*([一-鿿·•]{2,12})"
)
_LAND = "家楼沟坡湾桥河山岭坪塘铺集峪营园口头庙坊湖海洼峰关里"
"""A village's name may go on so after 村: 大村高家."""
_PLAIN_PLACE = re.compile(r"[一-鿿]{1,4}[村镇乡]")


def clean_place(cell: object, notes: Notes) -> str | None:
    """A village's or township's name alone.

    Without blanks, and without a person who was written beside it.
    """
    text = "" if cell is None else fold(cell)
    if not text or _PLAIN_PLACE.fullmatch(text):
        return text or None
    clean = privacy.redact(text)
    # A bracket that the name goes on after, (石玄)步村, is part of the name and holds nobody.
    clean = re.sub(
        r"\(([^)]*)\)(?![一-鿿])",
        lambda m: (
            ""
            if privacy.BLANK in m[1] or privacy.is_name_like(m[1]) or m[1] in notes.names
            else m[0]
        ),
        clean,
    )
    clean = clean.replace(privacy.BLANK, "")
    for name in re.findall(r"[(:,、/]([^(:,、/)]+)(?!\)[一-鿿])", clean):
        if name in notes.names or privacy.is_name_like(name):
            clean = clean.replace(name, "")
    if match := _PERSON_BESIDE.fullmatch(clean):
        who = match[2]
        if who in notes.names or (privacy.is_name_like(who) and (who[2:] or who[-1] not in _LAND)):
            clean = match[1]
    clean = re.sub(r"(?:联系人|负责人|责任人|支部?书记|支书|村民|电话)[:]?$|[:,、/]+$", "", clean)
    return clean or None

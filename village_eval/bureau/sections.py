"""Tables in sections: rows of villages below headings that name their type or their township."""

from __future__ import annotations

import re
from dataclasses import replace

from village_eval.bureau.headers import assign, find_headers, header_texts
from village_eval.bureau.notes import Notes
from village_eval.bureau.sheet import FIRST_ROWS, Sheet
from village_eval.bureau.values import COLUMNS
from village_eval.folder.cells import fold
from village_eval.words import vocabulary

_NUMBER = r"(?:[一二三四五六七八九十]+|\(?[一二三四五六七八九十\d]+\))"
_ALONE = re.compile(rf"{_NUMBER}[、.]?|\d+")
_ORDINAL = re.compile(rf"^{_NUMBER}[、.,:]?|^\d+[、.]")
_COUNT = re.compile(r"[:(,]?(?:共|合计)?\d+个?村?\)?$|:$")
_TOWNSHIP = re.compile(r"[一-鿿]{1,6}(?:镇|乡|街道)(?:办事处)?")


def with_sections(sheet: Sheet, notes: Notes) -> Sheet:
    """The sheet with what its headings say in a column of its own; others as they are.

    Only where the header has no such column, and a heading stands below it.
    """
    alone = {i: text for i, row in enumerate(sheet.rows) if (text := _heading(row))}
    head = _header(sheet) if alone else None
    if head is None or max(alone) < head:
        return sheet
    columns = assign(header_texts(sheet.rows, head, False), "list")
    for column, kind, reads in (
        ("village_type", "list", _type),
        ("township_name", "any", _township),
    ):
        headings = {i: said for i, text in alone.items() if (said := reads(text))}
        if column in columns or not any(i > head for i in headings):
            continue
        found = find_headers(sheet.rows) if kind == "list" else []
        if not found or found[0].kind == "list":
            sheet = _filled(sheet, head, headings, COLUMNS["columns"][kind][column][0])
            for step in ("read", "dropped"):
                notes.line(sheet.source, step, len(headings), "section_rows")
    return sheet


def _header(sheet: Sheet) -> int | None:
    """The first row that heads a column of villages."""
    for row in range(min(FIRST_ROWS, len(sheet.rows))):
        texts = header_texts(sheet.rows, row, False)
        if sum(map(bool, texts)) > 1 and "village_name" in assign(texts, "villages"):
            return row
    return None


def _heading(cells: list[object]) -> str:
    """The text that stands alone in a row, beside a number at most; without its count."""
    there = {c for c in cells if c is not None}
    if not 0 < len(there) < 3:
        return ""
    filled = list(dict.fromkeys(fold(c) for c in cells if c is not None and fold(c)))
    if len(filled) == 2 and _ALONE.fullmatch(filled[0]):
        filled = filled[1:]
    if len(filled) != 1:
        return ""
    return _COUNT.sub("", _ORDINAL.sub("", filled[0]))


def _type(heading: str) -> str | None:
    ways = [heading, re.sub(r"(?:类|型)?(?:的?村)?$", "", heading)]
    ways += [re.sub(r"(?:的?村)$", "", heading), re.sub(r"类(?:的?村)?$", "型", heading)]
    known = next((way for way in ways if way and vocabulary.lookup("village_type", way)), None)
    return known


def _township(heading: str) -> str | None:
    return heading if _TOWNSHIP.fullmatch(heading) else None


def _filled(sheet: Sheet, head: int, headings: dict[int, str], name: str) -> Sheet:
    width = max(map(len, sheet.rows))
    header = {fold(c) for c in sheet.rows[head] if c is not None}
    rows: list[list[object]] = []
    said = next((s for i, s in headings.items() if i < head), None)
    for i, cells in enumerate(sheet.rows):
        if i in headings:
            said = headings[i]
            rows.append([])
            continue
        own = {fold(c) for c in cells if c is not None and fold(c)}
        if own == header:
            rows.append([*cells, *[None] * (width - len(cells)), name])
        elif i > head and len(own) > 1 and said:
            rows.append([*cells, *[None] * (width - len(cells)), said])
        else:
            rows.append(list(cells))
    return replace(sheet, rows=rows)

"""Tables in sections: rows of villages below headings that name their type or their township."""

from __future__ import annotations

import re
from dataclasses import replace

from village_eval.bureau.headers import assign, find_headers, header_texts
from village_eval.bureau.notes import Notes
from village_eval.bureau.rows import TOWNSHIP
from village_eval.bureau.sheet import FIRST_ROWS, Sheet
from village_eval.bureau.values import COLUMNS
from village_eval.folder.cells import fold
from village_eval.words import vocabulary

_NUMBER = r"(?:[一二三四五六七八九十]+|\(?[一二三四五六七八九十\d]+\))"
_ALONE = re.compile(rf"{_NUMBER}[、.]?|\d+")
_ORDINAL = re.compile(rf"^{_NUMBER}[、.,:]?|^\d+[、.]")
_COUNT = re.compile(r"[:(,]?(?:共|合计)?\d+个?村?\)?$|:$")
_IN_ONE = re.compile(r"[一-鿿]{1,6}(?:镇|乡|街道)[^镇乡]{1,10}(?:村|社区|委会|委员会)")


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
            if kind == "any" and _name_their_own(sheet, columns["village_name"], head, headings):
                headings = {i: "" for i in headings if i > head}
            sheet = _filled(sheet, head, headings, COLUMNS["columns"][kind][column][0])
            for step in ("read", "dropped"):
                notes.line(sheet.source, step, len(headings), "section_rows")
    return sheet


def _name_their_own(sheet: Sheet, column: int, head: int, headings: dict[int, str]) -> bool:
    """Whether the villages' own cells begin with a township: 青石镇王家村."""
    cells = [r[column] for i, r in enumerate(sheet.rows) if i > head and column < len(r)]
    names = [fold(c) for c in cells if isinstance(c, str) and fold(c) not in headings.values()]
    return sum(bool(_IN_ONE.fullmatch(n)) for n in names) > 0.5 * len(names)


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
    return heading if TOWNSHIP.fullmatch(heading) else None


def _filled(sheet: Sheet, head: int, headings: dict[int, str], name: str) -> Sheet:
    """What the headings say in a column more; their own rows are empty.

    Below its rows a heading stands where rows come before the first one and none after the last.
    """
    width = max(map(len, sheet.rows))
    header = {fold(c) for c in sheet.rows[head] if c is not None}
    own = {
        i: {fold(c) for c in cells if c is not None and fold(c)}
        for i, cells in enumerate(sheet.rows)
    }
    rows_of = [i for i, texts in own.items() if i > head and len(texts) > 1 and texts != header]
    data = [i for i in rows_of if i not in headings]
    inside = [i for i in headings if i > head]
    below = bool(data) and data[0] < inside[0] and data[-1] < inside[-1]
    rows: list[list[object]] = []
    for i, cells in enumerate(sheet.rows):
        if i in headings:
            rows.append([])
            continue
        told = _heading_of(i, headings, below)
        if own[i] == header and any(headings.values()):
            rows.append([*cells, *[None] * (width - len(cells)), name])
        elif i in data and told:
            rows.append([*cells, *[None] * (width - len(cells)), told])
        else:
            rows.append(list(cells))
    return replace(sheet, rows=rows)


def _heading_of(row: int, headings: dict[int, str], below: bool) -> str | None:
    """The nearest heading above a row, or below it."""
    if below:
        return next((text for i, text in sorted(headings.items()) if i > row), None)
    return next((text for i, text in sorted(headings.items(), reverse=True) if i < row), None)

"""Workbooks as people open and print them: columns as wide as their cells, A4, one page wide."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from village_eval.words.wording import width

NARROWEST, WIDEST, MARGIN = 6, 48, 2
"""Half-width characters; a longer text is broken across lines."""
A4, LINE = 9, 15.0
PORTRAIT = 95
"""Half-width characters that are readable across an upright page."""


def widths(rows: Iterable[Sequence[object]]) -> list[float]:
    """How wide each column is for its cells to be read."""
    found: dict[int, int] = {}
    for row in rows:
        for at, cell in enumerate(row):
            if cell is not None:
                longest = max(map(width, str(cell).split("\n")))
                found[at] = max(found.get(at, 0), longest)
    size = max(found, default=-1) + 1
    return [min(WIDEST, max(NARROWEST, found.get(at, 0))) + MARGIN for at in range(size)]


def height(row: Sequence[object], wide: Sequence[float]) -> float | None:
    """Points for a row whose texts are broken across lines; None where each takes one.

    Not every program finds this out by itself.
    """
    lines = max(
        (
            sum(math.ceil(max(1, width(part)) / (size - 1)) for part in str(cell).split("\n"))
            for cell, size in zip(row, wide, strict=False)
            if cell is not None
        ),
        default=1,
    )
    return LINE * lines if lines > 1 else None


def set_up(sheet: Any, wide: Sequence[float], head: tuple[int, int] | None = None) -> None:
    """Widths of an openpyxl sheet's columns; on paper all of them across one page.

    ``head``: first and last row of the header, which stands on every page and stays in view.
    """
    from openpyxl.utils import get_column_letter

    for at, size in enumerate(wide, 1):
        sheet.column_dimensions[get_column_letter(at)].width = size
    sheet.page_setup.paperSize = A4
    sheet.page_setup.orientation = "landscape" if sum(wide) > PORTRAIT else "portrait"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    if head is not None:
        sheet.print_title_rows = f"{head[0]}:{head[1]}"
        sheet.freeze_panes = f"A{head[1] + 1}"

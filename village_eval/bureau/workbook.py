"""Workbooks as sheets: .xlsx by openpyxl, .xls, .et and .ods by calamine."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

from village_eval.bureau.notes import Notes
from village_eval.bureau.sheet import WIDEST, Sheet, fill_area
from village_eval.bureau.shown import as_shown
from village_eval.folder.bounded import MOST_CELLS, Budget, lean


def read_old_workbook(content: bytes, file: str, notes: Notes) -> list[Sheet]:
    """.xls and .ods by calamine."""
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        metadata = {m.name: m for m in book.sheets_metadata}
        made = []
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height * sheet.total_width > MOST_CELLS:
                cells = f"{sheet.total_height * sheet.total_width:,}"
                notes.problem("too_many_cells", file, cells=cells, limit=f"{MOST_CELLS:,}")
                return []
            if sheet.total_width > WIDEST:
                notes.problem("too_wide", file, sheet=name, limit=WIDEST)
                continue
            rows: list[list[object]] = [
                [None if isinstance(c, str) and not c.strip() else c for c in row]
                for row in sheet.to_python(skip_empty_area=False)
            ]
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
                fill_area(rows, top, left, bottom, right)
            made.append((name, rows))
    except Exception:  # calamine raises many kinds on damaged files; their texts may quote cells
        notes.problem("unreadable", file)
        return []
    sheets = []
    for name, rows in made:
        while rows and all(c is None for c in rows[-1]):
            rows.pop()
        if rows:
            hidden = metadata[name].visible != SheetVisibleEnum.Visible
            sheets.append(Sheet(file, name, rows, hidden))
        else:
            notes.line(f"{file}[{name}]", "dropped", 0, "empty_sheet")
    return sheets


def read_workbook(content: bytes, file: str, notes: Notes, budget: Budget) -> list[Sheet]:
    """The sheets of an .xlsx, as far as cells are filled; formulas as their stored values."""
    from openpyxl import load_workbook

    try:
        content, formulas, filled = lean(content)
        if filled > MOST_CELLS:
            notes.problem("too_many_cells", file, cells=f"{filled:,}", limit=f"{MOST_CELLS:,}")
            return []
        with warnings.catch_warnings():
            # What openpyxl does not know (drop-down lists, odd dates) does no harm here.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), data_only=True)
            written = load_workbook(io.BytesIO(content)) if formulas else None
    except Exception:  # openpyxl raises many kinds on damaged files; their texts may quote cells
        notes.problem("unreadable", file)
        return []
    sheets = []
    crossed_out = {i for i, font in enumerate(book._fonts) if font.strike}
    for sheet in book.worksheets:
        if budget.late:
            notes.problem("too_long", file, sheet=sheet.title, limit=f"{budget.minutes:g}")
            break
        there = [cell for cell in _cells_of(sheet) if _is_filled(cell.value)]
        if written is not None:
            there += [c for c in _cells_of(written[sheet.title]) if c.data_type == "f"]
        used = (
            max((c.row for c in there), default=0),
            max((c.column for c in there), default=0),
        )
        with_cells = {c.row for c in there}
        nothing: list[object] = []  # one for all empty rows, of which there may be a million
        rows: list[list[object]] = [
            [None] * used[1] if n in with_cells else nothing for n in range(1, used[0] + 1)
        ]
        if used[1] > WIDEST:
            notes.problem("too_wide", file, sheet=sheet.title, limit=WIDEST)
            continue
        if struck := sorted({c.row for c in there if c._style.fontId in crossed_out}):
            notes.warn("struck_rows", file, sheet=sheet.title, row=struck[0], rows=len(struck))
        old_mac = book.epoch.year == 1904
        shown = as_shown((c for c in there if c.data_type != "f"), old_mac)
        for cell in there:
            at = rows[cell.row - 1]
            if cell.data_type == "f":
                # A formula whose result was never stored stays as its text, so that it is
                # reported and not taken for a blank.
                if at[cell.column - 1] is None:
                    at[cell.column - 1] = str(cell.value)
            else:
                at[cell.column - 1] = shown[cell.row, cell.column]
        for area in sheet.merged_cells.ranges:
            fill_area(
                rows,
                area.min_row - 1,
                area.min_col - 1,
                area.max_row - 1,
                area.max_col - 1,
            )
        while rows and all(c is None for c in rows[-1]):
            rows.pop()
        if rows:
            sheets.append(
                Sheet(
                    file,
                    sheet.title,
                    rows,
                    sheet.sheet_state != "visible",
                    since_1904=old_mac,
                )
            )
            if any(
                d.hidden
                for d in (
                    *sheet.row_dimensions.values(),
                    *sheet.column_dimensions.values(),
                )
            ):
                notes.warn("hidden_rows", file, sheet=sheet.title)
        else:
            notes.line(f"{file}[{sheet.title}]", "dropped", 0, "empty_sheet")
    return sheets


def _cells_of(sheet) -> Iterator:
    """The cells that the file holds; a styled one in the last row brings no million empty rows."""
    yield from sheet._cells.values()


def _is_filled(value: object) -> bool:
    return value is not None and (not isinstance(value, str) or bool(value.strip()))

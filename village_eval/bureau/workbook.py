"""Files of a delivery as sheets of cells, just as they stand.

.xlsx, and .csv in UTF-8 or GB18030.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path

from village_eval.bureau.notes import Notes
from village_eval.folder.raw import decode

READABLE = {".xlsx", ".xlsm", ".csv", ".txt", ".tsv"}
OLD_FORMATS = {".xls", ".et", ".wps", ".ods"}
WIDEST = 200
"""Columns beyond the two-hundredth are formatting, not a table."""
FIRST_ROWS = 15
"""A header stands in the first fifteen rows; only there are cells merged across columns filled."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: ``rows[i]`` is row i + 1 as the clerk sees it.

    ``name`` is None for a text file.
    """

    file: str
    name: str | None
    rows: list[list[object]]
    hidden: bool = False

    @property
    def source(self) -> str:
        """How the ledger names it: file, and sheet where there is one."""
        return self.file if self.name is None else f"{self.file}[{self.name}]"


def read_sheets(folder: Path, notes: Notes) -> list[Sheet]:
    """All sheets of all files in a folder and below it.

    What cannot be read becomes a problem or a ledger line.
    """
    sheets = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        file, suffix = path.relative_to(folder).as_posix(), path.suffix.lower()
        if file == "campaign.toml" or path.name.startswith((".", "~$")):
            continue
        if suffix in OLD_FORMATS:
            notes.problem("old_format", file, value=suffix)
        elif suffix not in READABLE:
            notes.line(file, "dropped", 0, "not_a_table")
        elif path.stat().st_size == 0:
            notes.line(file, "dropped", 0, "empty_file")
        elif suffix in (".xlsx", ".xlsm"):
            sheets += _read_workbook(path, file, notes)
        else:
            sheets += _read_text(path, file, notes)
    return sheets


def _read_text(path: Path, file: str, notes: Notes) -> list[Sheet]:
    content = path.read_bytes()
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = content.decode("utf-16", errors="replace")
    else:
        decoded = decode(content)
        if decoded is None:
            notes.problem("encoding", file)
            return []
        text = decoded[0]
    first = text[:4000]
    separator = max(",\t;", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        notes.problem("unreadable", file)
        return []
    return [Sheet(file, None, [[cell.strip() or None for cell in row] for row in rows])]


def _read_workbook(path: Path, file: str, notes: Notes) -> list[Sheet]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(path) as archive:
            formulas = any(
                b"<f" in archive.read(n)
                for n in archive.namelist()
                if n.startswith("xl/worksheets/sheet")
            )
        with warnings.catch_warnings():
            # What openpyxl does not know (drop-down lists, odd dates) does no harm here.
            warnings.simplefilter("ignore")
            book = load_workbook(path, data_only=True)
            written = load_workbook(path) if formulas else None
    except Exception:  # openpyxl raises many kinds on damaged files; their texts may quote cells
        notes.problem("unreadable", file)
        return []
    sheets = []
    for sheet in book.worksheets:
        rows = [
            [_cell(c) for c in row]
            for row in sheet.iter_rows(max_col=min(sheet.max_column, WIDEST))
        ]
        if written is not None:
            _keep_uncomputed(rows, written[sheet.title])
        _fill_merged(rows, sheet.merged_cells.ranges)
        while rows and all(c is None for c in rows[-1]):
            rows.pop()
        if rows:
            sheets.append(Sheet(file, sheet.title, rows, sheet.sheet_state != "visible"))
        else:
            notes.line(f"{file}[{sheet.title}]", "dropped", 0, "empty_sheet")
    return sheets


def _cell(cell) -> object:
    """The value of a cell.

    Blank text is nothing, and a number shown as a percentage is read as it is shown.
    """
    value = cell.value
    if isinstance(value, str):
        return value if value.strip() else None
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and "%" in (cell.number_format or "")
    ):
        return f"{round(value * 100, 8):g}%"
    return value


def _keep_uncomputed(rows: list[list[object]], sheet) -> None:
    """A formula whose result was never stored stays as its text.

    So that it is reported and not taken for a blank.
    """
    for row, cells in zip(
        rows, sheet.iter_rows(max_col=min(sheet.max_column, WIDEST)), strict=False
    ):
        for column, cell in enumerate(cells):
            if cell.data_type == "f" and column < len(row) and row[column] is None:
                row[column] = str(cell.value)


def _fill_merged(rows: list[list[object]], ranges) -> None:
    """Texts, dates and codes of merged cells stand in every row.

    Amounts stay in the first one, so that no sum grows.
    """
    for area in ranges:
        if area.min_row > len(rows) or area.min_col > WIDEST:
            continue
        value = rows[area.min_row - 1][area.min_col - 1]
        if value is None or not _repeats(value):
            continue
        across = area.min_row <= FIRST_ROWS
        for row in rows[area.min_row - 1 : area.max_row]:
            for column in range(
                area.min_col - 1, min(area.max_col if across else area.min_col, len(row))
            ):
                row[column] = value


def _repeats(value: object) -> bool:
    if isinstance(value, int | float):
        return abs(value) >= 1e11
    return isinstance(value, dt.date) or not re.fullmatch(
        r"[\d.,%\s]*(万|元|万元|人|户)?", str(value)
    )

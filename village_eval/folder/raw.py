"""Files as frames of text: .csv (UTF-8 or GB18030), .xlsx, .parquet.

Cells become what a clerk sees; blanks become NA.
"""

from __future__ import annotations

import csv
import io
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from village_eval.county.contracts import TABLES
from village_eval.county.problems import Problem, problem
from village_eval.folder.bounded import MOST_CELLS, Budget, lean
from village_eval.folder.cells import cell_text
from village_eval.folder.inputs import InputFile
from village_eval.words.said import Said

WIDEST_BY_LONGEST = 5 * MOST_CELLS
"""Cells of a table, empty ones too."""
MOST_PACKED = 3 * MOST_CELLS
"""Cells of a parquet file, which packs a billion equal ones into some kilobytes."""
SUFFIXES = (".csv", ".xlsx", ".parquet")
IMPORT_LEDGER = "ledger.csv"
"""What ``village-eval import`` leaves in a county folder: the ledger of the bureaus' own files."""
PLAN_FOLDER = "plan"
PLAN_FILES = tuple(f"{PLAN_FOLDER}/{name}" for name in ("plan.toml", "assignment.csv"))
"""What the county reads of the folder that ``village-eval plan`` wrote."""
READ = ("campaign.toml", IMPORT_LEDGER)
SIDE_FILES = (*READ, "truth.json")


@dataclass(frozen=True)
class RawTable:
    """A file's cells as text; the index holds the row number in the file (the header is row 1)."""

    file: str
    frame: pd.DataFrame
    sheet: str | None = None
    encoding: str | None = None
    empty_rows: int = 0


def input_names(folder: Path) -> list[str]:
    """The names of the files that a county is read from.

    These are campaign.toml, tables, the import's ledger, the plan of a round drawn by lot.
    """

    def read(path: Path) -> bool:
        table = path.stem.lower() in TABLES and path.suffix.lower() in SUFFIXES
        return path.is_file() and (table or path.name in READ)

    plan = [name for name in PLAN_FILES if (folder / name).is_file()]
    return [path.name for path in folder.iterdir() if read(path)] + plan


def read_raw(file: InputFile, table: str) -> tuple[RawTable | None, list[Problem]]:
    """The text of a file, or the problems that keep it from being read."""
    if not file.content:
        return None, [problem("empty_file", file.name)]
    reader = {".csv": _read_csv, ".xlsx": _read_xlsx, ".parquet": _read_parquet}[file.suffix]
    return reader(file, table)


def foreign_entries(folder: Path) -> list[str]:
    """Names of what does not belong to a county folder.

    Hidden files and Office's lock files do not count.
    """

    def belongs(path: Path) -> bool:
        if not path.is_file():
            return path.name == PLAN_FOLDER and any((folder / n).is_file() for n in PLAN_FILES)
        table = path.stem.lower() in TABLES and path.suffix.lower() in SUFFIXES
        return table or path.name in SIDE_FILES or path.name.startswith((".", "~$"))

    return sorted(path.name for path in folder.iterdir() if not belongs(path))


def parse_toml(text: str) -> dict[str, Any]:
    """TOML as a dictionary; TOMLDecodeError for all that is none.

    Numbers of thousands of digits and nesting without end are refused in other words by tomllib.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except (ValueError, RecursionError) as error:
        raise tomllib.TOMLDecodeError(type(error).__name__) from error


def decode(content: bytes) -> tuple[str, str] | None:
    """Text and encoding of UTF-8 (with or without a mark), marked UTF-16 or GB18030 bytes.

    None when it is none of these.
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        with suppress(UnicodeDecodeError):
            return content.decode("utf-16"), "UTF-16"
    if b"\x00" in content:
        return None
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        mostly = content.decode("utf-8", errors="replace")
    # Damaged UTF-8 would pass as GB18030 and come out as nonsense; real GB18030 is hardly ever
    # valid UTF-8.
    if sum(c > "\x7f" and c != "�" for c in mostly) > 4 * mostly.count("�"):
        return None
    try:
        return content.decode("gb18030"), "GB18030"
    except UnicodeDecodeError:
        return None


def _read_csv(file: InputFile, table: str):
    content = file.content
    if content[:4] == b"PK\x03\x04":
        return None, [problem("unreadable", file.name, reason="zip")]
    decoded = decode(content)
    if decoded is None:
        return None, [problem("encoding", file.name)]
    text, encoding = decoded
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        return None, [problem("unreadable", file.name, reason=str(error))]
    rows, problems = _even(rows, file.name)
    if problems:
        return None, problems
    if len(rows[0]) == 1 and any(mark in rows[0][0] for mark in "\t;|，"):
        return None, [problem("separator", file.name)]
    return _table(rows, file.name, encoding=encoding)


def _even(rows: list[list[str]], file: str) -> tuple[list[list[str]], list[Problem]]:
    """Rows of the header's width; blank lines and empty cells beyond it do no harm."""
    if not rows or not any(cell.strip() for cell in rows[0]):
        return rows, [problem("empty_file", file)]
    width = len(rows[0])
    ragged = []
    for number, row in enumerate(rows, start=1):
        if len(row) == width:
            continue
        if not any(cell.strip() for cell in row[width:]) and (
            len(row) > width or not any(cell.strip() for cell in row)
        ):
            rows[number - 1] = row[:width] + [""] * (width - len(row))
        else:
            ragged.append((number, None))
    return rows, [problem("ragged", file, places=ragged, width=width)] if ragged else []


def _read_xlsx(file: InputFile, table: str):
    import openpyxl

    try:
        if over := Budget().opens(file.content):
            return None, [Problem(file.name, Said("importing.problem.too_much", over))]
        content, _, cells = lean(file.content)
        if cells > MOST_CELLS:
            return None, [_too_many_cells(file.name, cells)]
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = {sheet.title: _rows_of(sheet) for sheet in book.worksheets}
        book.close()
    except MemoryError:
        raise
    except Exception as error:  # openpyxl raises many kinds on damaged files
        return None, [problem("unreadable", file.name, reason=type(error).__name__)]
    filled = {
        name: rows
        for name, rows in sheets.items()
        if any(cell is not None for row in rows for cell in row)
    }
    if not filled:
        return None, [problem("empty_file", file.name)]
    if table not in filled and len(filled) > 1:
        return None, [problem("several_sheets", file.name, sheets=tuple(filled), table=table)]
    name = table if table in filled else next(iter(filled))
    rows = [[cell_text(cell) for cell in row] for row in filled[name]]
    width = max(len(row) for row in rows)
    if width * len(rows) > WIDEST_BY_LONGEST:
        return None, [_too_many_cells(file.name, width * len(rows))]
    rows = [row + [""] * (width - len(row)) for row in rows]
    used = max((i for i, cell in enumerate(rows[0], start=1) if cell), default=0)
    if used < width and not any(cell for row in rows for cell in row[used:]):
        rows = [row[:used] for row in rows]
    return _table(rows, file.name, sheet=name)


def _rows_of(sheet) -> list[list[object]]:
    """A sheet's rows as far as they are filled, whatever size it says it has."""
    sheet.reset_dimensions()
    rows = []
    for cells in sheet.iter_rows(values_only=True):
        used = next((i for i in range(len(cells), 0, -1) if cells[i - 1] is not None), 0)
        rows.append(list(cells[:used]))
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _too_many_cells(file: str, cells: int, limit: int = MOST_CELLS) -> Problem:
    about = {"cells": f"{cells:,}", "limit": f"{limit:,}"}
    return Problem(file, Said("importing.problem.too_many_cells", about))


def _read_parquet(file: InputFile, table: str):
    try:
        from pyarrow.parquet import ParquetFile

        about = ParquetFile(io.BytesIO(file.content)).metadata
        if (cells := about.num_rows * about.num_columns) > MOST_PACKED:
            return None, [_too_many_cells(file.name, cells, MOST_PACKED)]
        frame = pd.read_parquet(io.BytesIO(file.content))
        columns = [frame.iloc[:, i].astype(object).map(cell_text) for i in range(frame.shape[1])]
    except ImportError:
        return None, [problem("no_parquet", file.name)]
    except Exception as error:  # pyarrow raises many kinds for damaged files
        return None, [problem("unreadable", file.name, reason=type(error).__name__)]
    rows = [list(map(str, frame.columns)), *map(list, zip(*columns, strict=True))]
    return _table(rows, file.name)


def _table(rows: list[list[str]], file: str, sheet=None, encoding=None):
    header = [name.strip() or f"#{number}" for number, name in enumerate(rows[0], start=1)]
    problems = [
        problem("duplicate_column", file, sheet=sheet, column=name) for name in _repeated(header)
    ]
    if problems:
        return None, problems
    cells = zip(*rows[1:], strict=True) if len(rows) > 1 else [()] * len(header)
    text = {
        name: [cell or None for cell in map(str.strip, column)]
        for name, column in zip(header, cells, strict=True)
    }
    frame = pd.DataFrame(text, index=range(2, len(rows) + 1), dtype=object)
    frame = frame.drop(
        columns=[name for name in header if name.startswith("#") and frame[name].isna().all()]
    )
    if frame.columns.empty:  # nothing but numbers of columns without a name
        return None, [problem("empty_file", file, sheet=sheet)]
    filled = frame.iloc[:, 0].notna()
    if not filled.all():
        filled = frame.notna().any(axis=1)
        frame = frame[filled]
    return RawTable(file, frame, sheet, encoding, int((~filled).sum())), []


def _repeated(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})

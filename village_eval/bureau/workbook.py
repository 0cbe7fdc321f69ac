"""Files of a delivery as sheets of cells, just as they stand.

.xlsx; .xls, .et and .ods; .csv, .tsv and .txt in UTF-8, GB18030 or UTF-16; HTML tables whatever
their name; .zip of these.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

from village_eval.bureau.notes import Notes
from village_eval.bureau.settings import is_setting
from village_eval.folder.bounded import DEEPEST, MINUTES, MOST_CELLS, MOST_FILES, Budget, lean
from village_eval.folder.raw import decode
from village_eval.words.plain import as_written
from village_eval.words.said import Said

READABLE = {".xlsx", ".xlsm", ".csv", ".txt", ".tsv", ".htm", ".html"}
OLD_FORMATS = {".xls", ".et", ".wps", ".ods"}
UNREADABLE = {".wps"}
ARCHIVES = {".zip"}
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WIDEST = 200
"""Columns beyond the two-hundredth are formatting, not a table."""
FIRST_ROWS = 25
"""A header stands in the first twenty-five rows; only there are areas merged across filled."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: ``rows[i]`` is row i + 1 as the clerk sees it.

    ``name`` is None for a text file.
    """

    file: str
    name: str | None
    rows: list[list[object]]
    hidden: bool = False
    since_1904: bool = False
    database: bool = False

    @property
    def source(self) -> str:
        """How the ledger names it: file, and sheet where there is one."""
        return self.file if self.name is None else f"{self.file}[{self.name}]"

    @property
    def ignorable(self) -> str:
        """What campaign.toml's ``ignore`` calls it: the file, or the name of a database's table."""
        return str(self.name) if self.database else PurePath(self.file).name


def read_sheets(
    folder: Path,
    notes: Notes,
    ignored: Collection[str] = (),
    database: Path | None = None,
    minutes: float = MINUTES,
) -> list[Sheet]:
    """All sheets of all files in a folder and below it, and of the files in its archives.

    What cannot be read becomes a problem or a ledger line; the files of ``database`` are not ours.
    """
    sheets: list[Sheet] = []
    budget = Budget(minutes=minutes)
    apart = {f"{database}{ending}" for ending in ("", "-wal", "-shm", "-journal")}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        file = as_written(path.relative_to(folder).as_posix())
        if database is not None and str(path.resolve()) in apart:
            continue
        if not is_setting(file) and not path.name.startswith((".", "~$")):
            if budget.late:
                notes.problem("too_long", file, limit=f"{minutes:g}")
                break
            budget.files += 1
            if budget.files > MOST_FILES:
                notes.problem("too_many_files", folder.name, limit=MOST_FILES)
                break
            sheets += _read_file(file, path.read_bytes(), notes, ignored, budget)
    return sheets


def _read_file(
    file: str, content: bytes, notes: Notes, ignored: Collection[str], budget: Budget
) -> list[Sheet]:
    name = PurePath(file).name
    suffix = PurePath(file).suffix.lower()
    if file in ignored or name in ignored:
        notes.line(file, "dropped", 0, "ignored")
    elif suffix not in READABLE | OLD_FORMATS | ARCHIVES:
        notes.line(file, "dropped", 0, "not_a_table")
        notes.warn("not_a_table", file)
    elif not content:
        notes.problem("empty_file", file, ignore=name)
    elif suffix in UNREADABLE:
        notes.problem("old_format", file, value=suffix)
    elif file.lower().count(".zip/") >= DEEPEST:
        notes.problem("too_deep", file, limit=DEEPEST)
    elif (content[:4] == ZIP or suffix in ARCHIVES) and (over := budget.opens(content)):
        notes.problem("too_much", file, **over)
    elif suffix in ARCHIVES:
        return _read_archive(file, content, notes, ignored, budget)
    elif content[:4] == ZIP and suffix != ".ods":  # whatever the name says
        return _read_workbook(content, file, notes, budget)
    elif content[:8] == OLE or suffix == ".ods":
        return _read_old_workbook(content, file, notes)
    elif suffix in (".xlsx", ".xlsm") or (
        suffix in OLD_FORMATS and b"\t" not in content and b"<" not in content[:500]
    ):
        notes.problem("unreadable", file)
    else:
        return _read_text(content, file, notes)
    return []


def _read_archive(
    file: str, content: bytes, notes: Notes, ignored: Collection[str], budget: Budget
) -> list[Sheet]:
    held: list[tuple[str, bytes]] = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist():
                if info.is_dir():
                    continue
                name = info.filename
                if not info.flag_bits & 0x800:  # not marked as UTF-8: Windows wrote GBK
                    with suppress(UnicodeError):
                        name = name.encode("cp437").decode("gb18030")
                name = as_written(name).replace("\\", "/")
                if PurePath(name).name.startswith((".", "~$")) or "__MACOSX" in name:
                    continue
                held.append((f"{file}/{name}", archive.read(info)))
    except MemoryError:
        raise
    except Exception:  # damaged, packed in a way of its own, or with a password
        notes.problem("unreadable_archive", file)
        return []
    sheets = []
    for name, one in held:
        if budget.late:
            notes.problem("too_long", name, limit=f"{budget.minutes:g}")
            break
        sheets += _read_file(name, one, notes, ignored, budget)
    return sheets


def _read_text(content: bytes, file: str, notes: Notes) -> list[Sheet]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = content.decode("utf-16", errors="replace")
    else:
        decoded = decode(content)
        if decoded is None:
            notes.problem("encoding", file)
            return []
        text = decoded[0]
    if re.match(
        r"\s*(?:<!--.*?-->\s*)?<(?:!doctype|html|table|meta|head|\?xml)",
        text[:500],
        re.I | re.S,
    ):
        return _read_html(text, file, notes)
    stated = re.match(r"sep=(.)\r?\n", text)
    text = text[stated.end() :] if stated else text
    separator = stated[1] if stated else max(",\t;|", key=text[:4000].count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        notes.problem("unreadable_text", file, how=Said("importing.text.long_cell"))
        return []
    if at := _swallowed(rows, separator):
        how = Said("importing.text.open_quote")
        notes.problem("unreadable_text", file, row=at, how=how)
        return []
    shift: list[list[object]] = [[]] if stated else []
    return [Sheet(file, None, shift + [[cell.strip() or None for cell in row] for row in rows])]


def _swallowed(rows: list[list[str]], separator: str) -> int | None:
    """The row of a cell that holds lines of the table, because its quotation mark stays open."""
    ((width, _),) = Counter(map(len, rows)).most_common(1) or [(0, 0)]
    for number, row in enumerate(rows, 1):
        for cell in row:
            inside = cell.split("\n")[1:]
            if any(line.count(separator) >= max(1, width - 1) for line in inside):
                return number
    return None


def _read_html(text: str, file: str, notes: Notes) -> list[Sheet]:
    """The tables of a page that a web system gave out as a workbook."""
    from bs4 import BeautifulSoup

    sheets = []
    tables = BeautifulSoup(text, "html.parser").find_all("table")
    for number, table in enumerate((t for t in tables if not t.find("table")), start=1):
        grid: dict[tuple[int, int], object] = {}
        for i, row in enumerate(table.find_all("tr")):
            column = 0
            for cell in row.find_all(["td", "th"]):
                while (i, column) in grid:
                    column += 1
                value = " ".join(cell.get_text().split()) or None
                down, right = (_spanned(cell.get(a)) for a in ("rowspan", "colspan"))
                for r in range(down):
                    for c in range(right):
                        first = (r, c) == (0, 0)
                        repeated = (
                            value is not None and _repeats(value) and (c == 0 or i < FIRST_ROWS)
                        )
                        grid[i + r, column + c] = value if first or repeated else None
                column += right
        rows = [
            [grid.get((i, c)) for c in range(1 + max((c for r, c in grid if r == i), default=-1))]
            for i in range(1 + max((r for r, _ in grid), default=-1))
        ]
        if any(c is not None for r in rows for c in r):
            sheets.append(Sheet(file, f"#{number}" if len(tables) > 1 else None, rows))
    if not sheets:
        notes.problem("unreadable_page", file)
    return sheets


def _spanned(written: object) -> int:
    return (
        min(int(str(written)), WIDEST)
        if str(written or "").isdigit() and str(written) != "0"
        else 1
    )


def _read_old_workbook(content: bytes, file: str, notes: Notes) -> list[Sheet]:
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
                _fill_area(rows, top, left, bottom, right)
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


def _read_workbook(content: bytes, file: str, notes: Notes, budget: Budget) -> list[Sheet]:
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
        for cell in there:
            at = rows[cell.row - 1]
            if cell.data_type == "f":
                # A formula whose result was never stored stays as its text, so that it is
                # reported and not taken for a blank.
                if at[cell.column - 1] is None:
                    at[cell.column - 1] = str(cell.value)
            else:
                at[cell.column - 1] = _cell(cell)
        for area in sheet.merged_cells.ranges:
            _fill_area(
                rows,
                area.min_row - 1,
                area.min_col - 1,
                area.max_row - 1,
                area.max_col - 1,
            )
        while rows and all(c is None for c in rows[-1]):
            rows.pop()
        if rows:
            old_mac = book.epoch.year == 1904
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


def _fill_area(rows: list[list[object]], top: int, left: int, bottom: int, right: int) -> None:
    """Texts, dates and codes of a merged area stand in every row.

    Amounts stay in the first one, so that no sum grows.
    """
    if top >= len(rows) or left >= min(WIDEST, len(rows[top])):
        return
    value = rows[top][left]
    if value is None or not _repeats(value):
        return
    across = top < FIRST_ROWS
    for row in rows[top : bottom + 1]:
        for column in range(left, min(right + 1 if across else left + 1, len(row))):
            row[column] = value


def _repeats(value: object) -> bool:
    if isinstance(value, int | float):
        return abs(value) >= 1e11
    return isinstance(value, dt.date) or not re.fullmatch(
        r"[\d.,%\s]*(万|元|万元|人|户)?", str(value)
    )

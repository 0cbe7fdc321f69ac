"""What is wrong with a delivery, for the person who puts it right: lists, and marked copies.

problems.xlsx (a line a kind, and every place), problems.json, and a copy of each workbook or
text file that something is wrong in: coloured cells with comments. The copies are for looking:
names and numbers of persons are blanked in them, and what is corrected is the original.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from village_eval.bureau.delivery import Delivery
from village_eval.bureau.notes import Notes
from village_eval.bureau.sheet import Sheet
from village_eval.county import privacy
from village_eval.county.problems import Problem, shorten
from village_eval.folder.file_names import file_name
from village_eval.folder.overwriting import replacing
from village_eval.folder.printed import height, set_up, widths
from village_eval.words.catalogue import LANGUAGES, entry
from village_eval.words.plain import UNSEEN, plain

SCHEMA = "village-eval/problems/1"
MOST_ROWS = 20_000
"""A longer sheet is not copied; its problems stand in the lists."""
MOST_PLACES = 10_000
LONGEST_CELL = 32_000
"""Characters."""
COLOUR = {"problem": "FFC7CE", "warning": "FFEB9C"}
Found = tuple[str, Problem]


def write_annotated(
    out: Path,
    folder: Path,
    delivery: Delivery,
    problems: Iterable[Problem],
    warnings: Iterable[Problem],
    lang: str,
) -> None:
    """Write the folder ``out``. Raises InputError where it may not be overwritten."""
    found = [*(("problem", p) for p in problems), *(("warning", w) for w in warnings)]
    with replacing(out, [folder], lang=lang) as made:
        (made / "problems.json").write_text(
            json.dumps(
                {"schema": SCHEMA, "problems": [_plain(*f) for f in found]},
                ensure_ascii=False,
                indent=1,
            ),
            encoding="utf-8",
            newline="\n",
        )
        _lists(made / "problems.xlsx", found, lang)
        _copies(made, delivery, found, lang)


def _plain(severity: str, found: Problem) -> dict[str, object]:
    return {
        "kind": found.kind,
        "severity": severity,
        "count": int(sum(each.count for each in found.everywhere)),
        "text": {lang: found.text(lang) for lang in LANGUAGES},
        "places": [
            {
                "file": each.file,
                "sheet": each.sheet,
                "column": each.column,
                "row": None if row is None else int(row),
                "value": None if value is None else shorten(value),
            }
            for each in found.everywhere
            for row, value in each.rows or ((each.row, each.value),)
        ][:MOST_PLACES],
    }


def _lists(path: Path, found: Sequence[Found], lang: str) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill

    book = Workbook()
    kinds = book.active
    assert kinds is not None
    kinds.title = _say("kinds", lang)
    kinds.append([_say(c, lang) for c in ("severity", "count", "text")])
    places = book.create_sheet(_say("places", lang))
    places.append(
        [_say(c, lang) for c in ("severity", "file", "sheet", "column", "row", "value", "what")]
    )
    for severity, one in found:
        count = sum(each.count for each in one.everywhere)
        kinds.append([_say(severity, lang), count, _safe(one.text(lang))])
        for each in one.everywhere:
            for row, value in each.rows or ((each.row, each.value),):
                if places.max_row <= MOST_PLACES:
                    shown = None if value is None else shorten(value)
                    told = each.sentence(lang)
                    named = [each.file, each.sheet, each.column, row, shown, told]
                    places.append([_say(severity, lang), *map(_safe, named)])
    for sheet, wide in ((kinds, (10, 8, 120)), (places, (10, 28, 16, 18, 8, 24, 90))):
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        set_up(sheet, wide, (1, 1))
        for number, line in enumerate(sheet.iter_rows(min_row=2), 2):
            tall = height([cell.value for cell in line], wide)
            sheet.row_dimensions[number].height = tall
            line[0].fill = PatternFill("solid", fgColor=_colour(line[0].value, lang))
            for cell in line:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    book.save(path)


def _colour(said: object, lang: str) -> str:
    return COLOUR["problem" if said == _say("problem", lang) else "warning"]


def _say(key: str, lang: str) -> str:
    return entry(lang, f"importing.annotated.{key}")


def _safe(value: object) -> object:
    """A cell as a workbook takes it: no formula, no control character, no type of a database's."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if value is None or isinstance(value, bool | int | dt.date | dt.time | dt.timedelta):
        return value if getattr(value, "tzinfo", None) is None else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    text = UNSEEN.sub("", ILLEGAL_CHARACTERS_RE.sub(" ", str(value)))[:LONGEST_CELL]
    return f"'{text}" if text[:1] in ("=", "+", "@") else text


def _copies(made: Path, delivery: Delivery, found: Sequence[Found], lang: str) -> None:
    """A workbook for each file with places in it, its sheets in their order."""
    marks: dict[tuple[str, str | None], list[tuple[str, Problem]]] = {}
    for severity, one in found:
        for each in one.everywhere:
            marks.setdefault((each.file, each.sheet), []).append((severity, each))
    notes = delivery.notes
    # Messages hide persons in names of files and sheets; so do the copies.
    files: dict[str, list[Sheet]] = {}
    for sheet in delivery.sheets:
        files.setdefault(notes.named(sheet.file), []).append(sheet)
    for file, sheets in files.items():
        named = [None if s.name is None else notes.named(s.name) for s in sheets]
        if any((file, name) in marks for name in named):
            path = _place(made, file)
            _copy(path, [*zip(named, sheets, strict=True)], file, marks, notes, lang)


def _place(made: Path, file: str) -> Path:
    """A new name for a copy: one that every system takes, and that is not there in other capitals.

    Files come from archives, where a name may be of any length and of any characters.
    """
    stem = file_name(file.removesuffix(".xlsx"))
    there, name, number = {p.name.lower() for p in made.iterdir()}, f"{stem}.xlsx", 1
    while name.lower() in there:
        number += 1
        name = f"{stem} ({number}).xlsx"
    return made / name


def _copy(path: Path, sheets, file: str, marks, notes: Notes, lang: str) -> None:
    from openpyxl import Workbook
    from openpyxl.workbook.child import INVALID_TITLE_REGEX

    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for number, (name, sheet) in enumerate(sheets, 1):
        if len(sheet.rows) > MOST_ROWS:
            continue
        called = INVALID_TITLE_REGEX.sub("_", plain(name or ""))[:31].strip("'")
        copy = book.create_sheet(called or f"Sheet{number}")
        for i, row in enumerate(sheet.rows, 1):
            title = len(_filled(row)) == 1  # merged cells: each holds it
            for j, cell in enumerate(row, 1):
                if cell is not None and not (title and j > 1 and row[j - 2] is not None):
                    copy.cell(i, j, _safe(_blanked(cell, notes)))
        set_up(copy, widths(row for row in sheet.rows if len(_filled(row)) > 1))
        for severity, one in marks.get((file, name), ()):
            _mark(copy, sheet, severity, one, lang)
    if book.worksheets:
        book.save(path)


def _filled(row: list[object]) -> set[object]:
    """What stands in a row; a title, merged or not, is one text, and no measure of a column."""
    return {cell for cell in row if cell is not None}


def _blanked(cell: object, notes: Notes) -> object:
    if privacy.is_number_of_person(cell):
        return privacy.BLANK
    return notes.shown(cell) if isinstance(cell, str) else cell


def _mark(copy, sheet: Sheet, severity: str, one: Problem, lang: str) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    column = _position(sheet, one.column)
    rows = [row for row, _ in one.rows] or [one.row or 1]
    told = one.sentence(lang)
    for row in rows:
        cell = copy.cell(row, column + 1)
        if severity == "problem" or cell.comment is None:
            cell.fill = PatternFill("solid", fgColor=COLOUR[severity])
        before = "" if cell.comment is None else f"{cell.comment.text}\n"
        cell.comment = Comment(before + told, "village-eval", 120, 320)


def _position(sheet: Sheet, column: str | None) -> int:
    """Where the column of a header stands; the first where a whole row is meant."""
    if column is not None:
        for cells in sheet.rows[:50]:
            for position, cell in enumerate(cells):
                if isinstance(cell, str) and "".join(cell.split()) == column:
                    return position
    return 0

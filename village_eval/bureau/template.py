"""Empty workbooks that bureaus fill in, and a campaign.toml that says what belongs in it."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

from village_eval.bureau.own_words import allowed_in
from village_eval.bureau.unknown_words import standard
from village_eval.bureau.values import COLUMNS
from village_eval.folder.campaign_file import FILE
from village_eval.folder.overwriting import replacing
from village_eval.folder.printed import set_up
from village_eval.words.catalogue import DEFAULT, entry

TABLES = tomllib.loads(files(__package__).joinpath("template.toml").read_text("utf-8"))
FIRST, LAST = 5, 3000
"""The rows for which a list drops down: below title, unit, header and example."""
TEXT = ("village_code", "petition_id", "date", "resolved_date", "start_date", "end_date", "period")
"""Columns that Excel must not turn into numbers."""
LONGEST = 255
"""A longer list must stand in a sheet; Excel takes no more in the rule itself."""
GREY, BLUE = "808080", "DDEBF7"


def write_template(folder: str | Path, *, lang: str) -> Path:
    """The workbooks in a new folder, which is returned.

    Headers and names are Chinese, as the bureaus need them; explanations are in ``lang``.

    Raises InputError when ``folder`` holds anything that this program did not write.
    """
    with replacing(folder, lang=lang) as made:
        for number, kind in enumerate(TABLES, 1):
            title = entry(DEFAULT, f"importing.kind.{kind}")
            _workbook(made / f"{number}_{title}.xlsx", kind, title, lang)
        text = entry(lang, "importing.template.campaign")
        (made / FILE).write_text(text, encoding="utf-8", newline="\n")
    return Path(folder)


def _workbook(path: Path, kind: str, title: str, lang: str) -> None:
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    about = TABLES[kind]
    book = Workbook()
    sheet, options = book.active, book.create_sheet(entry(lang, "importing.template.options"))
    assert sheet is not None
    sheet.title = title
    first = COLUMNS["words"]["leave"][0]
    headers = [first, *(_header(kind, column) for column in about["columns"])]
    unit = entry(DEFAULT, "importing.template.unit") if kind == "income" else None
    sheet.append([title])
    sheet.append([unit])
    sheet.append(headers)
    sheet.append([COLUMNS["words"]["example"][0], *about["example"]])
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(headers))
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=14), Alignment("center")
    line = Side(style="thin", color="BFBFBF")
    for position, column in enumerate([None, *about["columns"]], 1):
        letter = get_column_letter(position)
        head, shown = sheet.cell(3, position), sheet.cell(4, position)
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor=BLUE)
        head.border = Border(bottom=line)
        shown.font = Font(italic=True, color=GREY)
        if column is None:
            continue
        if column in TEXT:
            for row in range(4, 400):
                sheet.cell(row, position).number_format = "@"
        told = entry(lang, f"importing.template.column.{column}")
        head.comment = Comment(told, "village-eval", 110, 260)
        if terms := about["lists"].get(column):
            names = allowed_in(terms)
            choice = f'"{",".join(names)}"'
            if len(choice) > LONGEST:
                options.append([head.value, *names])
                row, ends = options.max_row, get_column_letter(1 + len(names))
                choice = f"'{options.title}'!$B${row}:${ends}${row}"
            listed = DataValidation("list", formula1=choice, allow_blank=True)
            # A list is a help: other ways of writing are read too.
            listed.showErrorMessage = False
            sheet.add_data_validation(listed)
            listed.add(f"{letter}{FIRST}:{letter}{LAST}")
    set_up(sheet, [8, *(18 for _ in about["columns"])], (3, 3))
    sheet.freeze_panes = "A5"
    if options.max_row == 1 and options["A1"].value is None:
        book.remove(options)
    notes = book.create_sheet(entry(lang, "importing.template.notes"))
    for text in entry(lang, f"importing.template.how.{kind}").splitlines():
        notes.append([text])
        notes.cell(notes.max_row, 1).alignment = Alignment(wrap_text=True, vertical="top")
    set_up(notes, [90])
    book.save(path)


def _header(kind: str, column: str) -> str:
    """The usual header; amounts and shares say their unit."""
    unit = {"funds": "（元）"}.get(column, "") if kind == "measures" else ""
    return standard(kind, column) + unit

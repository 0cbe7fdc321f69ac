"""A plan as files.

A workbook for the offices, and assignment.csv with plan.toml, which folder/plan.py reads back.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import tomli_w
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from village_eval import __version__
from village_eval.county.plan import Plan, assignment_csv, digest
from village_eval.folder.plan import ASSIGNMENT, PLAN, SCHEMA
from village_eval.folder.printed import set_up
from village_eval.report.plan_words import combination, explanation
from village_eval.report.table import harmless
from village_eval.words import wording as w
from village_eval.words.catalogue import DEFAULT
from village_eval.words.vocabulary import name

WORKBOOK, POWER = "assignment.xlsx", "power.csv"
WIDTHS = {"township": 14, "village": 18, "type": 26, "start_date": 16, "combination": 44}
SHADE = PatternFill("solid", fgColor="E6E6E6")
LINE = Side(style="thin", color="999999")


def write_plan(plan: Plan, power: pd.DataFrame, folder: Path, made: dt.date | None = None) -> None:
    """Write the plan's files into ``folder``.

    The workbook (in Chinese), assignment.csv, plan.toml, and power.csv (promise.compare).
    """
    folder.mkdir(parents=True, exist_ok=True)
    text, made = assignment_csv(plan), made or plan.made or dt.date.today()
    (folder / ASSIGNMENT).write_text(text, "utf-8", newline="\n")
    about = {
        "schema": SCHEMA,
        "county": plan.county,
        "design": plan.design.name,
        "months": plan.design.months,
    }
    about |= {"start": plan.start, "seed": plan.seed, "made": made, "version": __version__}
    about |= {"villages": len(plan.assignment), "assignment_sha256": digest(text)}
    (folder / PLAN).write_text(tomli_w.dumps(about), "utf-8", newline="\n")
    power.round(2).to_csv(folder / POWER, index=False, lineterminator="\n")
    _workbook(plan, power, made, digest(text)).save(folder / WORKBOOK)


def _workbook(plan: Plan, power: pd.DataFrame, made: dt.date, sha256: str) -> Workbook:
    book, t = Workbook(), w.words(DEFAULT, "planning")["workbook"]
    sheet = book.active
    sheet.title = t["sheet"]
    columns = _columns(plan)
    title = t["title"][plan.design.name].format(county=plan.county, year=plan.start.year)
    sheet.append([harmless(title)])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(columns))
    sheet["A1"].font, sheet["A1"].alignment = (
        Font(bold=True, size=14),
        Alignment(horizontal="center"),
    )
    sheet.append([t["head"].get(key) or name("measure_group", key) for key in columns])
    for row in zip(*columns.values(), strict=True):
        sheet.append([harmless(value) for value in row])
    for j in range(1, len(columns) + 1):
        sheet.cell(2, j).font, sheet.cell(2, j).fill = Font(bold=True), SHADE
        for i in range(2, len(plan.assignment) + 3):
            sheet.cell(i, j).border = Border(LINE, LINE, LINE, LINE)
            sheet.cell(i, j).alignment = Alignment(wrap_text=True, vertical="center")
    wide = [WIDTHS.get(key, 9 if key == "number" else 14) for key in columns]
    set_up(sheet, wide, (1, 2))
    notes = book.create_sheet(t["notes"])
    set_up(notes, (16, 90))
    for key, text in explanation(plan, power, made, sha256, DEFAULT).items():
        notes.append([key, harmless(text)])
        for cell in notes[notes.max_row]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        notes.cell(notes.max_row, 1).font = Font(bold=True)
    return book


def _columns(plan: Plan) -> dict[str, list]:
    """The workbook's columns by key, in order of township and village."""
    table, t = plan.assignment, w.words(DEFAULT, "planning")["workbook"]
    kinds = [name("village_type", kind) if kind else "" for kind in table["village_type"]]
    columns = {
        "number": list(range(1, len(table) + 1)),
        "township": list(table["township_name"]),
        "village": list(table["village_name"]),
    }
    columns["type"] = kinds
    if plan.design.name == "phased":
        columns["batch"] = [t["batch"][1 - first] for first in table["start"]]
    else:
        columns |= {
            factor: [t["yes"] if held else "" for held in table[factor]]
            for factor in plan.design.factors
        }
        columns["combination"] = [
            combination(held, plan.design.factors, DEFAULT) for held in plan.held
        ]
    return columns | {"start_date": [w.date(day, DEFAULT) for day in table["start_date"]]}

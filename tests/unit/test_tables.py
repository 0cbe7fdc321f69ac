"""Tables: nothing that a spreadsheet would run, captions and heads, dashes for what is missing."""

import csv

import fixtures_evaluation as made
import openpyxl
import pandas as pd
import pytest

from village_eval.report import tables
from village_eval.report.table import Table, harmless, write_xlsx
from village_eval.words.wording import LANGUAGES

HOSTILE = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1"]


def hostile_table() -> Table:
    return Table(
        "t",
        "=caption",
        pd.DataFrame({"a": HOSTILE, "n": [1.5, None, 3, 4, 5, 6, 7]}),
        {"n": "one"},
        "zh",
    )


def test_csv_cells_are_harmless(tmp_path):
    hostile_table().to_csv(tmp_path / "t.csv")
    text = (tmp_path / "t.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [row[0] for row in csv.reader(file)][1:]
    assert cells == ["'" + value.strip() for value in HOSTILE]


def test_xlsx_has_no_formula(tmp_path):
    write_xlsx([hostile_table()], tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("text", ["+5.1%", "-3", "plain", "示范县"])
def test_numbers_and_words_stay(text):
    assert harmless(text) == text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_reads(lang):
    shown = tables.everything(made.worked(), lang)
    assert len(shown) >= 10
    for table in shown:
        html = table._repr_html_()
        assert "<caption>" in html and 'scope="col"' in html and 'scope="row"' in html
        assert not {"nan", "None", "NaN"} & set(table.formatted().to_numpy().ravel())


def test_html_is_escaped():
    table = Table("t", "<b>", pd.DataFrame({"<i>": ["<script>alert(1)</script>"]}), {}, "en")
    assert "<script" not in table._repr_html_() and "<b>" not in table._repr_html_()


def test_tables_without_measures_income_or_estimates():
    story = made.nothing_seen()
    county = type(story.county)(**{**story.county.__dict__, "measures": None, "income": None})
    bare = type(story)(
        **{**story.__dict__, "county": county, "villages": pd.DataFrame(), "listing": None}
    )
    names = {t.name for t in tables.everything(bare, "zh")}
    assert "measures" not in names and "villages" not in names and "findings" in names

"""Layouts that were once read into something else, one test a kind."""

import pytest
from bureau_delivery import (
    INCOME_HEADER,
    code,
    deliver,
    income_sheet,
    listing,
    register,
    roster,
    write_workbook,
)
from openpyxl import load_workbook
from openpyxl.styles import Font

from village_eval.bureau.importing import import_folder
from village_eval.county.problems import InputError


@pytest.fixture
def run(tmp_path):
    def imported(before=None, **parts):
        folder = deliver(tmp_path / "in", **{"income": None, "measures": None, **parts})
        if before:
            before(folder)
        return import_folder(folder, tmp_path / "out", key=b"test")

    return imported


@pytest.fixture
def refused(run):
    def told(**parts):
        with pytest.raises(InputError) as caught:
            run(**parts)
        return str(caught.value)

    return told


def test_a_bracket_that_begins_a_village_name_is_no_person(run):
    """(石玄)步村 became 步村, for 石玄 looks like a name."""
    rows, books = roster(), register()
    rows[5][2], rows[6][2] = "（石玄）步村", "大沟村（石玄）"
    for row in books:
        row[3] = row[3].replace("赵楼村", "（石玄）步村")
    names = run(roster=rows, register=books).villages["village_name"].tolist()
    assert names[2:4] == ["(石玄)步村", "大沟村"]


def test_a_row_of_totals_below_the_header_is_no_second_header_row(run):
    """合计 in it was taken for the header of the column of totals."""
    rows = income_sheet(2022)
    rows.insert(3, rows.pop())
    rows = [[None if i < 2 else i - 2, *row] for i, row in enumerate(rows)]
    rows[3][0], rows[3][1] = "合计", None
    assert len(run(income={"2022年": rows}).income) == 12


def test_a_title_with_a_year_is_no_upper_header_row(run):
    """Above two tables side by side it counted as more columns known, and its unit was lost."""
    data = income_sheet(2022)[3:15]
    rows = [["2022年度村集体经济收入（单位：万元）"], INCOME_HEADER * 2]
    rows += [data[i] + data[i + 6] for i in range(6)]
    county = run(income={"Sheet1": rows})
    assert len(county.income) == 12 and set(county.income["contracting"]) == {25_000}


@pytest.mark.parametrize("header", ["四、补助收入", "4.补助收入", "（四）补助收入"])
def test_numbered_headers_are_known(run, header):
    rows = [row[:7] for row in income_sheet(2022)[:-1]]
    rows[1] = ["单位:万元"]
    rows[2][5] = header
    assert set(run(income={"2022年": rows}).income["subsidy"]) == {12_500}


def test_figures_under_an_unknown_header_are_asked_about_when_a_source_is_missing(refused):
    """Without a column of totals to show it, all subsidies became blank."""
    rows = [row[:7] for row in income_sheet(2022)[:-1]]
    rows[1] = ["单位:万元"]
    rows[2][5] = "专项下达"
    told = refused(income={"2022年": rows})
    assert "专项下达" in told and "补助收入" in told


@pytest.mark.parametrize("label", ["县均", "各村平均", "其中：贫困村", "同比增长%", "（盖章）"])
def test_rows_that_are_no_village_are_dropped_with_a_reason(run, label):
    rows = income_sheet(2022)
    rows.insert(7, [label, *([None] * 7 if "章" in label else [None, 0, 1, 0, 2, 0, 3])])
    county = run(income={"2022年": rows})
    ledger = county.ledger[county.ledger["source"].str.contains("2022年")]
    steps = ledger.groupby("step")["rows"].sum()
    assert (steps["read"], steps["kept"], steps["dropped"]) == (14, 12, 2)


def test_a_single_figure_without_a_label_is_no_note(refused):
    rows = [*income_sheet(2022), [None, None, None, None, None, None, None, 137_100.5]]
    assert "没有写明是哪个村" in refused(income={"2022年": rows})


def test_township_and_village_in_one_cell(run):
    books = register()
    for row in books[1:]:
        row[3] = row[2] + row[3]
    books = [[*row[:2], *row[3:]] for row in books]
    assert set(run(register=books).petitions["village_code"]) == set(
        map(str, (code(t, v) for t in range(3) for v in range(4)))
    )


def test_a_register_in_sheets_named_by_township(run):
    """王家村 stands in two townships; the sheet says which."""
    books = register()
    head = [h for h in books[0] if h != "乡镇"]

    def sheets(folder):
        towns = dict.fromkeys(row[2] for row in books[1:])
        rows = {t: [head, *([*r[:2], *r[3:]] for r in books[1:] if r[2] == t)] for t in towns}
        write_workbook(folder / "台账.xlsx", rows)

    kept = run(register=None, before=sheets).petitions["village_code"].value_counts()
    assert kept["371324100200"] == sum(r[2:4] == ["青石镇", "王家村"] for r in books)


def test_a_list_in_sheets_is_accounted_for_sheet_by_sheet(run):
    rows = listing()
    sheets = {f"表{i}": [rows[1], rows[2 + i]] for i in range(3)}
    ledger = run(listing=sheets).ledger
    kept = ledger[ledger["source"].str.contains("名单") & (ledger["step"] == "kept")]
    assert kept["rows"].tolist() == [1, 1, 1]


def test_rows_struck_through_are_read_and_said(run):
    def strike(folder):
        book = load_workbook(folder / "村庄基本情况.xlsx")
        for cell in book.active[6]:
            cell.font = Font(strike=True)
        book.save(folder / "村庄基本情况.xlsx")

    county = run(before=strike)
    assert len(county.villages) == 12
    assert any("删除线" in str(w) and "第6行" in str(w) for w in county.warnings)


def test_content_beyond_the_widest_table_is_said(refused):
    def widen(folder):
        book = load_workbook(folder / "村庄基本情况.xlsx")
        book.active.cell(5, 260, "x")
        book.save(folder / "村庄基本情况.xlsx")

    assert "第200列" in refused(before=widen)

"""Files as offices really send them: old workbooks, pages named .xls, archives, odd workbooks."""

import io
import time
import zipfile

import pytest
import xlwt
from bureau_delivery import CAMPAIGN, deliver, income_sheet, listing, register, roster, write_csv
from openpyxl import Workbook, load_workbook

from village_eval.bureau.importing import import_folder
from village_eval.county.problems import InputError


def imported(folder, out):
    return import_folder(folder, out, key=b"test")


def test_an_old_workbook_with_merged_cells(tmp_path):
    folder = deliver(tmp_path / "in", roster=None, income=None, measures=None)
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("村")
    rows = roster()
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if cell is not None and not (j == 1 and 3 <= i < 15):
                sheet.write(i, j, cell)
    for first in (3, 7, 11):
        sheet.write_merge(first, first + 3, 1, 1, rows[first][1])
    book.save(str(folder / "村.xls"))
    county = imported(folder, tmp_path / "out")
    assert county.villages["township_name"].value_counts().tolist() == [4, 4, 4]
    assert set(county.villages["population"]) == {1180}


def test_a_page_named_xls(tmp_path):
    folder = deliver(tmp_path / "in", listing=None, income=None, measures=None)
    cells = "".join(
        "<tr>" + "".join(f"<td>{c if c is not None else ''}</td>" for c in row) + "</tr>"
        for row in listing()[1:]
    )
    page = f"<html><body><table><tr><th colspan=6>名单</th></tr>{cells}</table></body></html>"
    (folder / "名单.xls").write_bytes(page.encode("gb18030"))
    assert imported(folder, tmp_path / "out").villages["listed"].sum() == 3


def test_registers_in_an_archive_with_a_name_in_gbk_and_sep(tmp_path):
    folder = deliver(tmp_path / "in", register=None, income=None, measures=None)
    books = register()
    write_csv(folder / "a.csv", [books[0], *books[1:30]])
    write_csv(folder / "b.csv", [books[0], *books[30:]])
    text = (folder / "b.csv").read_bytes()
    (folder / "b.csv").unlink()
    with zipfile.ZipFile(folder / "早年.zip", "w") as archive:
        archive.writestr("台账.csv", b"sep=,\r\n" + text)
    county = imported(folder, tmp_path / "out")
    assert len(county.petitions) == 80
    assert "早年.zip/台账.csv" in set(county.ledger["source"])


def test_what_unpacks_to_far_more_than_it_is_is_not_opened(tmp_path):
    folder = deliver(tmp_path / "in")
    with zipfile.ZipFile(folder / "大.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("大.csv", b"0" * 60_000_000)
    with pytest.raises(InputError) as caught:
        imported(folder, tmp_path / "out")
    assert "大.zip" in str(caught.value) and "MB" in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_styled_cell_in_the_last_row_costs_nothing(tmp_path):
    from openpyxl.styles import Font

    folder = deliver(tmp_path / "in", income=None, measures=None)
    book = load_workbook(folder / "村庄基本情况.xlsx")
    book.active.cell(1_048_576, 200).font = Font(bold=True)
    book.save(folder / "村庄基本情况.xlsx")
    began = time.process_time()
    assert len(imported(folder, tmp_path / "out").villages) == 12
    assert time.process_time() - began < 5


def test_hidden_rows_are_read_and_said(tmp_path):
    folder = deliver(tmp_path / "in", measures=None)
    book = load_workbook(folder / "村集体经济收入.xlsx")
    book["2022年"].row_dimensions[6].hidden = True
    book.save(folder / "村集体经济收入.xlsx")
    county = imported(folder, tmp_path / "out")
    assert len(county.income) == 36 and any("隐藏的行" in str(w) for w in county.warnings)


def test_a_mistake_leaves_an_earlier_good_folder_as_it_was(tmp_path):
    folder = deliver(tmp_path / "in")
    imported(folder, tmp_path / "out")
    before = {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()}
    rows = income_sheet(2022)
    rows[3][3] = "约3万"
    book = Workbook()
    book.active.title = "2024年"
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    (folder / "补报.xlsx").write_bytes(content.getvalue())
    with pytest.raises(InputError):
        imported(folder, tmp_path / "out")
    assert {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()} == before


def test_a_file_that_campaign_toml_leaves_out_is_not_asked_about(tmp_path):
    folder = deliver(tmp_path / "in")
    people = [["姓名", "职务"], *[["某某", "主任"]] * 30]
    write_csv(folder / "通讯录.csv", people)
    with pytest.raises(InputError, match="通讯录"):
        imported(folder, tmp_path / "out")
    text = CAMPAIGN + 'ignore = ["通讯录.csv"]\n'
    (folder / "campaign.toml").write_text(text, "utf-8")
    county = imported(folder, tmp_path / "out")
    assert "通讯录.csv" in set(county.ledger["source"])

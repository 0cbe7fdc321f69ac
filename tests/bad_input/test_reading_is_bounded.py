"""A file costs what its content costs, whatever it claims to hold."""

import io
import itertools
import time
import tracemalloc
import zipfile

import pytest
from bureau_delivery import deliver
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from village_eval.bureau.importing import import_folder
from village_eval.cli.main import main
from village_eval.county.problems import InputError
from village_eval.folder import bounded
from village_eval.folder.bounded import MOST_SHEETS, Budget

ROSTER = "村庄基本情况.xlsx"


@pytest.fixture
def folder(tmp_path):
    return deliver(tmp_path / "in", income=None, measures=None)


def imported(folder):
    """The county, within seconds of processor."""
    began = time.process_time()
    try:
        return import_folder(folder, folder.parent / "out", key=b"test")
    finally:
        assert time.process_time() - began < 20


def rewritten(path, change):
    """A workbook with the first sheet's XML changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = change(parts[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for n, content in parts.items():
            archive.writestr(n, content)


def test_a_cell_of_blanks_in_the_last_row_and_column(folder):
    book = load_workbook(folder / ROSTER)
    book.active.cell(1_048_576, 16_384, "  ")
    book.active.cell(5, 200).font = Font(bold=True)
    book.save(folder / ROSTER)
    tracemalloc.start()
    try:
        assert len(imported(folder).villages) == 12
        assert tracemalloc.get_traced_memory()[1] < 300e6
    finally:
        tracemalloc.stop()


def test_a_hundred_thousand_formatted_rows(folder):
    empty = b"".join(
        b'<row r="%d"><c r="A%d" s="0"/><c r="B%d" s="0"/><c r="C%d" s="0"></c></row>'
        % (n, n, n, n)
        for n in range(100, 100_100)
    )
    rewritten(
        folder / ROSTER,
        lambda xml: xml.replace(b"</sheetData>", empty + b"</sheetData>"),
    )
    assert len(imported(folder).villages) == 12


def test_empty_cells_are_taken_out_and_filled_ones_and_hidden_rows_stay(monkeypatch):
    monkeypatch.setattr(bounded, "_LARGE", 1_000)
    book = Workbook()
    for n in range(1, 3_001):
        book.active.cell(n, 1).font = Font(bold=True)
        book.active.cell(n, 2, n)
    book.active.row_dimensions[4_000].hidden = True
    content = io.BytesIO()
    book.save(content)
    thin, formulas, filled = bounded.lean(content.getvalue())
    again = load_workbook(io.BytesIO(thin))
    assert (filled, formulas, len(again.active._cells)) == (3_000, False, 3_000)
    assert again.active.row_dimensions[4_000].hidden


@pytest.mark.parametrize(
    "bomb",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
        + b"]>",
        b'<!DOCTYPE x [<!ENTITY a11 SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_entities_are_not_expanded(folder, bomb):
    def plant(xml):
        head, _, rest = xml.partition(b"?>") if xml.startswith(b"<?xml") else (b"", b"", xml)
        cell = b'<row r="90"><c r="A90" t="inlineStr"><is><t>&a11;</t></is></c></row></sheetData>'
        return (head + b"?>" if head else b"") + bomb + rest.replace(b"</sheetData>", cell)

    rewritten(folder / ROSTER, plant)
    with pytest.raises(InputError) as caught:
        imported(folder)
    assert ROSTER in str(caught.value) and "root:" not in str(caught.value)


def test_archives_in_archives(folder):
    content = b"x,y\n1,2\n"
    for _ in range(6):
        box = io.BytesIO()
        with zipfile.ZipFile(box, "w") as archive:
            archive.writestr("in.zip" if content[:2] == b"PK" else "a.csv", content)
        content = box.getvalue()
    (folder / "深.zip").write_bytes(content)
    with pytest.raises(InputError, match="超过3层"):
        imported(folder)


def test_many_archives_that_are_each_small_enough(folder):
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 19_000_000)
    for n in range(40):
        (folder / f"{n}.zip").write_bytes(box.getvalue())
    budget = Budget()
    opened = [budget.opens(box.getvalue()) is None for _ in range(40)]
    assert sum(opened) == 26 and budget.unpacked <= 500_000_000


def test_a_huge_number_of_sheets(folder):
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        for n in range(MOST_SHEETS + 1):
            archive.writestr(f"xl/worksheets/sheet{n}.xml", b"<worksheet/>")
    (folder / "多.xlsx").write_bytes(box.getvalue())
    with pytest.raises(InputError) as caught:
        imported(folder)
    assert "501张工作表" in str(caught.value) and "500张工作表" in str(caught.value)


def test_reading_has_a_time_limit_that_the_message_names(tmp_path, capsys, monkeypatch):
    folder = deliver(tmp_path / "in")
    assert main(["import", str(folder), "--out", str(tmp_path / "out"), "--limit", "5"]) == 0
    clock = itertools.count(step=100.0)
    monkeypatch.setattr(bounded.time, "monotonic", lambda: next(clock))
    words = ["import", str(folder), "--out", str(tmp_path / "late"), "--limit", "5"]
    assert main([*words, "--lang", "zh"]) == 2
    told = capsys.readouterr().err
    assert "读取材料已超过5分钟" in told and "--limit" in told
    assert not (tmp_path / "late").exists()

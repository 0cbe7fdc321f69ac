"""Workbooks that people open: columns as wide as what stands in them, one page wide on paper, the header on each page."""

import fixtures_evaluation as made
import pytest
from bureau_delivery import deliver, listing
from openpyxl import load_workbook

from village_eval.bureau.importing import import_folder
from village_eval.bureau.template import write_template
from village_eval.county.problems import InputError
from village_eval.folder.printed import LINE, WIDEST, height, widths
from village_eval.report import tables
from village_eval.report.table import harmless, write_xlsx
from village_eval.words.wording import width


def sheets_of(path):
    return load_workbook(path).worksheets


def assert_readable(sheet, head):
    """Nothing is cut off: a cell fits its column, or is broken into as many lines as its row is high."""
    assert sheet.page_setup.fitToWidth == 1 and sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == f"${head[0]}:${head[1]}"
    assert sheet.freeze_panes is not None
    for row in sheet.iter_rows(min_row=head[1]):
        for cell in row:
            size = sheet.column_dimensions[cell.column_letter].width
            lines = (sheet.row_dimensions[cell.row].height or LINE) / LINE
            if cell.value is not None:
                assert width(str(cell.value)) <= lines * size, cell.value


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_reports_tables(tmp_path, lang):
    write_xlsx(tables.everything(made.worked(), lang), tmp_path / "t.xlsx")
    for sheet in sheets_of(tmp_path / "t.xlsx"):
        for row in sheet.iter_rows(min_row=3):
            for cell in row:
                assert not str(cell.value).startswith("'")
                if isinstance(cell.value, float):  # shown as its format says
                    cell.value = None
        assert_readable(sheet, (1, 2))


def test_lists_of_problems_and_marked_copies(tmp_path):
    rows = listing()
    rows[2][3] = "信访突出、经济薄弱"
    with pytest.raises(InputError):
        import_folder(
            deliver(tmp_path / "in", listing=rows), tmp_path / "out", annotate=tmp_path / "marked"
        )
    for sheet in sheets_of(tmp_path / "marked" / "problems.xlsx"):
        assert_readable(sheet, (1, 1))
    [copy] = sheets_of(tmp_path / "marked" / "后进村名单.xlsx")
    assert [c.value for c in copy[1]].count(rows[0][0]) == 1  # a merged title once
    assert copy.column_dimensions["E"].width > width("历史遗留土地纠纷、班子软弱涣散")
    assert copy.page_setup.fitToWidth == 1


def test_forms_to_fill_in(tmp_path):
    for path in sorted(write_template(tmp_path / "form", lang="zh").glob("*.xlsx")):
        form, *_ = sheets_of(path)
        assert form.print_title_rows == "$3:$3" and form.page_setup.fitToWidth == 1
        assert all(width(c.value) < form.column_dimensions[c.column_letter].width for c in form[3])


def test_how_wide_and_how_high():
    assert widths([["乡镇", "x"], ["青石镇", None, "字" * 99]]) == [8, 8, WIDEST + 2]
    assert height(["字" * 50, 1], [51, 8]) == 2 * LINE and height(["字", 1], [9, 9]) is None


@pytest.mark.parametrize(
    "text", ["+0.5个百分点", "-3至+9个百分点", "+0.5 percentage points", "-12件"]
)
def test_a_number_and_what_it_counts_stay(text):
    assert harmless(text) == text


@pytest.mark.parametrize("text", ["+A1", "-2+3", "+1(2)", "-1|x", "+cmd", "+1 HYPERLINK", "+1 a!b"])
def test_what_a_spreadsheet_would_run_is_quoted(text):
    assert harmless(text) == f"'{text}"

"""Months, parts of months and other times without a day: read by the written rule, or refused with what to write."""

import datetime as dt

import pytest
from bureau_delivery import MEASURES_HEADER, deliver, measures, register, write_workbook
from imported import in_balance, refused, table_of, warned
from openpyxl import load_workbook

from village_eval.bureau.coarse_dates import spans, why_no_day, without_deadline
from village_eval.bureau.importing import import_folder

START, END = MEASURES_HEADER.index("开始日期"), MEASURES_HEADER.index("完成日期")
PARTS = ("start_date", "end_date", "planned_start", "planned_end")


def with_dates(headers, *dates):
    """The measures with other columns of dates, the same in every row."""
    title, _, *rows = measures()
    head = [*MEASURES_HEADER[:START], *headers, *MEASURES_HEADER[END + 1 :]]
    return [title, head, *([*r[:START], *dates, *r[END + 1 :]] for r in rows)]


def read(tmp_path, headers, *dates):
    folder = deliver(tmp_path / "in", measures=with_dates(headers, *dates))
    county = import_folder(folder, tmp_path / "out", lang="zh")
    in_balance(county)
    return county, table_of(tmp_path / "out", "measures")[0]


@pytest.mark.parametrize(
    ("begun", "ended", "days"),
    [
        ("4月", "5月", ("2023-04-01", "2023-05-31")),
        ("2023年4月中旬", "5月下旬", ("2023-04-11", "2023-05-31")),
        ("四月初", "五月上旬", ("2023-04-01", "2023-05-10")),
        ("2023-04", "2023.5", ("2023-04-01", "2023-05-31")),
        ("3月", "6月", ("2023-03-01", "2023-06-08")),  # the campaign's own first and last day
        ("4月5日起", "6月底", ("2023-04-05", "2023-06-30")),
        ("４月下半月", "持续推进", ("2023-04-16", "")),
        ("3月5日", "12月31日", ("2023-03-05", "2023-12-31")),  # no day of 2022
    ],
)
def test_a_beginning_takes_the_first_day_and_an_end_the_last(tmp_path, begun, ended, days):
    county, row = read(tmp_path, ["开始日期", "完成日期"], begun, ended)
    assert (row["start_date"], row["end_date"]) == days
    coarse = "日" not in begun or ended == "6月底"
    assert ("months_as_days" in warned(county)) == coarse
    reasons = county.ledger[county.ledger["key"].str.endswith("months_as_days")]
    assert len(reasons) == coarse * (2 - ("持续" in ended) - ("日" in begun))


@pytest.mark.parametrize(
    ("header", "written", "days"),
    [
        ("起止时间", "4—6月", ("2023-04-01", "2023-06-08")),
        ("起止时间", "4-5", ("2023-04-01", "2023-05-31")),
        ("起止时间", "2023.3-2023.5", ("2023-03-01", "2023-05-31")),
        ("起止时间", "2023年3月—5月上旬", ("2023-03-01", "2023-05-10")),
        ("开始时间", "3月5日至4月底", ("2023-03-05", "2023-04-30")),
        ("开始时间", "2022年12月-2月", ("2022-12-01", "2023-02-28")),
        ("开始时间", "4月至今", ("2023-04-01", "")),
    ],
)
def test_both_ends_in_one_cell_may_be_months(tmp_path, header, written, days):
    _, row = read(tmp_path, [header], written)
    assert (row["start_date"], row["end_date"]) == days


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("4月底前", "2023-04-30"),
        ("一季度", "2023-03-31"),
        ("2023年底前完成", "2023-12-31"),
        ("年底前", "2023-12-31"),
        ("5月20日前", "2023-05-20"),
        ("长期坚持", None),
    ],
)
def test_a_deadline_may_be_as_coarse_as_a_year(tmp_path, written, day):
    _, row = read(tmp_path, ["开始日期", "完成时限"], "3月5日", written)
    assert row.get("planned_end") == day


@pytest.mark.parametrize(
    ("header", "written", "kind", "remedy"),
    [
        ("开始日期", "一季度", "coarse_date", "至少写到月"),
        ("开始日期", "2023年", "coarse_date", "至少写到月"),
        ("开始日期", "即日起", "no_day_named", "请写明日期"),
        ("开始日期", "第一批", "no_day_named", "请写明日期"),
        ("开始日期", "月初", "no_day_named", "请写明日期"),
        ("开始日期", "农历二月初二", "other_calendar", "公历"),
        ("开始日期", "民国112年4月", "other_calendar", "公历"),
        ("开始日期", "23年4月", "short_year", "四位"),
        ("开始日期", "2023.1", "bad_day", "4月上旬"),
        ("完成日期", "春节前", "deadline_as_end", "完成时限"),
        ("完成日期", "5月底前", "deadline_as_end", "完成时限"),
        ("完成时限", "4月前", "deadline_unclear", "4月底前"),
        ("完成时限", "春节前", "other_calendar", "公历"),
    ],
)
def test_what_names_no_day_is_refused_with_what_to_write(tmp_path, header, written, kind, remedy):
    headers = ["开始日期", header] if header != "开始日期" else ["开始日期"]
    told = refused(
        tmp_path, measures=with_dates(headers, *["3月5日"] * (len(headers) - 1), written)
    )
    assert remedy in told[kind] and (written in told[kind] or kind == "no_day_named")


def test_a_petitions_date_stays_a_day(tmp_path):
    rows = register()
    rows[1][1] = "2021年1月上旬"
    assert "请写明哪一天" in refused(tmp_path, register=rows)["bad_date"]


@pytest.mark.parametrize("shown", ['yyyy"年"m"月"', "mmm-yy", "yyyy/m;@", "[$-804]yyyy\\-mm"])
def test_what_excel_made_of_a_month_is_a_month(tmp_path, shown):
    """2023年5月 typed into a cell is stored as the first of May."""
    folder = deliver(tmp_path / "in")
    path = folder / "整治措施台账.xlsx"
    book = load_workbook(path)
    for row in book.active.iter_rows(min_row=3):
        for cell, month in ((row[START], 4), (row[END], 5)):
            cell.value, cell.number_format = dt.datetime(2023, month, 1), shown
    book.save(path)
    import_folder(folder, tmp_path / "out", lang="zh")
    row = table_of(tmp_path / "out", "measures")[0]
    assert (row["start_date"], row["end_date"]) == ("2023-04-01", "2023-05-31")
    for cells in book.active.iter_rows(min_row=3):
        cells[END].value = dt.datetime(2023, 5, 17)  # a day whose format hides it
    book.save(path)
    import_folder(folder, tmp_path / "again", lang="zh")
    assert table_of(tmp_path / "again", "measures")[0]["end_date"] == "2023-05-17"


def test_months_of_petitions_that_excel_stored_as_days_are_refused(tmp_path):
    rows = register()
    for i, row in enumerate(rows[1:]):
        row[1], row[12] = dt.datetime(2021 + i // 24, i // 2 % 12 + 1, 1), None
    folder = deliver(tmp_path / "in", register=None)
    path = folder / "信访.xlsx"
    write_workbook(path, {"台账": rows})
    book = load_workbook(path)
    for row in book.active.iter_rows(min_row=2):
        row[1].number_format = 'yyyy"年"m"月"'
    book.save(path)
    with pytest.raises(Exception, match="请写明哪一天"):
        import_folder(folder, tmp_path / "out", lang="zh")


def test_every_reason_why_a_time_is_no_day_is_one_of_the_messages():
    years = range(2023, 2024)
    assert not spans("13月", years) and not spans("0月", years)
    assert without_deadline("6月前") == "6月前" and without_deadline("6月内") == "6月"
    assert why_no_day("待定") == "no_day_named" and why_no_day("5/") == "bad_day"

"""One cell means the same to the folder and to the bureaus' import, or is refused; nothing is
guessed."""

import datetime as dt

import pandas as pd
import pytest
from bureau_delivery import deliver, register

from village_eval.bureau.importing import import_folder
from village_eval.bureau.values import parse_code, parse_flag, parse_number
from village_eval.bureau.years import with_year
from village_eval.county.contracts import Column
from village_eval.folder import cells, dates
from village_eval.folder.cells import cell_text
from village_eval.folder.convert import convert

NO = None
APRIL, FIRST = "2019-04-12", "2019-04-01"
YEAR = 2019
"""The year that the title of the bureau's table speaks of."""

CELLS = [
    # kind, what is written, what the folder reads, what the bureaus' import reads
    ("date", "2019-4-12", APRIL, APRIL),
    ("date", "2019/04/12", APRIL, APRIL),
    ("date", "2019.4.12", APRIL, APRIL),
    ("date", "２０１９．４．１２", APRIL, APRIL),
    ("date", "2019年4月12日", APRIL, APRIL),
    ("date", "2019年4月12", APRIL, APRIL),
    ("date", "2019年4月12号", APRIL, APRIL),
    ("date", "2019 年 4 月 12 日", APRIL, APRIL),
    ("date", "2019年4月12日（星期五）", APRIL, APRIL),
    ("date", "2019-04-12(周五)09:00", APRIL, APRIL),
    ("date", "20190412", APRIL, APRIL),
    ("date", 20190412, APRIL, APRIL),
    ("date", 20190412.0, APRIL, APRIL),
    ("date", "20190412 10:30", APRIL, APRIL),
    ("date", "20190412103000", APRIL, APRIL),
    ("date", "43567", APRIL, APRIL),
    ("date", 43567.4375, APRIL, APRIL),
    ("date", dt.datetime(2019, 4, 12, 23, 59), APRIL, APRIL),
    ("date", dt.date(2019, 4, 12), APRIL, APRIL),
    ("date", "2019/4/1 10:30", FIRST, FIRST),
    ("date", "2019/4/1  10:30:05", FIRST, FIRST),
    ("date", "2019-4-1 8:05:00.125", FIRST, FIRST),
    ("date", "2019-04-01T10:30:00", FIRST, FIRST),
    ("date", "2019-04-01T10:30:00+08:00", FIRST, FIRST),
    ("date", "2019/4/1 上午 10:30", FIRST, FIRST),
    ("date", "2019/4/1 下午3:20:05", FIRST, FIRST),
    ("date", "2019/4/1 3:20 PM", FIRST, FIRST),
    ("date", "2019-4-1 下午", FIRST, FIRST),
    ("date", "2019年4月1日10:30", FIRST, FIRST),
    ("date", "2019年4月1日晚上8点30分", FIRST, FIRST),
    ("date", "２０１９／４／１　１０：３０", FIRST, FIRST),
    ("date", "2019/12/3 15:20", "2019-12-03", "2019-12-03"),
    ("date", "4月12日", NO, APRIL),
    ("date", "4-12", NO, APRIL),
    ("date", "4.12 10:30", NO, APRIL),
    ("date", 4.12, NO, APRIL),
    ("date", "19/4/12", NO, APRIL),
    ("date", "19年4月12日", NO, APRIL),
    ("date", 4.2, NO, NO),  # 4.20 or 4.2
    ("date", "12/4/19", NO, NO),  # 2012, or the 4th of December, or the 12th of April
    ("date", "98年4月1日", NO, NO),
    ("date", "4/12/2019", NO, NO),
    ("date", "2019/4/110:30", NO, NO),
    ("date", "201904121030", NO, NO),  # as long as a village's code
    ("date", "2019-04-01T23:30:00Z", NO, NO),  # the 2nd in China
    ("date", "2019/4/1 25:00", NO, NO),
    ("date", "2019年4-12", NO, NO),
    ("date", "2019-4-12至2019-4-15", NO, NO),
    ("date", "2019-02-29", NO, NO),
    ("date", "2月30日", NO, NO),
    ("date", "2019年4月", NO, NO),
    ("date", "1899-12-31", NO, NO),
    ("date", "3020-04-12", NO, NO),
    ("date", "12", NO, NO),
    ("date", "不详", NO, NO),
    ("date", True, NO, NO),
    ("date", dt.time(10, 30), NO, NO),
    ("number", "1180", 1180.0, (1180.0, "")),
    ("number", "１１８０", 1180.0, (1180.0, "")),
    ("number", "1,234,567.5", 1234567.5, (1234567.5, "")),
    ("number", "1，180", 1180.0, (1180.0, "")),
    ("number", "−3.5", -3.5, (-3.5, "")),
    ("number", "1.18e3", 1180.0, (1180.0, "")),
    ("number", 3.37, 3.37, (3.37, "")),
    ("number", "1 180人", NO, (1180.0, "人")),
    ("number", "1.2万", NO, (1.2, "万")),
    ("number", "3.37 万元", NO, (3.37, "万元")),
    ("number", "45%", NO, (45.0, "%")),
    ("number", "(1,180)", NO, (-1180.0, "")),
    ("number", "¥.5", NO, (0.5, "")),
    ("number", "—", NO, (0.0, "")),
    ("number", "3,37", NO, NO),  # 3.37 or 337
    ("number", "12 5", NO, NO),
    ("number", "约3万", NO, NO),
    ("number", "1e999", NO, NO),
    ("number", "nan", NO, NO),
    ("integer", "1180.0", 1180.0, (1180.0, "")),
    ("village_code", "371324101201", "371324101201", "371324101201"),
    ("village_code", 371324101201.0, "371324101201", "371324101201"),
    ("village_code", "371324101201.0", "371324101201", "371324101201"),
    ("village_code", "'371324101201", "371324101201", "371324101201"),
    ("village_code", "３７１３２４１０１２０１", "371324101201", "371324101201"),
    ("village_code", "3.71324101201E+11", "371324101201", "371324101201"),
    ("village_code", "3.71324E+11", NO, NO),
    ("village_code", "37132410120", NO, NO),
    ("village_code", 371324101201.5, NO, NO),
    ("flag", "是", 1, 1),
    ("flag", "TRUE", 1, 1),
    ("flag", 1.0, 1, 1),
    ("flag", False, 0, 0),
    ("flag", " 否 ", 0, 0),
    ("flag", "已销号", NO, 1),
    ("flag", "√", NO, 1),
    ("flag", "未完成", NO, 0),
    ("flag", "2", NO, NO),
    ("flag", "是否", NO, NO),
    ("period", "2022", "2022", "2022"),
    ("period", 2022.0, "2022", "2022"),
    ("period", "2022年度", "2022", "2022"),
    ("period", "2022q3", "2022Q3", "2022Q3"),
    ("period", "2022年第三季度", "2022Q3", "2022Q3"),
    ("period", "2022年1季度", "2022Q1", "2022Q1"),
    ("period", "三季度", NO, "2019Q3"),
    ("period", "2022-03", NO, NO),
    ("period", "20223", NO, NO),
    ("period", "2022年1-6月", NO, NO),
    ("period", "2202", NO, NO),
    ("term:channel", "来访", "visit", "visit"),
    ("term:channel", "信 访", NO, NO),
    ("terms:department", "组织部、财政局", "organization;finance", "organization;finance"),
    ("terms:department", "组织部 财政局", NO, "organization;finance"),
    ("terms:department", "组织部、财政居", NO, NO),
]


def folder_reads(kind, written):
    typed, wrong = convert(pd.Series([cell_text(written)], dtype=object), Column(kind, ""))
    assert typed.isna()[0] == bool(wrong), "what is not read is a problem"
    value = typed[0]
    if pd.isna(value):
        return None
    return str(value)[:10] if kind == "date" else value


def bureau_reads(kind, written):
    kind, _, vocabulary = kind.partition(":")
    if vocabulary:
        many = kind == "terms"
        found, unknown = cells.terms(vocabulary, written, many=many, strict=False)
        return None if unknown else ";".join(found)
    if kind == "date":
        date = dates.date(written, strict=False)
        return None if date is None else str(with_year(date, YEAR))
    return {
        "number": parse_number,
        "integer": parse_number,
        "village_code": parse_code,
        "flag": parse_flag,
        "period": lambda cell: dates.period(cell, YEAR),
    }[kind](written)


@pytest.mark.parametrize(("kind", "written", "folder", "bureau"), CELLS)
def test_a_cell_is_read_right_or_refused(kind, written, folder, bureau):
    assert folder_reads(kind, written) == folder
    assert bureau_reads(kind, written) == bureau


def test_both_readers_agree_wherever_both_accept():
    both = [c for c in CELLS if c[2] is not None and c[3] is not None]
    assert len(both) >= 50
    for kind, written, _, _ in both:
        bureau = bureau_reads(kind, written)
        assert folder_reads(kind, written) == (bureau[0] if isinstance(bureau, tuple) else bureau)


def test_every_day_and_time_of_a_year_is_read_as_itself():
    for day in pd.date_range("2019-01-01", "2019-12-31"):
        for time in ("0:00", "10:30", "15:20", "23:59:59"):
            written = f"{day.year}/{day.month}/{day.day} {time}"
            for strict in (True, False):
                assert dates.date(written, strict=strict) == day.date(), written


def test_months():
    ways = ("2022-3", "2022年3月", "202203", "2022-03-01", "44621", "2022.3", "2022年3月1日")
    assert {str(dates.month(way)) for way in ways} == {"2022-03"}
    refused = ("2022-03-15", "2022", "2022.1", "2022-13", "3020-01", "3月")
    assert {dates.month(way) for way in refused} == {None}  # 2022.1 may be October


def test_times_in_a_register_do_not_move_its_days(tmp_path):
    books = register(40)
    days = pd.date_range("2022-01-01", periods=len(books) - 1, freq="7D")
    for n, (row, day) in enumerate(zip(books[1:], days, strict=True)):
        row[1] = f"{day.year}/{day.month}/{day.day} {10 + n % 13}:{n % 50 + 10}"
        row[12] = None
    folder = deliver(tmp_path / "in", register=books, income=None, measures=None)
    county = import_folder(folder, tmp_path / "out", key=b"test")
    assert county.petitions["date"].tolist() == days.tolist()

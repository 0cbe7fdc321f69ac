"""What three clerks' own deliveries showed to be read into something else."""

import json

import pytest
from bureau_delivery import (
    MEASURES_HEADER,
    deliver,
    income_sheet,
    measures,
    register,
    roster,
    write_csv,
    write_workbook,
)
from imported import table_of

from village_eval.bureau.importing import import_folder
from village_eval.bureau.years import years_of_table
from village_eval.cli.main import main


@pytest.mark.parametrize(
    ("line", "years"),
    {
        "填表日期：2023年1月10日": set(),
        "填报单位：县农业农村局  填报时间:2020.1.10": set(),
        "制表时间：2024年": set(),
        "2020年1月10日": set(),
        "日期：2020/1/10": set(),
        "2020年1月报送2019年度": {2019},
        "2019年度村集体经济收入统计表": {2019},
        "2019年度收入表（填报日期：2020年1月）": {2019},
        "截至2022年12月31日的收入": {2022},
        "2022年1-12月": {2022},
    }.items(),
)
def test_the_day_a_form_was_filled_in_is_no_year_of_its_table(line, years):
    assert years_of_table(line) == years


def test_a_file_named_by_its_year_is_of_that_year_whenever_it_was_filled_in(tmp_path):
    folder = deliver(tmp_path / "in", income=None)
    for year in (2021, 2022, 2023):
        rows = income_sheet(year)
        rows[0] = [f"填表日期：{year + 1}年1月10日"]
        write_workbook(folder / f"{year}年村集体收入.xlsx", {"Sheet1": rows})
    import_folder(folder, tmp_path / "out")
    assert {row["period"] for row in table_of(tmp_path / "out", "income")} == {
        "2021",
        "2022",
        "2023",
    }


def test_what_one_table_does_not_need_is_still_a_column_of_another(tmp_path):
    folder = deliver(tmp_path / "in")
    (folder / "words.toml").write_text('[headers]\n"责任单位" = "不用"\n', "utf-8")
    import_folder(folder, tmp_path / "out")
    assert all(row["department"] for row in table_of(tmp_path / "out", "measures"))


def test_a_row_of_a_township_among_villages_is_no_village(tmp_path):
    head, *rows = roster()
    at = next(i for i, row in enumerate([head, *rows]) if "村名" in [str(c) for c in row])
    header = [head, *rows][at]
    whole = list(rows[at])
    place = {name: header.index(name) for name in ("乡镇", "村名")}
    code = next(i for i, c in enumerate(whole) if len(str(c)) == 12)
    whole[place["村名"]] = whole[place["乡镇"]]
    whole[code] = f"{str(whole[code])[:9]}000"
    folder = deliver(tmp_path / "in", roster=[head, *rows[:at], whole, *rows[at:]])
    import_folder(folder, tmp_path / "out")
    names = [row["village_name"] for row in table_of(tmp_path / "out", "villages")]
    assert whole[place["村名"]] not in names and len(names) == 12


def test_measures_that_nearly_all_begin_in_another_year_are_asked_about(tmp_path, capsys):
    head, header, *rows = measures()
    start, end = map(MEASURES_HEADER.index, ("开始日期", "完成日期"))
    for row in rows:
        row[start], row[end] = "2025-03-05", None
    folder = deliver(tmp_path / "in", measures=[head, header, *rows])
    assert main(["import", str(folder), "--out", str(tmp_path / "out"), "--lang", "zh"]) == 0
    assert "日期离整治的时间太远" in capsys.readouterr().out


def test_problems_whose_rows_a_library_counted_are_annotated_too(tmp_path, capsys):
    rows = income_sheet(2024)
    rows[0] = ["2024年1-9月村集体经济收入统计表"]
    folder = deliver(tmp_path / "in", income={"2023年": income_sheet(2023), "2024年1-9月": rows})
    out, marked = tmp_path / "out", tmp_path / "marked"
    words = ["import", str(folder), "--out", str(out), "--annotate", str(marked), "--lang", "zh"]
    assert main(words) == 2
    assert "不是全年的" in capsys.readouterr().err
    assert json.loads((marked / "problems.json").read_text("utf-8"))["problems"]


@pytest.mark.parametrize(("name", "asked"), [("2021", True), ("2022", False), ("2021-2023", False)])
def test_a_register_called_by_one_year_with_dates_of_another_is_asked_about(
    tmp_path, capsys, name, asked
):
    head, *rows = register()
    of_year = [row for row in rows if row[12].startswith("2022")]
    folder = deliver(tmp_path / "in", register=[head, *(row for row in rows if row not in of_year)])
    write_csv(folder / f"{name}年信访台账.csv", [head, *of_year])
    main(["import", str(folder), "--out", str(tmp_path / "out"), "--lang", "zh"])
    told = "表名写的是2021年，登记日期却几乎都在2022年" in "".join(capsys.readouterr())
    assert told is asked

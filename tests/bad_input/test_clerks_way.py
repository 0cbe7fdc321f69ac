"""What a clerk is given: forms to fill in, what was taken for what, and problems that point at the
bureau's own files."""

import json

import pytest
from bureau_delivery import (
    INCOME_HEADER,
    REGISTER_HEADER,
    code,
    deliver,
    income,
    income_sheet,
    listing,
    measures,
    register,
    roster,
    write_workbook,
)
from openpyxl import load_workbook

from village_eval.bureau.importing import import_folder
from village_eval.bureau.template import TABLES, write_template
from village_eval.cli.main import main
from village_eval.county.problems import InputError
from village_eval.words.catalogue import LANGUAGES


@pytest.fixture
def refused(tmp_path):
    """Deliver, import, and give the problems of the refusal."""

    def problems(before=None, annotate=None, **parts):
        folder = deliver(tmp_path / "in", **parts)
        if before:
            before(folder)
        with pytest.raises(InputError) as caught:
            import_folder(folder, tmp_path / "out", annotate=annotate)
        return [p.text("zh") for p in caught.value.problems]

    return problems


def test_a_filled_in_template_imports_cleanly_and_its_example_rows_are_no_data(tmp_path):
    folder = write_template(tmp_path / "form", lang="zh")
    villages = [("青石镇", f"第{n}村", code(0, n)) for n in range(12)]
    rows = {
        "villages": [[t, v, str(c), 100, 400, 20] for t, v, c in villages],
        "list": [["青石镇", "第0村", "信访问题多、稳定压力大", "历史遗留土地纠纷"]],
        "petitions": [
            [f"X{i}", f"{2019 + i % 5}-0{1 + i % 9}-15", "青石镇", f"第{i % 12}村", "来访", "县"]
            for i in range(60)
        ],
        "income": [
            [str(year), "青石镇", v, 30000, 1000, 0, 500, 0, 31500]
            for year in (2021, 2022, 2023)
            for _, v, _ in villages
        ],
        "measures": [["青石镇", "第0村", "村务公开", "组织部门", "2023-03-10", None, "80%", 100]],
    }
    for path, kind in zip(sorted(folder.glob("*.xlsx")), TABLES, strict=True):
        book = load_workbook(path)
        for number, row in enumerate(rows[kind], 5):
            for position, value in enumerate([number - 4, *row], 1):
                book.worksheets[0].cell(number, position, value)
        book.save(path)
    toml = (folder / "campaign.toml").read_text("utf-8")
    toml = toml.replace('county = ""', 'county = "测试县"').replace("# start", "start")
    (folder / "campaign.toml").write_text(toml, encoding="utf-8")
    county = import_folder(folder, tmp_path / "out")
    assert {name: len(table) for name, table in county.tables().items()} == {
        "villages": 12, "petitions": 60, "income": 36, "measures": 1,
    }  # fmt: skip
    assert county.villages["listed"].sum() == 1
    dropped = county.ledger[county.ledger["key"].str.endswith("example_rows")]
    assert dropped["rows"].tolist() == [1] * len(TABLES)
    assert {w.kind for w in county.warnings} <= {"silent_township", "default_listing_window"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_empty_template_says_what_to_fill_in(tmp_path, lang):
    folder = write_template(tmp_path / "form", lang=lang)
    with pytest.raises(InputError) as caught:
        import_folder(folder, tmp_path / "out")
    assert {p.kind for p in caught.value.problems} == {"missing_key", "wrong_key", "no_roster"}
    names = [e for b in folder.glob("*.xlsx") for e in load_workbook(b).worksheets[0]["A4:A4"][0]]
    assert {cell.value for cell in names} == {"示例"}


def test_explain_says_what_was_taken_for_what_and_writes_nothing(tmp_path, capsys):
    folder = deliver(tmp_path / "in")
    before = sorted(tmp_path.rglob("*"))
    assert main(["import", str(folder), "--explain", "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert (
        "村集体经济收入.xlsx[2022年]：村集体经济收入表，12行（表头在第3行、单位：元、年度：2022）"
        in said
    )
    assert "投入资金(万元)→投入资金" in said
    assert "含个人信息的列，不予导入：信访人、身份证号、联系电话" in said
    assert sorted(tmp_path.rglob("*")) == before


def test_years_that_stand_in_other_sheets_are_not_told_as_a_span(tmp_path, capsys):
    years = {f"{y}年": income_sheet(y, "元" if y == 2021 else "万元") for y in range(2019, 2024)}
    folder = deliver(tmp_path / "in", income=years)
    assert main(["import", str(folder), "--explain", "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "年度：2019、2020、2022、2023" in said and "年度：2021" in said


def test_success_names_every_file_and_what_it_became(tmp_path, capsys):
    folder = deliver(tmp_path / "in")
    (folder / "通知.docx").write_bytes(b"x")
    assert main(["import", str(folder), "--out", str(tmp_path / "out"), "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "信访登记台账.csv：信访登记台账，80行，写入petitions.csv" in said
    assert "通知.docx：不是表格文件，未读" in said


@pytest.mark.slow
@pytest.mark.ci
def test_a_thousand_cells_under_swapped_headers_are_one_line_that_says_so(refused):
    head, *rows = register()
    at, to = REGISTER_HEADER.index("信访形式"), REGISTER_HEADER.index("信访去向")
    head = list(head)
    head[at], head[to] = head[to], head[at]
    many = [list(row) for row in rows] * 13
    for number, row in enumerate(many):
        row[0] = f"X{number}"
    said = refused(register=[head, *many])
    wrong = [s for s in said if "没有这种写法" in s]
    assert len(wrong) <= 3 and all("多半是列名写错" in s for s in wrong)
    assert any("内容像是信访形式" in s for s in wrong)
    # The words are known, under the other header; words.toml is no cure.
    assert not [s for s in said if s.startswith("words.toml")]
    assert any("另有1,03" in s for s in wrong)


def test_places_under_swapped_headers_are_one_line_however_they_differ(refused):
    sheets = income()
    for sheet in sheets.values():
        sheet[2] = ["村名", "乡镇", *INCOME_HEADER[2:]]
    (line,) = [s for s in refused(income=sheets) if "没有这个乡镇" in s]
    assert "内容像是村名" in line and line.count("“乡镇”列") == 3
    assert not [s for s in refused(income=sheets) if s.startswith("words.toml")]


def test_the_same_in_many_sheets_is_one_line(refused):
    sheets = {}
    for year in range(2018, 2024):
        rows = income_sheet(year)
        rows[3][3] = "若干"
        sheets[f"{year}年"] = rows
    said = [s for s in refused(income=sheets) if "不是金额" in s]
    assert len(said) == 1 and "2018年" in said[0] and "另有3列、3处" in said[0]


def test_what_the_folders_reader_finds_is_told_of_the_bureaus_file(refused, tmp_path):
    head_row = 2
    rows = roster()
    rows[head_row] += ["经度", "纬度"]
    for row in rows[head_row + 1 : -1]:
        row += [34.9, 117.8]
    said = refused(roster=rows)
    assert not [s for s in said if "villages.csv" in s]
    (wrong,) = [s for s in said if "纬度" in s]
    assert wrong.startswith("村庄基本情况.xlsx，工作表“Sheet1”，“纬度”列，第4行“117.8”")


def test_warnings_of_the_folders_reader_are_told_of_the_bureaus_file_too(tmp_path):
    rows = measures()
    rows[2][:2] = ["青石镇", "赵楼村"]
    books = register()
    books[5][1] = "2008-01-05"
    folder = deliver(tmp_path / "in", measures=rows, register=books)
    with (folder / "campaign.toml").open("a", encoding="utf-8") as toml:
        toml.write('observed = ["2021-01", "2024-04"]\n')
    county = import_folder(folder, tmp_path / "out")
    told = [w.text("zh") for w in county.warnings]
    assert not [t for t in told if t.startswith(("measures.csv", "petitions.csv"))], told
    assert any(t.startswith("整治措施台账.xlsx") and "第3行" in t for t in told)
    assert any(t.startswith("信访登记台账.csv，“登记日期”列，第6行") for t in told)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda f: (f / "campaign.toml").unlink(),
        lambda f: (f / "campaign.toml").write_text("county = “测试县”", encoding="utf-8"),
        lambda f: (f / "campaign.toml").write_text('county = "测试县"\ndays = 0'),
    ],
)
def test_the_files_problems_are_told_even_when_campaign_toml_is_wrong(refused, spoil):
    books, rows = register(), listing()
    books[3][1] = "2019-02-30"
    rows[3][2] = "没有的村"
    sheets = income()
    sheets["2022年"][4][3] = "若干"
    said = refused(before=spoil, register=books, listing=rows, income=sheets)
    assert any(s.startswith("campaign.toml") for s in said)
    for part in ("2019-02-30", "没有的村", "若干"):
        assert any(part in s for s in said), part


def test_annotated_copies_mark_the_cells_and_hide_the_persons(refused, tmp_path):
    books, rows = register(), measures()
    books[3][1] = "2019-02-30"
    rows[2][6] = "20190230"
    refused(annotate=tmp_path / "marked", register=books, measures=rows)
    marked = tmp_path / "marked"
    copy = load_workbook(marked / "信访登记台账.csv.xlsx").worksheets[0]
    cell = copy.cell(4, REGISTER_HEADER.index("登记日期") + 1)
    assert "不是有效的日期" in cell.comment.text and cell.fill.fgColor.rgb.endswith("FFC7CE")
    told = json.loads((marked / "problems.json").read_text("utf-8"))
    assert told["problems"][0]["places"][0]["row"] == 4
    book = load_workbook(marked / "problems.xlsx")
    assert [s.title for s in book] == ["问题", "逐处"]
    text = [
        str(c.value) for f in marked.glob("*.xlsx") for s in load_workbook(f) for r in s for c in r
    ]
    for secret in ("欧阳明远", "371324198001018313", "13812345678"):
        assert not [t for t in text if secret in t]


def test_annotate_after_success_lists_what_to_check(tmp_path):
    rows = roster()
    rows[2].append("奇怪的列")
    for row in rows[3:-1]:
        row.append("甲乙")
    folder = deliver(tmp_path / "in", roster=rows)
    import_folder(folder, tmp_path / "out", annotate=tmp_path / "marked")
    told = json.loads((tmp_path / "marked" / "problems.json").read_text("utf-8"))
    assert {p["severity"] for p in told["problems"]} == {"warning"}


def test_nothing_is_written_into_a_folder_of_somebody_elses(tmp_path):
    folder = deliver(tmp_path / "in")
    (tmp_path / "mine").mkdir()
    write_workbook(tmp_path / "mine" / "x.xlsx", {"a": [["b"]]})
    with pytest.raises(InputError):
        import_folder(folder, tmp_path / "out", annotate=tmp_path / "mine")
    with pytest.raises(InputError):
        write_template(tmp_path / "mine", lang="zh")
    assert not (tmp_path / "out").exists()

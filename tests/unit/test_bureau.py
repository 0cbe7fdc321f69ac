"""Deliveries as bureaus write them, one trick at a time; each must come out the same, or be
reported where it stands."""

import datetime as dt
import re
import tomllib

import pytest
from bureau_delivery import (
    CAMPAIGN,
    INCOME_HEADER,
    MEASURES_HEADER,
    PLACES,
    REGISTER_HEADER,
    code,
    deliver,
    income,
    income_sheet,
    listing,
    measures,
    register,
    roster,
    write_csv,
    write_workbook,
)

from village_eval.bureau.importing import import_folder
from village_eval.county.ledger import worded
from village_eval.county.problems import InputError
from village_eval.folder.reading import read_county


@pytest.fixture
def run(tmp_path):
    """Deliver, import, and give the county. A test that changes a part gets no income and no
    measures unless it gives them."""

    def imported(lang="zh", before=None, **parts):
        if parts:
            parts = {"income": None, "measures": None, **parts}
        folder = deliver(tmp_path / "in", **parts)
        if before:
            before(folder)
        return import_folder(folder, tmp_path / "out", lang=lang, key=b"test")

    return imported


@pytest.fixture
def refused(run):
    """Deliver, import, and give the sentences of the refusal."""

    def problems(**parts):
        with pytest.raises(InputError) as caught:
            run(**parts)
        return [str(p) for p in caught.value.problems]

    return problems


def reasons(county, lang="zh"):
    """Why the lines of the ledger are there, in words."""
    return worded(county.ledger, lang)["reason"].tolist()


def one(sentences, *parts):
    """The one sentence in which all parts stand."""
    hits = [s for s in map(str, sentences) if all(p in s for p in parts)]
    assert len(hits) == 1, sentences
    return hits[0]


# --- the usual delivery --------------------------------------------------------------------------


def test_counts_and_values(run, tmp_path):
    county = run()
    villages, petitions, income, done = (
        county.villages,
        county.petitions,
        county.income,
        county.measures,
    )
    assert (len(villages), villages["township_code"].nunique(), villages["listed"].sum()) == (
        12,
        3,
        3,
    )
    assert (len(petitions), len(income), len(done)) == (80, 36, 3)
    assert (
        villages["village_code"].tolist()[5] == "371324101201"
        and villages["township_code"].tolist()[5] == "371324101"
    )
    assert (
        set(villages["population"]) == {1180} and villages["village_name"].tolist()[1] == "李庄村"
    )
    assert villages["listing_score"].tolist()[:2] == [-0.4, -0.3]
    first = villages.iloc[0]
    assert (first["village_type"], first["causes"], first["team_state"]) == (
        "petitions",
        "land_disputes",
        "weak",
    )
    assert villages.iloc[8]["causes"] == "fear_of_difficulty"
    # The same amounts every year, whatever the unit.
    assert income.groupby("period")[
        ["operating", "contracting", "subsidy"]
    ].first().drop_duplicates().values.tolist() == [[0, 25000, 12500]]
    assert [str(d)[:10] for d in petitions["date"][:3]] == [
        "2021-01-03",
        "2021-01-04",
        "2021-02-05",
    ]
    assert done["start_date"].astype(str).tolist()[0] == "2023-03-24" and done["dose"].tolist() == [
        0.22,
        0.45,
        1.0,
    ]
    assert done["funds"].tolist() == [4400, 8300, 10000] and done["completed"].tolist() == [1, 0, 1]
    assert done["department"].tolist()[1] == "agriculture_water"
    assert county.campaign.county == "测试县" and str(county.campaign.observed[0]) == "2021-01"
    again = read_county(tmp_path / "out")
    assert (
        len(again.petitions) == 80
        and tomllib.loads((tmp_path / "out/campaign.toml").read_text("utf-8"))["days"] == 100
    )


def test_the_ledger_adds_up(run):
    books = register()
    ledger = run(
        register=[*books, books[5], books[9], ["合计", None, None, None]],
        income=income(),
        measures=measures(),
    ).ledger
    rows = ledger[ledger["step"].isin(["read", "kept", "dropped"])].pivot_table(
        index="source", columns="step", values="rows", aggfunc="sum", fill_value=0
    )
    assert (rows["read"] == rows["kept"] + rows["dropped"]).all()
    assert rows.loc["信访登记台账.csv"].tolist() == [3, 80, 83]
    assert len(rows) == 7


# --- layouts -------------------------------------------------------------------------------------


def test_the_ledger_of_an_import_reads_in_the_language_of_the_report(run, tmp_path):
    made = {lang: run(lang=lang) for lang in ("zh", "en")}
    assert made["zh"].ledger.equals(made["en"].ledger)
    zh, en = (reasons(made["zh"], lang) for lang in ("zh", "en"))
    assert (
        "列" in "".join(zh) and not re.search(r"读入|写入|所在", "".join(en)) and len(zh) == len(en)
    )
    # The bureaus' files are gone; what the import wrote is enough to read it in either language.
    kept = read_county(tmp_path / "out").imported
    assert worded(kept, "en")["reason"].tolist() == en == kept["reason"].tolist()
    assert worded(kept, "zh")["reason"].tolist() == zh


def test_header_in_row_fifteen_other_order_and_names(run):
    rows = [["统计用区划代码(12位)", "总人口(人)", "行政村\n名称", "所属乡镇"]]
    rows += [
        [str(code(t, v)), "1.2万" if v == 0 else 900, name, town]
        for t, (town, names) in enumerate(PLACES.items())
        for v, name in enumerate(names)
    ]
    county = run(roster=[["某某表"]] + [[None]] * 13 + rows)
    assert len(county.villages) == 12 and county.villages["population"].tolist()[:2] == [12000, 900]


def test_two_row_header_with_units_in_the_second_row(run):
    top = ["乡镇", "村名", "收入", None, None, None, None, None]
    low = [None, None, *INCOME_HEADER[2:]]
    units = [None, None, *["万元"] * 6]
    data = income_sheet(2023)[3:]
    first, second = [["2022年度"], top, low, units, *data], [["2021年度(万元)"], top, low, *data]
    county = run(income={"2022": first, "2021": second})
    assert len(county.income) == 24 and set(county.income["contracting"]) == {25000}


def test_merged_townships_and_a_merged_note(run):
    rows = roster()

    def before(folder):
        write_workbook(
            folder / "村庄基本情况.xlsx",
            {"表1": [*rows, ["注:人口为年末数,户数为户籍户数"] + [None] * 7]},
            {"表1": ["A1:H1", "B4:B7", "B8:B11", "B12:B15", "A17:H17"]},
        )

    county = run(before=before)
    assert county.villages["township_name"].value_counts().tolist() == [4, 4, 4]
    assert "表下说明、填表人等" in reasons(county)


def test_merged_amounts_are_not_multiplied(run):
    rows = measures()
    rows[3][0] = rows[3][1] = None
    rows[3][8] = None

    def before(folder):
        write_workbook(
            folder / "整治措施台账.xlsx", {"台账": rows}, {"台账": ["A3:A4", "B3:B4", "I3:I4"]}
        )

    done = run(before=before).measures
    assert done["funds"].sum() == 14400 and done["village_code"].nunique() == 2


def test_a_sheet_a_township_hidden_and_empty_sheets_and_strange_files(run):
    sheets = {}
    for t, (town, names) in enumerate(PLACES.items()):
        sheets[town] = [
            ["村名", "区划代码", "人口"],
            *[[n, str(code(t, v)), 1000] for v, n in enumerate(names)],
        ]

    def before(folder):
        write_workbook(folder / "村庄基本情况.xlsx", {**sheets, "空": []}, hidden=("红旗镇",))
        (folder / "说明.docx").write_bytes(b"x")
        (folder / "空.csv").write_bytes(b"")
        write_workbook(folder / "会议.xlsx", {"签到": [["时间", "地点"], ["9时", "会议室"]]})

    county = run(before=before, roster=None, campaign=CAMPAIGN + 'ignore = ["空.csv"]\n')
    assert county.villages["township_name"].tolist()[::4] == list(PLACES)
    assert any("红旗镇" in str(w) and "隐藏" in str(w) for w in county.warnings)
    unread = worded(county.ledger, "zh").set_index("source")["reason"]
    assert (
        "未读" in unread["说明.docx"]
        and "不导入" in unread["空.csv"]
        and "未读" in unread["会议.xlsx[签到]"]
    )
    assert "未读" in unread["村庄基本情况.xlsx[空]"]


def test_subtotals_repeated_headers_and_notes_are_no_data(run):
    rows = income_sheet(2022)
    rows.insert(7, ["青石镇小计", None, 0, 10, 0, 5, 0, 15])
    rows.insert(8, INCOME_HEADER)
    rows += [["填表人:某某 审核:某某"], ["数据来源:县农业农村局"]]
    county = run(income={"2022年": rows})
    assert len(county.income) == 12
    reasons = worded(county.ledger[county.ledger["source"].str.contains("2022年")], "zh").set_index(
        "reason"
    )["rows"]
    assert (
        reasons["合计、小计行"] == 2
        and reasons["重复的表头"] == 1
        and reasons["表下说明、填表人等"] == 2
    )


def test_registers_in_utf8_utf16_and_tabs(run):
    books = register()

    def before(folder):
        write_csv(folder / "a.csv", books[:30], "utf-8-sig")
        (folder / "b.txt").write_text(
            "\n".join("\t".join(str(c) for c in row) for row in [books[0], *books[30:]]), "utf-16"
        )

    assert len(run(register=None, before=before).petitions) == 80


def test_a_register_as_a_workbook_with_real_dates_and_numbers(run):
    books = register()
    for row in books[1:6]:
        row[1], row[12] = dt.datetime(2022, 5, 6, 8, 30), None
        row[6] = 13812345678

    county = run(
        register=None,
        before=lambda f: write_workbook(f / "台账.xlsx", {"台账": [["信访登记台账"], *books]}),
    )
    assert (county.petitions["date"].astype(str) == "2022-05-06").sum() == 5


# --- values --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "header"),
    [
        (0.22, "落实程度"),
        ("22%", "落实程度"),
        ("２２％", "落实程度(%)"),
        (22, "落实程度"),
        (0.22, "落实程度(%)"),
    ],
)
def test_doses_as_shares_and_percentages(run, written, header):
    rows = measures()
    rows[1] = [header if h.startswith("落实") else h for h in rows[1]]
    for row, factor in zip(rows[2:], (1, 0.5, 1), strict=True):
        row[7] = written if isinstance(written, str) else written * factor
    assert run(measures=rows).measures["dose"].tolist()[0] == 0.22


@pytest.mark.parametrize(
    ("written", "header"),
    [
        (0.44, "投入资金(万元)"),
        ("4,400元", "投入资金"),
        ("0.44万", "资金"),
        (4400, "投入资金（元）"),
        ("4.4", "投入资金/千元"),
    ],
)
def test_funds_in_any_unit(run, written, header):
    rows = measures()
    rows[1] = [header if h.startswith("投入") else h for h in rows[1]]
    for row in rows[2:]:
        row[8] = written
    assert set(run(measures=rows).measures["funds"]) == {4400}


def test_month_and_day_take_the_year_that_fits(run):
    rows = measures()
    rows[2][5], rows[2][6] = "12月20日", "1月5日"
    campaign = (
        CAMPAIGN.replace("2023-03-01", "2022-12-15")
        .replace("2022-03", "2021-12")
        .replace("2023-02", "2022-11")
    )
    done = run(measures=rows, campaign=campaign).measures
    first = done[done["measure"] == "dispute_mediation"].iloc[0]
    assert (str(first["start_date"])[:10], str(first["end_date"])[:10]) == (
        "2022-12-20",
        "2023-01-05",
    )


def test_month_and_day_in_a_register_take_its_year(run):
    books = register(12)
    for row in books[1:]:
        row[1], row[12] = "3月4日", "3月9日"
    county = run(
        register=books,
        campaign=CAMPAIGN + 'observed = ["2021-01", "2023-12"]\n',
        before=lambda f: (f / "信访登记台账.csv").rename(f / "信访登记台账_2021.csv"),
    )
    assert set(county.petitions["date"].astype(str)) == {"2021-03-04"}


def test_blank_sources_are_zero_only_when_the_total_says_so(run):
    rows = income_sheet(2022)
    rows[3][4] = rows[4][4] = rows[4][7] = None
    county = run(income={"2022年": rows})
    assert county.income["investment"].isna().tolist() == [False, True] + [False] * 10
    assert "个别收入项空白，按合计推算为0" in reasons(county)


def test_a_total_that_differs_and_a_unit_that_cannot_be_right_are_warned_of(run):
    wrong = income_sheet(2022)
    wrong[3][7] = 99
    slipped = [
        [c * 10_000 if isinstance(c, float) else c for c in row] for row in income_sheet(2023)
    ]
    warnings = run(
        income={"2021年": income_sheet(2021), "2022年": wrong, "2023年": slipped}
    ).warnings
    assert one(warnings, "合计", "第4行", "99", "2022年")
    assert one(warnings, "2023年", "单位很可能写错了")


# --- names ---------------------------------------------------------------------------------------


def test_ways_of_writing_a_village(run):
    ways = [
        "王家村 ",
        "王家",
        "王家村委会",
        "王家村民委员会",
        "王　家　村",
        "青石镇王家村",
        "王家\u200b村",
    ]
    books = register()
    for i, row in enumerate(books[1:]):
        row[2], row[3] = ("青石", "青石镇", "青石镇人民政府")[i % 3], ways[i % len(ways)]
    assert set(run(register=books).petitions["village_code"]) == {"371324100200"}


def test_codes_alone_are_enough_and_codes_that_contradict_names_are_refused(run, refused):
    books = register()
    head = [h for h in books[0] if h not in ("乡镇", "村名")]
    coded = [
        [*head, "统计用区划代码"],
        *[[*row[:2], *row[4:], float(code(1, 2))] for row in books[1:]],
    ]
    assert set(run(register=coded).petitions["village_code"]) == {"371324101202"}
    rows = [[*books[0], "统计用区划代码"], *[[*row, float(code(1, 2))] for row in books[1:]]]
    assert one(refused(register=rows), "白水乡周坡村", "第2行", "另有")


def test_villages_that_cannot_be_matched_are_all_reported(refused):
    books = register()
    books[1][3], books[2][2:4], books[3][2:4], books[4][2:4] = (
        "李庄子村",
        ["青石镇", "孙店村"],
        ["青岩镇", "王家村"],
        [None, "王家村"],
    )
    books[6][2], books[6][3] = None, "孙店村"  # only one: no problem
    sentences = refused(register=books)
    assert "李庄村" in one(sentences, "第2行", "李庄子村", "信访登记台账.csv", "村名")
    assert "白水乡孙店村" in one(sentences, "第3行", "孙店村")
    assert "青石镇" in one(sentences, "第4行", "青岩镇", "乡镇")
    assert one(sentences, "第5行", "不止一个", "白水乡王家村", "青石镇王家村")
    assert len(sentences) == 4


# --- rows entered twice --------------------------------------------------------------------------


def test_a_number_used_twice_is_kept_and_made_unique(run):
    books = register()
    books[2][0] = books[1][0]
    county = run(register=books)
    assert len(county.petitions) == 80 and {"P000000", "P000000-2"} <= set(
        county.petitions["petition_id"]
    )
    assert one(county.warnings, "登记编号", "第3行", "P000000")


def test_the_same_petition_under_another_number_is_kept_and_reported(run):
    books = register()
    county = run(register=[*books, ["X1", *books[1][1:]]])
    assert len(county.petitions) == 81 and one(county.warnings, "1件", "编号不同")


def test_rows_without_a_number_get_one(run):
    books = [row[1:] for row in register()]
    county = run(register=books)
    assert county.petitions["petition_id"].is_unique and len(county.petitions) == 80


def test_numbers_in_the_form_of_an_identity_number_are_replaced(run):
    books = register()
    books[1][0] = 371324199901010011
    books[2][0] = "13812345678"
    ids = run(register=books).petitions["petition_id"].tolist()
    assert ids[:2] == ["N0000001", "N0000002"] and len(set(ids)) == 80


def test_income_entered_twice(run):
    rows = income_sheet(2022)
    assert len(run(income={"2022年": [*rows[:4], rows[3], *rows[4:]]}).income) == 12


def test_income_that_contradicts_itself(refused):
    rows = income_sheet(2022)
    other = [*rows[3][:3], 9.5, 0, 1.25, 0, 10.75]
    assert one(
        refused(income={"2022年": [*rows[:4], other, *rows[4:]]}),
        "2022年",
        "第5行",
        "前面已经出现过",
    )


def test_open_petitions_and_unrated_ones(run):
    books = register()
    books[1][12], books[2][12], books[3][13], books[4][10] = "未办结", "-", "未评价", "-"
    county = run(register=books)
    assert (
        county.petitions["resolved_date"].isna().sum() == 2
        and county.petitions["satisfied"].isna().sum() == 1
    )


def test_a_village_named_once_in_the_register_of_measures_ends_where_the_township_does(
    run, refused
):
    rows = measures()
    rows[3][0] = rows[3][1] = None
    rows[4][1] = None
    assert one(refused(measures=rows), "第5行", "没有写明是哪个村")


def test_a_measure_that_has_not_begun_needs_a_planned_start(run, refused):
    rows = [
        measures()[0],
        [*MEASURES_HEADER, "计划开始日期"],
        *([*row, dt.datetime(2023, 4, 20)] for row in measures()[2:]),
    ]
    rows[2][5], rows[3][5], rows[2][6] = None, "未开始", None
    assert run(measures=rows).measures["start_date"].isna().sum() == 2
    rows[3][10] = None
    assert one(refused(measures=rows), "第4行", "开始日期", "不能为空")


@pytest.mark.parametrize(
    ("part", "rows"),
    [
        ("measures", measures()[:2]),
        ("income", {"2022年": income_sheet(2022)[:3]}),
    ],
)
def test_tables_without_rows_are_said_to_be_empty(run, part, rows):
    county = run(**{part: rows, "measures": None} if part != "measures" else {part: rows})
    assert one(county.warnings, "没有数据")


def test_a_list_without_rows_is_no_list(refused):
    assert one(refused(listing=listing()[:2]), "没有后进村名单")


# --- refusals ------------------------------------------------------------------------------------


def test_everything_wrong_is_said_at_once(refused):
    villages, books, done, sheet = roster(), register(), measures(), income_sheet(2022)
    villages[4][3] = "3.71324E+11"
    books[1][1], books[2][9], books[3][12] = "2021-02-30", "初", "2020-01-01"
    done[2][3], done[3][7], done[4][6] = "矛盾纠纷协调机制", 145, dt.datetime(2023, 1, 1)
    sheet[1][7], sheet[5][3] = None, "若干"
    sentences = refused(roster=villages, register=books, measures=done, income={"2022年": sheet})
    expected = [
        ("区划代码", "第5行", "3.71324E+11", "文本格式"),
        ("登记日期", "第2行", "2021-02-30"),
        ("初访重访", "第3行"),
        ("办结日期", "第4行", "早于"),
        ("具体措施", "第3行", "矛盾纠纷调解机制"),
        ("落实程度(%)", "第4行", "145"),
        ("完成日期", "第5行", "早于"),
        ("没有写明金额单位", "2022年"),
        ("第6行", "若干"),
    ]
    for parts in expected:
        one(sentences, *parts)


@pytest.mark.parametrize(
    ("part", "named"),
    [
        ("campaign", ["campaign.toml"]),
        ("roster", ["村庄基本情况表", "统计用区划代码"]),
        ("register", ["信访登记台账", "登记日期"]),
    ],
)
def test_what_is_missing_is_asked_for(refused, part, named):
    assert one(refused(**{part: None}), *named)


def test_without_a_list_nothing_is_imported(refused):
    assert one(refused(listing=None), "没有后进村名单")


def test_what_is_no_workbook_under_its_name_is_refused(refused):
    assert one(refused(before=lambda f: (f / "旧.xls").write_bytes(b"x")), "旧.xls", "打不开")


def test_the_delivery_is_never_overwritten(tmp_path):
    folder = deliver(tmp_path / "in")
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    other = deliver(tmp_path / "other")
    for out in (folder, folder / "out", tmp_path, other):
        with pytest.raises(InputError):
            import_folder(folder, out)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before and len(
        list(other.iterdir())
    ) == 6
    import_folder(folder, tmp_path / "out")
    import_folder(folder, tmp_path / "out")  # an older county folder is replaced


def test_a_damaged_workbook(refused):
    assert one(
        refused(before=lambda f: (f / "坏.xlsx").write_bytes(b"PK\x03\x04")), "坏.xlsx", "打不开"
    )


def test_formulas_never_computed_are_reported(refused):
    rows = income_sheet(2022)
    rows[3][3] = "=1+1"
    assert one(refused(income={"2022年": rows}), "第4行", "公式")


def test_two_columns_of_one_source_of_income_are_asked_about(refused):
    rows = [
        [*row[:7], *([None] if i < 2 else [9])] for i, row in enumerate(income_sheet(2022)[:-1])
    ]
    rows[2] = [*rows[2][:7], "租赁收入"]
    assert one(refused(income={"2022年": rows}), "经营收入", "同一项")


def test_no_year_and_two_years(refused):
    rows = income_sheet(2022)
    assert one(refused(income={"2021年": rows}), "2022", "2021", "工作表名")
    rows[0][0] = "村集体经济收入统计表"
    assert one(refused(income={"表": rows}), "哪一年")


def test_list_types_and_villages_listed_twice(refused):
    rows = listing()
    rows[2][3], rows[3][3] = "上访", None
    rows.insert(5, [4, "红旗镇", "郑湾村", "经济薄弱", "债务沉重", "×"])
    sentences = refused(listing=rows)
    assert (
        one(sentences, "后进类型", "第3行")
        and one(sentences, "后进类型", "第4行", "没有写明")
        and one(sentences, "第6行", "出现两次")
    )


def test_township_named_in_the_wrong_row(refused):
    rows = roster()
    rows[7][1], rows[8][1] = None, "白水乡"
    assert one(refused(roster=rows), "371324101", "青石镇", "白水乡")


def test_unknown_departments_and_categories_go_to_other_with_a_warning(run):
    rows, books = measures(), register()
    rows[2][4] = "县史志室"
    books[1][11] = "邻居来往"
    county = run(measures=rows, register=books)
    assert (
        county.measures["department"].tolist()[0] == "other"
        and one(county.warnings, "县史志室", "已归入“其他部门”")
        and one(county.warnings, "邻居来往", "已归入")
    )


def test_columns_not_carried_over_are_named(run):
    rows = register()
    rows = [[*rows[0], "承办科室"], *[[*r, "二科"] for r in rows[1:]]]
    county = run(register=rows)
    assert any("承办科室" in reason for reason in reasons(county)) and one(
        county.warnings, "承办科室"
    )


def test_earlier_lists_are_recognised_by_their_year(run):
    older = [["2021年后进村名单"], ["乡镇", "村名", "后进类型"], ["青石镇", "大沟村", "经济薄弱"]]
    county = run(
        campaign=CAMPAIGN + "earlier_campaigns = [2021-03-01]\n",
        before=lambda f: write_workbook(f / "往年.xlsx", {"名单": older}),
    )
    assert (
        county.earlier_lists["village_code"].tolist() == ["371324100203"]
        and county.villages["listed"].sum() == 3
    )


def test_english_messages(run):
    with pytest.raises(InputError) as caught:
        books = register()
        books[1][3] = "李庄子村"
        run(lang="en", register=books)
    assert "Is '李庄村' meant?" in str(caught.value) and "row 2" in str(caught.value)


def test_the_headers_of_the_generator_are_the_ones_bureaus_use():
    assert len(REGISTER_HEADER) == len(register()[1]) and len(MEASURES_HEADER) == len(measures()[2])

"""Lists by year and in sections, void petitions, petitions of no village, notes beside names: each is
read as it is meant, or refused in words."""

import csv

import pytest
from bureau_delivery import (
    CAMPAIGN,
    PLACES,
    REGISTER_HEADER,
    code,
    deliver,
    income_sheet,
    listing,
    register,
    roster,
    write_workbook,
)

from village_eval.bureau.importing import import_folder
from village_eval.bureau.names import without_note
from village_eval.county.problems import InputError
from village_eval.folder.campaign_file import read_campaign


def table(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def listed(folder):
    rows = table(folder, "villages")
    return {r["village_name"]: r["village_type"] for r in rows if r["listed"] == "1"}


def refused(tmp_path, **parts):
    with pytest.raises(InputError) as caught:
        import_folder(deliver(tmp_path / "in", **parts), tmp_path / "out", lang="zh")
    return {p.kind: p.text("zh") for p in caught.value.problems}


def warned(county):
    return {w.kind: w.text("zh") for w in county.warnings}


def in_balance(county):
    """Every row of every source is kept, merged or dropped."""
    for source, lines in county.ledger.groupby("source"):
        by = lines.groupby("step")["rows"].sum()
        read = by.get("read", 0)
        if read:
            assert read == by.get("kept", 0) + by.get("dropped", 0) + by.get("merged", 0), source


def by_year(years):
    title, head, *rows, total = listing()
    return [title, [*head, "列入年度"], *([*r, y] for r, y in zip(rows, years, strict=True)), total]


# --- lists by year -------------------------------------------------------------------------------


@pytest.mark.parametrize("years", [[2021, 2023, "2019年"], ["2021", "2023年2月", "2022-03-01"]])
def test_of_a_list_of_all_years_only_this_campaigns_rows_are_its_list(tmp_path, years):
    county = import_folder(deliver(tmp_path / "in", listing=by_year(years)), tmp_path / "out")
    assert set(listed(tmp_path / "out")) == {"孙店村"}
    assert "2021" in warned(county)["other_rounds"]
    in_balance(county)


def test_rows_of_an_earlier_campaign_that_is_named_become_its_list(tmp_path):
    campaign = CAMPAIGN + "earlier_campaigns = [2021-03-01]\n"
    folder = deliver(tmp_path / "in", listing=by_year([2021, 2023, 2023]), campaign=campaign)
    import_folder(folder, tmp_path / "out")
    assert len(table(tmp_path / "out", "earlier_lists")) == 1 and len(listed(tmp_path / "out")) == 2


def test_a_list_of_other_years_alone_is_asked_about(tmp_path):
    assert (
        "只有2019、2020、2021年的"
        in refused(tmp_path, listing=by_year([2019, 2020, 2021]))["list_of_other_years"]
    )


def test_a_village_that_left_the_list_years_ago_by_its_remark_is_not_on_it(tmp_path):
    title, head, *rows, total = listing()
    remarks = ["2021年已退出", None, "2023年底验收销号"]
    rows = [[*row, remark] for row, remark in zip(rows, remarks, strict=True)]
    folder = deliver(tmp_path / "in", listing=[title, [*head, "备注"], *rows, total])
    county = import_folder(folder, tmp_path / "out")
    assert set(listed(tmp_path / "out")) == {"孙店村", "郑湾村"}
    assert "left_the_list" in warned(county)
    in_balance(county)


# --- lists in sections ---------------------------------------------------------------------------

SECTIONS = {
    "types": [
        ["后进村名单"],
        ["序号", "乡镇", "村名", "包村干部"],
        ["一、软弱涣散村（1个）"],
        [1, "红旗镇", "郑湾村", "皇甫某"],
        ["二、经济薄弱村（1个）"],
        [1, "白水乡", "孙店村", "皇甫某"],
        ["三、信访突出村（1个）"],
        [1, "青石镇", "王家村", "皇甫某"],
    ],
    "types with a header each": [
        ["一", "软弱涣散类"],
        ["乡镇", "村名"],
        ["红旗镇", "郑湾村"],
        ["二", "经济薄弱类"],
        ["乡镇", "村名"],
        ["白水乡", "孙店村"],
        ["三", "信访突出类"],
        ["乡镇", "村名"],
        ["青石镇", "王家村"],
    ],
    "townships": [
        ["后进村名单"],
        ["序号", "村名", "后进类型"],
        ["青石镇（1个）"],
        [1, "王家村", "信访突出"],
        ["白水乡（1个）"],
        [1, "孙店村", "经济薄弱"],
        ["红旗镇（1个）"],
        [1, "郑湾村", "班子不团结"],
        ["合计", "3个村"],
    ],
}


@pytest.mark.parametrize("how", SECTIONS)
def test_a_list_in_sections_is_read_with_what_its_headings_say(tmp_path, how):
    county = import_folder(
        deliver(tmp_path / "in", listing={"名单": SECTIONS[how]}), tmp_path / "out", lang="zh"
    )
    assert listed(tmp_path / "out") == {
        "王家村": "petitions",
        "孙店村": "economy",
        "郑湾村": "disunity",
    }
    in_balance(county)


def test_a_list_whose_sections_nobody_knows_is_refused(tmp_path):
    rows = [["序号", "村名", "包村干部"], ["甲类"], [1, "郑湾村", "皇甫某"], ["乙类"]]
    told = refused(tmp_path, listing={"名单": [*rows, [2, "孙店村", "皇甫某"]]})
    assert "unknown_table" in told and "no_list" in told


def test_nothing_listed_is_never_a_success(tmp_path):
    assert "no_list" in refused(tmp_path, listing=None)
    head, *rows = roster()[2:-1]
    nobody = [[*head, "是否后进村"], *([*row, "否"] for row in rows)]
    assert "none_listed" in refused(tmp_path / "all no", listing=None, roster={"村": nobody})


# --- petitions that do not count -----------------------------------------------------------------


def with_column(header, words):
    head, *rows = register()
    return [[*head, header], *([*r, words.get(i, "已办结")] for i, r in enumerate(rows))]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("处理状态", {3: "作废（重复登记）", 5: "已撤销", 7: "不予受理"}),
        ("是否作废", dict.fromkeys(range(80), "否") | {3: "是", 5: "是", 7: "是"}),
        ("是否受理", dict.fromkeys(range(80), "是") | {3: "否", 5: "否", 7: "否"}),
        ("备注", dict.fromkeys(range(80)) | {3: "重复件", 5: "作废", 7: "不予受理。"}),
    ],
)
def test_void_petitions_are_dropped_with_a_reason(tmp_path, header, words):
    folder = deliver(tmp_path / "in", register=with_column(header, words))
    county = import_folder(folder, tmp_path / "out", lang="zh")
    ids = {row["petition_id"] for row in table(tmp_path / "out", "petitions")}
    assert len(ids) == 77 and not ids & {"P000003", "P000005", "P000007"}
    dropped = county.ledger[county.ledger["key"] == "importing.reason.void_rows"]
    assert dropped["rows"].sum() == 3 and header in dropped["details"].iloc[0]
    in_balance(county)


def test_a_state_that_nobody_knows_is_asked_about_and_can_be_told(tmp_path):
    rows = with_column("信访件状态", {3: "挂起待定", 5: "作废"})
    told = refused(tmp_path, register=rows)
    assert "bad_status" in told and '"挂起待定" = ""' in told["unknown_words"]
    folder = deliver(tmp_path / "in", register=rows)
    (folder / "words.toml").write_text('[terms.status]\n"挂起待定" = "作废"\n', "utf-8")
    import_folder(folder, tmp_path / "out")
    assert len(table(tmp_path / "out", "petitions")) == 78


VILLAGE = REGISTER_HEADER.index("村名")


def of_villages(names):
    rows = register()
    for i, name in names.items():
        rows[i + 1][VILLAGE] = name
    return rows


def test_petitions_of_no_village_are_left_out_and_counted_in_words(tmp_path):
    names = {1: "不详", 4: "县直", 6: "全镇", 9: "青石镇", 11: "多村"}
    folder = deliver(tmp_path / "in", register=of_villages(names))
    county = import_folder(folder, tmp_path / "out", lang="zh")
    assert len(table(tmp_path / "out", "petitions")) == 75
    said = warned(county)["of_no_village"]
    assert "有5件（占6%）" in said and "县直" in said and "多半是" in said
    in_balance(county)


def test_blank_villages_several_villages_and_a_column_of_townships_are_refused_in_words(tmp_path):
    told = refused(tmp_path, register=of_villages({2: None, 5: "王家村、李庄村"}))
    assert "填“不详”" in told["blank_village"] and "写“多村”" in told["several_villages"]
    townships = dict.fromkeys(range(60), "青石镇")
    told = refused(tmp_path / "2", register=of_villages(townships))
    assert "多半是村名一列认错了" in told["most_of_no_village"]


# --- rows of a whole -----------------------------------------------------------------------------


def test_a_row_of_the_whole_is_a_total_where_it_adds_up_and_else_asked_about(tmp_path):
    right, wrong = income_sheet(2022), income_sheet(2022)
    right[-1][0], wrong[-1][0] = "全县", "全县"
    folder = deliver(tmp_path / "in", income={"2022年": right})
    in_balance(import_folder(folder, tmp_path / "out"))
    assert len(table(tmp_path / "out", "income")) == 12
    wrong[-1][3] = 77
    told = refused(tmp_path / "2", income={"2022年": wrong})
    assert any("全县" in text or "第16行" in text for text in told.values()), told


def test_a_township_that_is_called_like_a_whole_keeps_its_villages(tmp_path):
    rows, named = roster(), register()
    for row in [*rows, *named]:
        for i, cell in enumerate(row):
            row[i] = "安全镇" if cell == "青石镇" else cell
    income = {"2022年": income_sheet(2022)}
    for row in income["2022年"]:
        row[0] = "安全镇" if row[0] == "青石镇" else row[0]
    title, head, *listing_rows, total = listing()
    listing_rows[0][1] = "安全镇"
    folder = deliver(
        tmp_path / "in",
        roster=rows,
        register=named,
        income=income,
        listing=[title, head, *listing_rows, total],
        measures=None,
    )
    county = import_folder(folder, tmp_path / "out")
    assert len(county.villages) == 12 and len(table(tmp_path / "out", "income")) == 12
    assert len(listed(tmp_path / "out")) == 3 and len(table(tmp_path / "out", "petitions")) == 80


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "bare", "old"),
    [
        ("后庄村(原小庄村、河东村合并)", "后庄村", ("小庄村", "河东村")),
        ("后庄村(由小庄村、河东村合并而成)", "后庄村", ("小庄村", "河东村")),
        ("后庄村(软弱涣散)", "后庄村", ()),
        ("后庄村(中原)", "后庄村(中原)", ()),
        ("(石玄)步村", "(石玄)步村", ()),
    ],
)
def test_a_note_behind_a_villages_name_is_no_part_of_it(written, bare, old):
    assert without_note(written) == (bare, old)


def test_a_note_in_the_roster_leads_today_and_old_names_to_the_village(tmp_path):
    rows = roster()
    rows[5][2] = "赵楼村（原小赵村、河东村合并）"
    names = {0: "河东村", 1: "小赵村"}
    head, *petitions = of_villages(names)
    for i in names:
        petitions[i][VILLAGE - 1] = "青石镇"
    folder = deliver(tmp_path / "in", roster=rows, register=[head, *petitions])
    import_folder(folder, tmp_path / "out")
    code = next(
        r["village_code"]
        for r in table(tmp_path / "out", "villages")
        if r["village_name"] == "赵楼村"
    )
    of = {r["petition_id"]: r["village_code"] for r in table(tmp_path / "out", "petitions")}
    assert of["P000000"] == of["P000001"] == code


def test_the_countys_own_name_may_stand_before_a_village_and_another_countys_is_shown(tmp_path):
    import_folder(
        deliver(tmp_path / "in", register=of_villages({0: "山东省临沂市测试县青石镇王家村"})),
        tmp_path / "out",
    )
    head, *rows = of_villages({0: "乙水县青石镇王家村"})
    rows = [[*row, f"青石镇{row[VILLAGE]}"] for row in rows]
    rows[0][-1] = "乙水县青石镇王家村"
    told = refused(tmp_path / "2", register=[[*head, "住址"], *rows])
    assert "乙水县青石镇王家村" in told["unknown_village_close"]


def test_a_column_written_one_way_keeps_the_remedy_for_its_cells(tmp_path):
    at = REGISTER_HEADER.index("登记日期")
    rows = register()
    for row in rows[1:]:
        row[at] = "5月底"
    told = refused(tmp_path, register=rows)
    assert "请写明哪一天" in told["bad_date"] and "列名" not in told["bad_date"]


# --- campaign.toml -------------------------------------------------------------------------------


def test_every_wrong_line_of_campaign_toml_is_told_at_once_with_what_it_should_be():
    lines = [
        "county = “丙川县”",
        "start = 2023.3.1",
        "unusual = [",
        '  ["2020-01", "2022-12"],',
        "]",
        "days = 100天",
        "listing_window = [“2022-03”， “2023-02”]",
    ]
    keys, problems, _ = read_campaign("\n".join(lines).encode("gbk"))
    assert [p.kind for p in problems] == ["bad_toml"] and "unusual" in keys
    said = {lang: problems[0].text(lang) for lang in ("zh", "en")}
    assert "第1行应写成：county" in said["zh"] and "第6行应写成：days = 100" in said["zh"]
    assert "第2行应写成：start = 2023-03-01" in said["zh"] and "line 7 should read" in said["en"]
    assert said["zh"].isascii() is False and "Invalid" not in said["zh"] + said["en"]


# --- measures across in two rows -----------------------------------------------------------------


def test_measures_across_with_their_columns_below_are_read(tmp_path):
    parts = ["责任单位", "开始时间", "完成时间", "投入资金（万元）"]
    none = [None] * 4
    first = ["民政局", "2023-03-05", "2023-04-01", 1.5]
    two = [
        ["整治任务清单"],
        ["乡镇", "村名", "村务公开", *none[1:], "矛盾纠纷调解机制", *none[1:], "入户走访", None],
        [None, None, *parts, *parts, "开始时间", "落实程度"],
        ["青石镇", "王家村", *first, *none, "3月9日", "80%"],
        ["白水乡", "孙店村", *none, "司法局", "2023-03-06", None, 2, None, None],
    ]
    folder = deliver(tmp_path / "in", measures=None)
    merged = {"Sheet1": ["A2:A3", "B2:B3", "C2:F2", "G2:J2", "K2:L2"]}
    write_workbook(folder / "任务清单.xlsx", {"Sheet1": two}, merged)
    county = import_folder(folder, tmp_path / "out")
    rows = {(r["measure"]): r for r in table(tmp_path / "out", "measures")}
    assert set(rows) == {"affairs_disclosure", "dispute_mediation", "grassroots_visits"}
    one, two, three = (
        rows[m] for m in ("affairs_disclosure", "dispute_mediation", "grassroots_visits")
    )
    assert (one["start_date"], one["end_date"]) == ("2023-03-05", "2023-04-01")
    assert float(one["funds"]) == 15000 and one["department"] == "civil_affairs"
    assert two["start_date"] == "2023-03-06" and float(two["funds"]) == 20000
    assert float(three["dose"]) == 0.8 and three["start_date"] == "2023-03-09"
    in_balance(county)


assert PLACES["青石镇"][0] == PLACES["白水乡"][0]  # the same name in two townships, as above


# --- what two more clerks' deliveries showed -----------------------------------------------------


def test_one_table_for_all_is_roster_list_and_income(tmp_path):
    """一村一档: villages, whether they lag, and the income of several years side by side."""
    sources = ["经营收入", "发包及上交收入", "投资收益", "补助收入", "其他收入"]
    heads = [f"{year}年{source}" for year in (2021, 2022, 2023) for source in sources]
    rows = [
        ["一村一档（2024年6月整理）"],
        ["金额单位：元"],
        ["乡镇", "行政村", "区划代码", "户数", "人口", "是否后进村", "后进类型", *heads],
    ]
    for t, (township, villages) in enumerate(PLACES.items()):
        for v, village in enumerate(villages):
            laggard = ["√", "薄弱村"] if v == 1 else [None, None]
            amounts = [1000 * (v + 1) + k for k in range(15)]
            rows.append([township, village, str(code(t, v)), 300, 1180, *laggard, *amounts])
    folder = deliver(tmp_path / "in", roster=None, listing=None, income=None, measures=None)
    write_workbook(folder / "一村一档.xlsx", {"一村一档": rows})
    county = import_folder(folder, tmp_path / "out", lang="zh")
    assert set(listed(tmp_path / "out").values()) == {"economy"}
    income = table(tmp_path / "out", "income")
    assert len(income) == 36 and {row["period"] for row in income} == {"2021", "2022", "2023"}
    assert {row["population"] for row in table(tmp_path / "out", "villages")} == {"1180"}
    assert not county.ledger["details"].str.contains("后进类型").any()
    in_balance(county)


def test_both_days_of_a_measure_may_stand_in_one_cell(tmp_path):
    head = ["乡镇", "村名", "整改任务", "起止时间", "整改进度"]
    spans = ["3月5日—4月20日", "2023.3.6至2023.5.1", "3月7日-20日"]
    places = [("青石镇", "王家村"), ("白水乡", "孙店村"), ("红旗镇", "郑湾村")]
    rows = [[*p, "村务公开", span, "80%"] for p, span in zip(places, spans, strict=True)]
    folder = deliver(tmp_path / "in", measures=[["任务推进表"], head, *rows])
    import_folder(folder, tmp_path / "out")
    days = {(r["start_date"], r["end_date"]) for r in table(tmp_path / "out", "measures")}
    assert days == {
        ("2023-03-05", "2023-04-20"),
        ("2023-03-06", "2023-05-01"),
        ("2023-03-07", "2023-03-20"),
    }


def test_petitions_of_the_county_itself_are_of_no_village(tmp_path):
    rows = of_villages({0: "山东省临沂市测试县", 1: "测试县青石镇"})
    county = import_folder(deliver(tmp_path / "in", register=rows), tmp_path / "out", lang="zh")
    assert len(table(tmp_path / "out", "petitions")) == 78
    assert "有2件" in warned(county)["of_no_village"]


def test_an_export_of_a_hotline_is_of_calls_though_no_column_says_so(tmp_path):
    head, *rows = register()
    channel, date = head.index("信访形式"), head.index("登记日期")
    head = ["来电时间" if c == "登记日期" else c for c in head]
    rows = [[c for i, c in enumerate(row) if i != channel] for row in [head, *rows]]
    assert date < channel
    folder = deliver(tmp_path / "in", register=rows)
    county = import_folder(folder, tmp_path / "out")
    assert {row["channel"] for row in table(tmp_path / "out", "petitions")} == {"phone"}
    assert "importing.reason.are_calls" in set(county.ledger["key"])


def test_a_village_without_its_bracket_is_asked_about_and_the_bracketed_one_suggested(tmp_path):
    rows = roster()
    rows[5][2] = "赵楼村（东）"
    told = refused(tmp_path, roster=rows)
    assert "是否为“赵楼村(东)”" in told["unknown_village_close"].replace("（", "(").replace(
        "）", ")"
    )

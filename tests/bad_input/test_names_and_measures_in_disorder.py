"""Notes beside names, wrong lines of campaign.toml, measures across in two rows, and what two more clerks' deliveries showed."""

import pytest
from bureau_delivery import (
    PLACES,
    REGISTER_HEADER,
    code,
    deliver,
    register,
    roster,
    write_workbook,
)
from imported import VILLAGE, in_balance, listed, of_villages, refused, table_of, warned

from village_eval.bureau.importing import import_folder
from village_eval.bureau.names import without_note
from village_eval.folder.campaign_file import read_campaign

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
        for r in table_of(tmp_path / "out", "villages")
        if r["village_name"] == "赵楼村"
    )
    of = {r["petition_id"]: r["village_code"] for r in table_of(tmp_path / "out", "petitions")}
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
    assert (
        "第1行的样式：county" in said["zh"]
        and "第6行的样式：days = 100（换成本县的实际值）" in said["zh"]
    )
    assert (
        "第2行的样式：start = 2023-03-01（换成本县的实际值）" in said["zh"]
        and "line 7 should look like: listing_window" in said["en"]
    )
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
    rows = {(r["measure"]): r for r in table_of(tmp_path / "out", "measures")}
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
    income = table_of(tmp_path / "out", "income")
    assert len(income) == 36 and {row["period"] for row in income} == {"2021", "2022", "2023"}
    assert {row["population"] for row in table_of(tmp_path / "out", "villages")} == {"1180"}
    assert not county.ledger["details"].str.contains("后进类型").any()
    in_balance(county)


def test_both_days_of_a_measure_may_stand_in_one_cell(tmp_path):
    head = ["乡镇", "村名", "整改任务", "起止时间", "整改进度"]
    spans = ["3月5日—4月20日", "2023.3.6至2023.5.1", "3月7日-20日"]
    places = [("青石镇", "王家村"), ("白水乡", "孙店村"), ("红旗镇", "郑湾村")]
    rows = [[*p, "村务公开", span, "80%"] for p, span in zip(places, spans, strict=True)]
    folder = deliver(tmp_path / "in", measures=[["任务推进表"], head, *rows])
    import_folder(folder, tmp_path / "out")
    days = {(r["start_date"], r["end_date"]) for r in table_of(tmp_path / "out", "measures")}
    assert days == {
        ("2023-03-05", "2023-04-20"),
        ("2023-03-06", "2023-05-01"),
        ("2023-03-07", "2023-03-20"),
    }


def test_petitions_of_the_county_itself_are_of_no_village(tmp_path):
    rows = of_villages({0: "山东省临沂市测试县", 1: "测试县青石镇"})
    county = import_folder(deliver(tmp_path / "in", register=rows), tmp_path / "out", lang="zh")
    assert len(table_of(tmp_path / "out", "petitions")) == 78
    assert "有2件" in warned(county)["of_no_village"]


def test_an_export_of_a_hotline_is_of_calls_though_no_column_says_so(tmp_path):
    head, *rows = register()
    channel, date = head.index("信访形式"), head.index("登记日期")
    head = ["来电时间" if c == "登记日期" else c for c in head]
    rows = [[c for i, c in enumerate(row) if i != channel] for row in [head, *rows]]
    assert date < channel
    folder = deliver(tmp_path / "in", register=rows)
    county = import_folder(folder, tmp_path / "out")
    assert {row["channel"] for row in table_of(tmp_path / "out", "petitions")} == {"phone"}
    assert "importing.reason.are_calls" in set(county.ledger["key"])


def test_a_village_without_its_bracket_is_asked_about_and_the_bracketed_one_suggested(tmp_path):
    rows = roster()
    rows[5][2] = "赵楼村（东）"
    told = refused(tmp_path, roster=rows)
    assert "是否为“赵楼村(东)”" in told["unknown_village_close"].replace("（", "(").replace(
        "）", ")"
    )

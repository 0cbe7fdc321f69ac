"""Lists by year and in sections, rows of a whole, one table for all: read as they are meant, or refused in words."""

import pytest
from bureau_delivery import (
    CAMPAIGN,
    deliver,
    income_sheet,
    listing,
    register,
    roster,
)
from imported import in_balance, listed, refused, table_of, warned

from village_eval.bureau.importing import import_folder


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
    assert (
        len(table_of(tmp_path / "out", "earlier_lists")) == 1 and len(listed(tmp_path / "out")) == 2
    )


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


# --- rows of a whole -----------------------------------------------------------------------------


def test_a_row_of_the_whole_is_a_total_where_it_adds_up_and_else_asked_about(tmp_path):
    right, wrong = income_sheet(2022), income_sheet(2022)
    right[-1][0], wrong[-1][0] = "全县", "全县"
    folder = deliver(tmp_path / "in", income={"2022年": right})
    in_balance(import_folder(folder, tmp_path / "out"))
    assert len(table_of(tmp_path / "out", "income")) == 12
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
    assert len(county.villages) == 12 and len(table_of(tmp_path / "out", "income")) == 12
    assert len(listed(tmp_path / "out")) == 3 and len(table_of(tmp_path / "out", "petitions")) == 80

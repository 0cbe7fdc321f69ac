"""What a fourth clerk's delivery, and layouts composed at random, showed: rows of
townships and pages, groups and cooperatives, headers over headers."""

import pytest
from bureau_delivery import (
    CAMPAIGN,
    INCOME_HEADER,
    PLACES,
    REGISTER_HEADER,
    code,
    deliver,
    income_sheet,
    listing,
    measures,
    register,
    roster,
    write_workbook,
)
from imported import VILLAGE, in_balance, of_villages, refused, table_of, warned

from village_eval.bureau.importing import import_folder
from village_eval.bureau.names import bare_name, village_stem
from village_eval.folder.cells import number

DAY, RESOLVED = REGISTER_HEADER.index("登记日期"), REGISTER_HEADER.index("办结日期")


def read(tmp_path, **parts):
    county = import_folder(deliver(tmp_path / "in", **parts), tmp_path / "out", lang="zh")
    in_balance(county)
    return county


def same(tmp_path, name):
    """A table of the delivery as usual, to compare with."""
    import_folder(deliver(tmp_path / "usual"), tmp_path / "usual_out")
    return table_of(tmp_path / "usual_out", name)


# --- rows that are of no village -----------------------------------------------------------------


@pytest.mark.parametrize("at", ["township", "first", "village"])
def test_a_townships_row_with_its_sums_is_no_village(tmp_path, at):
    title, unit, head, *rows, total = roster()
    rows = [[*r[:4], r[4], 1180, *r[6:]] for r in rows]
    made = []
    for t, township in enumerate(PLACES):
        group = rows[4 * t : 4 * t + 4]
        group[0][1] = township
        sums = [None] * 4 + [sum(r[4] for r in group), 4720, None, None]
        sums[{"first": 0, "township": 1, "village": 2}[at]] = township
        made += [*group, sums]
    read(tmp_path, roster=[title, unit, head, *made, total])
    assert len(table_of(tmp_path / "out", "villages")) == 12


def test_a_townships_row_with_other_figures_is_asked_about(tmp_path):
    rows = roster()
    rows.insert(7, [None, "青石镇", None, None, 77, None, None, None])
    assert "blank_cell" in refused(tmp_path, roster=rows)


def test_a_township_alone_among_measures_is_no_measure(tmp_path):
    title, head, *rows = measures()
    read(tmp_path, measures=[title, head, ["青石镇"], *rows, ["白水乡"]])
    assert table_of(tmp_path / "out", "measures") == same(tmp_path, "measures")


@pytest.mark.parametrize("label", ["过次页", "承前页"])
def test_a_pages_sum_is_carried_over_and_no_total(tmp_path, label):
    sheet = income_sheet(2021)[:-1]
    carried = [label, None, 0, 15, 0, 7.5, 0, 22.5]
    county = read(tmp_path, income={"2021年": [*sheet[:9], carried, *sheet[9:]]})
    assert len(table_of(tmp_path / "out", "income")) == 12
    assert "column_total_differs" not in warned(county)


@pytest.mark.parametrize(
    ("column", "text"),
    [*((c, "* 为易地搬迁安置村") for c in (0, 1, 3)), (1, "2024年1月5日"), (0, "2024.1.5")],
)
def test_a_note_with_a_star_and_a_day_stand_below_a_table(tmp_path, column, text):
    note = [None] * column + [text]
    read(tmp_path, income={"2021年": [*income_sheet(2021), note]})
    assert len(table_of(tmp_path / "out", "income")) == 12


# --- headers -------------------------------------------------------------------------------------


def test_a_part_of_a_figure_is_not_the_figure(tmp_path):
    """总人口 over 合计 and 其中：脱贫人口: the second column is no population."""
    title, unit, head, *rows, total = roster()
    upper = [*head[:6], None, *head[6:]]
    lower = [*head[:5], "合计", "其中：脱贫人口", *head[6:]]
    rows = [[*r[:6], 5, *r[6:]] for r in [*rows, total]]
    folder = deliver(tmp_path / "in", roster=None)
    merge = ["F3:G3", *(f"{c}3:{c}4" for c in "ABCDEHI")]
    sheets = {"村情": [title, unit, upper, lower, *rows]}
    write_workbook(folder / "村庄.xlsx", sheets, {"村情": merge})
    county = import_folder(folder, tmp_path / "out", lang="zh")
    assert {r["population"] for r in table_of(tmp_path / "out", "villages")} == {"1180"}
    told = warned(county).get("unknown_words", "")
    assert "序号" not in told


def test_stacked_tables_far_down_keep_both_rows_of_their_headers(tmp_path):
    """Areas merged across are filled in the first rows only; the header's upper row is no data."""
    rows = []
    merge = []
    for year in (2021, 2022, 2023):
        title, _, head, *data = income_sheet(year)
        rows += [[f"{title[0]}（单位：万元）"]]
        at = len(rows) + 1
        merge += [f"A{at}:A{at + 1}", f"B{at}:B{at + 1}", f"C{at}:G{at}", f"H{at}:H{at + 1}"]
        rows += [[*head[:2], "其中", None, None, None, None, "合计"], [*head[:7], None], *data]
    folder = deliver(tmp_path / "in", income=None)
    write_workbook(folder / "收入.xlsx", {"收入": rows}, {"收入": merge})
    import_folder(folder, tmp_path / "out", lang="zh")
    assert table_of(tmp_path / "out", "income") == same(tmp_path, "income")


def test_who_filled_in_a_form_stands_above_its_table_with_the_unit(tmp_path):
    """A table further down took the unit, or the year, of the one above it."""
    rows = []
    for year, unit in ((2021, "元"), (2022, "千元"), (2023, "元")):
        title, _, head, *data = income_sheet(year, "元")
        scale = 1000 if unit == "千元" else 1
        data = [[c / scale if isinstance(c, int | float) else c for c in r] for r in data]
        line = ["填报单位：测试县农业农村局", None, None, None, None, None, None, f"单位：{unit}"]
        rows += [title, line, *[[]] * 3, head, *data]
    read(tmp_path, income={"收入": rows})
    assert table_of(tmp_path / "out", "income") == same(tmp_path, "income")


@pytest.mark.parametrize("last", ["{}（上年数）", "{}(去年)", "上年{}", "上年数{}"])
def test_last_years_figures_stand_beside_this_years(tmp_path, last):
    _, _, head, *before, _ = income_sheet(2021)
    after = income_sheet(2022)[3:-1]
    places, amounts = head[:2], head[2:-1]
    upper = [*places, *map(last.format, amounts), *(f"{h}（本年数）" for h in amounts)]
    rows = [[*b[:2], *b[2:7], *a[2:7]] for b, a in zip(before, after, strict=True)]
    read(tmp_path, income={"2022年": [["2022年度村集体经济收入"], ["单位：万元"], upper, *rows]})
    assert {r["period"] for r in table_of(tmp_path / "out", "income")} == {"2021", "2022"}


def test_headings_below_their_rows_lead_back(tmp_path):
    """The same village name in two townships: a heading below is of the rows above it."""
    title, (_, _, *head), first, second, third, _ = listing()
    one, two, three = ([n, *r[2:]] for n, r in enumerate((first, second, third), 1))
    two[1] = "王家村"
    rows = [one, ["青石镇"], two, ["白水乡"], three, ["红旗镇"]]
    read(tmp_path, listing=[title, ["序号", *head], *rows])
    on = {r["village_code"] for r in table_of(tmp_path / "out", "villages") if r["listed"] == "1"}
    assert on == {str(code(0, 0)), str(code(1, 0)), str(code(2, 0))}


# --- names and cells -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("王家村二组", "王家村"),
        ("王家村第3村民小组", "王家村"),
        ("王家村（二组）", "王家村"),
        ("王家村（东）", "王家村（东）"),
        ("三合社", "三合社"),
    ],
)
def test_a_group_is_of_its_village(written, bare):
    assert bare_name(written.replace("（", "(").replace("）", ")")) == bare.replace(
        "（", "("
    ).replace("）", ")")


@pytest.mark.parametrize("body", ["股份经济合作社", "经济合作联社", "集体经济组织", "经济联合总社"])
def test_a_cooperative_is_its_villages(body):
    assert village_stem(f"王家村{body}") == village_stem("王家村")


def test_petitions_of_groups_and_income_of_cooperatives_are_their_villages(tmp_path):
    names = {0: "青石镇王家村二组", 1: "测试县青石镇-李庄村", 2: "赵楼村（3组）"}
    head, *rows = of_villages(names)
    for i in names:
        rows[i][VILLAGE - 1] = "青石镇"
    sheet = income_sheet(2021)
    own = INCOME_HEADER.index("村名")
    for row in sheet[3:-1]:
        row[own] = f"{row[own]}股份经济合作社"
    read(tmp_path, register=[head, *rows], income={"2021年": sheet})
    of = {r["petition_id"]: r["village_code"] for r in table_of(tmp_path / "out", "petitions")}
    assert [of[f"P00000{i}"] for i in names] == [str(code(0, v)) for v in (0, 1, 2)]
    assert len(table_of(tmp_path / "out", "income")) == 12


@pytest.mark.parametrize("written", ["负1500", "-1,500", "(1500)", "（1,500）", "－1500", "−1500"])
def test_an_amount_below_zero(written):
    assert number(written, strict=False) == (-1500.0, "")


def test_a_formula_without_its_result_says_so_whatever_the_column(tmp_path):
    rows = roster()
    rows[3][5] = "=SUM(1,2)"
    told = refused(tmp_path, roster=rows)
    assert set(told) == {"formula"} and "WPS" in told["formula"]


def test_a_bare_number_below_months_is_a_month(tmp_path):
    _, unit, head, *rows, _ = income_sheet(2021)
    title = ["2021年度村集体经济收入"]
    by_month = [[m, *r] for m in range(1, 13) for r in rows]
    read(tmp_path, income={"收入": [title, unit, ["月份", *head], *by_month]})
    [total] = {r["contracting"] for r in table_of(tmp_path / "out", "income")}
    assert float(total) == 12 * 25_000


def test_a_column_of_years_that_nobody_filled_in_leaves_the_sheets_year(tmp_path):
    _, unit, head, *rows, _ = income_sheet(2021)
    rows = [[None, *r] for r in rows]
    made = [["村集体经济收入"], unit, ["年度", *head], *rows]
    read(tmp_path, income={"2021年": made})
    assert {r["period"] for r in table_of(tmp_path / "out", "income")} == {"2021"}
    made[4][0] = 2022
    assert "blank_cell" in refused(tmp_path / "2", income={"2021年": made})


def test_resolved_in_january_without_a_year_is_after_new_year(tmp_path):
    head, *rows = register()
    rows = [r for r in rows if str(r[0]) < "P000024"]
    for n, row in enumerate(rows):
        row[DAY], row[RESOLVED] = "12月20日", f"{1 + n % 2}月9日"
    campaign = CAMPAIGN + 'observed = ["2021-01", "2024-04"]\n'
    folder = deliver(tmp_path / "in", register=None, campaign=campaign)
    write_workbook(folder / "台账.xlsx", {"2021年": [["2021年信访登记台账"], head, *rows]})
    import_folder(folder, tmp_path / "out")
    assert {r["resolved_date"] for r in table_of(tmp_path / "out", "petitions")} == {
        "2022-01-09",
        "2022-02-09",
    }
    for row in rows:
        row[RESOLVED] = "12月1日"
    write_workbook(folder / "台账.xlsx", {"2021年": [["2021年信访登记台账"], head, *rows]})
    with pytest.raises(Exception, match="办结日期早于登记日期"):
        import_folder(folder, tmp_path / "out")

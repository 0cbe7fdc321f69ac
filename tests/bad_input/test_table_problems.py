"""Every kind of wrong cell stops with a sentence that names file, row, column and value; unusual
ones only warn."""

import pytest
from conftest import county_rows, write_folder

from village_eval.county.problems import EXAMPLES, InputError
from village_eval.folder.reading import read_county

CELLS = [
    ("villages", "village_code", "3.71324E+11", "lost_digits"),
    ("villages", "village_code", "37132410120", "not_village_code"),
    ("villages", "village_code", "", "blank"),
    ("villages", "township_code", "371324", "not_township_code"),
    ("villages", "village_name", "  ", "blank"),
    ("villages", "listed", "yes", "not_flag"),
    ("villages", "listed", "", "blank"),
    ("villages", "population", "1180人", "not_integer"),
    ("villages", "population", "-3", "below"),
    ("villages", "population", "nan", "not_integer"),
    ("villages", "village_type", "经济问题", "unknown_term"),
    ("petitions", "date", "2023-02-30", "not_date"),
    ("petitions", "date", "", "blank"),
    ("petitions", "channel", "传真", "unknown_term"),
    ("petitions", "level", "乡镇那边", "unknown_term"),
    ("petitions", "category", "土地的事", "unknown_term"),
    ("petitions", "repeat", "2", "not_flag"),
    ("petitions", "persons", "0", "below"),
    ("petitions", "persons", "2.5", "not_integer"),
    ("petitions", "petition_id", "P000002", "duplicate_petition"),
    ("income", "period", "二〇二二", "not_period"),
    ("income", "period", "2022Q5", "not_period"),
    ("income", "operating", "约3万", "not_number"),
    ("income", "operating", "1e999", "not_number"),
    ("measures", "measure", "矛盾纠纷调节", "unknown_term"),
    ("measures", "department", "组织部、财政居", "unknown_term"),
    ("measures", "dose", "75", "share_in_percent"),
    ("measures", "dose", "-0.1", "not_share"),
    ("measures", "dose", "101", "not_share"),
    ("measures", "funds", "-5", "below"),
    ("measures", "end_date", "2023-03-04", "before"),
    ("measures", "completed", "完成", "not_flag"),
    ("measures", "start_date", "", "blank_both"),
]


def spoilt(folder, cells):
    """A county with each of the cells in a row of its own; returns the folder and the row of each
    cell in its file."""
    rows, at = county_rows(), []
    for number, (table, column, value, _) in enumerate(cells):
        position = number if table == "villages" else 3 * number
        rows[table][position % len(rows[table])][column] = value
        at.append(position % len(rows[table]) + 2)
    return write_folder(folder, rows), at


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder, at = spoilt(tmp_path_factory.mktemp("wrong") / "c", CELLS)
    with pytest.raises(InputError) as caught:
        read_county(folder, lang="zh")
    return caught.value.problems, at


@pytest.mark.parametrize("number", range(len(CELLS)), ids=[f"{t}.{c}-{k}" for t, c, _, k in CELLS])
def test_one_wrong_cell(found, number):
    problems, at = found
    table, column, value, kind = CELLS[number]
    shown = (at[number], value.strip() or None)
    named = [
        p
        for p in problems
        if (p.file, p.column, p.kind) == (f"{table}.csv", column, kind) and shown in p.examples
    ]
    assert len(named) == 1, [p for p in problems if (p.file, p.column) == (f"{table}.csv", column)]
    for said in (f"{table}.csv", column, f"第{at[number]}行", value.strip()):
        assert said in str(named[0])


def test_unknown_villages_are_named_one_by_one(tmp_path):
    rows = county_rows()
    for row in rows["petitions"][10:60]:
        row["village_code"] = "371324199299"
    rows["petitions"][70]["village_code"] = rows["income"][7]["village_code"] = "371324199298"
    with pytest.raises(InputError) as caught:
        read_county(write_folder(tmp_path / "c", rows), lang="zh")
    assert [(p.file, p.kind, p.count) for p in caught.value.problems] == [
        ("petitions.csv", "unknown_village", 51),
        ("income.csv", "unknown_village", 1),
    ]
    assert caught.value.problems[0].examples[:2] == ((12, "371324199299"), (72, "371324199298"))


def test_everything_at_once_and_counted(tmp_path):
    rows = county_rows()
    for row in rows["petitions"][:700]:
        row["date"] = "不详"
    rows["villages"][0]["listed"] = "x"
    rows["income"][5]["subsidy"] = "无"
    rows["measures"][0]["dose"] = "45"
    with pytest.raises(InputError) as caught:
        read_county(write_folder(tmp_path / "c", rows), lang="en")
    problems = caught.value.problems
    assert [(p.file, p.column, p.count) for p in problems] == [
        ("villages.csv", "listed", 1),
        ("petitions.csv", "date", 700),
        ("income.csv", "subsidy", 1),
        ("measures.csv", "dose", 1),
    ]
    assert len(problems[1].examples) == EXAMPLES
    assert f"and {700 - EXAMPLES} more rows" in str(problems[1])
    assert len(str(caught.value).splitlines()) == 4


def test_many_distinct_unknown_terms_do_not_flood(tmp_path):
    rows = county_rows()
    for number, row in enumerate(rows["petitions"][:1000]):
        row["category"] = f"类别{number}"
    with pytest.raises(InputError) as caught:
        read_county(write_folder(tmp_path / "c", rows), lang="zh")
    assert len(caught.value.problems) <= 10
    assert sum(p.count for p in caught.value.problems) == 1000


def test_suggestion_is_the_closest_key(tmp_path):
    rows = county_rows()
    rows["measures"][0]["measure"] = "dispute_mediaton"
    with pytest.raises(InputError, match="The closest is dispute_mediation"):
        read_county(write_folder(tmp_path / "c", rows), lang="en")


@pytest.mark.parametrize("table", ["villages", "income"])
def test_duplicate_key(tmp_path, table):
    rows = county_rows()
    rows[table].append(dict(rows[table][0]))
    with pytest.raises(InputError) as caught:
        read_county(write_folder(tmp_path / "c", rows), lang="zh")
    (problem,) = caught.value.problems
    assert (problem.kind, problem.row) == ("duplicate", len(rows[table]) + 1)


def test_counts(tmp_path):
    rows = county_rows()
    code = rows["villages"][0]["village_code"]
    good = [
        {"village_code": code, "month": f"2018-{m:02d}", "petitions": m, "repeat": 1}
        for m in range(1, 13)
    ]
    rows["petitions"] = [
        *good,
        {"village_code": code, "month": "2018-03", "petitions": 2, "repeat": 0},
        {"village_code": code, "month": "2019-13", "petitions": 2, "repeat": 0},
        {"village_code": code, "month": "2019-11", "petitions": -1, "repeat": ""},
        {"village_code": code, "month": "2019-12", "petitions": 2, "repeat": 3},
    ]
    with pytest.raises(InputError) as caught:
        read_county(write_folder(tmp_path / "c", rows), lang="zh")
    found = {p.kind: p.row for p in caught.value.problems}
    assert found == {"duplicate": 14, "not_month": 15, "below": 16, "more_than": 17}


def test_years_and_quarters_do_not_mix(tmp_path):
    rows = county_rows()
    rows["income"][0]["period"] = "2018Q1"
    with pytest.raises(InputError) as caught:
        read_county(write_folder(tmp_path / "c", rows), lang="zh")
    assert [p.kind for p in caught.value.problems] == ["mixed_periods"]


def test_changes_of_code(tmp_path):
    rows = county_rows()
    now = rows["villages"][0]["village_code"]
    rows["petitions"][0]["village_code"] = (
        "371324101901"  # became 902, which became a village of today
    )
    change = {"date": "2020-01-01", "kind": "合并"}
    rows["village_changes"] = [
        {"old_code": "371324101901", "new_code": "371324101902", **change},
        {"old_code": "371324101902", "new_code": now, **change},
    ]
    county = read_county(write_folder(tmp_path / "good", rows), lang="zh")
    assert county.village_changes["kind"].tolist() == ["merged", "merged"]
    rows["village_changes"] += [
        {"old_code": "371324101903", "new_code": "371324101904", **change},
        {"old_code": "371324101905", "new_code": "371324101906", **change},
        {"old_code": "371324101906", "new_code": "371324101905", **change},
    ]
    with pytest.raises(InputError) as caught:
        read_county(write_folder(tmp_path / "bad", rows), lang="zh")
    assert {(p.kind, p.row, p.count) for p in caught.value.problems} == {
        ("unknown_new_code", 4, 1),
        ("circular_change", 5, 2),
    }


UNUSUAL = [
    ("villages", "population", "0", "1 to 100,000"),
    ("villages", "population", "", None),
    ("villages", "population", "100001", "1 to 100,000"),
    ("villages", "township_code", "371324101", "first 9 digits"),
    ("petitions", "persons", "1001", "1 to 1,000"),
    ("petitions", "date", "2031-01-01", "outside the months observed"),
    ("income", "operating", "-300", "income is negative"),
    ("income", "operating", "100000001", "usual range"),
    ("income", "other", "", "counts as missing"),
    ("measures", "dose", "", "counts as missing"),
]


@pytest.fixture(scope="module")
def warned(tmp_path_factory):
    folder, at = spoilt(tmp_path_factory.mktemp("unusual") / "c", UNUSUAL)
    return read_county(folder, lang="en").warnings, at


@pytest.mark.parametrize(
    "number", range(len(UNUSUAL)), ids=[f"{t}.{c}-{v}" for t, c, v, _ in UNUSUAL]
)
def test_unusual_values_warn(warned, number):
    warnings, at = warned
    table, _, _, said = UNUSUAL[number]
    named = [
        w
        for w in map(str, warnings)
        if f"{table}.csv" in w and f"row {at[number]}" in w and (said or "") in w
    ]
    assert len(named) == (said is not None)


def test_income_in_two_units_warns(tmp_path):
    rows = county_rows()
    for source in ("operating", "contracting", "investment", "subsidy", "other"):
        rows["income"][3][source] = rows["income"][3][source] / 10000 or 0.5
    warnings = read_county(write_folder(tmp_path / "c", rows), lang="zh").warnings
    assert len(warnings) == 1
    assert "元和万元" in str(warnings[0]) and "第5行" in str(warnings[0])


def test_silent_township_and_missing_income_warn(tmp_path):
    rows = county_rows()
    silent = [v["village_code"] for v in rows["villages"] if v["township_name"] == "沙沟镇"]
    rows["petitions"] = [
        p
        for p in rows["petitions"]
        if p["village_code"] not in silent or not "2020-05" <= p["date"] < "2020-09"
    ]
    rows["income"] = [i for i in rows["income"] if i["village_code"] != silent[0]]
    warnings = read_county(write_folder(tmp_path / "c", rows), lang="zh").warnings
    assert any("沙沟镇在2020-05–2020-08没有任何记录" in str(w) for w in warnings)
    assert any("有1个村没有任何收入记录" in str(w) for w in warnings)
    # That village is one of the eight listed ones.
    kinds = {w.kind for w in warnings}
    assert kinds == {"silent_township", "no_income_row", "listed_without_income"}


def test_measure_of_an_unlisted_village_warns(tmp_path):
    rows = county_rows()
    rows["measures"][0]["village_code"] = rows["villages"][1]["village_code"]
    (warning,) = read_county(write_folder(tmp_path / "c", rows), lang="en").warnings
    assert "not listed but has a measure" in str(warning)


@pytest.mark.parametrize("listed", [0, 1])
def test_none_or_all_listed_is_no_problem_of_the_data(tmp_path, listed):
    rows = county_rows()
    for village in rows["villages"]:
        village["listed"] = listed
    del rows["measures"]
    assert (read_county(write_folder(tmp_path / "c", rows)).villages["listed"] == listed).all()

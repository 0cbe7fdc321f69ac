"""A village that was split stays the one that it was; old names and codes lead to it."""

import pytest
from bureau_delivery import deliver, income_sheet, listing, register, roster, write_workbook

from village_eval.bureau.importing import import_folder
from village_eval.folder.reading import read_county

CHANGES = [
    ["行政村拆分对照表"],
    ["乡镇", "原村名", "原代码", "现村名", "变更时间"],
    ["青石镇", "老赵楼村", "371324100299", "赵楼村", "2022-01-01"],
    ["青石镇", "老赵楼村", "371324100299", "大沟村", "2022-01-01"],
]


@pytest.fixture
def run(tmp_path):
    def imported(changes=CHANGES, **parts):
        folder = deliver(tmp_path / "in", **{"income": None, "measures": None, **parts})
        write_workbook(folder / "拆分.xlsx", {"表": changes})
        return import_folder(folder, tmp_path / "out", key=b"test")

    return imported


def old_names(books):
    """The register before 2022 knows the old village alone."""
    for row in books[1:25]:
        row[3] = "老赵楼村" if row[3] in ("赵楼村", "大沟村") else row[3]
    return books


def test_the_parts_are_one_village_under_the_old_name(run, tmp_path):
    county = run(register=old_names(register()))
    villages = county.villages.set_index("village_code")
    assert len(villages) == 11 and "371324100203" not in villages.index
    whole = villages.loc["371324100202"]
    assert (whole["village_name"], whole["population"]) == ("老赵楼村", 2360)
    plain = sum(row[3] in ("赵楼村", "大沟村") for row in register())
    assert (county.petitions["village_code"] == "371324100202").sum() == plain
    assert any("拆分" in str(w) and "老赵楼村" in str(w) for w in county.warnings)
    changes = read_county(tmp_path / "out").village_changes
    assert set(changes["old_code"]) == {"371324100299", "371324100203"}
    assert set(changes["new_code"]) == {"371324100202"}


def test_income_of_the_parts_is_summed_and_accounted_for(run):
    before, after = income_sheet(2021), income_sheet(2022)
    before[5][1] = "老赵楼村"
    del before[6]
    county = run(income={"2021年": before, "2022年": after})
    income = county.income.set_index(["village_code", "period"])["contracting"]
    assert income["371324100202", "2021"] == 25_000
    assert income["371324100202", "2022"] == 50_000
    sums = county.ledger.pivot_table(index="source", columns="step", values="rows", aggfunc="sum")
    sums = sums.fillna(0)
    assert (sums["read"] == sums["kept"] + sums["merged"] + sums["dropped"]).all()


def test_codes_of_old_and_of_a_part_lead_to_the_whole(run):
    books = register()
    head = [h for h in books[0] if h not in ("乡镇", "村名")]
    coded = [[*head, "统计用区划代码"]]
    codes = ("371324100299", "371324100203", "371324100202")
    coded += [[*row[:2], *row[4:], codes[i % 3]] for i, row in enumerate(books[1:])]
    assert set(run(register=coded).petitions["village_code"]) == {"371324100202"}


def test_the_part_that_kept_the_name_gives_the_code(run):
    changes = [[*row] for row in CHANGES]
    for row in changes[2:]:
        row[1], row[2] = "大沟村", None
    villages = run(changes).villages.set_index("village_code")
    assert villages.loc["371324100203", "village_name"] == "大沟村" and len(villages) == 11


def test_a_listed_part_lists_the_whole(run):
    rows = listing()
    rows[2][2] = "大沟村"
    villages = run(listing=rows).villages.set_index("village_code")
    assert villages.loc["371324100202", "listed"] == 1 and villages["listed"].sum() == 3


def test_a_split_without_a_date_is_followed_and_said(run):
    changes = [row[:4] for row in CHANGES]
    county = run(changes)
    assert len(county.villages) == 11
    assert any("没有写明时间" in str(w) for w in county.warnings)


def test_counts_of_the_parts_are_blank_when_one_is(run):
    rows = roster()
    rows[6][5] = None
    villages = run(roster=rows).villages.set_index("village_code")
    assert villages["population"].isna().sum() == 1 and villages.loc["371324100202", "households"]

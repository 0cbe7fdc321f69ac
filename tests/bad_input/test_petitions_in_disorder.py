"""Void petitions and petitions of no village: left out and said, or asked about."""

import pytest
from bureau_delivery import (
    deliver,
    register,
)
from imported import in_balance, of_villages, refused, table_of, warned

from village_eval.bureau.importing import import_folder

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
    ids = {row["petition_id"] for row in table_of(tmp_path / "out", "petitions")}
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
    assert len(table_of(tmp_path / "out", "petitions")) == 78


def test_petitions_of_no_village_are_left_out_and_counted_in_words(tmp_path):
    names = {1: "不详", 4: "县直", 6: "全镇", 9: "青石镇", 11: "多村"}
    folder = deliver(tmp_path / "in", register=of_villages(names))
    county = import_folder(folder, tmp_path / "out", lang="zh")
    assert len(table_of(tmp_path / "out", "petitions")) == 75
    said = warned(county)["of_no_village"]
    assert "有5件（占6%）" in said and "县直" in said and "多半是" in said
    in_balance(county)


def test_blank_villages_several_villages_and_a_column_of_townships_are_refused_in_words(tmp_path):
    told = refused(tmp_path, register=of_villages({2: None, 5: "王家村、李庄村"}))
    assert "填“不详”" in told["blank_village"] and "写“多村”" in told["several_villages"]
    townships = dict.fromkeys(range(60), "青石镇")
    told = refused(tmp_path / "2", register=of_villages(townships))
    assert "多半是村名一列认错了" in told["most_of_no_village"]

"""Reading and writing the tidy county folder."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import county_rows, write_folder

from village_eval.county import frames
from village_eval.county.contracts import CONTRACTS, Column
from village_eval.county.county import LEDGER_COLUMNS
from village_eval.county.ledger import worded
from village_eval.county.problems import InputError
from village_eval.county.silence import silent_runs
from village_eval.folder import convert
from village_eval.folder.codebook import codebook
from village_eval.folder.overwriting import LIST
from village_eval.folder.reading import read_county
from village_eval.folder.writing import write_county
from village_eval.words import vocabulary
from village_eval.words.messages import message

ROOT = Path(__file__).parents[2]


def test_a_valid_folder(county_folder):
    county = read_county(county_folder)
    rows = county_rows()
    assert {name: len(table) for name, table in county.tables().items()} == {
        name: len(table) for name, table in rows.items()
    }
    assert county.warnings == ()
    assert county.folder == county_folder
    assert county.campaign.synthetic and county.campaign.county == "测试县"
    assert list(county.ledger.columns) == LEDGER_COLUMNS
    assert county.ledger.set_index("source")["rows"].to_dict() == {
        f"{name}.csv": len(table) for name, table in rows.items()
    }


def test_types(county_folder):
    county = read_county(county_folder)
    villages, petitions, measures = county.villages, county.petitions, county.measures
    assert villages["village_code"].str.fullmatch(r"\d{12}").all()
    assert villages["listed"].dtype == np.int64
    assert villages["village_type"].isna().sum() == 32
    assert petitions["date"].dtype == "datetime64[ns]"
    assert petitions["repeat"].dtype == "Int64"
    assert county.income["operating"].dtype == float and county.income["period"].iloc[0] == "2018"
    assert (
        measures["end_date"].isna().any()
        and measures["department"].eq("organization;finance").all()
    )


def test_a_measure_that_is_only_planned_has_no_start_yet(tmp_path):
    rows = county_rows()
    rows["measures"][0] |= {
        "start_date": "",
        "end_date": "",
        "dose": "",
        "funds": "",
        "completed": "",
    }
    rows["measures"] = [row | {"planned_start": "2023-05-01"} for row in rows["measures"]]
    county = read_county(write_folder(tmp_path / "c", rows))
    assert county.warnings == () and county.measures["start_date"].isna().sum() == 1
    rows["measures"][0]["planned_start"] = ""
    with pytest.raises(InputError, match="start_date"):
        read_county(write_folder(tmp_path / "d", rows))


def test_a_blank_signing_off_counts_as_none_wherever_it_is_read(tmp_path):
    rows = county_rows()
    rows["measures"] = [row | {"completed": ""} for row in rows["measures"]]
    county = read_county(write_folder(tmp_path / "c", rows), lang="en")
    assert (county.measures["completed"] == 0).all()
    line = worded(county.ledger, "en").query("step == 'filled'").iloc[0]
    assert (
        line["rows"] == len(rows["measures"])
        and line["reason"] == "completed is empty and counts as 0"
    )
    assert (
        not frames.states(county.measures, county.campaign, county.campaign.end)
        .isin(["done", "done_late"])
        .any()
    )


def test_round_trip(county_folder, tmp_path):
    county = read_county(county_folder)
    written = write_county(tmp_path / "again", county.campaign, county.tables(), county.ledger)
    again = read_county(written)
    assert again.campaign == county.campaign and again.warnings == ()
    for name, table in county.tables().items():
        pd.testing.assert_frame_equal(again.tables()[name], table)


def test_round_trip_of_every_optional_table(tmp_path):
    rows = county_rows()
    code, other = rows["villages"][0]["village_code"], rows["villages"][1]["village_code"]
    rows["petitions"] = [
        {"village_code": code, "month": f"{y}-{m:02d}", "petitions": m % 3}
        for y in range(2018, 2024)
        for m in range(1, 13)
    ]
    rows["income"] = [
        {**row, "period": f"{row['period']}Q{q}"} for row in rows["income"] for q in (1, 2, 3, 4)
    ]
    rows["earlier_lists"] = [{"village_code": code, "start": "2020-03-01"}]
    rows["mechanisms"] = [
        {"village_code": code, "mechanism": "村民自治", "start_date": "2023年6月15日"}
    ]
    rows["township_actions"] = [
        {"township_code": code[:9], "action": "任务清单", "due_date": "2023/3/10", "done_date": ""}
    ]
    rows["satisfaction"] = [{"village_code": code, "period": "2022", "score": 86.5}]
    rows["outcomes"] = [
        {"village_code": code, "outcome": "assemblies", "period": "2022", "value": 4}
    ]
    rows["village_changes"] = [
        {"old_code": "371324101999", "new_code": other, "date": "2021.12.01", "kind": "merged"}
    ]
    county = read_county(write_folder(tmp_path / "c", rows))
    assert county.mechanisms.loc[0, "mechanism"] == "self_governance"
    assert county.township_actions.loc[0, "action"] == "task_list"
    assert county.petitions["month"].dtype == "period[M]" and not county.is_register
    again = read_county(write_county(tmp_path / "again", county.campaign, county.tables()))
    assert set(again.tables()) == set(CONTRACTS) - {"petitions_register", "petitions_counts"} | {
        "petitions"
    }
    for name, table in county.tables().items():
        pd.testing.assert_frame_equal(again.tables()[name], table)


def test_the_same_tables_give_the_same_bytes(county_folder, tmp_path):
    county = read_county(county_folder)
    tables = county.tables()
    shuffled = {
        name: tables[name][list(reversed(tables[name].columns))] for name in reversed(tables)
    }
    for name, these in (("one", tables), ("two", shuffled)):
        write_county(tmp_path / name, county.campaign, these)
    bytes_of = [
        {p.name: p.read_bytes() for p in sorted((tmp_path / name).iterdir())}
        for name in ("one", "two")
    ]
    assert bytes_of[0] == bytes_of[1]
    assert all(b"\r" not in content for content in bytes_of[0].values())
    assert b"start = 2023-03-01\n" in bytes_of[0]["campaign.toml"]


def test_writing_replaces_a_county_and_nothing_else(county_folder, tmp_path):
    county = read_county(county_folder)
    tables = county.tables()
    out = tmp_path / "out"
    write_county(out, county.campaign, tables)
    write_county(out, county.campaign, {name: tables[name] for name in ("villages", "petitions")})
    assert sorted(p.name for p in out.iterdir()) == [
        LIST,
        "campaign.toml",
        "petitions.csv",
        "villages.csv",
    ]
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.txt").write_text("x")
    with pytest.raises(InputError):
        write_county(precious, county.campaign, tables)
    assert [p.name for p in precious.iterdir()] == ["thesis.txt"]
    (out / "信访登记台账.xlsx").write_bytes(b"a bureaus' delivery has a campaign.toml too")
    with pytest.raises(InputError):
        write_county(out, county.campaign, tables)
    assert (out / "信访登记台账.xlsx").is_file()
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_a_failed_writing_leaves_the_old_county(county_folder, tmp_path, monkeypatch):
    county = read_county(county_folder)
    out = write_county(tmp_path / "out", county.campaign, county.tables())
    before = {p.name: p.read_bytes() for p in out.iterdir()}
    monkeypatch.setattr(
        "village_eval.folder.writing.write_table",
        lambda *_: (_ for _ in ()).throw(OSError("disk full")),
    )
    with pytest.raises(OSError, match="disk full"):
        write_county(out, county.campaign, county.tables())
    assert {p.name: p.read_bytes() for p in out.iterdir()} == before
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_identical_rows_count_once_and_the_ledger_says_so(tmp_path):
    rows = county_rows()
    n = len(rows["petitions"])
    rows["petitions"] += [dict(row) for row in rows["petitions"][:7]]
    county = read_county(write_folder(tmp_path / "c", rows), lang="en")
    assert len(county.petitions) == n
    line = worded(county.ledger, "en").query("step == 'dropped'").iloc[0]
    assert (line["source"], line["rows"], line["reason"]) == (
        "petitions.csv",
        7,
        "entered twice, identical",
    )


def test_terms_are_understood_and_noted(tmp_path):
    rows = county_rows()
    rows["villages"][0]["village_type"] = "经济薄弱"
    rows["petitions"][0]["level"] = "到京"
    rows["measures"][0]["department"] = "县农业局、水利局"
    rows["measures"][1]["department"] = "组织部，财政局"
    county = read_county(write_folder(tmp_path / "c", rows), lang="zh")
    assert county.villages.loc[0, "village_type"] == "economy"
    assert county.petitions.loc[0, "level"] == "national"
    assert county.measures["department"][:2].tolist() == [
        "agriculture_water",
        "organization;finance",
    ]
    noted = "".join(worded(county.ledger.query("step == 'converted'"), "zh")["reason"])
    assert "“经济薄弱”按“economy”处理" in noted and "“到京”按“national”处理" in noted


def test_unknown_columns_and_files_are_kept_and_named(tmp_path):
    rows = county_rows()
    for row in rows["villages"]:
        row["terrain"] = "山区"
    folder = write_folder(tmp_path / "c", rows)
    (folder / "notes.docx").write_bytes(b"x")
    county = read_county(folder, lang="en")
    assert county.villages["terrain"].eq("山区").all()
    assert "terrain" in "".join(worded(county.ledger, "en")["reason"])
    assert any("notes.docx" in str(warning) for warning in county.warnings)


def test_a_resolution_before_the_petition_counts_as_none(tmp_path):
    rows = county_rows()
    for row in rows["petitions"]:
        row["resolved_date"] = ""
    rows["petitions"][3]["resolved_date"] = "2001-01-01"
    county = read_county(write_folder(tmp_path / "c", rows), lang="en")
    assert county.petitions["resolved_date"].isna().all()
    assert any("row 5" in str(w) and "resolved_date" in str(w) for w in county.warnings)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("date", "2019-4-12", "2019-04-12"),
        ("date", "2019/04/12", "2019-04-12"),
        ("date", "2019.4.12", "2019-04-12"),
        ("date", "2019年4月12日", "2019-04-12"),
        ("date", "20190412", "2019-04-12"),
        ("date", "43567", "2019-04-12"),
        ("date", "２０１９－０４－１２", "2019-04-12"),
        ("date", "2019-04-12 08:30:00", "2019-04-12"),
        ("month", "2022-3", "2022-03"),
        ("month", "2022年3月", "2022-03"),
        ("month", "202203", "2022-03"),
        ("month", "2022-03-01", "2022-03"),
        ("period", "2022年", "2022"),
        ("period", "2022q3", "2022Q3"),
        ("period", "2022年第三季度", "2022Q3"),
        ("number", "1,234,567.5", 1234567.5),
        ("integer", "１１８０", 1180.0),
        ("flag", "是", 1),
        ("village_code", "371324101201.0", "371324101201"),
    ],
)
def test_ways_of_writing(kind, text, value):
    typed, wrong = convert.convert(pd.Series([text, None], dtype=object), Column(kind, text))
    assert wrong == {} and typed.isna().tolist() == [False, True]
    assert str(typed[0])[:10] == value if kind == "date" else str(typed[0]) == str(value)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("month", "2022-03-15"),
        ("month", "2022"),
        ("period", "2022-03"),
        ("number", "inf"),
        ("number", "1,23"),
        ("date", "9999-12-31"),
        ("date", "12"),
    ],
)
def test_ways_of_writing_that_are_refused(kind, text):
    typed, wrong = convert.convert(pd.Series([text], dtype=object), Column(kind, text))
    assert typed.isna().all() and list(wrong) == [f"not_{kind}"]


def test_silent_runs():
    assert silent_runs(np.array([0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0]) > 0) == [(0, 3), (7, 11)]
    assert silent_runs(np.ones(5, bool)) == []


def test_the_codebook_is_that_of_the_contracts():
    assert (ROOT / "docs" / "codebook.md").read_text("utf-8") == codebook(), (
        "run: python -m village_eval.folder.codebook > docs/codebook.md"
    )


@pytest.mark.parametrize("contract", CONTRACTS)
def test_examples_of_the_codebook_are_valid(contract):
    for name, column in CONTRACTS[contract].columns.items():
        typed, wrong = convert.convert(pd.Series([column.example], dtype=object), column)
        assert wrong == {} and typed.notna().all(), name
        kind = column.vocabulary
        assert kind is None or set(column.example.split(";")) <= set(vocabulary.keys(kind))


def test_messages_speak_the_language_of_the_locale(monkeypatch, tmp_path):
    for variable in ("VILLAGE_EVAL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    assert message("cli.interrupted") == "Interrupted."
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    with pytest.raises(InputError, match="没有这个文件夹"):
        read_county(tmp_path / "nowhere")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    with pytest.raises(InputError, match="there is no such folder"):
        read_county(tmp_path / "nowhere")

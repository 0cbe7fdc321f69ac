"""A database as source: an SQLite file gives the facts that files give, no password is shown, and every
refusal is in words."""

from __future__ import annotations

import sqlite3

import database_delivery as told
import pytest
from bureau_delivery import CAMPAIGN, PEOPLE
from database_delivery import (
    OBSERVED,
    QUERIES,
    READER,
    SECRET,
    assert_same_facts,
    campaign,
    everything_written,
    facts,
    nothing_but,
    said,
)

from village_eval.bureau import database
from village_eval.bureau.importing import import_folder
from village_eval.cli.main import main

by_files, lite = told.by_files, told.lite


def test_sqlite_gives_the_facts_that_files_give(lite, by_files, tmp_path):
    county = import_folder(lite, tmp_path / "out", key=b"test")
    assert_same_facts(county, by_files)
    assert len(county.petitions) == 80 and county.villages["listed"].sum() == 3


def test_every_row_of_a_query_is_in_the_ledger_and_no_person_anywhere(lite, tmp_path):
    county = import_folder(lite, tmp_path / "out")
    ledger = county.ledger
    mine = ledger[ledger["source"] == "register.db[petitions]"]
    read, kept = (mine.loc[mine["step"] == step, "rows"].sum() for step in ("read", "kept"))
    assert read == kept == 80
    written = everything_written(tmp_path / "out")
    assert not [part for person in PEOPLE for part in person if part and part in written]


def test_petitions_that_a_remark_calls_void_are_dropped_as_from_a_workbook(lite, tmp_path):
    with sqlite3.connect(lite / "register.db") as connection:
        connection.execute('ALTER TABLE petitions ADD COLUMN "备注" TEXT')
        connection.execute(
            "UPDATE petitions SET 备注 = '作废（重复件）' WHERE 登记编号 < 'P000003'"
        )
        connection.execute("UPDATE petitions SET 备注 = '正在核实' WHERE 登记编号 > 'P000070'")
    county = import_folder(lite, tmp_path / "out")
    assert len(county.petitions) == 77
    void = county.ledger[county.ledger["key"].str.endswith("void_rows")]
    assert void["rows"].tolist() == [3] and "备注" in void["details"].iloc[0]


def test_the_file_is_not_touched(lite, tmp_path):
    before = (lite / "register.db").read_bytes()
    import_folder(lite, tmp_path / "out")
    assert (lite / "register.db").read_bytes() == before
    assert sorted(p.name for p in lite.iterdir()) == ["campaign.toml", "register.db"]


def test_old_systems_text_in_gbk_is_read(lite, tmp_path):
    with sqlite3.connect(lite / "register.db") as connection:
        rows = connection.execute('SELECT rowid, "村名" FROM villages').fetchall()
        for rowid, name in rows:
            connection.execute(
                'UPDATE villages SET "村名" = CAST(? AS TEXT) WHERE rowid = ?',
                (name.encode("gb18030"), rowid),
            )
    county = import_folder(lite, tmp_path / "out")
    assert "王家村" in set(county.villages["village_name"])


def test_files_may_stand_beside_a_database(lite, by_files, tmp_path):
    facts()["income"].to_csv(lite / "收入.csv", index=False)
    queries = {name: asked for name, asked in QUERIES.items() if name != "income"}
    nothing_but(lite, campaign("sqlite:///register.db", queries))
    assert_same_facts(import_folder(lite, tmp_path / "out", key=b"test"), by_files)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("petition", ["没有“petition”这张表", "petitions"]),
        ("DROP TABLE petitions", ["不是一条只读的查询"]),
        ("DELETE FROM petitions", ["不是一条只读的查询"]),
        ("PRAGMA table_info(petitions)", ["不是一条只读的查询"]),
        ("WITH x AS (SELECT 1) DELETE FROM petitions", ["不是一条只读的查询"]),
        ("SELECT 1; DROP TABLE petitions", ["不止一条语句"]),
        ("-- nothing", ["不止一条语句（或没有语句）"]),
        ("SELECT * FROM nowhere", ["no such table: nowhere"]),
        ("SELECT nix FROM petitions", ["no such column: nix"]),
        ("SELECT FROM WHERE", ["syntax error"]),
        ("SELECT * FROM petitions WHERE filed > :since", ["since", ":observed_first"]),
    ],
)
def test_what_may_not_or_cannot_be_asked_is_said(lite, tmp_path, asked, words):
    nothing_but(lite, campaign("sqlite:///register.db", {**QUERIES, "petitions": asked}))
    (sentence,) = [s for s in said(lite, tmp_path) if "petitions" in s]
    assert all(word in sentence for word in words), sentence
    with sqlite3.connect(lite / "register.db") as connection:
        assert connection.execute("SELECT count(*) FROM petitions").fetchone() == (80,)


def test_all_that_is_wrong_with_a_source_is_said_at_once(lite, tmp_path):
    wrong = {"villages": "villages", "a": "nowhere", "b": "DROP TABLE villages", "c": "SELECT 1; x"}
    nothing_but(lite, campaign("sqlite:///register.db", wrong))
    sentences = "\n".join(said(lite, tmp_path))
    assert all(word in sentences for word in ("nowhere", "tables.b", "tables.c"))


def test_parameters_need_observed(lite, tmp_path):
    nothing_but(lite, campaign("sqlite:///register.db", QUERIES, more=""))
    assert [s for s in said(lite, tmp_path) if "observed = [" in s]


def test_too_many_rows_and_too_slow_a_query_are_refused(lite, tmp_path, monkeypatch):
    monkeypatch.setattr(database, "MOST_ROWS", 79)
    assert [s for s in said(lite, tmp_path) if "超过79行" in s]
    monkeypatch.setattr(database, "SECONDS", 0.2)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    nothing_but(lite, campaign("sqlite:///register.db", {**QUERIES, "petitions": endless}))
    assert [s for s in said(lite, tmp_path) if "超过0.2秒" in s]


def test_an_unknown_table_of_a_database_can_be_left_out_by_its_name(lite, tmp_path):
    with sqlite3.connect(lite / "register.db") as connection:
        connection.execute("CREATE TABLE other AS SELECT 村名, 村名 AS 别的 FROM villages")
    asked = {**QUERIES, "other": "other"}
    nothing_but(lite, campaign("sqlite:///register.db", asked))
    assert [s for s in said(lite, tmp_path) if 'ignore = ["other"]' in s]
    text = campaign("sqlite:///register.db", asked, more=f'{OBSERVED}ignore = ["other"]\n')
    import_folder(nothing_but(lite, text), tmp_path / "out")


def test_what_is_no_database_is_said(tmp_path):
    folder = nothing_but(tmp_path / "in", campaign("sqlite:///nowhere.db", QUERIES))
    assert [s for s in said(folder, tmp_path) if "nowhere.db" in s and "找不到SQLite文件" in s]
    (folder / "nowhere.db").write_bytes(b"no database" * 1000)
    assert [s for s in said(folder, tmp_path) if "不是SQLite数据库" in s]


# --- the url, and what it may not hold -----------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "word"),
    [
        (f"postgresql://{READER}:{SECRET}@host/x", "写了密码"),
        (f"postgresql+psycopg://{READER}@host/x?password={SECRET}", "写了密码"),
        (f"sqlite:///register.db?key={SECRET}", "写了密码"),
        ("mysql://reader@host/x", "mysql"),
        ("postgresql://reader@host/x?host=elsewhere", "host"),
        ("postgresql://reader@host/x?options=-c%20default_transaction_read_only%3Doff", "options"),
        ("postgresql://host/x", "url写法不对"),
        ("no url", "url写法不对"),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_url_that_may_not_be_is_refused_and_never_shown(tmp_path, url, word, lang, capsys):
    folder = nothing_but(tmp_path / "in", campaign(url, QUERIES))
    status = main(["import", str(folder), "--out", str(tmp_path / "out"), "--lang", lang])
    shown = "".join(capsys.readouterr())
    assert status == 2 and SECRET not in shown
    assert lang == "en" or word in shown


def test_a_source_written_otherwise_is_refused_without_showing_it(tmp_path, capsys):
    text = f'{CAMPAIGN}source = "postgresql://{READER}:{SECRET}@host/x"\n'
    folder = nothing_but(tmp_path / "in", text)
    assert main(["import", str(folder), "--out", str(tmp_path / "out"), "--lang", "zh"]) == 2
    shown = "".join(capsys.readouterr())
    assert SECRET not in shown and "应写成：source = { url =" in shown


def test_without_the_drivers_it_is_said_what_to_install(tmp_path, monkeypatch, lite):
    import sys

    monkeypatch.setitem(sys.modules, "sqlparse", None)
    assert [s for s in said(lite, tmp_path) if "village-eval[sql]" in s]

"""A running server as source: the same facts, read only, its password only to the host that was
named."""

from __future__ import annotations

import re

import database_delivery as told
import pandas as pd
import postgres
import pytest
from bureau_delivery import PEOPLE
from database_delivery import (
    READER,
    SECRET,
    assert_same_facts,
    everything_written,
    needs_server,
    said,
)

from village_eval.bureau import database
from village_eval.bureau.importing import import_folder
from village_eval.bureau.source import HOST, PASSWORD

by_files, server, asked_of = told.by_files, told.server, told.asked_of


@needs_server
def test_postgresql_gives_the_facts_that_files_give(asked_of, by_files, tmp_path):
    county = import_folder(asked_of(), tmp_path / "out", key=b"test")
    assert_same_facts(county, by_files)
    assert [
        s for s in county.ledger["source"] if re.search(r"^postgresql://127.*\[petitions\]$", s)
    ]
    assert SECRET not in everything_written(tmp_path / "out")
    assert READER not in everything_written(tmp_path / "out")


@needs_server
def test_views_and_times_with_a_zone_are_read_as_the_day_in_china(asked_of, by_files, tmp_path):
    zoned = "SELECT 登记编号, 乡镇, 村名, 信访形式, at AS 登记时间 FROM zoned"
    county = import_folder(asked_of(petitions=zoned), tmp_path / "out", key=b"test")
    pd.testing.assert_series_equal(county.petitions["date"], by_files.petitions["date"])
    assert len(import_folder(asked_of(petitions="of_the_year"), tmp_path / "out").petitions) == 80


@needs_server
@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("nowhere", ["没有“nowhere”这张表", "of_the_year"]),
        ("public.nowhere", ["没有“nowhere”这张表"]),
        ("SELECT * FROM nowhere", ['relation "nowhere" does not exist']),
        ("SELECT * FROM secret", ["无权读取"]),
        ("SELECT nix FROM petitions", ['column "nix" does not exist']),
        ("WITH x AS (DELETE FROM petitions RETURNING *) SELECT * FROM x", ["只读的查询"]),
        ("SELECT * INTO mine FROM petitions", ["SELECT ... INTO"]),
        ("SELECT * FROM petitions FOR UPDATE", ["只读的查询"]),
        ("SELECT nextval('nix'), set_config('transaction_read_only', 'off', false)", ["nix"]),
    ],
)
def test_a_session_that_can_only_read_says_why_it_does_not(asked_of, tmp_path, asked, words):
    (sentence,) = [s for s in said(asked_of(petitions=asked), tmp_path) if "petitions" in s]
    assert all(word in sentence for word in words), sentence


@needs_server
def test_what_a_database_says_of_cells_is_not_passed_on(asked_of, tmp_path):
    asked = "SELECT 信访人::int AS 村名 FROM petitions"
    sentences = "\n".join(said(asked_of(petitions=asked), tmp_path))
    assert "22P02" in sentences and not [p for p, *_ in PEOPLE if p and p in sentences]


@needs_server
def test_a_slow_query_is_ended(asked_of, tmp_path, monkeypatch):
    monkeypatch.setattr(database, "SECONDS", 1)
    assert [s for s in said(asked_of(petitions="SELECT pg_sleep(20)"), tmp_path) if "超过1秒" in s]


@needs_server
def test_no_connection_and_no_right_password_are_told_apart(asked_of, tmp_path, monkeypatch):
    (sentence,) = said(asked_of(port=postgres.free_port()), tmp_path)[:1]
    assert "连不上主机127.0.0.1" in sentence and "refused" in sentence
    assert [s for s in said(asked_of(database_name="nix"), tmp_path) if '"nix" does not exist' in s]
    monkeypatch.setenv(PASSWORD, "falsch")
    assert [s for s in said(asked_of(), tmp_path) if "不接受用户reader" in s]


@needs_server
def test_a_password_goes_only_to_the_host_that_the_user_named(asked_of, tmp_path, monkeypatch):
    monkeypatch.setenv(HOST, "db.example.org")
    monkeypatch.setenv("PGPASSWORD", SECRET)
    sentences = said(asked_of(), tmp_path)
    assert [s for s in sentences if "没有发送" in s and "db.example.org" in s]
    monkeypatch.delenv(HOST)
    assert [s for s in said(asked_of(), tmp_path) if "VILLAGE_EVAL_DB_HOST=127.0.0.1" in s]
    monkeypatch.delenv(PASSWORD)
    (sentence,) = [s for s in said(asked_of(), tmp_path) if "要求用户reader出示密码" in s]
    assert SECRET not in sentence


@needs_server
def test_a_password_may_come_from_the_keyring(asked_of, by_files, tmp_path, monkeypatch):
    import keyring
    from keyring.backend import KeyringBackend

    class Kept(KeyringBackend):
        priority = 1

        def get_password(self, service, username):
            return SECRET if (service, username) == ("village-eval@127.0.0.1", READER) else None

        def set_password(self, service, username, password): ...

        def delete_password(self, service, username): ...

    before = keyring.get_keyring()
    keyring.set_keyring(Kept())
    monkeypatch.delenv(PASSWORD)
    try:
        county = import_folder(asked_of(), tmp_path / "out", key=b"test")
    finally:
        keyring.set_keyring(before)
    assert_same_facts(county, by_files)

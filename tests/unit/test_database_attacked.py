"""What a campaign.toml from anybody may ask of a database: one SELECT of a session that can only
read, within time and memory, and not as somebody who may do everything."""

from __future__ import annotations

import re
import sqlite3
import time

import database_delivery as told
import postgres
import pytest
import tomli_w
from sqlalchemy import URL, create_engine, text

from village_eval.bureau import database
from village_eval.bureau.importing import import_folder

lite, server, asked_of = told.lite, told.server, told.asked_of
needs_server = told.needs_server
ROWS = 80


def asking(folder, **queries: str):
    """The delivery with other queries, written as TOML writes any text."""
    about = {"url": "sqlite:///register.db", "tables": {**told.QUERIES, **queries}}
    written = tomli_w.dumps({"source": about})
    return told.nothing_but(folder, f"{told.CAMPAIGN}{told.OBSERVED}{written}")


def refused(folder, tmp_path, words: str, name: str = "petitions") -> str:
    """The one sentence about a table; the import's status is the user's."""
    (sentence,) = [s for s in told.said(folder, tmp_path) if name in s]
    assert re.search(words, sentence), sentence
    return sentence


NOT_ONE_SELECT = {
    "stacked": "SELECT 1; DROP TABLE petitions",
    "stacked behind a comment": "SELECT 1 /* ; */; -- x\n DROP TABLE petitions",
    "a comment that hides it": "/* SELECT */ DROP TABLE petitions",
    "a nested comment": "/* /* SELECT 1 */ DROP TABLE petitions",
    "attach": "ATTACH DATABASE '/tmp/other.db' AS other",
    "pragma": "PRAGMA writable_schema = ON",
    "a cte that deletes": "WITH x AS (SELECT 1) DELETE FROM petitions",
    "copy to a program": "COPY petitions TO PROGRAM 'touch /tmp/x'",
    "copy from a file": "COPY petitions FROM '/etc/passwd'",
    "do": "DO $$ BEGIN DELETE FROM petitions; END $$",
    "call": "CALL forget()",
    "explain analyze": "EXPLAIN ANALYZE DELETE FROM petitions",
    "vacuum into": "VACUUM INTO '/tmp/copy.db'",
    "set": "SET default_transaction_read_only = off",
    "begin": "BEGIN; SELECT 1",
    "prepare": "PREPARE x AS DELETE FROM petitions",
    "values": "VALUES (1)",
    "nothing": ";;;",
    "a comment": "-- petitions",
}


@pytest.mark.parametrize("asked", NOT_ONE_SELECT.values(), ids=NOT_ONE_SELECT)
def test_what_is_not_one_select_is_never_sent(lite, tmp_path, monkeypatch, asked):
    sent, real = [], database._cursor

    def cursor(connection, statement, bound):
        sent.append(str(statement))
        return real(connection, statement, bound)

    monkeypatch.setattr(database, "_cursor", cursor)
    refused(asking(lite, petitions=asked), tmp_path, "只读的查询|不止一条语句")
    assert len(sent) == len(told.QUERIES) - 1 and asked not in sent


def test_a_comment_ends_with_its_line(lite, tmp_path):
    """On one line it would swallow what comes after it, a condition say."""
    asked = "SELECT * FROM petitions -- of all\nWHERE rowid <= 70"
    assert len(import_folder(asking(lite, petitions=asked), tmp_path / "out").petitions) == 70


NOT_IN_SQLITE = {
    "an escaped quotation mark": "SELECT 'a\\'; DROP TABLE petitions; --' FROM petitions",
    "an extension": "SELECT load_extension('/tmp/x.so') FROM petitions",
    "a file written": "SELECT writefile('/tmp/x', 'x') FROM petitions",
    "a file read": "SELECT readfile('/etc/passwd') FROM petitions",
    "a tokenizer": "SELECT fts3_tokenizer('simple', x'4141414141414141') FROM petitions",
    "a cell of a gigabyte": "SELECT hex(zeroblob(500000000)) AS 村名 FROM petitions",
    "a text of a gigabyte": "SELECT replace(hex(zeroblob(9999)), '0', hex(zeroblob(9999))) AS x",
    "a cte that writes": "WITH x AS (DELETE FROM petitions RETURNING *) SELECT * FROM x",
    "a pragma that writes": "SELECT * FROM pragma_writable_schema(1)",
    "another schema": "SELECT * FROM other.petitions",
    "a hundred brackets": f"SELECT {'(' * 100}1{')' * 100} FROM petitions",
    "a thousand brackets": f"SELECT {'(' * 1000}1{')' * 1000} FROM petitions",
    "ten thousand columns": "SELECT " + "1," * 9_000 + "1 FROM petitions",
    "a thousand joins": "SELECT * FROM petitions" + ", petitions" * 1000,
}


@pytest.mark.parametrize("asked", NOT_IN_SQLITE.values(), ids=NOT_IN_SQLITE)
def test_sqlite_does_nothing_but_read(lite, tmp_path, asked):
    before, began = (lite / "register.db").read_bytes(), time.monotonic()
    refused(asking(lite, petitions=asked), tmp_path, "只读的查询|不接受|不止一条语句|套得太深")
    assert (lite / "register.db").read_bytes() == before and time.monotonic() - began < 20
    assert sorted(p.name for p in lite.iterdir()) == ["campaign.toml", "register.db"]


def test_a_rule_or_trigger_of_the_file_does_not_write(lite, tmp_path):
    """A view may hold what the file's maker wanted; it is read, and it cannot call for a write."""
    with sqlite3.connect(lite / "register.db") as connection:
        connection.execute("CREATE TABLE seen(x)")
        connection.execute("CREATE VIEW looked AS SELECT * FROM petitions")
        connection.execute(
            "CREATE TRIGGER t INSTEAD OF INSERT ON looked BEGIN INSERT INTO seen VALUES (1); END"
        )
    assert len(import_folder(asking(lite, petitions="looked"), tmp_path / "out").petitions) == ROWS
    with sqlite3.connect(lite / "register.db") as connection:
        assert not connection.execute("SELECT * FROM seen").fetchall()


def test_a_database_of_the_mode_wal_is_read_and_not_touched(lite, tmp_path):
    """A reader would leave files of its own in the delivery."""
    with sqlite3.connect(lite / "register.db") as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    there = {p.name: p.read_bytes() for p in lite.iterdir()}
    assert len(import_folder(lite, tmp_path / "out").petitions) == ROWS
    assert {p.name: p.read_bytes() for p in lite.iterdir()} == there


def test_a_database_that_somebody_writes_to_is_read_as_it_is_now(lite, tmp_path):
    """The newest rows are not in the file yet, but beside it."""
    writer = sqlite3.connect(lite / "register.db", isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("DELETE FROM petitions WHERE rowid = 1")
    before = (lite / "register.db").read_bytes()
    assert len(import_folder(lite, tmp_path / "out").petitions) == ROWS - 1
    assert (lite / "register.db").read_bytes() == before
    writer.close()


def test_columns_that_old_systems_named_in_gbk_are_said(lite, tmp_path):
    with sqlite3.connect(lite / "register.db") as connection:
        connection.execute("PRAGMA writable_schema = ON")
        asked = "SELECT sql FROM sqlite_master WHERE name = 'petitions'"
        (made,) = connection.execute(asked).fetchone()
        connection.execute(
            "UPDATE sqlite_master SET sql = CAST(? AS TEXT) WHERE name = 'petitions'",
            (made.encode("gb18030"),),
        )
    connection.close()
    refused(asking(lite, petitions="petitions"), tmp_path, "列名不是UTF-8编码")


NAMES = {
    "a quotation mark": 'vil"lages',
    "a statement": "x; DROP TABLE petitions",
    "brackets": "a](b)",
    "a blank and a dot": "a .b",
    "format syntax": "%s{0}:x",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_table_of_an_odd_name_is_a_name(lite, tmp_path, name):
    quoted = '"' + name.replace('"', '""') + '"'
    with sqlite3.connect(lite / "register.db") as connection:
        connection.execute(f"ALTER TABLE petitions RENAME TO {quoted}")
    connection.close()
    for asked in (quoted, f"SELECT * FROM {quoted}".replace(":", "\\:")):
        folder = asking(lite, petitions=asked)
        assert len(import_folder(folder, tmp_path / "out").petitions) == ROWS


# --- PostgreSQL ----------------------------------------------------------------------------------

NOT_IN_POSTGRESQL = {
    "an escaped quotation mark": r"SELECT 'a\\'; COMMIT; DROP TABLE petitions; --' FROM petitions",
    "dollar quotes": "SELECT $a$;$a$ AS x; COMMIT; DROP TABLE petitions",
    "a cte that writes": "WITH x AS (DELETE FROM petitions RETURNING *) SELECT * FROM x",
    "a sequence": "SELECT nextval('numbers') AS x FROM petitions",
    "a sequence set": "SELECT setval('numbers', 7) AS x FROM petitions",
    "a function that writes": "SELECT forget() AS x FROM petitions",
    "its definer's rights": "SELECT forget_as_owner() AS x FROM petitions",
    "leaving the reading session": "SELECT set_config('transaction_read_only', 'off', true) AS x",
    "another role": "SELECT set_config('role', 'owner', false) AS x",
    "a file of the server": "SELECT pg_read_file('/etc/passwd') AS x",
    "a large object": "SELECT lo_import('/etc/passwd') AS x",
    "a large object made": "SELECT lo_from_bytea(0, 'x') AS x",
    "query to xml": "SELECT query_to_xml('DELETE FROM petitions', true, true, '') AS x",
    "a row locked": "SELECT * FROM petitions FOR UPDATE",
    "into": "SELECT * INTO mine FROM petitions",
    "temporary": "SELECT * INTO TEMP mine FROM petitions",
    "a moment without end": "SELECT 'infinity'::timestamp AS 登记日期, * FROM petitions",
}


@pytest.fixture(scope="module")
def armed(server):
    """The server with functions, a sequence and a rule that write."""
    owner = (postgres.OWNER, postgres.OWNERS_PASSWORD, server.host, server.port, "postgres")
    engine = create_engine(URL.create("postgresql+psycopg", *owner))
    with engine.begin() as connection:
        for line in (
            "CREATE SEQUENCE numbers",
            f"GRANT ALL ON SEQUENCE numbers TO {told.READER}",
            "CREATE FUNCTION forget() RETURNS int LANGUAGE sql AS "
            "'DELETE FROM petitions RETURNING 1'",
            "CREATE FUNCTION forget_as_owner() RETURNS int LANGUAGE sql SECURITY DEFINER AS "
            "'DELETE FROM petitions RETURNING 1'",
            "CREATE TABLE seen (x int)",
            f"GRANT ALL ON seen TO {told.READER}",
            "CREATE VIEW looked AS SELECT * FROM petitions",
            "CREATE RULE r AS ON UPDATE TO looked DO INSTEAD INSERT INTO seen VALUES (1)",
            f"GRANT ALL ON looked TO {told.READER}",
            "CREATE ROLE deputy LOGIN SUPERUSER PASSWORD '" + told.SECRET + "'",
            "CREATE ROLE filer LOGIN PASSWORD '" + told.SECRET + "'",
            "GRANT pg_read_server_files TO filer",
            "GRANT SELECT ON ALL TABLES IN SCHEMA public TO filer",
        ):
            connection.execute(text(line))

    def rows() -> tuple[int, int]:
        with engine.connect() as connection:
            objects = "SELECT count(*) FROM pg_largeobject_metadata"
            asked = f"SELECT (SELECT count(*) FROM petitions), ({objects})"
            return tuple(connection.execute(text(asked)).one())

    yield rows
    engine.dispose()


@needs_server
@pytest.mark.parametrize("asked", NOT_IN_POSTGRESQL.values(), ids=NOT_IN_POSTGRESQL)
def test_postgresql_does_nothing_but_read(asked_of, armed, tmp_path, asked):
    # A large object that is made is forgotten with the session, and its number is no petition.
    words = "不接受|只读的查询|无权读取|不止一条语句|看不出是哪一类表"
    refused(asked_of(petitions=asked), tmp_path, words)
    assert armed() == (ROWS, 0)


@needs_server
def test_a_view_with_a_rule_is_read_and_writes_nothing(asked_of, armed, tmp_path):
    assert len(import_folder(asked_of(petitions="looked"), tmp_path / "out").petitions) == ROWS
    assert armed() == (ROWS, 0)


@needs_server
@pytest.mark.parametrize("user", ["deputy", "filer"])
def test_no_select_is_run_as_somebody_who_may_do_everything(asked_of, armed, tmp_path, user):
    """Functions that read and write the server's files are no writing of tables."""
    asked = "SELECT *, pg_read_file('/etc/hostname') AS x FROM petitions"
    sentence = refused(asked_of(user=user, petitions=asked), tmp_path, f"用户{user}可以")
    assert "只读用户" in sentence
    county = import_folder(asked_of(user=user, petitions="petitions"), tmp_path / "out")
    assert len(county.petitions) == ROWS


@needs_server
@pytest.mark.parametrize(
    "slow",
    [
        "SELECT pg_sleep(20) AS x",
        "SELECT pg_sleep(0.05) AS x FROM generate_series(1, 60)",
        "SELECT set_config('statement_timeout', '0', false) AS x, "
        "CASE WHEN i > 10 THEN pg_sleep(20) END AS y FROM generate_series(1, 20) i",
    ],
    ids=["at once", "by and by", "after it took the limit away"],
)
def test_no_query_takes_the_limit_of_time_away(asked_of, armed, tmp_path, monkeypatch, slow):
    """Neither for itself nor for the next table."""
    monkeypatch.setattr(database, "SECONDS", 1)
    monkeypatch.setattr(database, "AT_ONCE", 10)
    free = "SELECT set_config('statement_timeout', '0', false) AS x FROM petitions LIMIT 1"
    began = time.monotonic()
    folder = asked_of(villages=free, petitions=slow)
    refused(folder, tmp_path, "超过1秒")
    assert time.monotonic() - began < 15

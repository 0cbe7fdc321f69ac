"""A database as source: the same facts as from files, read only, no password anywhere, and every
refusal in words."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pandas as pd
import postgres
import pytest
from bureau_delivery import CAMPAIGN, PEOPLE, deliver, income, listing, measures, register, roster
from sqlalchemy import URL, create_engine, text

from village_eval.bureau import database
from village_eval.bureau.importing import import_folder
from village_eval.bureau.source import HOST, PASSWORD
from village_eval.cli.main import main
from village_eval.county.problems import InputError

OBSERVED = 'observed = ["2021-01", "2024-04"]\n'
READER, SECRET = "reader", "Kein-Wort-darüber-7"
QUERIES = {
    "villages": "villages",
    "名单": "后进村名单",
    "petitions": (
        "SELECT * FROM petitions WHERE filed >= :observed_first AND filed <= :observed_last"
    ),
    "income": "income",
    "measures": "measures",
}


def facts() -> dict[str, pd.DataFrame]:
    """The delivery's tables as an office's system keeps them: no titles, no totals, real types."""
    _, _, header, *rows, _ = roster()
    villages = pd.DataFrame(rows, columns=header).assign(乡镇=lambda t: t["乡镇"].ffill())
    villages["统计用区划代码"] = villages["统计用区划代码"].map(lambda c: str(int(float(c))))
    villages["村名"] = villages["村名"].str.strip()
    villages["人口"] = 1180
    _, header, *rows, _ = listing()
    listed = pd.DataFrame(rows, columns=header)
    header, *rows = register()
    petitions = pd.DataFrame(rows, columns=header)
    petitions = petitions.rename(columns={"登记日期": "filed"})
    petitions["filed"] = [
        pd.Timestamp(2021 + i // 24, i // 2 % 12 + 1, 3 + i % 20) for i in range(len(petitions))
    ]
    petitions.insert(1, "登记日期", petitions["filed"])
    incomes = []
    for year, sheet in income().items():
        _, (*_, unit), header, *rows, _ = sheet
        frame = pd.DataFrame(rows, columns=header).replace("-", 0)
        amounts = frame.columns[2:]
        frame[amounts] = frame[amounts].astype(float) * (10_000 if unit == "单位:万元" else 1)
        renamed = frame.rename(columns={c: f"{c}（元）" for c in amounts})
        incomes.append(renamed.assign(年度=year))
    _, header, *rows = measures()
    done = pd.DataFrame(rows, columns=header)
    done["开始日期"] = ["2023-03-24", "2023-04-28", "2023-03-05"]
    return {
        "villages": villages,
        "后进村名单": listed,
        "petitions": petitions,
        "income": pd.concat(incomes),
        "measures": done,
    }


def fill(engine) -> None:
    with engine.begin() as connection:
        for name, table in facts().items():
            table.to_sql(name, connection, index=False)


def campaign(url: str, queries: dict[str, str], more: str = OBSERVED) -> str:
    lines = "".join(f'"{name}" = """{asked}"""\n' for name, asked in queries.items())
    return f'{CAMPAIGN}{more}[source]\nurl = "{url}"\n[source.tables]\n{lines}'


def nothing_but(folder: Path, text: str) -> Path:
    """A delivery with a campaign.toml and no tables."""
    folder.mkdir(exist_ok=True)
    (folder / "campaign.toml").write_text(text, "utf-8")
    return folder


def said(folder: Path, tmp_path: Path, lang: str = "zh") -> list[str]:
    with pytest.raises(InputError) as caught:
        import_folder(folder, tmp_path / "refused", lang=lang)
    assert not (tmp_path / "refused").exists()
    return [str(problem) for problem in caught.value.problems]


def everything_written(folder: Path) -> str:
    files = [p for p in folder.rglob("*") if p.is_file()]
    return "\n".join(p.read_bytes().decode("utf-8", "replace") for p in files)


@pytest.fixture
def by_files(tmp_path):
    """The county as the same facts come from workbooks and a csv."""
    parts = {name: None for name in ("roster", "listing", "register", "income", "measures")}
    folder = deliver(tmp_path / "files", campaign=CAMPAIGN + OBSERVED, **parts)
    for name, table in facts().items():
        table.to_csv(folder / f"{name}.csv", index=False, encoding="gb18030")
    return import_folder(folder, tmp_path / "of_files", key=b"test")


def assert_same_facts(one, other) -> None:
    assert one.campaign == other.campaign
    assert one.tables().keys() == other.tables().keys()
    for name, table in one.tables().items():
        pd.testing.assert_frame_equal(table, other.tables()[name])


# --- SQLite --------------------------------------------------------------------------------------


@pytest.fixture
def lite(tmp_path):
    """A delivery whose database is an SQLite file inside it."""
    folder = tmp_path / "村庄 (1)"
    folder.mkdir()
    fill(create_engine(f"sqlite:///{folder / 'register.db'}"))
    nothing_but(folder, campaign("sqlite:///register.db", QUERIES))
    return folder


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


# --- PostgreSQL ----------------------------------------------------------------------------------

needs_server = pytest.mark.skipif(postgres.why_not() is not None, reason=str(postgres.why_not()))


@pytest.fixture(scope="module")
def server():
    """A server with the facts, and a user who may read them and more: the session must forbid it."""
    with postgres.server() as running:
        owner = URL.create(
            "postgresql+psycopg",
            postgres.OWNER,
            postgres.OWNERS_PASSWORD,
            running.host,
            running.port,
            "postgres",
        )
        engine = create_engine(owner)
        fill(engine)
        with engine.begin() as connection:
            connection.execute(text(f"CREATE ROLE {READER} LOGIN PASSWORD '{SECRET}'"))
            connection.execute(text(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {READER}"))
            connection.execute(text("CREATE TABLE secret AS SELECT * FROM petitions"))
            connection.execute(text("CREATE VIEW of_the_year AS SELECT * FROM petitions"))
            connection.execute(text(f"GRANT SELECT ON of_the_year TO {READER}"))
            connection.execute(
                text(
                    "CREATE TABLE zoned AS SELECT *, (filed - interval '8 hours') AT TIME ZONE "
                    "'UTC' AS at FROM petitions"
                )
            )
            connection.execute(text(f"GRANT SELECT ON zoned TO {READER}"))
        engine.dispose()
        yield running


@pytest.fixture
def asked_of(server, tmp_path, monkeypatch):
    """A delivery that names the server, the password in the environment."""
    monkeypatch.setenv(HOST, server.host)
    monkeypatch.setenv(PASSWORD, SECRET)

    def deliver_it(database_name="postgres", user=READER, port=server.port, **queries):
        url = f"postgresql://{user}@{server.host}:{port}/{database_name}"
        return nothing_but(tmp_path / "in", campaign(url, {**QUERIES, **queries}))

    return deliver_it


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

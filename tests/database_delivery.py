"""The delivery as a database holds it, an SQLite file or a server: what tests of databases share."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import postgres
import pytest
from bureau_delivery import CAMPAIGN, deliver, income, listing, measures, register, roster
from sqlalchemy import URL, create_engine, text

from village_eval.bureau.importing import import_folder
from village_eval.bureau.source import HOST, PASSWORD
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


@pytest.fixture
def lite(tmp_path):
    """A delivery whose database is an SQLite file inside it."""
    folder = tmp_path / "村庄 (1)"
    folder.mkdir()
    fill(create_engine(f"sqlite:///{folder / 'register.db'}"))
    nothing_but(folder, campaign("sqlite:///register.db", QUERIES))
    return folder


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

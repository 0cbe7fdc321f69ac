"""The tables of a database as sheets of cells: a query's result is a table like a sheet.

The session can only read: SQLite is opened read-only, PostgreSQL in one read-only transaction with
a limit of time, so that all tables are of one moment. Nothing that a driver says is passed on where
it may quote cells, and nothing where it may hold the password.
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from village_eval.bureau.notes import Notes
from village_eval.bureau.sheet import Sheet
from village_eval.bureau.source import PASSWORD, Source, password_for
from village_eval.folder.campaign_file import FILE
from village_eval.folder.raw import decode

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Executable

SECONDS = 600
"""A query that takes longer is ended."""
MOST_ROWS = 2_000_000
AT_ONCE = 10_000
LONGEST_CELL = 1_000_000
"""Characters; SQLite makes no longer ones."""
MEMORY = 512 << 20
"""Bytes that SQLite may use for itself."""
MIGHTY = ("pg_read_server_files", "pg_write_server_files", "pg_execute_server_program")
"""Roles of PostgreSQL whose SELECT may call functions that reach the server's files and programs:
a session that can only read does not hold them back."""
TIME_ZONE = "Asia/Shanghai"
"""Times with a zone become the day that they were in China."""


def read_source(source: Source, keys: dict, notes: Notes, ignored=()) -> list[Sheet]:
    """A sheet for every table that ``source`` names; what cannot be had becomes a problem."""
    from sqlalchemy.exc import DBAPIError, NoSuchModuleError

    if PurePath(source.label).name in ignored:
        notes.line(source.label, "dropped", 0, "ignored")
        return []
    try:
        engine = _engine(source, notes)
        if engine is None:
            return []
        with engine.connect() as connection:
            return list(_sheets(connection, source, keys, notes, ignored))
    except (ImportError, NoSuchModuleError):
        notes.problem("db_no_driver", FILE, name="psycopg")
    except DBAPIError as error:
        _not_connected(source, error.orig, notes)
    return []


def _engine(source: Source, notes: Notes) -> Engine | None:
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    if source.file is not None:
        return create_engine("sqlite://", creator=lambda: _open(source.file), poolclass=NullPool)
    before = notes.has_problems
    password = password_for(source.url, notes)
    if notes.has_problems and not before:
        return None
    options = f"-c default_transaction_read_only=on -c statement_timeout={SECONDS * 1000}"
    about: dict[str, Any] = {"options": f"{options} -c timezone={TIME_ZONE}", "connect_timeout": 15}
    # Whatever else the machine knows (PGPASSWORD, .pgpass) was not meant for this host.
    about |= {"passfile": os.devnull, "application_name": "village-eval"}
    if password is None:
        about["require_auth"] = "!password,!md5,!scram-sha-256"
    url = source.url.set(password=password)
    engine = create_engine(url, connect_args=about, poolclass=NullPool, hide_parameters=True)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _open(file: Path) -> sqlite3.Connection:
    """A connection that can only read, and gives up after ``SECONDS``."""
    how = "mode=ro&immutable=1" if _is_left_alone(file) else "mode=ro"
    connection = sqlite3.connect(f"{file.as_uri()}?{how}", uri=True, check_same_thread=False)
    connection.text_factory = _text
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_CELL)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200)
    connection.execute("PRAGMA query_only = ON")
    connection.execute(
        "PRAGMA trusted_schema = OFF"
    )  # a view in the file calls no function of ours
    connection.execute(f"PRAGMA hard_heap_limit = {MEMORY}")
    end = time.monotonic() + SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > end, 100_000)
    return connection


def _is_left_alone(file: Path) -> bool:
    """Whether a database of the mode WAL is open nowhere.

    A reader would put files beside it then, into a delivery that is never written to. Where
    somebody has it open they are there already, and hold rows.
    """
    with file.open("rb") as content:
        of_wal = content.read(20)[18:] == b"\2\2"
    return of_wal and not file.with_name(f"{file.name}-wal").exists()


def _text(content: bytes) -> str:
    """Old systems wrote GBK into SQLite."""
    decoded = decode(content)
    return content.decode("utf-8", "replace") if decoded is None else decoded[0]


def _sheets(connection: Connection, source: Source, keys, notes, ignored) -> Iterator[Sheet]:
    from sqlalchemy.exc import DBAPIError

    for name, asked in source.tables.items():
        if name in ignored:
            notes.line(f"{source.label}[{name}]", "dropped", 0, "ignored")
            continue
        try:
            statement, bound = _statement(connection, source, name, asked, keys, notes)
            if statement is None:
                continue
            _limit_time(connection, source)
            end = time.monotonic() + SECONDS
            with _cursor(connection, statement, bound) as result:
                rows: list[list[object]] = [list(map(str, result.keys()))]
                for part in result.partitions(AT_ONCE):
                    rows += [[_cell(value) for value in row] for row in part]
                    if len(rows) > MOST_ROWS or time.monotonic() > end:
                        break
                    _limit_time(connection, source)
        except DBAPIError as error:
            _not_answered(connection, source, name, error.orig, notes)
            connection.rollback()
            continue
        except UnicodeError:  # names of columns that are no UTF-8; texts may be (_text)
            notes.problem("db_encoding", source.label, sheet=name)
            continue
        if len(rows) > MOST_ROWS:
            notes.problem("db_too_many_rows", source.label, sheet=name, limit=f"{MOST_ROWS:,}")
            continue
        if time.monotonic() > end:  # each part came in time, all together did not
            notes.problem("db_too_slow", source.label, sheet=name, seconds=SECONDS)
            continue
        yield Sheet(source.label, name, rows, database=True)


def _limit_time(connection: Connection, source: Source) -> None:
    """Limit the time of what comes next, whatever the query before made of the limit."""
    from sqlalchemy import text

    if source.file is None:
        connection.execute(text(f"SET LOCAL statement_timeout = {int(SECONDS * 1000)}"))


def _is_mighty(connection: Connection, source: Source) -> bool:
    """Whether the user may do more than read tables, so that a SELECT may reach the server."""
    from sqlalchemy import bindparam, text

    if source.file is not None:
        return False
    asked = "SELECT bool_or(rolsuper OR rolname IN :names) FROM pg_catalog.pg_roles"
    asked += " WHERE pg_catalog.pg_has_role(current_user, oid, 'USAGE')"
    query = text(asked).bindparams(bindparam("names", expanding=True))
    return bool(connection.execute(query, {"names": MIGHTY}).scalar())


@contextmanager
def _cursor(connection: Connection, statement: Executable, bound: dict):
    """The result a part at a time."""
    options = {"stream_results": True, "yield_per": AT_ONCE}
    result = connection.execute(statement, bound, execution_options=options)
    try:
        yield result
    finally:
        result.close()


def _statement(connection, source: Source, name: str, asked, keys: dict, notes: Notes):
    from sqlalchemy import inspect, select, table, text

    if isinstance(asked, str):
        if _is_mighty(connection, source):
            user = str(source.url.username)
            notes.problem("db_mighty", source.label, sheet=name, user=user)
            return None, {}
        statement = text(asked)
        return statement, {p: _bound(p, keys) for p in statement._bindparams}
    schema, wanted = asked
    if not inspect(connection).has_table(wanted, schema=schema):
        _no_such_table(connection, source, name, wanted, schema, notes)
        return None, {}
    return select(text("*")).select_from(table(wanted, schema=schema)), {}


def _bound(parameter: str, keys: dict) -> str:
    """The first moment and the last of the observed months.

    As text: both databases compare it with dates, times and text alike. T sorts behind the blank
    that some write between day and time, so the last day's afternoon is in.
    """
    first, last = keys["observed"]
    if parameter == "observed_first":
        return first.start_time.date().isoformat()
    return f"{last.end_time.date().isoformat()}T23:59:59.999999"


def _cell(value: object) -> object:
    """A value as a workbook's cell would hold it."""
    if isinstance(value, str):
        return value.strip() or None
    if value is None or type(value) in (int, float):
        return value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Decimal):
        return int(value) if value.is_finite() and value == int(value) else float(value)
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, dt.date):
        return value
    if isinstance(value, bytes | memoryview):
        return _text(bytes(value)).strip() or None
    return str(value)


def _no_such_table(connection, source, name, wanted, schema, notes: Notes) -> None:
    """A problem that names the tables and views there are, the likest first."""
    import difflib

    from sqlalchemy import inspect

    look = inspect(connection)
    there = [*look.get_table_names(schema=schema), *look.get_view_names(schema=schema)]
    close = difflib.get_close_matches(wanted, there, 8, 0.0)
    kind = "db_no_table" if close else "db_no_tables"
    notes.problem(kind, source.label, sheet=name, name=wanted, there="、".join(close))


def _not_connected(source: Source, error, notes: Notes) -> None:
    """Why there is no connection: the password, or something else in the server's own words."""
    if isinstance(error, sqlite3.Error):
        notes.problem("db_not_sqlite", source.label)
        return
    said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    said = said.rpartition("FATAL:")[2].rpartition("failed:")[2].strip()
    tried = getattr(error, "pgconn", None)
    asked = tried is not None and (tried.needs_password or tried.used_password)
    about: dict[str, Any] = {"host": str(source.url.host), "user": str(source.url.username)}
    if asked and "requirement" in str(error):
        notes.problem("db_password_missing", source.label, **about)
    elif asked and any(word in said.lower() for word in ("password", "口令", "密码")):
        notes.problem("db_password_wrong", source.label, **about, variable=PASSWORD)
    else:
        notes.problem("db_no_connection", source.label, **about, reason=said)


_BY_STATE = {
    "42P01": "db_refused",
    "57014": "db_too_slow",
    "25006": "db_no_select",
    "0A000": "db_no_select",
    "42501": "db_no_right",
}


def _not_answered(connection, source: Source, name: str, error, notes: Notes) -> None:
    """Why a query has no result, in the database's words only where they speak of the query."""
    about: dict[str, Any] = {"file": source.label, "sheet": name}
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorname", "") or type(error).__name__
        if code == "SQLITE_INTERRUPT":
            notes.problem("db_too_slow", **about, seconds=SECONDS)
        elif code == "SQLITE_NOTADB":
            notes.problem("db_not_sqlite", **about)
        elif code == "SQLITE_READONLY":
            notes.problem("db_no_select", **about)
        else:
            said = str(error) if code == "SQLITE_ERROR" else code
            notes.problem("db_refused", **about, reason=said)
        return
    state = getattr(error, "sqlstate", None) or ""
    kind = _BY_STATE.get(state, "db_refused")
    # Class 42 speaks of the query's own words; what other classes say may quote a cell.
    diagnosis = getattr(error, "diag", None)
    said = (diagnosis and diagnosis.message_primary) if state.startswith("42") else ""
    notes.problem(
        kind, **about, reason=f"{said or type(error).__name__} ({state})", seconds=SECONDS
    )

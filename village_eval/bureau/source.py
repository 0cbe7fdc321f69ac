"""Which database a delivery names, what may be asked of it, and which password goes where.

A campaign.toml may come from anybody. So a password is sent only to the host that the user named,
and the url holds nothing but a place: what else it could carry would change where we connect, or
with which rights.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from village_eval.bureau.notes import Notes
from village_eval.folder.campaign_file import FILE

if TYPE_CHECKING:
    from sqlalchemy import URL

PASSWORD, HOST = "VILLAGE_EVAL_DB_PASSWORD", "VILLAGE_EVAL_DB_HOST"
KEYRING = "village-eval@{host}"
"""The keyring's service; its user is that of the url."""
OPTIONS = ("sslmode", "sslrootcert")
"""What a url may carry behind its question mark."""
BACKENDS = ("sqlite", "postgresql")
PARAMETERS = ("observed_first", "observed_last")
_PART = re.compile(r'"((?:[^"]|"")+)"|([^\W\d][\w$]*)')
_NAME = re.compile(rf"(?:{_PART.pattern})(?:\.(?:{_PART.pattern}))?")


@dataclass(frozen=True)
class Source:
    """A database and what is asked of it: by name a table (schema, name) or the text of a SELECT.

    ``label`` is how messages and the ledger call it: no user, no password, no options.
    """

    url: URL
    label: str
    file: Path | None
    tables: dict[str, tuple[str | None, str] | str]


def source_of(folder: Path, keys: dict, notes: Notes) -> Source | None:
    """The database that campaign.toml's ``[source]`` names; problems where it cannot be used."""
    written = keys.get("source")
    if written is None:
        return None
    try:
        import sqlalchemy
        import sqlparse
    except ImportError as error:
        notes.problem("db_no_driver", FILE, name=str(error.name))
        return None
    url = _url(written["url"], notes)
    tables: dict[str, tuple[str | None, str] | str] = {}
    for name, asked in written["tables"].items():
        if _NAME.fullmatch(asked.strip()):
            found = _PART.findall(asked.strip())
            parts = [quoted.replace('""', '"') or plain for quoted, plain in found]
            tables[name] = (parts[0] if len(parts) > 1 else None, parts[-1])
        elif _may_be_asked(name, asked, keys, notes, sqlparse, sqlalchemy):
            tables[name] = asked.strip().rstrip("; \n")
    if url is None:
        return None
    file = None
    if url.get_backend_name() == "sqlite":
        file = (folder / (url.database or "")).resolve()
        if not file.is_file():
            notes.problem("db_no_file", FILE, path=url.database or "?")
            return None
    return Source(url, _label(url), file, tables)


def _url(written: str, notes: Notes) -> URL | None:
    """The url's parts; a password in it, unknown databases and options are problems."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(written)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError):
        notes.problem("db_bad_url", FILE)
        return None
    hidden = {key for key in url.query if re.search(r"pass|secret|key|token", key, re.I)}
    if url.password is not None or hidden:
        notes.problem("db_password_in_url", FILE)
        return None
    if backend not in BACKENDS:
        notes.problem("db_unknown_backend", FILE, name=backend)
        return None
    if others := sorted(set(url.query) - set(OPTIONS if backend == "postgresql" else ())):
        notes.problem("db_option_in_url", FILE, names=tuple(others), allowed=OPTIONS)
        return None
    if backend == "postgresql" and not (url.host and url.username and url.database):
        notes.problem("db_bad_url", FILE)
        return None
    return url.set(drivername="postgresql+psycopg") if backend == "postgresql" else url


def _label(url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        return Path(url.database or "").name
    port = f":{url.port}" if url.port else ""
    return f"postgresql://{url.host}{port}/{url.database}"


def password_for(url: URL, notes: Notes) -> str | None:
    """The password for the url's host; None where the user named no host, or another one.

    A password meant for another host is a problem: it is not sent, and the user has to know.
    """
    meant, given = os.environ.get(HOST), os.environ.get(PASSWORD)
    if not meant:
        if given:
            notes.problem("db_password_without_host", FILE, host=str(url.host))
        return None
    if meant.strip().lower() != str(url.host).lower():
        notes.problem("db_other_host", FILE, host=str(url.host), meant=meant)
        return None
    if given:
        return given
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        return keyring.get_password(KEYRING.format(host=meant.strip()), str(url.username))
    except KeyringError:
        return None


def _may_be_asked(name: str, asked: str, keys: dict, notes: Notes, sqlparse, sqlalchemy) -> bool:
    """Whether a text is one SELECT with parameters that we can fill; a problem where it is not.

    The session can only read whatever the text says; this is for the sentence.
    """
    about: dict[str, Any] = {"file": FILE, "sheet": f"source.tables.{name}"}
    try:
        parsed = sqlparse.parse(asked)
    except (sqlparse.exceptions.SQLParseError, RecursionError):
        notes.problem("db_too_deep", **about)
        return False
    statements = [s for s in parsed if s.token_first(skip_cm=True) is not None]
    if len(statements) != 1:
        notes.problem("db_several_statements", **about)
        return False
    if statements[0].get_type() != "SELECT":
        notes.problem("db_no_select", **about)
        return False
    wanted = set(sqlalchemy.text(asked)._bindparams)
    if unknown := sorted(wanted - set(PARAMETERS)):
        notes.problem("db_unknown_parameter", **about, names=tuple(unknown))
        return False
    if wanted and "observed" not in keys:
        notes.problem("db_no_observed", **about)
        return False
    return True

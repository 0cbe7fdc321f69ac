"""A PostgreSQL server of our own: an unprivileged user, a free port, a password, gone at the end."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

OWNER, OWNERS_PASSWORD = "owner", "nur-für-den-Test"


@dataclass(frozen=True)
class Server:
    """Where it listens."""

    port: int
    host: str = "127.0.0.1"


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl: Debian's by version, newest first, else that of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    there = str(found[-1]) if found else shutil.which("initdb")
    return Path(there).resolve().parent if there else None


def why_not() -> str | None:
    """Why no server can be started here; None when one can."""
    if binaries() is None:
        return "no PostgreSQL server here (Debian: apt install postgresql)"
    if os.name != "posix":
        return "the server is started on POSIX systems only"
    if os.geteuid() == 0 and not (shutil.which("runuser") and _user_exists()):
        return "root may not run a PostgreSQL server, and there is no user postgres"
    return None


def _user_exists() -> bool:
    import pwd

    return any(user.pw_name == "postgres" for user in pwd.getpwall())


@contextmanager
def server() -> Iterator[Server]:
    """A running server; its files are gone when it is left."""
    bin_folder, root = binaries(), os.geteuid() == 0
    assert bin_folder is not None
    as_user = ["runuser", "-u", "postgres", "--"] if root else []
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as scratch:
        folder = Path(scratch)
        secret = folder / "password"
        secret.write_text(OWNERS_PASSWORD + "\n", "utf-8")
        if root:
            for path in (folder, secret):
                shutil.chown(path, "postgres")
        data, port = folder / "data", free_port()

        def run(program: str, *words: str) -> None:
            command = [*as_user, str(bin_folder / program), "-D", str(data), *words]
            log = (folder / "log").open("ab")
            subprocess.run(command, check=True, cwd="/", stdout=log, stderr=log, timeout=60)

        shape = ("--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", "--no-sync")
        run("initdb", f"--username={OWNER}", f"--pwfile={secret}", *shape)
        told = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -F"
        run("pg_ctl", "-w", "-o", told, "start")
        try:
            yield Server(port)
        finally:
            run("pg_ctl", "-m", "immediate", "-w", "stop")


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]

"""What a batch remembers: DIR/state/, one small file a county, written whole or not at all.

``batch.json`` says that the folder is a batch's; ``lock`` holds who is at work, as long as he is.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import getpass
import json
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from village_eval.county.problems import InputError, problem

SCHEMA = "village-eval/batch/1"
BATCH, LOCK, COUNTIES = "batch.json", "lock", "counties"
WRITING = ".writing-"
"""Files in the making."""
Content = dict[str, Any]


class State:
    """The state of the batch in a folder."""

    def __init__(self, out: Path):
        self.out, self.folder = out, out / "state"
        self.counties = self.folder / COUNTIES

    @contextmanager
    def held(self, lang: str) -> Iterator[str]:
        """Keep others out while the block lasts; the system frees what a killed process held.

        Gives the language of the results' tables: that of the first run, whoever goes on.

        Raises InputError when somebody is in, whom it names, or when what stands there is not a
        batch's.
        """
        about = self.folder / BATCH
        if self.folder.is_dir() and _read(about).get("schema") != SCHEMA and not self._only_begun():
            raise InputError([problem("out_not_ours", str(self.folder), lang)])
        self.counties.mkdir(parents=True, exist_ok=True)
        with (self.folder / LOCK).open("a+", encoding="utf-8") as file:
            if not _locked(file):
                raise InputError([problem("batch_running", str(self.out), lang, **_owner(file))])
            file.truncate(0)
            json.dump(_self(), file, ensure_ascii=False)
            file.flush()
            for left in self.folder.rglob(f"{WRITING}*"):  # of a run that was killed
                left.unlink(missing_ok=True)
            if not about.exists():
                write_whole(about, _bytes({"schema": SCHEMA, "lang": lang}))
            yield _read(about).get("lang", lang)
            file.truncate(0)

    def _only_begun(self) -> bool:
        """Whether a batch was stopped, or is, before it had written what it is."""
        there = {p.name for p in self.folder.iterdir() if not p.name.startswith(WRITING)}
        return there <= {LOCK, COUNTIES}

    def read(self, name: str) -> Content | None:
        """What is remembered of a county; None when nothing is, or nothing that can be read."""
        return _read(self.counties / f"{name}.json") or None

    def all(self) -> dict[str, Content]:
        """What is remembered, by the counties' names, in their order."""
        paths = sorted(self.counties.glob("*.json"))
        return {path.stem: content for path in paths if (content := _read(path))}

    def write(self, name: str, content: Content) -> None:
        """Remember a county, for good."""
        write_whole(self.counties / f"{name}.json", _bytes(content))

    def forget(self, name: str) -> None:
        """No longer remember a county."""
        (self.counties / f"{name}.json").unlink(missing_ok=True)


def left_out(out: str | Path) -> list[dict[str, Any]]:
    """The counties of a batch's folder that failed: county, kind, reason by language."""
    return [
        {"county": name, "kind": content["failure"]["kind"], "reason": content["failure"]["text"]}
        for name, content in State(Path(out)).all().items()
        if content["status"] == "failed"
    ]


def results(out: str | Path) -> dict[str, Path]:
    """The result folders of the counties of a batch that are done, by the counties' names."""
    state = State(Path(out))
    return {n: state.out / n for n, content in state.all().items() if content["status"] == "done"}


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole, or as it was, whenever the machine stops."""
    handle, name = tempfile.mkstemp(prefix=WRITING, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _bytes(content: Content) -> bytes:
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    return text.encode("utf-8", "backslashreplace")  # a folder's name may be no text


def _read(path: Path) -> Content:
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _locked(file) -> bool:
    """Take the lock of an open file; False when somebody has it."""
    try:
        import fcntl
    except ImportError:
        return _locked_on_windows(file)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _locked_on_windows(file) -> bool:
    import msvcrt

    file.seek(1 << 20)  # beyond the owner's name, which others may read
    try:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        return False
    return True


def _self() -> Content:
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = "?"
    since = dt.datetime.now().isoformat(sep=" ", timespec="seconds")
    return {"user": user, "host": socket.gethostname(), "pid": str(os.getpid()), "since": since}


def _owner(file) -> Content:
    file.seek(0)
    try:
        told = json.loads(file.read())
    except ValueError:
        told = {}
    return {name: told.get(name, "?") for name in ("user", "host", "pid", "since")}

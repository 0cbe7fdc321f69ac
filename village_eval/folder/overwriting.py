"""What this program may overwrite: a folder that it wrote itself and that nobody added to.

Nothing else.

A folder is ours by a file in it that lists what we wrote (relative path and SHA-256). Anything
beside the list, and a listed file changed since, is somebody's work and stops the run before it
starts. An input is never written to: not the folder itself, none above it, none inside it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from village_eval.county.problems import InputError, Problem, problem

LIST = ".village_eval.json"
SCHEMA = "village-eval/ours/1"
OF_THE_SYSTEM = {".DS_Store", "Thumbs.db", "desktop.ini"}
"""What a system leaves in a folder that somebody merely looked at."""
WORKSHOP = ".village-eval-"
"""Folders in the making are called ``.<name>.village-eval-<random>``, beside their place."""
WRITING = ".writing-"
"""A single file in the making is called so, beside its place."""
NAMED = 5
JUST_BEGUN = 60
"""Seconds for which a workshop without a lock may be one whose owner is about to take it."""


@contextmanager
def replacing(
    out: str | Path, inputs: Iterable[str | Path] = (), *, lang: str, mode: int = 0o755
) -> Iterator[Path]:
    """A new folder that takes the place of ``out`` once the block has ended well.

    When it does not, the folder disappears, and what stood there before stays as it was.

    Raises InputError, before the block starts, when ``out`` is not ours (``refuse``); the same
    when somebody added to it meanwhile.
    """
    place = Path(out).resolve()
    _clear_leftovers(place)
    refuse(place, inputs, lang=lang)
    place.parent.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=f".{place.name}{WORKSHOP}", dir=place.parent))
    with _held(workshop):
        try:
            made = workshop / "new"
            made.mkdir(mode)
            yield made
            write_list(made)
            _to_disk(made)
            _exchange(place, made, workshop / "old", inputs, lang)
        finally:
            _put_back(workshop, place)
            shutil.rmtree(workshop, ignore_errors=True)


def refuse(out: str | Path, inputs: Iterable[str | Path] = (), *, lang: str) -> None:
    """Raise InputError unless ``out`` may be written.

    It must be absent, empty, or ours with nothing added; and it neither is, holds nor lies in one
    of ``inputs`` (files or folders).
    """
    if found := problems_of(Path(out), inputs, lang):
        raise InputError(found)


def problems_of(out: Path, inputs: Iterable[str | Path], lang: str) -> list[Problem]:
    """Why ``out`` may not be written; nothing when it may."""
    place = out.resolve()
    if near := _touched(place, inputs):
        return [problem("out_is_input", str(out), lang, input=str(near))]
    if place.exists() and not place.is_dir():
        return [problem("out_is_file", str(out), lang)]
    if not place.is_dir():
        return []
    ours = listed(place)
    if ours is None:  # whatever is below: it may be a whole disk
        strange = {path.name for path in place.iterdir()} - {LIST} - OF_THE_SYSTEM
        return [problem("out_not_ours", str(out), lang)] if strange else []
    there = entries(place)
    foreign = sorted(name for name in there if name not in ours)
    changed = sorted(name for name in ours.keys() & there if sha256(place / name) != ours[name])
    return [
        problem(kind, str(out), lang, names=_some(names), n=len(names))
        for kind, names in (("out_added", foreign), ("out_changed", changed))
        if names
    ]


def refuse_near(out: Path, inputs: Iterable[str | Path], *, lang: str) -> None:
    """Raise InputError when ``out`` is, holds or lies in one of ``inputs``."""
    if near := _touched(out.resolve(), inputs):
        raise InputError([problem("out_is_input", str(out), lang, input=str(near))])


def refuse_file(path: Path, *, lang: str) -> None:
    """Raise InputError when a single file that we want to write beside others is not ours."""
    if not path.exists() and not path.is_symlink():
        return
    files = listed(path.parent) or {}
    # A run that was killed while it changed the file had listed the old one and the new one.
    ours = {files[n] for n in (path.name, f"{WRITING}{path.name}") if n in files}
    if path.is_symlink() or not path.is_file() or sha256(path) not in ours:
        raise InputError([problem("out_file_not_ours", str(path), lang)])


def wrote_file(path: Path, digest: str | None = None) -> None:
    """Add a file to its folder's list of what we wrote; one that is about to come has a digest."""
    files = listed(path.parent) or {}
    files.pop(f"{WRITING}{path.name}", None)
    _store(path.parent, files | {path.name: digest or sha256(path)})


@contextmanager
def writing_file(path: Path, *, lang: str) -> Iterator[Path]:
    """Where to write a file of ours beside others; after the block it takes its place.

    Whenever it is stopped, what stands there is the old one or the new one, and the folder's list
    knows both. Raises InputError as ``refuse_file``, before and after the block.
    """
    refuse_file(path, lang=lang)
    made = path.with_name(f"{WRITING}{path.name}")
    try:
        yield made
        _file_to_disk(made)
        refuse_file(path, lang=lang)
        before = {} if not path.exists() else {made.name: sha256(path)}
        files = listed(path.parent) or {}
        _store(path.parent, files | before | {path.name: sha256(made)})
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    made.replace(path)
    if before:
        wrote_file(path)


def keep_out_of_git(folder: Path) -> None:
    """Villages' names and petitions never land in a commit of whoever works in a clone."""
    (folder / ".gitignore").write_text("*\n", "utf-8")


def make_out_of_git(folder: Path) -> None:
    """Make a folder that keeps out of git; one that is there already is its owner's to decide."""
    if not folder.exists():
        folder.mkdir(parents=True)
        keep_out_of_git(folder)


def write_list(folder: Path) -> None:
    """List everything that is in a folder as ours."""
    _store(folder, {name: sha256(folder / name) for name in sorted(entries(folder))})


def listed(folder: Path) -> dict[str, str] | None:
    """SHA-256 by relative path of what we wrote in a folder; None when it is not ours."""
    try:
        content = json.loads((folder / LIST).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    files = content.get("files") if isinstance(content, dict) else None
    if not isinstance(files, dict) or content.get("schema") != SCHEMA:
        return None
    return {str(name): str(digest) for name, digest in files.items()}


def entries(folder: Path) -> set[str]:
    """Relative paths of all that is in a folder and is anybody's: files, links, empty folders."""
    found = set()
    for where, folders, files in os.walk(folder):
        links = [name for name in folders if (Path(where) / name).is_symlink()]
        empty = not folders and not files and Path(where) != folder
        names = [*files, *links] if not empty else [""]
        found |= {(Path(where) / name).relative_to(folder).as_posix() for name in names}
    return {name for name in found if name != LIST and Path(name).name not in OF_THE_SYSTEM}


def sha256(path: Path) -> str:
    """The hash of a file's bytes; of a link, a folder or a pipe a word that is no hash."""
    if path.is_symlink() or not path.is_file():
        return "no file"
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _touched(place: Path, inputs: Iterable[str | Path]) -> Path | None:
    """The first input that ``place`` is, holds or lies in.

    Also by way of links inside the input.
    """
    for given in inputs:
        for path in chain([Path(given)], _targets(Path(given))):
            real = path.resolve()
            if any(_same(above, real) for above in (place, *place.parents)):
                return Path(given)
            if any(_same(above, place) for above in real.parents):
                return Path(given)
    return None


def _targets(folder: Path) -> Iterator[Path]:
    """Links inside an input: what they lead to is read, and so is input too."""
    for where, folders, files in os.walk(folder):
        yield from (
            path for name in (*folders, *files) if (path := Path(where) / name).is_symlink()
        )


def _same(a: Path, b: Path) -> bool:
    """One place under two names; the system knows it where capitals do not count."""
    if a == b:
        return True
    try:
        return a.samefile(b)
    except OSError:
        return False


def _to_disk(folder: Path) -> None:
    """What is about to take a place is on the disk first: a machine that stops leaves it whole."""
    if os.name != "posix":  # elsewhere a file that is only read cannot be asked for this
        return
    for where, _, files in os.walk(folder):
        for path in (*(os.path.join(where, name) for name in files), where):
            if not os.path.islink(path):
                _file_to_disk(path)


def _file_to_disk(path: str | Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _exchange(place: Path, made: Path, old: Path, inputs: Iterable[str | Path], lang: str) -> None:
    """Put the finished folder in its place.

    The old one is looked at once more, for what was added while we worked.
    """
    if place.exists():
        refuse(place, inputs, lang=lang)
        place.rename(old)
    made.rename(place)


def _put_back(workshop: Path, place: Path) -> None:
    """The folder that was on its way out returns when no new one came.

    Should even that fail, it is not lost: OSError before anything is removed.
    """
    if (workshop / "old").is_dir() and not place.exists():
        (workshop / "old").rename(place)


def _clear_leftovers(place: Path) -> None:
    """Remove the workshops of runs that were killed.

    A folder that was on its way out when that happened is put back.
    """
    for workshop in sorted(place.parent.glob(f".{_literal(place.name)}{WORKSHOP}*")):
        if workshop.is_symlink() or not workshop.is_dir() or _is_held(workshop):
            continue
        _put_back(workshop, place)
        shutil.rmtree(workshop, ignore_errors=True)


@contextmanager
def _held(workshop: Path) -> Iterator[None]:
    """Keep a lock inside the workshop while we live: the system takes it from a killed process."""
    with (workshop / "held").open("w") as file:
        with contextlib.suppress(ImportError, OSError):
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _is_held(workshop: Path) -> bool:
    """Whether a living process works there."""
    try:
        import fcntl
    except ImportError:  # Windows does not remove a file that somebody has open
        try:
            (workshop / "held").unlink(missing_ok=True)
        except OSError:
            return True
        return False
    try:
        with (workshop / "held").open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return time.time() - workshop.stat().st_mtime < JUST_BEGUN
    except OSError:
        return True
    return False


def _store(folder: Path, files: dict[str, str]) -> None:
    """Write the list whole or not at all: without it the folder would be nobody's."""
    content = {"schema": SCHEMA, "files": dict(sorted(files.items()))}
    made = folder / f"{LIST}{WORKSHOP}new"
    # Names that are no text (a zip from another system) are escaped, and come back as they were.
    try:
        made.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
    except OSError:  # a full disk holds the first part of it
        made.unlink(missing_ok=True)
        raise
    made.replace(folder / LIST)


def _some(names: list[str]) -> str:
    """The first few names."""
    return ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")


def _literal(name: str) -> str:
    """A name that glob takes as it is written."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)

"""Files of a delivery as sheets of cells, just as they stand.

.xlsx; .xls, .et and .ods; .csv, .tsv and .txt in UTF-8, GB18030 or UTF-16; HTML tables whatever
their name; .zip of these.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path, PurePath

from village_eval.bureau.notes import Notes
from village_eval.bureau.settings import is_setting
from village_eval.bureau.sheet import Sheet
from village_eval.bureau.text_tables import read_text
from village_eval.bureau.workbook import read_old_workbook, read_workbook
from village_eval.folder.bounded import DEEPEST, MINUTES, MOST_FILES, Budget
from village_eval.words.plain import as_written

READABLE = {".xlsx", ".xlsm", ".csv", ".txt", ".tsv", ".htm", ".html"}
OLD_FORMATS = {".xls", ".et", ".wps", ".ods"}
UNREADABLE = {".wps"}
ARCHIVES = {".zip"}
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_sheets(
    folder: Path,
    notes: Notes,
    ignored: Collection[str] = (),
    database: Path | None = None,
    minutes: float = MINUTES,
) -> list[Sheet]:
    """All sheets of all files in a folder and below it, and of the files in its archives.

    What cannot be read becomes a problem or a ledger line; the files of ``database`` are not ours.
    """
    sheets: list[Sheet] = []
    budget = Budget(minutes=minutes)
    apart = {f"{database}{ending}" for ending in ("", "-wal", "-shm", "-journal")}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        file = as_written(path.relative_to(folder).as_posix())
        if database is not None and str(path.resolve()) in apart:
            continue
        if not is_setting(file) and not path.name.startswith((".", "~$")):
            if budget.late:
                notes.problem("too_long", file, limit=f"{minutes:g}")
                break
            budget.files += 1
            if budget.files > MOST_FILES:
                notes.problem("too_many_files", folder.name, limit=MOST_FILES)
                break
            sheets += _read_file(file, path.read_bytes(), notes, ignored, budget)
    return sheets


def _read_file(
    file: str, content: bytes, notes: Notes, ignored: Collection[str], budget: Budget
) -> list[Sheet]:
    name = PurePath(file).name
    suffix = PurePath(file).suffix.lower()
    if file in ignored or name in ignored:
        notes.line(file, "dropped", 0, "ignored")
    elif suffix not in READABLE | OLD_FORMATS | ARCHIVES:
        notes.line(file, "dropped", 0, "not_a_table")
        notes.warn("not_a_table", file)
    elif not content:
        notes.problem("empty_file", file, ignore=name)
    elif suffix in UNREADABLE:
        notes.problem("old_format", file, value=suffix)
    elif file.lower().count(".zip/") >= DEEPEST:
        notes.problem("too_deep", file, limit=DEEPEST)
    elif (content[:4] == ZIP or suffix in ARCHIVES) and (over := budget.opens(content)):
        notes.problem("too_much", file, **over)
    elif suffix in ARCHIVES:
        return _read_archive(file, content, notes, ignored, budget)
    elif content[:4] == ZIP and suffix != ".ods":  # whatever the name says
        return read_workbook(content, file, notes, budget)
    elif content[:8] == OLE or suffix == ".ods":
        return read_old_workbook(content, file, notes)
    elif suffix in (".xlsx", ".xlsm") or (
        suffix in OLD_FORMATS and b"\t" not in content and b"<" not in content[:500]
    ):
        notes.problem("unreadable", file)
    else:
        return read_text(content, file, notes)
    return []


def _read_archive(
    file: str, content: bytes, notes: Notes, ignored: Collection[str], budget: Budget
) -> list[Sheet]:
    held: list[tuple[str, bytes]] = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist():
                if info.is_dir():
                    continue
                name = info.filename
                if not info.flag_bits & 0x800:  # not marked as UTF-8: Windows wrote GBK
                    with suppress(UnicodeError):
                        name = name.encode("cp437").decode("gb18030")
                name = as_written(name).replace("\\", "/")
                if PurePath(name).name.startswith((".", "~$")) or "__MACOSX" in name:
                    continue
                held.append((f"{file}/{name}", archive.read(info)))
    except MemoryError:
        raise
    except Exception:  # damaged, packed in a way of its own, or with a password
        notes.problem("unreadable_archive", file)
        return []
    sheets = []
    for name, one in held:
        if budget.late:
            notes.problem("too_long", name, limit=f"{budget.minutes:g}")
            break
        sheets += _read_file(name, one, notes, ignored, budget)
    return sheets

"""The register of many counties that is too large for sheets: which files, which columns."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from village_eval.bureau.headers import assign, persons_in
from village_eval.bureau.notes import Notes
from village_eval.bureau.set_aside import AROUND_A_STATE
from village_eval.bureau.values import COLUMNS, words
from village_eval.county import privacy
from village_eval.folder.cells import fold
from village_eval.folder.raw import decode
from village_eval.words.said import Said

if TYPE_CHECKING:
    import polars as pl

CLOCK = r"[ T]\s?\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(\+08(:?00)?)?$"
"""A time of the day, which the reader of dates passes over: without it days repeat."""
FACTS = ("channel", "level", "repeat", "persons", "category", "resolved_date", "satisfied")
READ = (*FACTS, "status")
PERSONS = ("identity", "name", "telephone")


@dataclass(frozen=True)
class Register:
    """The register's file(s): headers by canonical column, and by part of a person.

    ``remarks`` are headers of columns that may say in passing that a row is void.
    """

    source: str
    paths: tuple[Path, ...]
    headers: dict[str, str]
    persons: dict[str, str]
    remarks: tuple[str, ...] = ()

    def scan(self) -> pl.LazyFrame:
        """The columns that are read, under our names, text as text; ``_row`` as a clerk counts.

        ``_void``: the header of the remark that says that a row is void.
        """
        import polars as pl

        if self.paths[0].suffix.lower() == ".parquet":
            frame = pl.scan_parquet(list(self.paths), glob=False)
        else:
            frame = pl.scan_csv(list(self.paths), infer_schema=False, encoding="utf8", glob=False)
        named = {h: c for c, h in self.headers.items()}
        named |= {h: f"_{p}" for p, h in self.persons.items()}
        read = [pl.col(h).alias(c) for h, c in named.items()]
        said = [pl.when(_says_void(h)).then(pl.lit(h)) for h in self.remarks]
        frame = frame.select(
            *read, pl.coalesce(*said).alias("_void") if said else pl.lit(None).alias("_void")
        )
        return frame.with_row_index("_row", offset=2)

    def plain(self) -> pl.LazyFrame:
        """As ``scan``; dates without their time of day, so that they repeat."""
        import polars as pl

        frame, steps = self.scan(), []
        schema = frame.collect_schema()
        for column in ("date", "resolved_date"):
            if column in self.headers:
                kind = schema[column]
                if kind.is_temporal():
                    steps.append(pl.col(column).cast(pl.Date))
                elif kind == pl.String:
                    steps.append(pl.col(column).str.strip_chars().str.replace(CLOCK, ""))
        return frame.with_columns(steps)


def find(files: Iterable[Path], pattern: str, notes: Notes) -> Register | None:
    """The register that counties.toml names by ``pattern``: a file, or several with ``*``."""
    import polars as pl

    paths = tuple(p for p in files if p.suffix.lower() in (".parquet", ".csv"))
    if not paths:
        notes.problem("large_no_file", "counties.toml", value=pattern or None)
        return None
    first = paths[0]
    if len({p.suffix.lower() for p in paths}) > 1:
        notes.problem("large_no_file", "counties.toml", value=pattern)
        return None
    if first.suffix.lower() == ".csv":
        for path in paths:
            if not _is_utf8(path):
                notes.problem("large_encoding", path.name)
                return None
    try:
        lazy = (
            pl.scan_parquet(first, glob=False)
            if first.suffix.lower() == ".parquet"
            else pl.scan_csv(first, infer_schema=False, glob=False)
        )
        found = lazy.collect_schema().names()
    except (pl.exceptions.PolarsError, OSError):
        notes.problem("unreadable", first.name)
        return None
    texts = [[name] for name in found]
    at = assign(texts, "petitions")
    lacking = [c for c in ("village_code", "date") if c not in at]
    if lacking:
        names = COLUMNS["columns"]["petitions"] | COLUMNS["columns"]["any"]
        notes.problem(
            "unknown_table",
            first.name,
            table=Said("importing.kind.petitions"),
            lacking=tuple(names[c][0] for c in lacking),
            ignore=first.name,
        )
        return None
    people = persons_in(texts, set(at.values()))
    wanted = {"petition_id", "village_code", "date", *READ}
    headers = {c: found[p] for c, p in at.items() if c in wanted}
    persons = {c: found[p] for c, p in people.items() if c in PERSONS}
    left = [n for n in found if n not in {*headers.values(), *persons.values()}]
    source = pattern if len(paths) > 1 else first.name
    if persons:
        shown = tuple(persons.values())
        notes.line(source, "dropped", 0, "personal_columns", columns=shown)
    if left := [n for n in left if not privacy.is_personal_header(n)]:
        notes.line(source, "dropped", 0, "unknown_columns", columns=tuple(left))
    kinds = lazy.collect_schema()
    remarks = tuple(
        n for n in found if fold(n) in words("remark_columns") and kinds[n] == pl.String
    )
    return Register(source, paths, headers, persons, remarks)


def _says_void(header: str) -> pl.Expr:
    """What ``set_aside`` asks of a workbook's cell: 作废, 作废（重复登记）."""
    import polars as pl

    text = pl.col(header).str.normalize("NFKC").str.replace_all(r"\s", "")
    return text.str.replace(AROUND_A_STATE, "").str.to_lowercase().is_in(sorted(words("void")))


def _is_utf8(path: Path) -> bool:
    """Whether a csv begins as UTF-8: polars reads no other encoding in a stream."""
    with path.open("rb") as file:
        start = file.read(1 << 20)
    cut = codecs.getincrementaldecoder("utf-8")()
    try:
        cut.decode(start)
    except UnicodeDecodeError:
        return decode(start[: start.rfind(b"\n") + 1]) is None
    return True

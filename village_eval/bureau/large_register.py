"""A register of tens of millions of rows by polars: every distinct cell is read once.

First pass: the distinct cells of each column with the row where they stand first, read by the very
functions that read a workbook. Second pass: the register with its cells replaced by what they mean,
in buckets of counties on disk. Then a bucket at a time, a county at a time. Nothing holds the
whole register.
"""

from __future__ import annotations

import codecs
import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from village_eval.bureau.columns import parsed, terms
from village_eval.bureau.headers import assign, persons_in
from village_eval.bureau.layout import Block
from village_eval.bureau.notes import Notes
from village_eval.bureau.register import _date, _persons, _repeat, _satisfied
from village_eval.bureau.set_aside import state
from village_eval.bureau.sheet import Sheet
from village_eval.bureau.values import COLUMNS, parse_code, words
from village_eval.county import privacy
from village_eval.county.pseudonyms import pseudonyms
from village_eval.folder.raw import decode
from village_eval.words.said import Said

if TYPE_CHECKING:
    import polars as pl

BUCKETS = 32
CLOCK = r"[ T]\s?\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(\+08(:?00)?)?$"
"""A time of the day, which the reader of dates passes over: without it days repeat."""
FACTS = ("channel", "level", "repeat", "persons", "category", "resolved_date", "satisfied")
READ = (*FACTS, "status")
WHOLE = {"repeat", "persons", "satisfied", "status"}
PERSONS = ("identity", "name", "telephone")


@dataclass(frozen=True)
class Register:
    """The register's file(s): headers by canonical column, and by part of a person."""

    source: str
    paths: tuple[Path, ...]
    headers: dict[str, str]
    persons: dict[str, str]

    def scan(self) -> pl.LazyFrame:
        """The columns that are read, under our names, text as text; ``_row`` as a clerk counts."""
        import polars as pl

        if self.paths[0].suffix.lower() == ".parquet":
            frame = pl.scan_parquet(list(self.paths))
        else:
            frame = pl.scan_csv(list(self.paths), infer_schema=False, encoding="utf8")
        named = {h: c for c, h in self.headers.items()}
        named |= {h: f"_{p}" for p, h in self.persons.items()}
        frame = frame.select(pl.col(h).alias(c) for h, c in named.items())
        return frame.with_row_index("_row", offset=2)


@dataclass(frozen=True)
class Values:
    """By column a table of distinct cells and what they mean; rows of the register in all."""

    of: dict[str, pl.DataFrame]
    counties: list[str]
    rows: int


@dataclass(frozen=True)
class Part:
    """One county's petitions, the days they were filed on, and how many rows there were."""

    table: pl.DataFrame
    days: list[dt.date]
    read: int
    void: int = 0
    void_by: str = ""


def find(folder: Path, pattern: str, notes: Notes) -> Register | None:
    """The register that counties.toml names (a file, or several with ``*``)."""
    import polars as pl

    pattern = str(pattern)
    paths = tuple(sorted(folder.glob(pattern))) if pattern else ()
    paths = tuple(p for p in paths if p.suffix.lower() in (".parquet", ".csv"))
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
            pl.scan_parquet(first)
            if first.suffix.lower() == ".parquet"
            else pl.scan_csv(first, infer_schema=False)
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
    return Register(source, paths, headers, persons)


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


def distinct_values(register: Register, villages: dict[str, str], notes: Notes) -> Values:
    """What every distinct cell means; each that means nothing is a problem at its first row."""
    import polars as pl

    frame = _plain(register.scan(), register)
    columns = [c for c in ("village_code", "date", *READ) if c in register.headers]
    asked = [frame.group_by(c).agg(pl.len(), pl.col("_row").min()) for c in columns]
    try:
        found = pl.collect_all(asked, engine="streaming")
    except pl.exceptions.PolarsError:
        notes.problem("unreadable", register.source)
        return Values({}, [], 0)
    rows = int(found[0]["len"].sum()) if found else 0
    notes.line(register.source, "read", rows, "rows")
    of = {}
    for column, table in zip(columns, found, strict=True):
        table = table.sort("_row")
        meant = _meaning(register, column, table, villages, notes)
        of[column] = pl.DataFrame(
            {
                column: table[column],
                f"={column}": pl.Series(meant, dtype=_dtype(column), strict=False),
            }
        )
    code = of["village_code"]["=village_code"].to_list()
    counties = [None if c is None else villages.get(c, "") for c in code]
    of["village_code"] = of["village_code"].with_columns(pl.Series("_county", counties, pl.String))
    return Values(of, sorted({c for c in counties if c}), rows)


def _dtype(column: str):
    import polars as pl

    if column in WHOLE:
        return pl.Int64
    return pl.Date if column in ("date", "resolved_date") else pl.String


def _plain(frame: pl.LazyFrame, register: Register) -> pl.LazyFrame:
    """Dates without their time of day, so that they repeat."""
    import polars as pl

    schema, steps = frame.collect_schema(), []
    for column in ("date", "resolved_date"):
        if column in register.headers:
            kind = schema[column]
            if kind.is_temporal():
                steps.append(pl.col(column).cast(pl.Date))
            elif kind == pl.String:
                steps.append(pl.col(column).str.strip_chars().str.replace(CLOCK, ""))
    return frame.with_columns(steps)


def _meaning(register: Register, column: str, table, villages: dict[str, str], notes: Notes):
    """The distinct cells of a column as a block of a sheet, read as any block is."""
    rows = table["_row"].to_list()
    cells = pd.DataFrame({column: pd.Series(table[column].to_list(), rows, dtype=object)})
    cells = cells.where(cells.notna(), None)
    sheet = Sheet(register.source, None, [])
    nobody = pd.DataFrame(index=cells.index)
    block = Block(sheet, "petitions", register.headers, cells, nobody, {}, frozenset(), None)
    if column == "village_code":
        header, meant = register.headers[column], []
        for row, code in zip(
            rows, parsed(block, column, parse_code, "bad_code", notes, True), strict=True
        ):
            if code is not None and code not in villages:
                notes.problem("unknown_code", register.source, row=row, column=header, value=code)
            meant.append(code)
        return meant
    if column == "date":
        return parsed(block, column, _date(block), "bad_date", notes, required=True)
    if column == "resolved_date":
        return parsed(block, column, _date(block), "bad_date", notes, blank=words("pending"))
    if column == "repeat":
        return parsed(block, column, _repeat(register.headers), "bad_repeat", notes)
    if column == "status":
        return parsed(block, column, state(register.headers[column]), "bad_status", notes)
    if column == "persons":
        return parsed(block, column, _persons, "bad_count", notes, blank=words("zero"))
    if column == "satisfied":
        blank = words("not_rated")
        return parsed(block, column, _satisfied, "bad_satisfied", notes, blank=blank)
    return terms(block, column, column, notes, fallback="other" if column == "category" else None)


def split(
    register: Register, values: Values, made: Path, notes: Notes, key: bytes | None
) -> Iterator[tuple[str, Part]]:
    """Code and petitions of one county after the other.

    ``key`` is that of the pseudonyms, random unless given.
    """
    import secrets

    import polars as pl

    scratch = made / ".buckets"
    bucket = {c: i % BUCKETS for i, c in enumerate(values.counties)}
    frame = _plain(register.scan(), register)
    for column, table in values.of.items():
        if column == "village_code":
            number = table["_county"].replace_strict(bucket, return_dtype=pl.Int32, default=None)
            table = table.with_columns(number.alias("_bucket"))
        frame = frame.join(table.lazy(), on=column, how="left", nulls_equal=True)
    kept = [f"={c}" for c in values.of]
    others = [c for c in ("petition_id",) if c in register.headers]
    others += [f"_{p}" for p in register.persons]
    frame = frame.select("_bucket", "_county", "_row", *kept, *others)
    key = secrets.token_bytes(32) if key is None else key
    try:
        frame.sink_parquet(
            pl.PartitionBy(scratch, key="_bucket", include_key=False),
            mkdir=True,
            maintain_order=False,
            compression="lz4",
            engine="streaming",
        )
        for folder in sorted(scratch.iterdir()):
            whole = pl.read_parquet(folder / "*.parquet")
            for (code,), rows in sorted(whole.partition_by("_county", as_dict=True).items()):
                yield str(code), _part(rows, register, notes, key)
            del whole
            shutil.rmtree(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _part(rows: pl.DataFrame, register: Register, notes: Notes, key: bytes) -> Part:
    """One county's rows: those entered twice once, persons as pseudonyms, running numbers."""
    import polars as pl

    read = rows.height
    rows = rows.sort("_row")
    if register.persons:
        blank = pd.Series([None] * read, dtype=object)
        identity, name, telephone = (
            pd.Series(rows[f"_{p}"].to_list(), dtype=object) if p in register.persons else blank
            for p in PERSONS
        )
        case = pseudonyms(identity, name, telephone, key)
        rows = rows.with_columns(pl.Series("=case_id", list(case), pl.String))
    void = 0
    if "=status" in rows.columns:
        rows = rows.filter(pl.col("=status").ne_missing(0)).drop("=status")
        void = read - rows.height
    facts = [c for c in rows.columns if c.startswith("=")]
    if "petition_id" in rows.columns:
        number = rows["petition_id"].cast(pl.String).str.strip_chars()
        rows = rows.with_columns(number.replace("", None))
        again = pl.struct("petition_id", *facts).is_first_distinct()
        rows = rows.filter(again | pl.col("petition_id").is_null())
    rows = rows.select(pl.col(c).alias(c[1:]) for c in facts)
    if "resolved_date" in rows.columns:
        early = int((rows["resolved_date"] < rows["date"]).sum() or 0)
        if early:
            header = register.headers["resolved_date"]
            notes.problem("large_resolved_before", register.source, column=header, rows=early)
    rows = rows.sort("date", maintain_order=True)
    running = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(7)
    rows = rows.select(pl.format("N{}", running).alias("petition_id"), pl.all())
    empty = [c for c in rows.columns if rows[c].null_count() == rows.height]
    days = rows["date"].unique().to_list()
    return Part(rows.drop(empty), days, read, void, register.headers.get("status", ""))

"""A large register by county: its cells replaced by what they mean, in buckets on disk.

Then a bucket at a time, a county at a time. Nothing holds the whole register.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from village_eval.bureau.large_register import PERSONS, Register
from village_eval.bureau.large_values import Values
from village_eval.bureau.notes import Notes
from village_eval.county.pseudonyms import pseudonyms

if TYPE_CHECKING:
    import polars as pl

BUCKETS = 32


@dataclass(frozen=True)
class Part:
    """One county's petitions, the days they were filed on, and how many rows there were.

    ``void`` counts those that a column called void, by its header.
    """

    table: pl.DataFrame
    days: list[dt.date]
    read: int
    void: dict[str, int]


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
    frame = register.plain()
    for column, table in values.of.items():
        if column == "village_code":
            number = table["_county"].replace_strict(bucket, return_dtype=pl.Int32, default=None)
            table = table.with_columns(number.alias("_bucket"))
        frame = frame.join(table.lazy(), on=column, how="left", nulls_equal=True)
    kept = [f"={c}" for c in values.of]
    others = [c for c in ("petition_id",) if c in register.headers]
    others += [f"_{p}" for p in register.persons]
    frame = frame.select("_bucket", "_county", "_row", "_void", *kept, *others)
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
            whole = pl.read_parquet(sorted(folder.glob("*.parquet")), glob=False)
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
    rows, void = _valid(rows, register)
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
    return Part(rows.drop(empty), days, read, void)


def _valid(rows: pl.DataFrame, register: Register) -> tuple[pl.DataFrame, dict[str, int]]:
    """Without rows whose state, or else whose remark, says that they are void; those by header."""
    import polars as pl

    by = pl.col("_void")
    if "=status" in rows.columns:
        by = pl.when(pl.col("=status") == 0).then(pl.lit(register.headers["status"])).otherwise(by)
    rows = rows.with_columns(by.alias("_void"))
    void = dict(rows["_void"].drop_nulls().value_counts(sort=True).iter_rows())
    valid = rows.filter(pl.col("_void").is_null()).drop("_void")
    return valid.drop("=status", strict=False), void

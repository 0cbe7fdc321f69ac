"""What tests ask of an import: the rows that it wrote, what it refused, and whether its ledger adds up."""

import csv

import pytest
from bureau_delivery import REGISTER_HEADER, deliver, register

from village_eval.bureau.importing import import_folder
from village_eval.county.problems import InputError

VILLAGE = REGISTER_HEADER.index("村名")


def table_of(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def listed(folder):
    rows = table_of(folder, "villages")
    return {r["village_name"]: r["village_type"] for r in rows if r["listed"] == "1"}


def refused(tmp_path, **parts):
    with pytest.raises(InputError) as caught:
        import_folder(deliver(tmp_path / "in", **parts), tmp_path / "out", lang="zh")
    return {p.kind: p.text("zh") for p in caught.value.problems}


def warned(county):
    return {w.kind: w.text("zh") for w in county.warnings}


def in_balance(county):
    """Every row of every source is kept, merged or dropped."""
    for source, lines in county.ledger.groupby("source"):
        by = lines.groupby("step")["rows"].sum()
        read = by.get("read", 0)
        if read:
            assert read == by.get("kept", 0) + by.get("dropped", 0) + by.get("merged", 0), source


def of_villages(names):
    rows = register()
    for i, name in names.items():
        rows[i + 1][VILLAGE] = name
    return rows

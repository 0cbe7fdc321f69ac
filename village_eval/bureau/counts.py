"""Counts of petitions by village and month, and tables of merged and renamed villages."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from village_eval.bureau.columns import parsed
from village_eval.bureau.layout import Block
from village_eval.bureau.matching import fill_township, match_villages
from village_eval.bureau.names import Roster, village_stem
from village_eval.bureau.notes import Notes
from village_eval.bureau.set_aside import of_a_village
from village_eval.bureau.township_rows import without_township_rows
from village_eval.bureau.values import parse_code, parse_count, words
from village_eval.county import privacy
from village_eval.folder.dates import date as date_in
from village_eval.folder.dates import month as month_in
from village_eval.words import vocabulary


def read_counts(blocks: list[Block], roster: Roster, notes: Notes) -> pd.DataFrame:
    """petitions.csv as counts: village_code, month, petitions; days are summed to months."""
    tables = []
    for block in blocks:
        block = without_township_rows(block, ("petitions",), notes, roster.townships)
        block = of_a_village(block, roster, notes)
        column = "month" if "month" in block.cells else "date"
        months = parsed(block, column, _month, "bad_date", notes, required=True)
        counts = parsed(block, "petitions", _count, "bad_count", notes, blank=words("zero"))
        codes = match_villages(block, roster, notes)
        table = pd.DataFrame({"village_code": codes, "month": months, "petitions": counts})
        table["petitions"] = table["petitions"].fillna(0).astype(int)
        tables.append(table.assign(_source=block.sheet.source).dropna())
        notes.line(block.sheet.source, "kept", len(tables[-1]), "in_counts")
    whole = pd.concat(tables, ignore_index=True)
    months_of = whole.groupby("month")["_source"].unique()
    both = months_of[months_of.map(len) > 1]
    if len(both):
        names = tuple(dict.fromkeys(s for sources in both for s in sources))
        notes.problem("counted_twice", names[0], other=names[1], month=str(both.index[0]))
    sums = whole.groupby(["village_code", "month"], as_index=False)["petitions"].sum()
    return sums[sums["petitions"] > 0].reset_index(drop=True)


def _month(cell: object) -> str | None:
    month = month_in(cell)
    day = None if month is not None else date_in(cell, strict=True)
    if isinstance(day, dt.date):
        return f"{day:%Y-%m}"
    return None if month is None else str(month)


def _count(cell: object) -> int | None:
    count = None if privacy.is_number_of_person(cell) else parse_count(cell)
    return int(count) if count is not None and count >= 0 and count == int(count) else None


def read_changes(blocks: list[Block], roster: Roster, notes: Notes) -> pd.DataFrame | None:
    """Old names lead to today's villages; village_changes.csv where old codes are given."""
    rows = []
    for block in blocks:
        townships = fill_township(block, notes)
        dates = parsed(block, "date", lambda c: date_in(c, strict=True), "bad_date", notes)
        old_codes = parsed(block, "old_code", parse_code, "bad_code", notes)
        new_codes = block.cells.get("new_code", pd.Series([None] * len(block.cells), dtype=object))
        names = {
            c: list(block.cells.get(c, pd.Series([None] * len(block.cells), dtype=object)))
            for c in ("old_name", "new_name", "change")
        }
        kept = 0
        for i, row in enumerate(block.cells.index):
            new, kind, details = roster.match(townships[i], names["new_name"][i], new_codes.iloc[i])
            if new is None:
                column = block.headers.get("new_name", block.headers.get("new_code"))
                value = names["new_name"][i]
                notes.problem(kind, **block.at, row=row, column=column, value=value, **details)
                continue
            kept += 1
            old = names["old_name"][i]
            if old:
                stem = village_stem(old)
                known = roster.township(townships[i]) if townships[i] else roster.place[new][0]
                before = set(roster.renamed.get((known, stem), ()))
                for key in ((known, stem), (None, stem)):
                    roster.renamed.setdefault(key, set()).add(new)
                for other in before - {new}:
                    notes.warn("split", **block.at, row=row, value=old)
                    rows.append((new, other, dates[i], "split"))
                    roster.keep_whole(new, other, str(old))
            if old_codes[i]:
                change = vocabulary.lookup("change", names["change"][i] or "") or "merged"
                rows.append((old_codes[i], new, dates[i], change))
                if old_codes[i] not in roster.codes:
                    roster.whole.setdefault(old_codes[i], new)
        notes.line(block.sheet.source, "kept", kept, "in_changes")
    if not rows:
        return None
    rows = [(old, roster.whole.get(new, new), day, kind) for old, new, day, kind in rows]
    parts = {p: w for p, w in roster.whole.items() if p != w and p in roster.codes}
    days = {c: day for old, new, day, kind in rows if kind == "split" for c in (old, new)}
    rows = [r for r in rows if r[3] != "split"]
    rows += [(part, whole, days.get(part), "split") for part, whole in parts.items()]
    undated = [r for r in rows if r[2] is None]
    if undated:  # names and codes of old resolve here; the panel is told of dated changes alone
        notes.warn("change_undated", **blocks[0].at, rows=len(undated))
    rows = [r for r in rows if r[0] != r[1] and r[2] is not None]
    if not rows:
        return None
    table = pd.DataFrame(rows, columns=["old_code", "new_code", "date", "kind"], dtype=object)
    return table.drop_duplicates().reset_index(drop=True)

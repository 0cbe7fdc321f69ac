"""The lists of laggard villages: who is on this campaign's, who was on earlier ones, and why."""

from __future__ import annotations

import re
from collections import Counter

import pandas as pd

from village_eval.bureau.columns import terms
from village_eval.bureau.layout import Block
from village_eval.bureau.matching import match_villages
from village_eval.bureau.names import Roster
from village_eval.bureau.notes import Notes
from village_eval.bureau.rounds import rounds, when_listed
from village_eval.bureau.township_rows import without_township_rows
from village_eval.bureau.village_types import several, village_types
from village_eval.folder.cells import fold
from village_eval.words import vocabulary

FREQUENT = 3
"""A part of a free text is quoted only when it stands in so many rows: then it is a phrase and not
a story about somebody."""
MOST_LISTED = 0.5
"""Listed share of all villages beyond which nothing is left to compare with."""


def read_lists(
    villages: pd.DataFrame, blocks: list[Block], roster: Roster, keys: dict, notes: Notes
):
    """Villages with this campaign's list, and earlier_lists.

    Those are lists whose title names the year of an earlier campaign, and rows that do.
    """
    start_of = {date.year: date for date in keys.get("earlier_campaigns", ())}
    earlier, current = [], []
    for block in blocks:
        years = next((y for y in block.years.values() if len(y) == 1), set())
        listed = read_list(block, roster, notes)
        days = keys.get("days", 100)
        listed, others = rounds(listed, block, keys["start"], days, notes)
        for when, rows in others.items():
            source = block.sheet.source
            if when in start_of and when != keys["start"].year:
                earlier.append(rows[["village_code"]].assign(start=start_of[when]))
                notes.line(source, "kept", len(rows), "in_earlier_lists")
            else:
                notes.line(source, "dropped", len(rows), "other_round", year=str(when))
        year = next(iter(years), None)
        if year in start_of and year != keys["start"].year:
            earlier.append(listed[["village_code"]].assign(start=start_of[year]))
            notes.warn("second_list", **block.at, year=str(year))
            notes.line(block.sheet.source, "kept", len(listed), "in_earlier_lists")
        else:
            current.append((block, year, listed))
    _one_list(current, keys, notes)
    if current:
        whole = pd.concat([listed for *_, listed in current], ignore_index=True)
        if "listed" in villages:
            differ = villages["listed"].ne(villages["village_code"].isin(whole["village_code"]))
            if differ.any():
                notes.problem("lists_disagree", **current[0][0].at, rows=int(differ.sum()))
        villages = put_on_list(villages, whole, notes)
    elif "listed" not in villages:
        notes.problem("no_list", "villages")
        villages = villages.assign(listed=0, village_type=None)
    if (
        (current or "listed" in villages)
        and not villages["listed"].any()
        and (not notes.has_problems)
    ):
        notes.problem("none_listed", **(current[0][0].at if current else {"file": "villages"}))
    if "village_type" not in villages:
        villages = villages.assign(village_type=None)
    _how_many(villages, current[0][0].at if current else {"file": "villages"}, notes)
    return villages, (pd.concat(earlier, ignore_index=True).drop_duplicates() if earlier else None)


def _one_list(current: list, keys: dict, notes: Notes) -> None:
    """Lists of several files are this campaign's only when their years do not speak against it."""
    files = list(dict.fromkeys(block.sheet.file for block, *_ in current))
    around = {keys["start"].year, keys["start"].year - 1, None}
    strange = [block for block, year, _ in current if year not in around]
    years = {year for _, year, _ in current if year}
    if strange or (len(files) > 1 and len(years) > 1):
        block = strange[0] if strange else current[-1][0]
        notes.problem(
            "two_lists" if len(current) > 1 else "older_list",
            **block.at,
            names=tuple(files),
            ignore=block.sheet.ignorable,
        )


def _how_many(villages: pd.DataFrame, at: dict, notes: Notes) -> None:
    listed, all_of_them = int(villages["listed"].sum()), len(villages)
    if listed > MOST_LISTED * all_of_them:
        notes.problem("all_listed", **at, listed=listed, villages=all_of_them)


def read_list(block: Block, roster: Roster, notes: Notes) -> pd.DataFrame:
    """The listed villages as the list has them, with the row they stand in.

    Columns: village_code, village_type, causes, team_state.
    """
    block = without_township_rows(block, (), notes, roster.townships)
    codes = match_villages(block, roster, notes)
    when = when_listed(block, notes)
    causes = [_split(c) for c in terms(block, "causes", "cause", notes, many=True)]
    states = terms(block, "team_state", "team_state", notes)
    kinds = village_types(block, notes)
    unknown: Counter = Counter()
    where: dict[str, list[int]] = {}
    told: dict[int, dict[str, str]] = {}
    for i, (row, cell) in enumerate(block.cells.get("problems", pd.Series(dtype=object)).items()):
        for part in re.split(r"[、,，;；/。\n]", fold(cell) if cell is not None else ""):
            kind = next(
                (k for k in ("cause", "team_state", "village_type") if vocabulary.lookup(k, part)),
                None,
            )
            if kind is None:
                unknown[part] += bool(part)
                where.setdefault(part, []).append(row)
                continue
            key = vocabulary.lookup(kind, part)
            if kind == "cause" and key and key not in causes[i]:
                causes[i].append(key)
            states[i] = states[i] or (key if kind == "team_state" else None)
            if kind == "village_type" and key:
                told.setdefault(i, {})[key] = part
    for i, phrases in told.items():  # a column of types goes before what the problems say
        if "village_type" in block.cells and kinds[i]:
            continue
        if len(phrases) > 1:
            row = block.cells.index[i]
            several(block, row, "problems", "、".join(phrases.values()), notes)
        kinds[i] = next(iter(phrases))
    for part, times in unknown.items():
        if part and times >= FREQUENT:
            notes.unknown_terms["cause", part] += times
        for row in where[part] if part else ():
            value = part if times >= FREQUENT and len(part) <= 12 else None
            notes.warn(
                "unknown_cause", **block.at, row=row, column=block.headers["problems"], value=value
            )
    for i, cell in enumerate(block.cells.get("village_name", ())):  # 大沟村（软弱涣散）
        noted = re.search(r"\(([^()]*)\)$", fold(cell)) if cell is not None else None
        kinds[i] = kinds[i] or (vocabulary.lookup("village_type", noted[1]) if noted else None)
    # An unknown type has been reported already.
    written = block.cells.get("village_type", pd.Series([None] * len(kinds)))
    for row, kind, cell in zip(block.cells.index, kinds, written, strict=True):
        if kind is None and cell is None:
            notes.problem(
                "no_village_type", **block.at, row=row, column=block.headers.get("village_type")
            )
    columns = {
        "village_code": codes,
        "village_type": kinds,
        "causes": [";".join(c) for c in causes],
        "team_state": states,
        "_when": when,
    }
    return (
        pd.DataFrame(columns, dtype=object)
        .assign(
            _source=block.sheet.source,
            _file=block.sheet.file,
            _sheet=block.sheet.name,
            _row=list(block.cells.index),
        )
        .dropna(subset=["village_code"])
    )


def _split(keys: str | None) -> list[str]:
    return keys.split(";") if keys else []


def put_on_list(villages: pd.DataFrame, listed: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """The villages with what the list says of them.

    Columns ``listed``, ``village_type``, ``causes`` and ``team_state``.
    """
    facts = listed[[c for c in listed if not c.startswith("_")]]
    same, again = facts.duplicated(), facts["village_code"].duplicated()
    for _, row in listed[again & ~same].iterrows():
        notes.problem("listed_twice", row["_file"], sheet=row["_sheet"], row=row["_row"])
    for source, rows in listed.groupby("_source", sort=False):
        if same[rows.index].any():
            notes.line(source, "dropped", int(same[rows.index].sum()), "entered_twice")
        notes.line(source, "kept", int((~again[rows.index]).sum()), "list_merged")
    facts = facts[~again].set_index("village_code")
    code = villages["village_code"]
    state = code.map(facts["team_state"])
    return villages.assign(
        listed=code.isin(facts.index).astype(int),
        village_type=code.map(facts["village_type"]),
        causes=code.map(facts["causes"]),
        team_state=state.combine_first(villages["team_state"])
        if "team_state" in villages
        else state,
    )

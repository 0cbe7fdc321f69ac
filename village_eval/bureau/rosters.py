"""The roster of villages and the list of laggard villages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from village_eval.bureau.columns import clean_place, parsed, terms
from village_eval.bureau.layout import Block
from village_eval.bureau.names import Roster, township_stem, without_note
from village_eval.bureau.notes import Notes
from village_eval.bureau.rounds import when_listed
from village_eval.bureau.values import (
    parse_code,
    parse_count,
    parse_flag,
    parse_money,
    parse_number,
    words,
)
from village_eval.county import privacy
from village_eval.folder.cells import fold
from village_eval.words import vocabulary

COUNTS = ("population", "households", "party_members")
MEASURED = ("lon", "lat", "listing_score")
FREQUENT = 3
"""A part of a free text is quoted only when it stands in so many rows: then it is a phrase and not
a story about somebody."""


def read_villages(blocks: list[Block], notes: Notes) -> pd.DataFrame:
    """villages.csv without the list (its columns), one row a village in the order of the roster."""
    tables = [_villages(block, notes) for block in blocks]
    villages = (
        pd.concat([t for t in tables if len(t)], ignore_index=True)
        if any(map(len, tables))
        else pd.DataFrame()
    )
    if villages.empty:
        return villages
    whole = _are_townships(villages)
    for source, rows in villages[whole].groupby("_source").size().items():
        notes.line(source, "dropped", int(rows), "total_rows")
    villages = villages[~whole]
    facts = [c for c in villages if not c.startswith("_")]
    same = villages.duplicated(facts)
    for source, rows in villages[same].groupby("_source").size().items():
        notes.line(source, "dropped", int(rows), "entered_twice")
    villages = villages[~same]
    again = villages["village_code"].duplicated()
    for _, row in villages[again].iterrows():
        notes.problem("code_twice", row["_file"], sheet=row["_sheet"], row=row["_row"])
    return villages[~again].reset_index(drop=True)


def _are_townships(villages: pd.DataFrame) -> pd.Series:
    """Rows of townships among villages: a township's code (…000) under a township's name."""
    whole = villages["village_code"].astype("str").str.endswith("000")
    return whole & villages["village_name"].isin(villages["township_name"])


def _villages(block: Block, notes: Notes) -> pd.DataFrame:
    townships = fill_township(block, notes)
    names = [clean_place(c, notes) for c in block.cells["village_name"]]
    columns = {
        "village_code": parsed(block, "village_code", parse_code, "bad_code", notes, required=True),
        "village_name": names,
        "township_name": townships,
        **{
            c: parsed(block, c, _count, "bad_count", notes, blank=words("zero"))
            for c in COUNTS
            if c in block.cells
        },
        **{
            c: parsed(block, c, _measured, "bad_number", notes, blank=words("zero"))
            for c in MEASURED
            if c in block.cells
        },
    }
    if "population" not in block.cells:
        notes.warn("no_population", **block.at)
        columns["population"] = [None] * len(names)
    if "team_state" in block.cells:
        columns["team_state"] = terms(block, "team_state", "team_state", notes)
    if "listed" in block.cells:
        columns["listed"] = [v or 0 for v in parsed(block, "listed", parse_flag, "bad_flag", notes)]
    if "village_type" in block.cells:
        columns["village_type"] = terms(block, "village_type", "village_type", notes)
    exchanged = (
        [
            bool(h and p and h > p)
            for h, p in zip(
                columns.get("households", ()), columns.get("population", ()), strict=True
            )
        ]
        if {"households", "population"} <= set(columns)
        else []
    )
    if sum(exchanged) > max(2, 0.5 * len(names)):
        notes.problem("households_exceed", **block.at, rows=sum(exchanged))
    for row, cell, name in zip(block.cells.index, block.cells["village_name"], names, strict=True):
        if name is not None and fold(cell) != name:
            notes.warn("person_beside", **block.at, row=row, column=block.headers["village_name"])
    for row, name, township in zip(block.cells.index, names, townships, strict=True):
        if name is None:
            notes.problem("blank_cell", **block.at, row=row, column=block.headers["village_name"])
        if township is None:
            notes.problem("no_township", **block.at, row=row)
    frame = pd.DataFrame(columns)
    plain = [(None, ()) if name is None else without_note(name) for name in names]
    frame = frame.assign(
        village_name=[name for name, _ in plain],
        _old=[old for _, old in plain],
        _source=block.sheet.source,
        _file=block.sheet.file,
        _sheet=block.sheet.name,
        _row=block.cells.index,
    )
    return frame.dropna(subset=["village_code", "village_name", "township_name"])


def _count(cell: object) -> int | None:
    """Persons or households."""
    count = parse_count(cell)
    return (
        int(count)
        if count is not None
        and count >= 0
        and count == int(count)
        and not privacy.is_number_of_person(cell)
        else None
    )


def _measured(cell: object) -> float | None:
    number = parse_number(cell)
    return None if number is None or privacy.is_number_of_person(cell) else number[0]


def fill_township(block: Block, notes: Notes) -> list[str | None]:
    """Townships row by row: named once and blank below, or named by the sheet alone."""
    if "township_name" not in block.cells:
        by_sheet = re.search(r"[一-鿿]{1,6}(?:镇|乡|街道)", fold(block.sheet.name or ""))
        return [by_sheet[0] if by_sheet else None] * len(block.cells)
    filled, last = [], None
    for cell in block.cells["township_name"]:
        last = clean_place(cell, notes) or last
        filled.append(last)
    blank = int(block.cells["township_name"].isna().sum())
    if blank:
        notes.line(block.sheet.source, "filled", blank, "township_filled")
    return filled


def with_township_codes(villages: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """township_code is the first nine digits.

    One code with two names takes the more usual one, and is reported.
    """
    villages = villages.assign(township_code=villages["village_code"].str[:9])
    for code, names in villages.groupby("township_code")["township_name"]:
        usual, *rare = [n for n, _ in Counter(names).most_common()]
        if rare:
            first = villages.loc[names.index[names != usual][0]]
            if len({township_stem(n) for n in (usual, *rare)}) > 1:
                notes.problem(
                    "township_two_names",
                    first["_file"],
                    sheet=first["_sheet"],
                    row=first["_row"],
                    code=code,
                    names=(usual, *rare),
                )
            villages.loc[names.index, "township_name"] = usual
    return villages


def without_township_sums(block: Block, amounts: Iterable[str], notes: Notes) -> Block:
    """The block without rows that name a township alone and hold the sum of its villages.

    The township's name stays for the rows below. Such a row with other amounts stays too, and is
    reported as one without a village.
    """
    if "township_name" not in block.cells or "village_name" not in block.cells:
        return block
    cells = block.cells.copy()
    written = [clean_place(c, notes) for c in cells["township_name"]]
    alone = [
        bool(t) and (v is None or fold(v) == t) and code is None
        for t, v, code in zip(
            written,
            cells["village_name"],
            cells.get("village_code", pd.Series([None] * len(cells))),
            strict=True,
        )
    ]
    if not any(alone):
        return block
    township = pd.Series(fill_township(block, notes), cells.index)
    mask = pd.Series(alone, cells.index)
    sums = mask.copy()
    for column in (c for c in amounts if c in cells):
        numbers = cells[column].map(lambda c: None if c is None else parse_money(c, 1.0))
        numbers = pd.to_numeric(numbers).fillna(0.0)
        whole = numbers[~mask].groupby(township[~mask]).sum()
        near = (numbers - township.map(whole)).abs() <= 1e-6 * numbers.abs() + 0.5
        sums &= near
    notes.line(block.sheet.source, "dropped", int(sums.sum()), "total_rows")
    return replace(block, cells=cells.assign(township_name=township.astype(object))[~sums])


def match_villages(
    block: Block,
    roster: Roster,
    notes: Notes,
    *,
    fill_villages: bool = False,
    fill_townships: bool = True,
) -> list[str | None]:
    """The village code of every row; what the roster does not know is reported, never dropped.

    ``fill_villages``, ``fill_townships``: named once and blank below.
    """
    townships = fill_township(block, notes) if fill_townships else _townships(block, notes)
    names = [
        clean_place(c, notes)
        for c in block.cells.get("village_name", pd.Series([None] * len(block.cells)))
    ]
    codes = list(block.cells.get("village_code", [None] * len(block.cells)))
    stated = _stated_township(block, roster)
    found: list[str | None] = []
    last: tuple[str | None, object] = (None, None)
    last_township = None
    for row, township, name, code in zip(block.cells.index, townships, names, codes, strict=True):
        if name is None and code is None and fill_villages and township == last_township:
            name, code = last
        if name is None and code is None:
            notes.problem(
                "no_village",
                **block.at,
                row=row,
                column=block.headers.get("village_name", block.headers.get("village_code")),
            )
            found.append(None)
            continue
        last, last_township = (name, code), township
        village, kind, details = roster.match(township, name, code)
        if kind == "ambiguous_village" and township is None and stated:
            village, kind, details = roster.match(stated, name, code)
        if village is not None and kind:
            column = "village_code" if kind == "name_unknown_code" else "village_name"
            value = code if kind == "name_unknown_code" else name
            notes.warn(kind, **block.at, row=row, column=block.headers[column], value=value)
        elif village is None:
            column = (
                "township_name"
                if kind == "unknown_township"
                else "village_name"
                if name
                else "village_code"
            )
            value = township if kind == "unknown_township" else (township, name) if name else code
            notes.problem(
                kind, **block.at, row=row, column=block.headers.get(column), value=value, **details
            )
        found.append(village)
    return found


def _townships(block: Block, notes: Notes) -> list[str | None]:
    cells = block.cells.get("township_name", pd.Series([None] * len(block.cells), dtype=object))
    return [clean_place(c, notes) for c in cells]


def _stated_township(block: Block, roster: Roster) -> str | None:
    """The one township that the sheet, the title or the file is named after."""
    for named in (block.sheet.name or "", " ".join(block.titles), block.sheet.file):
        known = [t for t in roster.townships if fold(t) in fold(named)]
        if known:
            return known[0] if len(known) == 1 else None
    return None


def read_list(block: Block, roster: Roster, notes: Notes) -> pd.DataFrame:
    """The listed villages as the list has them, with the row they stand in.

    Columns: village_code, village_type, causes, team_state.
    """
    codes = match_villages(block, roster, notes)
    when = when_listed(block, notes)
    causes = [_split(c) for c in terms(block, "causes", "cause", notes, many=True)]
    states = terms(block, "team_state", "team_state", notes)
    kinds = (
        terms(block, "village_type", "village_type", notes)
        if "village_type" in block.cells
        else list[str | None]([None] * len(codes))
    )
    unknown: Counter = Counter()
    where: dict[str, list[int]] = {}
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
            kinds[i] = kinds[i] or (key if kind == "village_type" else None)
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

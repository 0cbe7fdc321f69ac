"""The offices' petition registers.

One row a petition, the petitioner replaced by a pseudonym, rows entered twice dropped.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

import pandas as pd

from village_eval.bureau.columns import parsed, terms
from village_eval.bureau.layout import Block
from village_eval.bureau.matching import match_villages
from village_eval.bureau.names import Roster, township_stem
from village_eval.bureau.notes import Notes
from village_eval.bureau.origins import PLACE
from village_eval.bureau.persons_and_copies import one_row_a_petition, refuse_copies
from village_eval.bureau.set_aside import set_aside
from village_eval.bureau.values import parse_count, parse_flag, words
from village_eval.bureau.years import since_1904, with_year
from village_eval.county import privacy
from village_eval.county.pseudonyms import pseudonyms
from village_eval.folder.cells import cell_text, fold
from village_eval.folder.dates import MonthDay
from village_eval.folder.dates import date as date_in

OTHER_YEAR = 0.9
"""Of a table's dates in one year that its title does not name: the year was typed wrong."""
OVER_NEW_YEAR = 120
"""Days from filing to a resolution whose year is not written: more would be a slip of the pen."""
CALLED = "来电"
FACTS = (
    "village_code",
    "date",
    "channel",
    "level",
    "repeat",
    "persons",
    "category",
    "resolved_date",
    "satisfied",
    "case_id",
)


def read_petitions(
    blocks: list[Block], roster: Roster, notes: Notes, key: bytes | None = None
) -> pd.DataFrame:
    """petitions.csv, a register sorted by date and number, and where each row stands (PLACE).

    ``key`` is that of the pseudonyms, random unless given.
    """
    register = pd.concat([_sheet(block, roster, notes) for block in blocks], ignore_index=True)
    register["case_id"] = pseudonyms(
        register.pop("_identity"), register.pop("_name"), register.pop("_telephone"), key
    )
    register = register.dropna(subset=["village_code", "date"])
    register = one_row_a_petition(register, FACTS, notes)
    refuse_copies(register, FACTS, notes)
    register = _once(register, notes)
    for source in dict.fromkeys(block.sheet.source for block in blocks):
        kept = int((register["_source"] == source).sum())
        notes.line(source, "kept", kept, "in_petitions")
    always = ("village_code", "date")
    columns = [
        "petition_id",
        *(c for c in FACTS if c in always or register[c].replace("", None).notna().any()),
    ]
    return (
        register[[*columns, *PLACE]]
        .sort_values(["date", "petition_id"], kind="stable")
        .reset_index(drop=True)
    )


def _sheet(block: Block, roster: Roster, notes: Notes) -> pd.DataFrame:
    block = set_aside(block, roster, notes)
    dates = parsed(block, "date", _date(block), "bad_date", notes, required=True)
    resolved = parsed(
        block, "resolved_date", _date(block), "bad_date", notes, blank=words("pending")
    )
    years = Counter(date.year for date in dates if date)
    year, rows = next(iter(years.most_common(1)), (_stated(block), 0))
    if _stated(block) not in (None, year) and rows >= OTHER_YEAR * years.total():
        notes.warn(
            "dates_of_another_year",
            **block.at,
            column=block.headers["date"],
            stated=str(_stated(block)),
            year=str(year),
        )
    written = block.cells.get("resolved_date", [None] * len(dates))
    resolved = [
        _after_new_year(end, day, cell)
        for end, day, cell in zip(resolved, dates, written, strict=True)
    ]
    for row, date, end in zip(block.cells.index, dates, resolved, strict=True):
        if date and end and end < date:
            notes.problem(
                "resolved_before",
                **block.at,
                row=row,
                column=block.headers["resolved_date"],
                value=block.cells["resolved_date"][row],
            )
    for row, cell in block.cells.get("pieces", pd.Series(dtype=object)).items():
        if cell is not None and parse_count(cell) != 1:
            notes.problem("pieces", **block.at, row=row, column=block.headers["pieces"], value=cell)
    columns = {
        "petition_id": _numbers(block, notes),
        "village_code": match_villages(
            block, roster, notes, fill_townships="township_name" not in block.cells
        ),
        "date": dates,
        "channel": _channels(block, notes),
        "level": terms(block, "level", "level", notes),
        "repeat": parsed(block, "repeat", _repeat(block.headers), "bad_repeat", notes),
        "persons": parsed(block, "persons", _persons, "bad_count", notes, blank=words("zero")),
        "category": terms(block, "category", "category", notes, fallback="other"),
        "resolved_date": resolved,
        "satisfied": parsed(
            block, "satisfied", _satisfied, "bad_satisfied", notes, blank=words("not_rated")
        ),
    }
    for part in ("identity", "name", "telephone"):
        columns[f"_{part}"] = (
            list(block.persons[part]) if part in block.persons else [None] * len(block.cells)
        )
    place = {
        "_source": block.sheet.source,
        "_file": block.sheet.file,
        "_sheet": block.sheet.name,
        "_row": list(block.cells.index),
    }
    return pd.DataFrame(columns, dtype=object).assign(**place)


def _channels(block: Block, notes: Notes) -> list[str | None]:
    """The column; a register without one whose dates stand under 来电时间 is of calls."""
    if "channel" not in block.cells and fold(block.headers["date"]).startswith(CALLED):
        rows = len(block.cells)
        notes.line(block.sheet.source, "filled", rows, "are_calls", column=block.headers["date"])
        return ["phone"] * rows
    return terms(block, "channel", "channel", notes)


def _stated(block: Block) -> int | None:
    """The one year that the title, else the sheet or the file speaks of."""
    return next((next(iter(y)) for y in block.years.values() if len(y) == 1), None)


def _date(block: Block):
    """A date; month and day alone take the year of the title, the sheet or the file."""
    stated = _stated(block)

    def parse(cell: object) -> dt.date | None:
        date = date_in(since_1904(cell) if block.sheet.since_1904 else cell, strict=False)
        return None if date is None else with_year(date, stated)

    return parse


def _after_new_year(
    resolved: dt.date | None, filed: dt.date | None, cell: object
) -> dt.date | None:
    """1月9日, resolved in a register of 2021 that was filed on 20 December, is of 2022."""
    if resolved is None or filed is None or resolved >= filed:
        return resolved
    if not isinstance(date_in(cell, strict=False), MonthDay):
        return resolved
    later = with_year(MonthDay(resolved.month, resolved.day), resolved.year + 1)
    return later if later and (later - filed).days <= OVER_NEW_YEAR else resolved


def _persons(cell: object) -> int | None:
    count = parse_count(cell)
    return (
        int(count)
        if count is not None
        and count >= 1
        and count == int(count)
        and not privacy.is_number_of_person(cell)
        else None
    )


def _satisfied(cell: object) -> int | None:
    return parse_flag(cell, "satisfied", "dissatisfied")


def _repeat(headers: dict[str, str]):
    """初访 or 重访; what 是 and 否 say depends on what the header asks.

    是否初访 and 是否重访 ask the opposite, 初访重访 asks neither.
    """
    header = fold(headers.get("repeat", ""))
    asks_first, asks_again = bool(re.search("[初首]", header)), bool(re.search("[重复]", header))

    def parse(cell: object) -> int | None:
        told, answer = parse_flag(cell, "repeated", "first"), parse_flag(cell)
        if told is not None or answer is None:
            return told
        if asks_first == asks_again:
            return answer if header == "repeat" else None
        return 1 - answer if asks_first else answer

    return parse


def _numbers(block: Block, notes: Notes) -> list[str | None]:
    """Register numbers as text; one that has the form of a person's number is not carried over."""
    cells = block.cells.get("petition_id", pd.Series([None] * len(block.cells), dtype=object))
    numbers, personal = [], 0
    places = sorted(notes.places | {township_stem(p) for p in notes.places}, key=len, reverse=True)
    for cell in cells:
        text = fold(cell_text(cell))
        hidden = bool(text) and (
            not privacy.is_safe_number(text, places)
            or privacy.is_name_like(text)
            or any(name in text for name in notes.names if len(name) > 1)
        )
        personal += hidden
        # Kept for telling rows apart; replaced before anything is written.
        numbers.append(f"\0{text}" if hidden else text or None)
    if personal:
        notes.line(block.sheet.source, "filled", personal, "number_like_person")
    return numbers


def _once(register: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Rows entered twice (same number, same in everything) go.

    A number used for two petitions is made unique and reported.
    """
    number = register["petition_id"]
    same = register.duplicated(["petition_id", *FACTS]) & number.notna()
    for source, rows in register[same].groupby("_source").size().items():
        notes.line(source, "dropped", int(rows), "entered_twice")
    register = register[~same].copy()
    number = register["petition_id"]
    personal = number.fillna("").str.startswith("\0")
    # From here on a number that looked like a person's is a running number.
    for _, row in register[number.duplicated() & number.notna()].iterrows():
        value = None if row["petition_id"].startswith("\0") else row["petition_id"]
        notes.warn("number_twice", row["_file"], sheet=row["_sheet"], row=row["_row"], value=value)
    alike = register.duplicated([f for f in FACTS if f != "case_id"] + ["case_id"]) & (
        register["case_id"] != ""
    )
    for source, rows in register[alike].groupby("_source"):
        first = rows.iloc[0]
        notes.warn(
            "alike", first["_file"], sheet=first["_sheet"], row=first["_row"], rows=len(rows)
        )
        del source
    missing = number.isna()
    for source, rows in register[missing].groupby("_source").size().items():
        notes.line(source, "filled", int(rows), "number_given")
    given = missing | personal
    taken = set(number[~given])
    register.loc[given, "petition_id"] = [f"N{i:07d}" for i in range(1, int(given.sum()) + 1)]
    fresh: set[str] = set()
    unique = []
    for value in register["petition_id"]:
        candidate, n = value, 1
        while candidate in fresh or (n > 1 and candidate in taken):
            n += 1
            candidate = f"{value}-{n}"
        fresh.add(candidate)
        unique.append(candidate)
    return register.assign(petition_id=unique)

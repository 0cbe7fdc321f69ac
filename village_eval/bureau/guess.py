"""What a column most likely is where most of its cells are wrong: two headers were exchanged."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from village_eval.bureau.headers import PERSON, header_forms
from village_eval.bureau.names import Roster, village_stem
from village_eval.bureau.notes import Notes, Places
from village_eval.bureau.sheet import Sheet
from village_eval.bureau.values import parse_code, parse_number
from village_eval.folder.cells import fold
from village_eval.folder.dates import date as date_in
from village_eval.words import vocabulary
from village_eval.words.said import Said

MOST, FEWEST = 0.6, 5
"""So large a share of a column's cells, and at least so many, for a word about all of it."""
TERMS = ("village_type", "channel", "level", "category", "measure", "measure_group", "department")


def guesser(sheets: list[Sheet], roster: Roster | None) -> Callable[..., Said | None]:
    """For a column with problems what it probably is; None where only a few cells are wrong."""
    found = {(s.file, s.name): s for s in sheets}

    def guess(file: str, sheet: str | None, column: str | None, wrong: Places) -> Said | None:
        source = found.get((file, sheet))
        if source is None or column is None or len(wrong) < FEWEST:
            return None
        if any(form in PERSON for form in header_forms(column)):
            return None
        filled = _filled(source, column)
        if len({row for row, _ in wrong}) < MOST * filled:
            return None
        values = [_last(value) for _, value in wrong[:200] if value is not None]
        what = next((name for name, fits in _kinds(roster) if _most(values, fits)), None)
        if what is None:  # one column written one way: the remedy for a cell is that for all
            return None
        return Said(
            "importing.probably.other_column", {"what": Said(f"importing.looks_like.{what}")}
        )

    return guess


def _filled(sheet: Sheet, column: str) -> int:
    """Rows with something in the column of that header."""
    for row, cells in enumerate(sheet.rows[:50]):
        for position, cell in enumerate(cells):
            if isinstance(cell, str) and "".join(cell.split()) == column:
                below = sheet.rows[row + 1 :]
                return sum(position < len(r) and r[position] is not None for r in below)
    return 1 << 60


def _last(value: object) -> object:
    """Of a township and a village the one that was not found."""
    return value[-1] if isinstance(value, tuple) and value else value


def _most(values: list, fits: Callable[[object], bool]) -> bool:
    return len(values) >= FEWEST and sum(map(fits, values)) >= MOST * len(values)


def _kinds(roster: Roster | None) -> list[tuple[str, Callable[[object], bool]]]:
    kinds: list[tuple[str, Callable[[object], bool]]] = [
        ("code", lambda v: parse_code(v) is not None),
        ("date", lambda v: not isinstance(v, int | float) and date_in(v, strict=True) is not None),
    ]
    if roster is not None:
        villages = roster.anywhere
        kinds.append(("township", lambda v: roster.township(v) is not None))
        kinds.append(("village", lambda v: village_stem(v) in villages))
    kinds += [(kind, partial(_is_term, kind)) for kind in TERMS]
    kinds.append(("number", lambda v: parse_number(v) is not None))
    return kinds


def _is_term(kind: str, value: object) -> bool:
    return vocabulary.lookup(kind, fold(value)) is not None


def use_guesses(notes: Notes, sheets: list[Sheet], roster: Roster | None = None) -> None:
    """Let the problems say what a column probably is."""
    notes.guess = guesser(sheets, roster)

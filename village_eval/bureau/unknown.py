"""A sheet that no kind of table fits: never passed over when it may hold facts."""

from __future__ import annotations

from village_eval.bureau.headers import KINDS, assign, header_texts
from village_eval.bureau.notes import Notes
from village_eval.bureau.sheet import FIRST_ROWS, Sheet
from village_eval.bureau.values import COLUMNS
from village_eval.bureau.years import years_in
from village_eval.words.said import Said

MANY_ROWS = 20
LONGEST = 12
"""A longer text explains a column and heads none."""


def hints(kind: str) -> list[str]:
    """Words in a title or a file's name that speak of a kind of table."""
    return COLUMNS["kinds"][kind]["hints"]


def unknown_table(sheet: Sheet, notes: Notes) -> None:
    """A problem that names the nearest kind and the columns it lacks.

    For a sheet with a village column or so many rows, and for a table that a source names; it
    prints the line that leaves it out.
    """
    best: tuple[int, str, list[str]] | None = None
    named = "".join([sheet.file, sheet.name or "", *(str(c) for r in sheet.rows[:3] for c in r)])
    for row in range(min(FIRST_ROWS, len(sheet.rows))):
        texts = header_texts(sheet.rows, row, False)
        for kind in KINDS:
            columns = assign(texts, kind)
            lacking = [
                any_of
                for any_of in COLUMNS["kinds"][kind]["needs"]
                if not any(c in columns for c in any_of)
            ]
            score = 2 * len(columns) - len(lacking) + 3 * any(h in named for h in hints(kind))
            village = {"village_name", "village_code"} & set(columns)
            if _heads(texts, columns, village) and (best is None or score > best[0]):
                names = COLUMNS["columns"].get(kind, {}) | COLUMNS["columns"]["any"]
                best = (score, kind, [names[any_of[0]][0] for any_of in lacking])
    filled = sum(any(c is not None for c in r) for r in sheet.rows)
    if best is None and filled < MANY_ROWS and not sheet.database:
        return
    ignore = sheet.ignorable
    if best is None:
        notes.problem("unknown_rows", sheet.file, sheet=sheet.name, rows=filled, ignore=ignore)
    elif best[1] == "income" and any(years_in(c) for r in sheet.rows[:FIRST_ROWS] for c in r[1:]):
        notes.problem("no_sources", sheet.file, sheet=sheet.name)
    else:
        notes.problem(
            "unknown_table",
            sheet.file,
            sheet=sheet.name,
            table=Said(f"importing.kind.{best[1]}"),
            lacking=tuple(best[2]),
            ignore=ignore,
        )


def _heads(texts: list[list[str]], columns: dict[str, int], village: set[str]) -> bool:
    """Whether a row heads a table of villages: a village's column and another, in short words."""
    written = [ways[0] for ways in texts if ways]
    return bool(village) and len(written) > 1 and all(len(w) <= LONGEST for w in written)

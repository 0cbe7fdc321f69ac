"""Columns of a sheet that are not carried over: said to be left, those of persons never shown."""

from __future__ import annotations

from village_eval.bureau.headers import KINDS, NOT_NEEDED, header_forms, meaning
from village_eval.bureau.notes import Notes
from village_eval.bureau.sheet import FIRST_ROWS, Sheet
from village_eval.bureau.values import parse_number, words
from village_eval.county import privacy


def name_what_stays_behind(
    sheet: Sheet, notes: Notes, kind: str, texts, taken: set[int], person: set[int], rows
) -> tuple[str, ...]:
    """Ledger lines for columns that are not carried over; those of figures that no kind knows.

    What stands in columns of persons must never be shown.
    """
    personal: list[str] = []
    unknown: list[str] = []
    figures: list[str] = []
    for position, ways in enumerate(texts):
        if position in taken:
            continue
        cells = [r[position] for r in rows if position < len(r) and r[position] is not None]
        header = " ".join(dict.fromkeys(ways))
        by_header = position in person or privacy.is_personal_header(header)
        quotable = bool(ways) and len(ways[0]) <= 20 and privacy.redact(header) == header
        quotable &= by_header or not privacy.is_name_like(header)
        shown = ways[0] if quotable else f"#{position + 1}"
        if by_header or privacy.is_about_persons(header, cells):
            personal.append(shown)
            names = privacy.names_in(cells)
            # Under a header that says nothing only what looks like a name is one; the rest may be
            # ordinary words.
            notes.names |= names if by_header else {n for n in names if privacy.is_name_like(n)}
        elif cells and not leave_out(header):
            unknown.append(shown)
            if not any(meaning(ways, k) for k in KINDS) and _are_figures(cells):
                figures.append(shown)
            if quotable:
                notes.unknown_headers.append((kind, shown))
    if personal:
        notes.line(sheet.source, "dropped", 0, "personal_columns", columns=tuple(personal))
    if unknown:
        notes.line(sheet.source, "dropped", 0, "unknown_columns", columns=tuple(unknown))
    return tuple(figures)


def _are_figures(cells: list[object]) -> bool:
    """Most of a column's cells are numbers."""
    return 2 * sum(parse_number(c) is not None for c in cells) > len(cells)


def leave_out(header: str) -> bool:
    """Whether everybody knows that a column is no fact: 序号, 备注, or not needed by words.toml."""
    forms = header_forms(header)
    return NOT_NEEDED in forms or any(form in words("leave") for form in forms)


def names_in_unknown(sheet: Sheet, notes: Notes) -> None:
    """Names in a sheet that is not read, so that they are recognised elsewhere."""
    for i, row in enumerate(sheet.rows[:FIRST_ROWS]):
        for position, cell in enumerate(row):
            if isinstance(cell, str) and len(cell) < 15 and privacy.is_personal_header(cell):
                notes.names |= privacy.names_in(
                    r[position] for r in sheet.rows[i + 1 :] if position < len(r)
                )

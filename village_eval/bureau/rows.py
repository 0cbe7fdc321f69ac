"""Which rows below a header are data, and which totals, notes or the header again."""

from __future__ import annotations

import re

from village_eval.bureau.notes import Notes
from village_eval.bureau.values import COLUMNS, words
from village_eval.bureau.workbook import Sheet
from village_eval.folder.cells import fold

TOTAL = re.compile(rf"[^,。;]{{0,10}}(?:{'|'.join(COLUMNS['words']['total_row'])}):?")
NOTE = re.compile(
    rf"(?:{'|'.join(COLUMNS['words']['note_row'])})[一-鿿]{{0,6}}\d*(?:\([^)]*\))?[:,、.].*"
    r"|(?:注|备注|说明)(?:[:\d,、(\[].*|释.*|明.*)?"
)


def data_rows(
    sheet: Sheet, notes: Notes, first: int, columns: dict[str, int], texts, again: bool
) -> tuple[list[int], list[int]]:
    """The rows with data, and those of totals.

    Totals, notes, examples and repeated headers are dropped with a ledger line; blank rows do not
    count.
    ``again``: the rows were counted already, for another year across.
    """
    kept: list[int] = []
    totals: list[int] = []
    dropped = {"total": 0, "note": 0, "header": 0, "example": 0}
    village = [columns[c] for c in ("village_name", "village_code") if c in columns]
    head = {fold(t) for ways in texts for t in ways}
    for i in range(first, len(sheet.rows)):
        cells = sheet.rows[i]
        filled = [c for c in cells if c is not None and c != ""]
        if not filled:
            continue
        begins = [fold(c) for c in cells[:4] if isinstance(c, str)]
        named = any(p < len(cells) and cells[p] is not None for p in village)
        if any(b in head for b in begins) and sum(fold(c) in head for c in filled) >= max(
            3, 0.6 * len(filled)
        ):
            dropped["header"] += 1
        elif begins and fold(filled[0]) in words("example"):
            dropped["example"] += 1
        elif any(TOTAL.fullmatch(b) for b in begins):
            dropped["total"] += 1
            totals.append(i)
        elif _is_note(filled, named):
            dropped["note"] += 1
            notes.names |= {
                n
                for c in filled
                if isinstance(c, str)
                for n in re.findall(r"人[:：]\s*([一-鿿]{2,4})", c)
            }
        else:
            kept.append(i)
    total = len(kept) + sum(dropped.values())
    if again:  # rows of another year across: each is a fact of its own
        notes.line(sheet.source, "read", len(kept), "rows_across")
        return kept, totals
    notes.line(sheet.source, "read", total, "rows")
    for what, rows in dropped.items():
        if rows:
            notes.line(sheet.source, "dropped", rows, f"{what}_rows")
    return kept, totals


def _is_note(filled: list[object], named: bool) -> bool:
    """填表人：… and the like, or one long text alone in its row (merged cells count once)."""
    first = fold(filled[0])
    if isinstance(filled[0], str) and NOTE.fullmatch(first):
        return True
    return (
        len(first) >= 6 and len({str(c) for c in filled}) == 1 and (not named or len(filled) >= 3)
    )

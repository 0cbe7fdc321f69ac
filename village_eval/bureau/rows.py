"""Which rows below a header are data, and which totals, notes or the header again."""

from __future__ import annotations

import re

from village_eval.bureau.notes import Notes
from village_eval.bureau.values import COLUMNS, parse_code, words
from village_eval.bureau.workbook import Sheet
from village_eval.folder.cells import fold, number
from village_eval.folder.dates import date

TOTAL, DERIVED = (
    re.compile(rf"[^,。;]{{0,10}}(?:{'|'.join(COLUMNS['words'][kind])}):?")
    for kind in ("total_row", "derived_row")
)
OF_WHICH = re.compile(r"[#*]?其中(?:[:,].{0,20}|[^,。;]{0,12})")
NOTE = re.compile(
    rf"(?:{'|'.join(COLUMNS['words']['note_row'])})[一-鿿]{{0,6}}\d*(?:\([^)]*\))?[:,、.].*"
    r"|(?:注|备注|说明)(?:[:\d,、(\[].*|释.*|明.*)?"
)
STAMP = re.compile(r"\(?(?:单位|加盖)?(?:公章|盖章|签章|签字)\)?:?|第\d+页.{0,8}|共\d+页")
_PLACES = ("township_name", "village_name", "village_code")


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
    dropped = dict.fromkeys(("total", "derived", "of_which", "note", "header", "example"), 0)
    head = {fold(t) for ways in texts for t in ways}
    places = {columns[c] for c in _PLACES if c in columns}
    for i in range(first, len(sheet.rows)):
        cells = sheet.rows[i]
        if all(c is None or c == "" for c in cells):
            continue
        what = _kind(cells, columns, places, head)
        if what == "data":
            kept.append(i)
            continue
        dropped[what] += 1
        if what == "total":
            totals.append(i)
        elif what == "note":
            notes.names |= {
                n
                for c in cells
                if isinstance(c, str)
                for n in re.findall(r"人[:：]\s*([一-鿿]{2,4})", c)
            }
    total = len(kept) + sum(dropped.values())
    if again:  # rows of another year across: each is a fact of its own
        notes.line(sheet.source, "read", len(kept), "rows_across")
        return kept, totals
    notes.line(sheet.source, "read", total, "rows")
    for what, rows in dropped.items():
        if rows:
            notes.line(sheet.source, "dropped", rows, f"{what}_rows")
    return kept, totals


def _kind(cells: list[object], columns: dict[str, int], places: set[int], head: set[str]) -> str:
    filled = [c for c in cells if c is not None and c != ""]
    if fold(filled[0]) in words("example"):
        return "example"
    code = columns.get("village_code", len(cells))
    if code < len(cells) and cells[code] is not None and parse_code(cells[code]):
        return "data"
    village = columns.get("village_name", len(cells))
    named = village < len(cells) and cells[village] is not None
    # In a row of a village a label stands first or in a place's column: elsewhere it is a fact.
    begins = [
        fold(c)
        for p, c in enumerate(cells)
        if isinstance(c, str) and (p in places or p < (1 if named else 4))
    ]
    if any(b in head for b in begins) and sum(fold(c) in head for c in filled) >= max(
        3, 0.6 * len(filled)
    ):
        return "header"
    if _numbers_columns(filled):
        return "header"
    if any(OF_WHICH.fullmatch(b) for b in begins):
        return "of_which"
    if any(DERIVED.fullmatch(b) for b in begins):
        return "derived"
    if any(TOTAL.fullmatch(b) for b in begins):
        return "total"
    return "note" if _is_note(cells, filled, columns) else "data"


def _numbers_columns(filled: list[object]) -> bool:
    """The line of a form that numbers its columns: 甲 乙 1 2 3."""
    counted = [fold(c) for c in filled if fold(c) not in "甲乙丙丁戊"]
    return len(filled) >= 3 and counted == [str(n + 1) for n in range(len(counted))]


def _is_note(cells: list[object], filled: list[object], columns: dict[str, int]) -> bool:
    """填表人：… and the like, or one long text alone in its row (merged cells count once)."""
    if not isinstance(filled[0], str):
        return False
    first = fold(filled[0])
    if NOTE.fullmatch(first):
        return True
    if len({str(c) for c in filled}) > 1:
        return False
    if STAMP.fullmatch(first):
        return True
    at = [p for p, c in enumerate(cells) if c is not None and c != ""]
    named = [p for c, p in columns.items() if p in at and c in ("village_name", "village_code")]
    if len(first) < 6 or (named and len(filled) < 3):
        return False
    # A single date, number or text below a heading of its own is what is left of a row.
    alone = len(at) == 1 and at[0] in columns.values() and at[0] != columns.get("township_name")
    return not alone or not (at[0] or date(first, strict=False) or number(first, strict=False))

"""Which rows below a header are data, and which totals, notes or the header again."""

from __future__ import annotations

import re

from village_eval.bureau.notes import Notes
from village_eval.bureau.sheet import Sheet
from village_eval.bureau.values import COLUMNS, parse_code, parse_number, words
from village_eval.folder.cells import fold, number
from village_eval.folder.dates import date
from village_eval.words import vocabulary

TOTAL, CARRIED, DERIVED = (
    re.compile(rf"[^,。;]{{0,10}}(?:{'|'.join(COLUMNS['words'][kind])}):?")
    for kind in ("total_row", "carried_row", "derived_row")
)
WHOLE = re.compile(r"[^,。;]{0,10}全(?:县|区|市|镇|乡|街道|村)")
"""A place as a whole: a total where the figures add up, else a row like any other."""
TOWNSHIP = re.compile(r"[一-鿿]{1,6}(?:镇|乡|街道)(?:办事处)?")
_COUNTED = re.compile(r"共?\d+个?村?")
OF_WHICH = re.compile(r"[#*]?其中(?:[:,].{0,20}|[^,。;]{0,12})")
NOTE = re.compile(
    rf"(?:{'|'.join(COLUMNS['words']['note_row'])})[一-鿿]{{0,6}}\d*(?:\([^)]*\))?[:,、.].*"
    r"|[*※]+[^*]*(?:为|系|指|表示|包括|不含|含).*"
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
    whole: list[int] = []
    head = {fold(t) for ways in texts for t in ways}
    places = {columns[c] for c in _PLACES if c in columns}
    for i in range(first, len(sheet.rows)):
        cells = sheet.rows[i]
        if all(c is None or c == "" for c in cells):
            continue
        what = _kind(cells, columns, places, head)
        if what == "whole":
            whole.append(i)
            continue
        if what == "data":
            kept.append(i)
            continue
        dropped["total" if what == "carried" else what] += 1
        if what == "total":
            totals.append(i)
        elif what == "note":
            notes.names |= {
                n
                for c in cells
                if isinstance(c, str)
                for n in re.findall(r"人[:：]\s*([一-鿿]{2,4})", c)
            }
    data = list(kept)
    for i in whole:
        if _adds_up(sheet.rows, i, data, [p for c, p in columns.items() if p not in places]):
            totals.append(i)
            dropped["total"] += 1
        else:
            kept.append(i)
    kept.sort()
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
    if any(CARRIED.fullmatch(b) for b in begins):  # the sum of a page, of no whole
        return "data" if _is_fact(cells, columns) else "carried"
    if any(TOTAL.fullmatch(b) for b in begins):
        if _is_fact(cells, columns):
            return "data"
        if not any(WHOLE.fullmatch(b) for b in begins):
            return "total"
        own = fold(cells[village]) if named else ""
        # 大沟村 of 安全镇 is a village.
        return "data" if named and not TOTAL.fullmatch(own) and not _COUNTED.match(own) else "whole"
    if not named and _names_township(cells, columns):
        return "whole"
    return "note" if _is_note(cells, filled, columns) else "data"


def _names_township(cells: list[object], columns: dict[str, int]) -> bool:
    """A township's name where no place stands, as below 序号: its villages' sums, or nothing."""
    town = columns.get("township_name", len(cells))
    if town < len(cells) and cells[town] is not None:
        return False
    others = set(range(len(cells))) - set(columns.values())
    return any(isinstance(cells[p], str) and TOWNSHIP.fullmatch(fold(cells[p])) for p in others)


def _is_fact(cells: list[object], columns: dict[str, int]) -> bool:
    """A date of its own, or a measure: no sum has one."""
    if "petitions" in columns:
        return False
    at = {c: cells[p] for c, p in columns.items() if p < len(cells) and cells[p] is not None}
    dated = any(date(at[c], strict=False) for c in ("date", "start_date") if c in at)
    return dated or vocabulary.lookup("measure", at.get("measure", "")) is not None


def _adds_up(rows: list[list[object]], at: int, data: list[int], positions: list[int]) -> bool:
    """Whether a row's figures are the sums of rows above it, below it, or of all."""

    def figure(i: int, p: int) -> float:
        found = parse_number(rows[i][p]) if p < len(rows[i]) and rows[i][p] is not None else None
        return found[0] if found else 0.0

    stated = {p: figure(at, p) for p in positions}
    stated = {p: value for p, value in stated.items() if value}
    above = [i for i in data if i < at]
    below = [i for i in data if i > at]
    near = next((k for k in range(len(above)) if above[-1 - k] != at - 1 - k), len(above))
    after = next((k for k in range(len(below)) if below[k] != at + 1 + k), len(below))
    runs = [above, below, data, above[len(above) - near :], below[:after]]
    return any(
        all(
            abs(sum(figure(i, p) for i in run) - times * value) <= 0.005 * abs(value) + 0.01
            for p, value in stated.items()
        )
        for run in runs
        if run
        for times in (1, 2)  # twice where the sums of townships stand among the rows
    )


def _numbers_columns(filled: list[object]) -> bool:
    """The line of a form that numbers its columns: 甲 乙 1 2 3."""
    counted = [fold(c) for c in filled if fold(c) not in "甲乙丙丁戊"]
    return len(filled) >= 3 and counted == [str(n + 1) for n in range(len(counted))]


def _is_note(cells: list[object], filled: list[object], columns: dict[str, int]) -> bool:
    """填表人：… and the like, or one long text alone in its row (merged cells count once)."""
    if not isinstance(filled[0], str):
        return False
    first = fold(filled[0])
    if first[0] in "*※" and len({str(c) for c in filled}) > 1:
        return False
    if NOTE.fullmatch(first):
        return True
    if len({str(c) for c in filled}) > 1:
        return False
    if STAMP.fullmatch(first):
        return True
    at = [p for p, c in enumerate(cells) if c is not None and c != ""]
    named = [p for c, p in columns.items() if p in at and c in ("village_name", "village_code")]
    if named and date(first, strict=True):
        return True  # the day that a form was filled in; no village is called so
    if len(first) < 6 or (named and len(filled) < 3):
        return False
    # A single date, number or text below a heading of its own is what is left of a row.
    alone = len(at) == 1 and at[0] in columns.values() and at[0] != columns.get("township_name")
    return not alone or not (at[0] or date(first, strict=False) or number(first, strict=False))

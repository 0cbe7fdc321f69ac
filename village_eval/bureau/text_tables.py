"""Tables kept as text: separated values in any encoding of Chinese, and pages of web systems."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from village_eval.bureau.notes import Notes
from village_eval.bureau.sheet import FIRST_ROWS, WIDEST, Sheet, repeats
from village_eval.folder.raw import decode
from village_eval.words.said import Said


def read_text(content: bytes, file: str, notes: Notes) -> list[Sheet]:
    """The tables of a text file, whatever it is called; a problem where it cannot be read."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = content.decode("utf-16", errors="replace")
    else:
        decoded = decode(content)
        if decoded is None:
            notes.problem("encoding", file)
            return []
        text = decoded[0]
    if re.match(
        r"\s*(?:<!--.*?-->\s*)?<(?:!doctype|html|table|meta|head|\?xml)",
        text[:500],
        re.I | re.S,
    ):
        return _read_html(text, file, notes)
    stated = re.match(r"sep=(.)\r?\n", text)
    text = text[stated.end() :] if stated else text
    separator = stated[1] if stated else max(",\t;|", key=text[:4000].count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        notes.problem("unreadable_text", file, how=Said("importing.text.long_cell"))
        return []
    if at := _swallowed(rows, separator):
        how = Said("importing.text.open_quote")
        notes.problem("unreadable_text", file, row=at, how=how)
        return []
    shift: list[list[object]] = [[]] if stated else []
    return [Sheet(file, None, shift + [[cell.strip() or None for cell in row] for row in rows])]


def _swallowed(rows: list[list[str]], separator: str) -> int | None:
    """The row of a cell that holds lines of the table, because its quotation mark stays open."""
    ((width, _),) = Counter(map(len, rows)).most_common(1) or [(0, 0)]
    for number, row in enumerate(rows, 1):
        for cell in row:
            inside = cell.split("\n")[1:]
            if any(line.count(separator) >= max(1, width - 1) for line in inside):
                return number
    return None


def _read_html(text: str, file: str, notes: Notes) -> list[Sheet]:
    """The tables of a page that a web system gave out as a workbook."""
    from bs4 import BeautifulSoup

    sheets = []
    tables = BeautifulSoup(text, "html.parser").find_all("table")
    for number, table in enumerate((t for t in tables if not t.find("table")), start=1):
        grid: dict[tuple[int, int], object] = {}
        for i, row in enumerate(table.find_all("tr")):
            column = 0
            for cell in row.find_all(["td", "th"]):
                while (i, column) in grid:
                    column += 1
                value = " ".join(cell.get_text().split()) or None
                down, right = (_spanned(cell.get(a)) for a in ("rowspan", "colspan"))
                for r in range(down):
                    for c in range(right):
                        first = (r, c) == (0, 0)
                        repeated = (
                            value is not None and repeats(value) and (c == 0 or i < FIRST_ROWS)
                        )
                        grid[i + r, column + c] = value if first or repeated else None
                column += right
        rows = [
            [grid.get((i, c)) for c in range(1 + max((c for r, c in grid if r == i), default=-1))]
            for i in range(1 + max((r for r, _ in grid), default=-1))
        ]
        if any(c is not None for r in rows for c in r):
            sheets.append(Sheet(file, f"#{number}" if len(tables) > 1 else None, rows))
    if not sheets:
        notes.problem("unreadable_page", file)
    return sheets


def _spanned(written: object) -> int:
    return (
        min(int(str(written)), WIDEST)
        if str(written or "").isdigit() and str(written) != "0"
        else 1
    )

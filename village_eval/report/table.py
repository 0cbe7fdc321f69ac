"""A table as a value.

It shows as accessible HTML and saves as CSV and XLSX that no spreadsheet will run as formulas.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from village_eval.county.audience import coarse
from village_eval.county.disclosure import WITHHELD
from village_eval.folder.printed import height, set_up, widths
from village_eval.report.fragment import InNotebook, folded, in_notebook, piece
from village_eval.words import wording as w
from village_eval.words.card import Card

SHORT = 8
"""A table of so few rows stays on one page of A4."""
BRIEF = 10
"""Words of so few half-width characters are not broken across lines."""
MOST_SHOWN, FIRST_SHOWN = 14, 10
"""A notebook folds the rows after the first of a table that has more rows than so many."""
DANGEROUS = tuple("=+-@＝＋－＠")
"""A spreadsheet runs a text cell that starts so as a formula."""
NUMBER = re.compile(
    r"[+-]?[\d.,]+%?(?:(?:至| to )[+\-−]?[\d.,]+%?)?(?: ?[一-鿿]{1,10}|(?: [a-z]{1,12}){1,3})?"
)
"""A number and what it counts, +0.5个百分点: nothing to run."""
SHOW = {
    "count": w.count,
    "share": w.share,
    "chance": w.chance,
    "money": w.money,
    "one": lambda x, lang: w.number(x, lang, 1),
    "two": lambda x, lang: w.number(x, lang, 2),
    "p": w.p_value,
}
"""How the numbers of a column are printed, by its kind."""
IN_SHEETS = {
    "count": "#,##0",
    "share": "0%",
    "chance": "0%",
    "money": "#,##0",
    "one": "0.0",
    "two": "0.00",
    "p": '[<0.001]"<0.001";0.000',
}
"""The same in a workbook, where the cell keeps the whole number."""


@dataclass(frozen=True, repr=False)
class Table(InNotebook):
    """A table that prints its numbers as its reader's language does.

    ``kinds`` says how a column's numbers are printed, a key of SHOW; other columns are text.
    """

    name: str
    caption: str
    frame: pd.DataFrame
    kinds: dict[str, str]
    lang: str

    def formatted(self) -> pd.DataFrame:
        """All cells as text; what is missing is a dash."""
        return pd.DataFrame(
            {c: [_cell(v, self.kinds.get(c), self.lang) for v in self.frame[c]] for c in self.frame}
        )

    def __repr__(self) -> str:
        return Card(self.caption, (), self.formatted(), lang=self.lang).text()

    def __html__(self) -> str:
        shown = self.formatted()
        form = {column: self._form(column, shown[column]) for column in shown}
        return piece(
            "table",
            caption=self.caption,
            short=len(self.frame) <= SHORT,
            heads=[(str(column), kind) for column, kind in form.items()],
            rows=[list(zip(row, form.values(), strict=True)) for row in shown.to_numpy().tolist()],
        ).html

    def _repr_html_(self) -> str:
        """In a notebook a long table shows its first rows, the others when they are asked for."""
        rows = len(self.frame)
        if rows <= MOST_SHOWN:
            return super()._repr_html_()
        t = w.words(self.lang, "tables")["rest"]
        rest = replace(self, frame=self.frame.iloc[FIRST_SHOWN:], caption=t["caption"])
        summary = t["summary"].format(n=w.count(rows - FIRST_SHOWN, self.lang))
        parts = self.first(FIRST_SHOWN), folded(summary, rest)
        return in_notebook("".join(part.__html__() for part in parts))

    def _form(self, column: str, shown: pd.Series) -> str:
        """How a column is set: numbers to the right, words that are all brief on one line."""
        if column in self.kinds:
            return "number"
        return "brief" if max(map(w.width, shown), default=99) <= BRIEF else ""

    def first(self, n: int) -> Table:
        """The table with at most its first ``n`` rows."""
        return replace(self, frame=self.frame.iloc[:n])

    def coarse(self) -> Table:
        """The table without its small counts (county/audience.py)."""
        counts = [c for c, kind in self.kinds.items() if kind == "count"]
        others = [c for c in self.kinds if c not in counts]
        shown = coarse(self.frame, counts, others)
        if not (shown == WITHHELD).any(axis=None):
            return replace(self, frame=shown)
        return replace(
            self, frame=shown, caption=self.caption + w.words(self.lang, "tables")["withheld"]
        )

    def to_csv(self, path: Path) -> None:
        """UTF-8 with a mark that lets Excel read Chinese.

        Numbers raw, texts that look like formulas quoted.
        """
        self.frame.map(harmless).to_csv(
            path, index=False, encoding="utf-8-sig", lineterminator="\n"
        )


def harmless(value):
    """A cell that a spreadsheet will not run.

    One line, and an apostrophe before text that starts like a formula.
    """
    if not isinstance(value, str):
        return value
    text = re.sub(r"[\r\n\t]+", " ", value).strip()
    return "'" + text if text.startswith(DANGEROUS) and not NUMBER.fullmatch(text) else text


def write_xlsx(tables: list[Table], path: Path) -> None:
    """One sheet a table: caption, heads, rows.

    Texts are texts even when they look like formulas.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    book = Workbook(write_only=True)
    bold = Font(bold=True)
    for table in tables:
        sheet = book.create_sheet(table.name[:31])
        heads = [str(c) for c in table.frame]
        shown = list(table.formatted().itertuples(index=False))
        wide = widths([heads, *shown])
        set_up(sheet, wide, (1, 2))
        for number, row in enumerate(shown, 3):
            if tall := height(row, wide):
                sheet.row_dimensions[number].height = tall
        first = [WriteOnlyCell(sheet, harmless(text)) for text in (table.caption, *heads)]
        for cell in first:
            cell.font = bold
        sheet.append(first[:1])
        sheet.append(first[1:])
        forms = [IN_SHEETS.get(table.kinds.get(c, ""), "General") for c in table.frame]
        for row in table.frame.itertuples(index=False):
            cells = [WriteOnlyCell(sheet, _plain(value)) for value in row]
            for cell, form in zip(cells, forms, strict=True):
                cell.number_format = form
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            sheet.append(cells)
    book.save(path)


def _plain(value) -> str | float | int | None:
    """A cell's value as a workbook takes it."""
    plain = value.item() if isinstance(value, np.generic) else value
    if absent(plain):
        return None
    return harmless(plain) if isinstance(plain, str | int | float) else str(plain)


def _cell(value, kind: str | None, lang: str) -> str:
    if absent(value):
        return w.NONE
    if isinstance(value, str):
        return value
    show = SHOW.get(kind or "")
    return str(value) if show is None else show(value, lang)


def absent(value) -> bool:
    """Whether a cell holds nothing to print: None or NA."""
    return value is None or (not isinstance(value, str) and bool(pd.isna(value)))

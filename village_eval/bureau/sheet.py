"""A sheet of cells as a clerk sees it, and what stands in merged areas."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import PurePath

WIDEST = 200
"""Columns beyond the two-hundredth are formatting, not a table."""
FIRST_ROWS = 25
"""A header stands in the first twenty-five rows; only there are areas merged across filled."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: ``rows[i]`` is row i + 1 as the clerk sees it.

    ``name`` is None for a text file.
    """

    file: str
    name: str | None
    rows: list[list[object]]
    hidden: bool = False
    since_1904: bool = False
    database: bool = False

    @property
    def source(self) -> str:
        """How the ledger names it: file, and sheet where there is one."""
        return self.file if self.name is None else f"{self.file}[{self.name}]"

    @property
    def ignorable(self) -> str:
        """What campaign.toml's ``ignore`` calls it: the file, or the name of a database's table."""
        return str(self.name) if self.database else PurePath(self.file).name


def fill_area(rows: list[list[object]], top: int, left: int, bottom: int, right: int) -> None:
    """Texts, dates and codes of a merged area stand in every row.

    Amounts stay in the first one, so that no sum grows.
    """
    if top >= len(rows) or left >= min(WIDEST, len(rows[top])):
        return
    value = rows[top][left]
    if value is None or not repeats(value):
        return
    across = top < FIRST_ROWS
    for row in rows[top : bottom + 1]:
        for column in range(left, min(right + 1 if across else left + 1, len(row))):
            row[column] = value


def repeats(value: object) -> bool:
    """Whether a merged area's value stands for each of its rows: a text, a date, a code."""
    if isinstance(value, int | float):
        return abs(value) >= 1e11
    return isinstance(value, dt.date) or not re.fullmatch(
        r"[\d.,%\s]*(万|元|万元|人|户)?", str(value)
    )

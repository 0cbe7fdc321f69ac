"""Where in the bureaus' files a row of the tidy folder came from.

What the folder's reader finds is told of the bureaus' own file, sheet, row and column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath

import pandas as pd

from village_eval.bureau.layout import Block
from village_eval.county.problems import EXAMPLES, Problem
from village_eval.words.said import Said

PLACE = ["_file", "_sheet", "_row"]
"""Columns that readers leave beside the facts: where each row stands."""
OF_THE_LIST = ("listed", "village_type", "causes")
"""Columns of villages.csv that come from the list and not from the roster."""
KIND = {"villages": "villages", "petitions": "petitions", "income": "income"}
KIND |= {"measures": "measures", "earlier_lists": "list", "village_changes": "changes"}


@dataclass
class Origins:
    """``places`` has a row for each row written, by table, with the columns PLACE."""

    blocks: Mapping[str, list[Block]]
    places: dict[str, pd.DataFrame] = field(default_factory=dict)

    def without(self, table: str, frame: pd.DataFrame) -> pd.DataFrame:
        """A table as it is written; its rows' places are kept here."""
        if set(PLACE) <= set(frame):
            self.places[table] = frame[PLACE].reset_index(drop=True)
        return frame.drop(columns=[c for c in frame if str(c).startswith("_")])

    def told(self, problems: Iterable[Problem]) -> list[Problem]:
        """The problems of the folder's reader, each at its place in the bureaus' files."""
        return [placed for found in problems for placed in self._told(found)]

    def _told(self, found: Problem) -> list[Problem]:
        table = PurePath(found.file).stem
        blocks = self._blocks(table, found.column)
        if not found.file.endswith(".csv") or not blocks:
            return [found]
        places = self.places.get(table)
        if not found.rows or places is None or blocks[0].kind != KIND[table]:
            files = tuple(dict.fromkeys(block.sheet.file for block in blocks))
            header = next((b.headers[c] for b in blocks if (c := found.column) in b.headers), None)
            return [replace(found, file="、".join(files[:EXAMPLES]), column=header)]
        parts: dict[tuple[str, str | None], list[tuple[int, str | None]]] = {}
        for row, value in found.rows:
            if not 0 <= row - 2 < len(places):
                return [found]
            file, sheet, number = places.iloc[row - 2]
            parts.setdefault((file, None if pd.isna(sheet) else sheet), []).append(
                (int(number), value)
            )
        beyond = found.count - len(found.rows)
        placed = []
        for (file, sheet), own in parts.items():
            block = next((b for b in blocks if b.at == {"file": file, "sheet": sheet}), blocks[0])
            header = block.headers.get(found.column or "")
            if header is None:  # what the bureau has no column for, such as a year from the title
                own = [(row, None) for row, _ in own]
            details = {k: block.headers.get(str(v), v) for k, v in found.said.details.items()}
            placed.append(
                replace(
                    found,
                    file=file,
                    said=Said(found.said.key, details),
                    row=own[0][0],
                    column=header,
                    value=own[0][1],
                    sheet=sheet,
                    count=len(own) + beyond,
                    examples=tuple(own[:EXAMPLES]),
                    rows=tuple(own),
                )
            )
            beyond = 0
        return placed

    def _blocks(self, table: str, column: str | None) -> list[Block]:
        """The tables of the delivery that a table (or this column of it) was made of."""
        listed = self.blocks.get("list")
        if table == "villages" and column in OF_THE_LIST and listed:
            return listed
        counts = self.blocks.get("counts", []) if table == "petitions" else []
        return self.blocks.get(KIND.get(table, "")) or counts

"""County: the validated tables of one county folder, as they pass from sources to the panel."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path

import pandas as pd

from village_eval.county.campaign import Campaign

REQUIRED_TABLES = ("villages", "petitions")
OPTIONAL_TABLES = (
    "income",
    "measures",
    "earlier_lists",
    "mechanisms",
    "township_actions",
    "satisfaction",
    "outcomes",
)
OPTIONAL_TABLES += ("village_changes",)
LEDGER_COLUMNS = ["source", "step", "rows", "reason"]
"""A ledger line: which file, what happened (read, dropped, merged, filled, kept), to how many rows,
and why."""


@dataclass(frozen=True)
class County:
    """Tables with the columns of the input contract (docs/codebook.md), validated, free of personal
    data.

    ``petitions`` is either a register (one row per petition, column ``date``) or monthly counts
    (column ``month``). ``warnings`` are sentences for the person who delivered the data; ``ledger``
    has LEDGER_COLUMNS, ``imported`` is the ledger of an import before. ``inputs``: SHA-256 of the
    files as they were read, by name.
    """

    campaign: Campaign
    villages: pd.DataFrame
    petitions: pd.DataFrame
    income: pd.DataFrame | None = None
    measures: pd.DataFrame | None = None
    earlier_lists: pd.DataFrame | None = None
    mechanisms: pd.DataFrame | None = None
    township_actions: pd.DataFrame | None = None
    satisfaction: pd.DataFrame | None = None
    outcomes: pd.DataFrame | None = None
    village_changes: pd.DataFrame | None = None
    ledger: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=LEDGER_COLUMNS))
    warnings: tuple[str, ...] = ()
    folder: Path | None = None
    inputs: dict[str, str] = field(default_factory=dict)
    imported: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=LEDGER_COLUMNS))

    @property
    def is_register(self) -> bool:
        """Whether single petitions are known, not only counts."""
        return "date" in self.petitions

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables that are there, by name."""
        named = {f.name: getattr(self, f.name) for f in fields(self)}
        return {
            name: named[name]
            for name in REQUIRED_TABLES + OPTIONAL_TABLES
            if named[name] is not None
        }

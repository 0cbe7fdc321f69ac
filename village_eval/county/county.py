"""County: the validated tables of one county folder, as they pass from sources to the panel."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import pandas as pd

from village_eval.county.campaign import Campaign
from village_eval.county.contracts import TABLES
from village_eval.county.display import county_card
from village_eval.county.ledger import LEDGER_COLUMNS
from village_eval.county.own_outcome import with_outcome
from village_eval.county.plan import Plan
from village_eval.county.problems import Problem
from village_eval.words.card import Card, Shown


@dataclass(frozen=True, repr=False)
class County(Shown):
    """The tables of a county, validated and free of personal data.

    Their columns are those of the input contract (docs/codebook.md).

    ``petitions`` is either a register (one row per petition, column ``date``) or monthly counts
    (column ``month``). ``warnings`` are for the person who delivered the data; ``ledger``
    has LEDGER_COLUMNS, ``imported`` is the ledger of an import before. ``inputs``: SHA-256 of the
    files as they were read, by name. ``others`` are tables with a contract that have no field.
    ``plan`` is a round drawn by lot (``COUNTY/plan/``).
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
    others: dict[str, pd.DataFrame] = field(default_factory=dict)
    ledger: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=LEDGER_COLUMNS))
    warnings: tuple[Problem, ...] = ()
    folder: Path | None = None
    inputs: dict[str, str] = field(default_factory=dict)
    imported: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=LEDGER_COLUMNS))
    plan: Plan | None = None

    @property
    def is_register(self) -> bool:
        """Whether single petitions are known, not only counts."""
        return "date" in self.petitions

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables that are there, by name."""
        found = {name: getattr(self, name) for name in OF_THEIR_OWN} | self.others
        return {name: found[name] for name in TABLES if found.get(name) is not None}

    def with_tables(self, tables: dict[str, pd.DataFrame]) -> County:
        """The county with these tables in place of its own of the same names."""
        own, others = _parted(tables)
        return replace(self, **own, others=self.others | others)

    def with_outcome(
        self,
        name: str,
        table: pd.DataFrame,
        kind: str = "mean",
        better: str = "more",
        zh: str = "",
        en: str = "",
    ) -> County:
        """The county with an outcome of one's own, which ``evaluate`` then asks about.

        Parameters
        ----------
        name
            Its key, such as ``village_meetings``; findings are ``village_meetings.first_year``.
        table
            Columns village_code, period and value, a row each. Periods are years (``2023``) or
            quarters (``2023Q1``), or months (``2023-04``, a date, a Period) in all rows.
        kind
            ``count``: a ratio of sums; ``mean``: the change of the mean, in per cent;
            ``share``: of 0 to 1, in points.
        better
            ``more`` or ``fewer``: what the county hopes for.
        zh, en
            What readers call it.

        Returns
        -------
        County
            This one is left as it is.

        Raises
        ------
        InputError
            With all rows that cannot be read.
        """
        return with_outcome(self, name, table, kind, better, zh=zh, en=en)

    @classmethod
    def of(cls, campaign: Campaign, tables: dict[str, pd.DataFrame], **about: Any) -> County:
        """A county of tables by name; ``about``: the fields that are no tables."""
        own, others = _parted(tables)
        return cls(campaign, **own, others=others, **about)

    def card(self, lang: str) -> Card:
        """What is shown of it in a language."""
        return county_card(self, lang)


OF_THEIR_OWN = tuple(f.name for f in fields(County) if f.name in TABLES)
"""Tables that the program reads by name."""


def _parted(
    tables: dict[str, pd.DataFrame],
) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    own = {name: table for name, table in tables.items() if name in OF_THEIR_OWN}
    return own, {name: table for name, table in tables.items() if name not in own}

"""Panel: dense village × month arrays. The only place that knows how rows become arrays."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from village_eval.county import accounts
from village_eval.county.as_of import known_on
from village_eval.county.county import County
from village_eval.county.display import panel_card
from village_eval.county.door import check, is_a
from village_eval.county.further import Values, further_values
from village_eval.county.ledger import Line, ledger
from village_eval.county.periods import periods_of
from village_eval.words.card import Card, Shown
from village_eval.words.said import Said
from village_eval.words.vocabulary import INCOME_SOURCES, SKIP_LEVELS

PEOPLE = ("population", "households", "party_members")
"""Columns of villages that are added up where villages merge."""
GROUP_PERSONS = 5
"""Five or more persons make a group petition (集体访)."""
RESOLVED_DAYS = 60
"""A petition resolved within 60 days is resolved on time."""
LOCAL_LEVELS = ("village", "township")
IN_STATA = {"local": "local_level"}
"""What a part is called in a frame where Stata reserves its name."""


@dataclass(frozen=True, repr=False)
class Panel(Shown):
    """A balanced panel.

    Shapes: V villages, M months, P income periods, 5 income sources (order of
    ``vocabulary.INCOME_SOURCES``).

    villages
        DataFrame [V] in row order, index 0..V-1.
    petitions
        int32 [V, M], petitions registered.
    parts
        further counts int32 [V, M] by name, where the input knows them: repeat, group, skip_level,
        local, resolved, satisfied, cases, channel_*, category_*.
    income
        float64 [V, P, 5] in yuan, NaN where a village did not report; None without income.
    ledger
        what was dropped or filled, and why (LEDGER_COLUMNS).
    earlier_lists
        bool [V] by the month in which an earlier campaign began, of those whose lists are known.
    start
        the month in which the campaign starts, for ``post`` in to_frame.
    further
        other values of villages by name: satisfaction, a researcher's own outcomes.
    """

    villages: pd.DataFrame
    months: pd.PeriodIndex
    petitions: np.ndarray
    parts: dict[str, np.ndarray]
    income: np.ndarray | None
    income_periods: pd.PeriodIndex | None
    ledger: pd.DataFrame
    earlier_lists: dict[pd.Period, np.ndarray] = field(default_factory=dict)
    start: pd.Period | None = None
    further: dict[str, Values] = field(default_factory=dict)

    @classmethod
    def of(cls, county: County, as_of: dt.date | str | None = None) -> Panel:
        """The panel of a county.

        Parameters
        ----------
        county
            As ``read_county`` gives it.
        as_of
            Use whole months before this day only, a date or ``"2024-01-31"``.

        Returns
        -------
        Panel
            Villages that merged are one; everything observed, or known by then.
        """
        return build_panel(county, as_of)

    @cached_property
    def listed(self) -> np.ndarray:
        """bool [V]: on the campaign's list."""
        return np.asarray(self.villages["listed"].to_numpy() == 1)

    @cached_property
    def township(self) -> np.ndarray:
        """int [V]: township number 0..G-1 in order of township_code."""
        return np.unique(self.villages["township_code"].to_numpy(str), return_inverse=True)[1]

    @cached_property
    def population(self) -> np.ndarray:
        """Population, float [V].

        A village without population gets the median of its township (else of the county, else 1).
        """
        given = pd.to_numeric(self.villages["population"], errors="coerce").astype(float)
        pop = given.where(given > 0)
        by_township = pop.groupby(self.villages["township_code"]).transform("median")
        known = pop.fillna(by_township).fillna(pop.median()).fillna(1.0)
        return np.asarray(known, float)

    @cached_property
    def annual_income(self) -> tuple[np.ndarray, np.ndarray]:
        """Income summed to calendar years.

        Years int [Y] and yuan float64 [V, Y, 5] (NaN unless the whole year is reported).
        """
        if self.income is None or self.income_periods is None:
            return np.zeros(0, int), np.zeros((len(self.villages), 0, len(INCOME_SOURCES)))
        per_year = self.income_periods.year
        years, index, counts = np.unique(per_year, return_inverse=True, return_counts=True)
        whole = 4 if self.income_periods.freqstr.startswith("Q") else 1
        total = np.zeros((len(self.villages), len(years), len(INCOME_SOURCES)))
        for period, year in enumerate(index):
            total[:, year] += self.income[:, period]
        total[:, counts < whole] = np.nan
        return years, total

    @cached_property
    def new_accounts(self) -> int | None:
        """The first year that is kept in the accounts of 2024 (accounts.py); None without."""
        years, income = self.annual_income
        return accounts.since(years, income[:, :, INCOME_SOURCES.index("contracting")])

    def month_index(self, month: pd.Period) -> int:
        """The column of a month; may lie outside 0..M-1."""
        position: int = (month - self.months[0]).n
        return position

    def subset(self, keep: np.ndarray) -> Panel:
        """The panel of some villages (bool [V] or indices)."""
        return replace(
            self,
            villages=self.villages[keep].reset_index(drop=True)
            if keep.dtype == bool
            else self.villages.iloc[keep].reset_index(drop=True),
            petitions=self.petitions[keep],
            parts={name: array[keep] for name, array in self.parts.items()},
            income=None if self.income is None else self.income[keep],
            earlier_lists={start: on[keep] for start, on in self.earlier_lists.items()},
            further={name: values.subset(keep) for name, values in self.further.items()},
        )

    def to_frame(self, income: bool = False) -> pd.DataFrame:
        """Long form for regressions of one's own, ready for Stata or Parquet: V·M rows.

        village_code, township_code, month (its first day), listed (0/1), post (0/1: the campaign
        has started; without a start no such column), population (never missing, as designs use
        it), petitions and the parts. With ``income`` also each source in yuan and income_period:
        that of the year or quarter which holds the month, NaN where it was not reported.
        """
        n_villages, n_months = self.petitions.shape
        village = np.repeat(np.arange(n_villages), n_months)
        month = np.tile(np.arange(n_months), n_villages)
        columns: dict[str, object] = {
            "village_code": self.villages["village_code"].astype(object).to_numpy()[village],
            "township_code": self.villages["township_code"].astype(object).to_numpy()[village],
            "month": self.months.to_timestamp()[month],
            "listed": self.listed.astype(np.int8)[village],
        }
        if self.start is not None:
            columns["post"] = (self.months >= self.start).astype(np.int8)[month]
        columns["population"] = self.population[village]
        counts = {"petitions": self.petitions, **self.parts}
        columns |= {IN_STATA.get(name, name): array.ravel() for name, array in counts.items()}
        if income and self.income is not None and self.income_periods is not None:
            at = self.income_periods.get_indexer(self.months.asfreq(self.income_periods.freq))
            held = np.where((at >= 0)[None, :, None], self.income[:, at], np.nan)
            named = np.array([*map(str, self.income_periods), ""], object)
            columns["income_period"] = named[at][month]
            columns |= {s: held[..., k].ravel() for k, s in enumerate(INCOME_SOURCES)}
        return pd.DataFrame(columns)

    def card(self, lang: str) -> Card:
        """What is shown of it in a language."""
        return panel_card(self, lang)


def build_panel(county: County, as_of: dt.date | str | None = None) -> Panel:
    """The panel of a county, as known on ``as_of``.

    Whole months before that day; by default everything observed.
    """
    check(as_of=as_of)
    is_a(county, County, "county", "ve.read_county(folder)")
    lines: list[Line] = []
    county = county if as_of is None else known_on(county, as_of)
    villages = _merged_villages(county, lines)
    first, last = county.campaign.observed
    if as_of is not None:
        known = pd.Period(as_of, "M") - 1
        if known < last:
            why = _why("not_known_yet", month=str(known), day=str(as_of))
            lines.append(("petitions", "dropped", 0, why))
        last = min(last, known)
    months = pd.period_range(first, last, freq="M")
    code_of = row_of_code(county, villages)
    petitions, parts = _count(county, months, code_of, len(villages), lines)
    income, periods = _income(county, code_of, len(villages), as_of, lines)
    panel = Panel(
        villages,
        months,
        petitions,
        parts,
        income,
        periods,
        county.ledger,
        _earlier_lists(county, code_of, len(villages)),
        county.campaign.start_month,
        further_values(county, code_of, len(villages)),
    )
    if panel.new_accounts:
        lines.append(("income", "kept", 0, _why("new_accounts", year=str(panel.new_accounts))))
    told = pd.concat([county.ledger, ledger(lines)], ignore_index=True)
    return replace(panel, ledger=told)


def _why(reason: str, **details: str) -> Said:
    return Said(f"messages.ledger.{reason}", details)


def _changes(county: County, kind: str | None = None) -> dict[str, str]:
    """Old code -> code used now, following chains of mergers and recodings (of a ``kind``: its)."""
    table = county.village_changes
    if table is None or table.empty:
        return {}
    if kind is not None:
        table = table[table["kind"] == kind]
    step = dict(zip(table["old_code"], table["new_code"], strict=True))
    final = {}
    for old in step:
        new, seen = old, set()
        while new in step and new not in seen:
            seen.add(new)
            new = step[new]
        final[old] = new
    return final


def _merged_villages(county: County, lines: list[Line]) -> pd.DataFrame:
    """Villages as they are after all mergers: an old code's row folds into its successor's.

    A roster that holds both is of before the merger, so that their people are added; unknown where
    one of them is.
    """
    villages = county.villages
    changes = _changes(county)
    gone = villages["village_code"].isin(changes.keys()) & villages["village_code"].map(
        changes
    ).isin(villages["village_code"])
    if gone.any():
        villages = villages.copy()
        successor = villages["village_code"].map(changes).where(gone)
        inherited = villages[gone].groupby(successor[gone])["listed"].max()
        now = villages["village_code"].map(inherited)
        villages["listed"] = np.fmax(villages["listed"], now.fillna(villages["listed"])).astype(int)
        merged = gone & villages["village_code"].isin(_changes(county, "merged"))
        together = villages["village_code"].where(~merged, successor)
        for column in villages.columns.intersection(PEOPLE):
            people = villages[column].astype(float)
            villages[column] = people.groupby(together).transform("sum", skipna=False)
        lines.append(("village_changes", "merged", int(gone.sum()), _why("old_codes")))
    return villages[~gone].reset_index(drop=True)


def row_of_code(county: County, villages: pd.DataFrame) -> pd.Series:
    """Panel row by village code, old codes included."""
    row = pd.Series(np.arange(len(villages)), index=villages["village_code"].astype(str))
    changes = _changes(county)
    old = pd.Series(
        {o: row[n] for o, n in changes.items() if n in row.index and o not in row.index}, dtype=int
    )
    return pd.concat([row, old])


def _earlier_lists(county: County, row_of: pd.Series, n: int) -> dict[pd.Period, np.ndarray]:
    """The lists of earlier campaigns by the month of their start: bool [V]."""
    table = county.earlier_lists
    if table is None or table.empty:
        return {}
    lists = {}
    for start, codes in table.groupby(table["start"].dt.to_period("M"))["village_code"]:
        lists[start] = np.zeros(n, bool)
        lists[start][codes.map(row_of).dropna().astype(int)] = True
    return lists


def _count(
    county: County, months: pd.PeriodIndex, row_of: pd.Series, n: int, lines: list[Line]
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Counts [V, M] of all petitions and of each part that the input knows."""
    table = county.petitions
    month = table["date"].dt.to_period("M") if county.is_register else table["month"]
    # An integer subtraction: Period arithmetic on whole columns is slow.
    column = (month.dt.year - months[0].year) * 12 + month.dt.month - months[0].month
    row = table["village_code"].map(row_of)
    known, inside = row.notna(), (column >= 0) & (column < len(months))
    if (~known).any():
        lines.append(("petitions", "dropped", int((~known).sum()), _why("not_in_villages")))
    if (known & ~inside).any():
        why = _why("outside_observed", first=str(months[0]), last=str(months[-1]))
        lines.append(("petitions", "dropped", int((known & ~inside).sum()), why))
    use = (known & inside).to_numpy()
    cell = row[use].to_numpy(int) * len(months) + column[use].to_numpy(int)

    def total(weights: np.ndarray) -> np.ndarray:
        return (
            np.bincount(cell, weights[use], minlength=n * len(months))
            .reshape(n, len(months))
            .round()
            .astype(np.int32)
        )

    if not county.is_register:
        parts = {
            name: total(table[name].fillna(0).to_numpy(float))
            for name in ("repeat", "group", "skip_level", "resolved")
            if name in table
        }
        return total(table["petitions"].to_numpy(float)), parts
    flags: dict[str, pd.Series] = {}
    if "repeat" in table:
        flags["repeat"] = table["repeat"] == 1
    if "persons" in table:
        flags["group"] = table["persons"] >= GROUP_PERSONS
    if "level" in table:
        flags["skip_level"] = table["level"].isin(SKIP_LEVELS)
        flags["local"] = table["level"].isin(LOCAL_LEVELS)
    if "resolved_date" in table:
        flags["resolved"] = (table["resolved_date"] - table["date"]).dt.days <= RESOLVED_DAYS
    if "satisfied" in table:
        flags["satisfied"] = table["satisfied"] == 1
    for column_name in ("channel", "category"):
        if column_name in table:
            for key in sorted(table[column_name].dropna().unique()):
                flags[f"{column_name}_{key}"] = table[column_name] == key
    parts = {name: total(flag.fillna(False).to_numpy(float)) for name, flag in flags.items()}
    if "case_id" in table:
        # A case counts once a village-month, however many petitions it files there.
        first_in_cell = ~pd.DataFrame(
            {"row": row, "column": column, "case": table["case_id"]}
        ).duplicated()
        parts["cases"] = total((first_in_cell | table["case_id"].isna()).to_numpy(float))
    return total(np.ones(len(table))), parts


def _income(
    county: County, row_of: pd.Series, n: int, as_of: dt.date | str | None, lines: list[Line]
) -> tuple[np.ndarray, pd.PeriodIndex] | tuple[None, None]:
    """Income [V, P, 5] in yuan and its periods; None without a table.

    Villages that merged are added up.
    """
    table = county.income
    if table is None or table.empty:
        return None, None
    period, village = periods_of(table["period"]), table["village_code"].map(row_of)
    known = village.notna().to_numpy()
    if as_of is not None:
        known = known & (period.end_time < pd.Timestamp(as_of))
    if (~known).any():
        lines.append(("income", "dropped", int((~known).sum()), _why("not_in_villages_or_early")))
    if not known.any():
        return None, None
    periods = pd.period_range(period[known].min(), period[known].max(), freq=period.freq)
    row, column = village[known].to_numpy(int), periods.get_indexer(period[known])
    income = np.zeros((n, len(periods), len(INCOME_SOURCES)))
    reported = np.zeros((n, len(periods)), bool)
    values = (
        table.loc[known, [s for s in INCOME_SOURCES if s in table]]
        .reindex(columns=INCOME_SOURCES)
        .to_numpy(float)
    )
    np.add.at(income, (row, column), values)
    reported[row, column] = True
    income[~reported] = np.nan
    income, blank = accounts.fill_contracting(np.asarray(periods.year), income)
    if blank:
        lines.append(("income", "filled", blank, _why("no_contracting_line")))
    if (~reported).any():
        lines.append(("income", "kept", int((~reported).sum()), _why("no_report")))
    return income, periods

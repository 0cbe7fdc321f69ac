"""Further values of villages, neither petitions nor income: scores, a researcher's own outcomes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from village_eval.county.periods import periods_of
from village_eval.words.card import Brief

if TYPE_CHECKING:
    from village_eval.county.county import County


@dataclass(frozen=True, eq=False, repr=False)
class Values(Brief):
    """One outcome of villages by year or by month.

    ``periods`` [P], consecutive; ``values`` float [V, P], NaN where not known.
    """

    periods: pd.PeriodIndex
    values: np.ndarray

    @property
    def monthly(self) -> bool:
        """Whether it is known by month."""
        return bool(self.periods.freqstr == "M")

    def subset(self, keep: np.ndarray) -> Values:
        """Those of some villages (bool [V] or indices)."""
        return replace(self, values=self.values[keep])


def further_values(county: County, row_of: pd.Series, n: int) -> dict[str, Values]:
    """What a county knows of its ``n`` villages, by name.

    Satisfaction as a share of full marks, and each outcome of the table ``outcomes``; ``row_of`` is
    the village's row by its code.
    """
    found = {}
    if county.satisfaction is not None and len(county.satisfaction):
        scores = county.satisfaction.assign(value=county.satisfaction["score"] / 100)
        found["satisfaction"] = values_of(scores, row_of, n, added=False)
    if county.outcomes is not None:
        for name, rows in county.outcomes.groupby("outcome"):
            kind = county.campaign.outcomes.get(name, {}).get("kind")
            found[str(name)] = values_of(rows, row_of, n, added=kind == "count")
    return {name: values for name, values in found.items() if values is not None}


def values_of(table: pd.DataFrame, row_of: pd.Series, n: int, added: bool) -> Values | None:
    """Rows (village_code, period, value) by month where they are months, else by calendar year.

    Quarters and merged villages ``added`` up, else averaged; None where nothing is known. A year is
    known once all its quarters are: where they are added up of the village, else of anybody.
    """
    written, row = periods_of(table["period"]), table["village_code"].map(row_of)
    known = (row.notna() & table["value"].notna()).to_numpy()
    if not known.any():
        return None
    period = written[known].asfreq("M" if written.freqstr == "M" else "Y-DEC")
    periods = pd.period_range(period.min(), period.max())
    at, village = periods.get_indexer(period), row[known].to_numpy(int)
    cell, size = village * len(periods) + at, n * len(periods)
    total = np.bincount(cell, table["value"][known].to_numpy(float), size)
    count = np.bincount(cell, minlength=size)
    whole = count > 0
    if written.freqstr.startswith("Q"):
        of_year = table["period"][known].astype(str).str.len().eq(4).to_numpy()
        quarters = [of_year | (written[known].quarter == k) for k in (1, 2, 3, 4)]
        whose, among = (cell, size) if added else (at, len(periods))
        all_four = np.all([np.bincount(whose[q], minlength=among) > 0 for q in quarters], axis=0)
        whole &= all_four if added else np.tile(all_four, n)
    with np.errstate(invalid="ignore"):
        values = np.where(whole, total if added else total / count, np.nan)
    return Values(periods, values.reshape(n, len(periods)))

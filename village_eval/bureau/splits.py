"""Villages that were split are kept whole, as they were before.

Only so is one village compared with itself.
"""

from __future__ import annotations

import pandas as pd

from village_eval.bureau.names import Roster
from village_eval.bureau.notes import Notes
from village_eval.county.panel import PEOPLE

PLACED = ("lon", "lat")


def keep_whole(villages: pd.DataFrame, roster: Roster, notes: Notes) -> pd.DataFrame:
    """The roster with the parts of a split village in one row, under the old name.

    Counts are summed (blank where a part's is), places averaged; the row's code is that of the part
    that kept the name, else of the first. A score that differs between the parts is left blank.
    """
    if not roster.whole:
        return villages
    whole = villages["village_code"].map(lambda code: roster.whole.get(code, code))
    parts = whole.duplicated(keep=False)
    for source, rows in villages[whole.duplicated()].groupby("_source"):
        notes.line(source, "merged", len(rows), "split_kept_whole")
    rows = []
    for code, of in villages[parts].groupby(whole[parts], sort=False):
        row = of[of["village_code"] == code].iloc[0].copy()
        row["village_name"] = roster.old_name.get(code, row["village_name"])
        for column in (c for c in PEOPLE if c in of):
            row[column] = of[column].sum(skipna=False) if of[column].notna().all() else None
        for column in (c for c in PLACED if c in of):
            row[column] = of[column].astype(float).mean()
        if "listing_score" in of and of["listing_score"].nunique(dropna=False) > 1:
            row["listing_score"] = None
        if "listed" in of:
            row["listed"] = of["listed"].max()
        rows.append(row)
    kept = pd.concat([villages[~parts], pd.DataFrame(rows)]) if rows else villages
    return kept.sort_index().astype(villages.dtypes.to_dict(), errors="ignore")


def sum_parts(income: pd.DataFrame, roster: Roster, sources: list[str], notes: Notes):
    """Income of the parts of a split village, each named in a row of its own, summed."""
    key = ["village_code", "_year", "_span"]
    split = income["village_code"].isin(set(roster.whole.values()))
    several = split & income.duplicated(key, keep=False) & ~income.duplicated([*key, "_written"])
    several &= income[several].duplicated(key, keep=False).reindex(income.index, fill_value=False)
    if not several.any():
        return income
    first = income[several].drop_duplicates(key).set_index(key)
    sums = income[several].groupby(key)[sources].agg(lambda s: s.sum(skipna=False))
    first[sources] = sums.reindex(first.index)
    for source, rows in income[several].groupby("_source"):
        more = int(rows.duplicated(key).sum())
        notes.line(source, "merged", more, "split_summed")
    return pd.concat([income[~several], first.reset_index()[income.columns]], ignore_index=True)

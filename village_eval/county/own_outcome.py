"""An outcome of a researcher's own, from a table in memory.

What outcomes.csv and campaign.toml say of one in a folder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from village_eval.county.door import is_a, one_of
from village_eval.county.problems import InputError, Problem, problem
from village_eval.words.catalogue import words

if TYPE_CHECKING:
    from village_eval.county.county import County

COLUMNS = ("village_code", "period", "value")
KINDS, BETTER = ("count", "share", "mean"), ("more", "fewer")
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
YEAR, MONTH = r"\d{4}(Q[1-4])?", r"\d{4}-(0[1-9]|1[0-2])"


def with_outcome(
    county: County, name: str, table: pd.DataFrame, kind: str, better: str, **labels: str
) -> County:
    """The county with one outcome more (County.with_outcome)."""
    is_a(table, pd.DataFrame, "table", "pandas.DataFrame: village_code, period, value")
    is_a(name, str, "name", "village_meetings")
    one_of(kind, KINDS, "kind")
    one_of(better, BETTER, "better")
    known = {*county.villages["village_code"].astype(str)}
    if county.village_changes is not None:
        known |= {*county.village_changes["old_code"].astype(str)}
    rows = rows_of(name, table, kind, known)
    rows.insert(1, "outcome", name)
    kept = county.outcomes
    if kept is not None:
        kept = kept[kept["outcome"] != name]
    declared = {"kind": kind, "better": better} | {k: v for k, v in labels.items() if v}
    campaign = replace(county.campaign, outcomes={**county.campaign.outcomes, name: {**declared}})
    return replace(
        county,
        campaign=campaign,
        outcomes=rows if kept is None or kept.empty else pd.concat([kept, rows], ignore_index=True),
    )


def with_outcomes(county: County, tables: Mapping[str, pd.DataFrame]) -> County:
    """The county with several more, each the mean of a table that should rise."""
    for name, table in tables.items():
        county = county.with_outcome(name, table)
    return county


def rows_of(name: str, table: pd.DataFrame, kind: str, known: set[str]) -> pd.DataFrame:
    """The rows of a table: village_code and period as text, value as a number.

    ``known`` are the codes of villages. Raises InputError with all that cannot be read.
    """
    if [list(table).count(column) for column in COLUMNS] != [1, 1, 1]:
        raise InputError([problem("own_outcome", name, columns=", ".join(map(str, table)))])
    table = table[list(COLUMNS)].reset_index(drop=True)
    rows = table.assign(
        village_code=table["village_code"].astype(str),
        period=_written(table["period"]),
        value=_numbers(table["value"]),
    )
    if found := _wrong_rows(name, rows, table, kind, known):
        raise InputError(found)
    return rows


def _numbers(value: pd.Series) -> pd.Series:
    """Real, finite numbers; days, too, have a number for a computer, and mean none."""
    if pd.api.types.is_datetime64_any_dtype(value) or pd.api.types.is_timedelta64_dtype(value):
        return pd.Series(np.nan, value.index)
    numbers = pd.to_numeric(value, errors="coerce")
    if pd.api.types.is_complex_dtype(numbers):
        return pd.Series(np.nan, value.index)
    return numbers.astype("float64").where(lambda x: np.isfinite(x))


def _written(period: pd.Series) -> pd.Series:
    """Periods as text; a date is its month."""
    if pd.api.types.is_datetime64_any_dtype(period):
        period = period.dt.to_period("M")
    return period.astype(str)


def _wrong_rows(
    name: str, rows: pd.DataFrame, table: pd.DataFrame, kind: str, known: set[str]
) -> list[Problem]:
    """Names and rows that mean nothing, by what is wrong with them."""
    unread = rows["value"].isna() & table["value"].notna()
    low, high = rows["value"] < 0, rows["value"] > 1
    bad = {
        "village_code": ~rows["village_code"].isin(known),
        "period": ~rows["period"].str.fullmatch(_form(rows["period"])),
        "value": unread | ((kind != "mean") & low) | ((kind == "share") & high),
        "twice": rows.duplicated(["village_code", "period"]),
    }
    found = [
        problem(
            f"own_outcome_{fault}",
            name,
            column="period" if fault == "twice" else fault,
            places=[(int(i), _told(rows, table, fault, i)) for i in rows.index[mask]],
        )
        for fault, mask in bad.items()
        if mask.any()
    ]
    if not NAME.fullmatch(name) or name in words("en", "sentences")["outcome"]:
        found.append(problem("own_outcome_name", name))
    return found


def _form(period: pd.Series) -> str:
    """Months where the first row is one; years and months together mean nothing."""
    return MONTH if period.iloc[:1].str.fullmatch(MONTH).any() else YEAR


def _told(rows: pd.DataFrame, table: pd.DataFrame, fault: str, i: int) -> str:
    if fault == "twice":
        return f"{rows['village_code'][i]}, {rows['period'][i]}"
    return str(table[fault].iloc[i])

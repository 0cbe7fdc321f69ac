"""What is allowed but deserves a look: warnings that need several tables or the campaign.

Nothing here stops or changes data.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.county import accounts
from village_eval.county.campaign import Campaign
from village_eval.county.silence import silent_runs
from village_eval.folder.validate import Checked, among
from village_eval.words.said import Said
from village_eval.words.vocabulary import INCOME_SOURCES

UNIT_FACTOR = (3_000, 30_000)
"""Around 10,000: the factor between yuan and 万元."""


def warn_unusual(tables: dict[str, Checked], campaign: Campaign) -> None:
    """Add warnings to tables that are otherwise valid."""
    villages = tables["villages"]
    _codes_and_listing(villages)
    _petitions(tables["petitions"], villages.frame, campaign)
    if "income" in tables:
        _income(tables["income"], villages.frame)
    if "measures" in tables:
        _measures(tables["measures"], villages.frame)
    if "earlier_lists" in tables:
        lists, starts = (
            tables["earlier_lists"],
            [pd.Timestamp(day) for day in campaign.earlier_campaigns],
        )
        lists.add("unknown_earlier_start", "start", ~lists.frame["start"].isin(starts), warn=True)


def _codes_and_listing(villages: Checked) -> None:
    frame = villages.frame
    other = frame["village_code"].str[:9] != frame["township_code"]
    villages.add("not_its_township", "village_code", other, warn=True)
    villages.add(
        "type_not_listed",
        "village_type",
        (frame["listed"] == 0) & frame["village_type"].notna(),
        warn=True,
    )
    villages.add(
        "no_type", "village_type", (frame["listed"] == 1) & frame["village_type"].isna(), warn=True
    )


def _petitions(petitions: Checked, villages: pd.DataFrame, campaign: Campaign) -> None:
    frame = petitions.frame
    column = "date" if "date" in frame else "month"
    month = frame[column] if column == "month" else frame[column].dt.to_period("M")
    first, last = campaign.observed
    number = month.dt.year * 12 + month.dt.month - (first.year * 12 + first.month)
    months = (last - first).n + 1
    inside = number.between(0, months - 1)
    petitions.add("outside_observed", column, ~inside, warn=True, first=str(first), last=str(last))
    name = (
        villages.drop_duplicates("township_code")
        .set_index("township_code")["township_name"]
        .sort_index()
    )
    # Old codes of merged villages keep their township's digits.
    township = (
        frame["village_code"]
        .map(villages.set_index("village_code")["township_code"])
        .fillna(frame["village_code"].str[:9])
    )
    row = pd.Series(np.arange(len(name)), name.index).reindex(township).to_numpy()
    use = inside.to_numpy() & ~np.isnan(row)
    cell = row[use].astype(int) * months + number.to_numpy()[use]
    seen = np.bincount(cell, minlength=len(name) * months).reshape(len(name), months) > 0
    silent: dict[tuple[str, ...], list[str]] = {}
    for township_name, there in zip(name, seen, strict=True):
        spans = tuple(f"{first + a}–{first + b - 1}" for a, b in silent_runs(there))
        silent.setdefault(spans, []).append(township_name)
    for spans, names in silent.items():
        if not spans:
            continue
        which: Said | tuple[str, ...] = tuple(names)
        if len(names) == len(name) > 1:
            which = Said("messages.form.all_townships", {"count": len(names)})
        petitions.add("silent_township", None, warn=True, township=which, months=spans)


def _income(income: Checked, villages: pd.DataFrame) -> None:
    frame = income.frame
    codes = frame["village_code"].to_numpy(object)
    absent = villages.loc[~among(villages["village_code"], set(codes)), "village_name"]
    if len(absent):
        examples = tuple(absent[:3])
        income.add("no_income_row", None, warn=True, villages=len(absent), examples=examples)
    _new_accounts(income)
    total = frame[[s for s in INCOME_SOURCES if s in frame]].sum(axis=1).where(lambda t: t > 0)
    table = pd.DataFrame(
        {"village": frame["village_code"], "period": frame["period"], "total": total}
    ).dropna()
    wide = table.pivot(index="village", columns="period", values="total")
    odd = {}
    for position, period in enumerate(wide.columns):
        around = wide.iloc[:, max(position - 2, 0) : position + 3].drop(columns=period)
        if around.empty:
            continue
        factor = wide[period] / around.median(axis=1)
        factor = np.maximum(factor, 1 / factor)
        odd[period] = set(factor.index[factor.between(*UNIT_FACTOR)])
    mixed = pd.Series(
        [v in odd.get(p, ()) for v, p in zip(codes, frame["period"].to_numpy(object), strict=True)],
        frame.index,
    )
    income.add("income_unit", "period", mixed, warn=True)


def _new_accounts(income: Checked) -> None:
    """The accounts of 2024 know no contracting income: said where they begin."""
    frame = income.frame
    if "contracting" not in frame:
        return
    year = frame["period"].str[:4].astype(int)
    most = frame.groupby(year)["contracting"].max()
    begin = accounts.since(most.index.to_numpy(), most.to_numpy(float)[None, :])
    if begin is not None:
        income.add("new_accounts", "contracting", year == begin, warn=True, year=str(begin))


def _measures(measures: Checked, villages: pd.DataFrame) -> None:
    listed = villages.loc[villages["listed"] == 1, "village_code"]
    measures.add(
        "not_listed", "village_code", ~measures.frame["village_code"].isin(listed), warn=True
    )

"""Whether a county's tables as a whole look like a county: warnings of ``check`` and ``import``.

Single values are judged by the contracts (validate.py); here the levels and shares that show a
column, a unit or a whole year that was read as something else.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from village_eval.county.campaign import Campaign
from village_eval.folder.validate import Checked
from village_eval.words.vocabulary import INCOME_SOURCES

MANY_LISTED = 0.3
"""Listed share of all villages; usual are 5 to 10 %."""
POPULATION = (100, 20_000)
"""Between which the median village's population lies."""
PER_HOUSEHOLD = (1.5, 7.0)
"""Persons a household, in the median village."""
LEAST_INCOME, MOST_INCOME = 1_000, 50_000_000
"""Yuan a year between which the median village that earns anything lies."""
JUMP = 300
"""The median of a year this many times that of the others: most likely the unit is wrong."""
YEAR_JUMP, FEWEST = 4.0, 50
"""Rows of a whole year this many times more or fewer than in the median year, where that has so
many."""
COVERED = 0.5
"""Villages with petitions in a year, of those of the median year."""
STARTS = ("start_date", "planned_start")
BESIDE = dt.timedelta(days=60)
"""Measures may begin so long before or after the campaign; most of a table's do not."""
FAR_AWAY = 730
"""Days before or after the campaign that a date of a measure may lie without a question."""
TINY_DOSE = 0.02
"""A median dose so small: per cent divided by a hundred twice."""
NO_INCOME = 0.1
"""Share of the listed villages without a row of income for the campaign's year."""
TWICE, FEWEST_CALLS = 0.2, 20
"""Share of hotline calls that another channel has too, same village, day and category."""


def warn_implausible(tables: dict[str, Checked], campaign: Campaign) -> None:
    """Add warnings to tables that are valid one by one."""
    villages = tables["villages"]
    _villages(villages)
    _petitions(tables["petitions"], len(villages.frame), campaign)
    if "income" in tables:
        _income(tables["income"], villages.frame, campaign)
    if "measures" in tables:
        _measures(tables["measures"], campaign)


def _villages(villages: Checked) -> None:
    frame = villages.frame
    listed, count = int((frame["listed"] == 1).sum()), len(frame)
    if listed > MANY_LISTED * count:
        share = f"{listed / count:.0%}"
        villages.add("many_listed", None, warn=True, listed=listed, villages=count, share=share)
    if listed == 0:
        villages.add("none_listed", None, warn=True)
    population = frame["population"].astype(float)
    median = population[population > 0].median()
    if not np.isnan(median) and not POPULATION[0] <= median <= POPULATION[1]:
        villages.add("population_level", "population", warn=True, median=f"{median:,.0f}")
    if "households" in frame:
        households = frame["households"].astype(float)
        more = (households > population) & (population > 0)
        villages.add("more_households", "households", more, warn=True)
        each = (population / households)[(households > 0) & (population > 0)].median()
        if not np.isnan(each) and not PER_HOUSEHOLD[0] <= each <= PER_HOUSEHOLD[1]:
            villages.add("persons_a_household", "households", warn=True, persons=f"{each:.1f}")
    place = ["township_code", "village_name"]
    again = frame.duplicated(place, keep=False) & frame["village_name"].notna()
    villages.add("same_name", "village_name", again, warn=True)


def _petitions(petitions: Checked, villages: int, campaign: Campaign) -> None:
    frame = petitions.frame
    column = "date" if "date" in frame else "month"
    month = frame[column] if column == "month" else frame[column].dt.to_period("M")
    year, first, last = month.dt.year, *campaign.observed
    whole = range(first.year + (first.month > 1), last.year + (last.month == 12))
    weight = frame["petitions"] if "petitions" in frame else pd.Series(1, frame.index)
    rows = weight.groupby(year).sum().reindex(whole, fill_value=0).astype(float)
    usual = rows.median()
    if len(rows) > 2 and usual >= FEWEST:
        odd = rows[(rows > YEAR_JUMP * usual) | (rows < usual / YEAR_JUMP)]
        for of, count in odd.items():
            told = {"year": str(of), "rows": int(count), "usual": int(usual)}
            petitions.add("rows_a_year", None, warn=True, **told)
        covered = frame["village_code"][weight > 0].groupby(year).nunique().reindex(rows.index)
        covered = covered.fillna(0).drop(odd.index)
        most = covered.median()
        few = covered[covered < COVERED * most] if usual >= 2 * villages else covered[:0]
        for of, count in few.items():
            told = {"year": str(of), "villages": int(count), "usual": int(most)}
            petitions.add("villages_a_year", None, warn=True, **told)
    today = pd.Timestamp(dt.date.today())
    for name in ("date", "resolved_date"):
        if name in frame:
            petitions.add("in_future", name, frame[name] > today, warn=True)
    if {"date", "channel"} <= set(frame):
        _hotline(petitions)


def _hotline(petitions: Checked) -> None:
    """The export of the hotline and the register: one petition in both would count twice."""
    frame = petitions.frame
    key = [c for c in ("village_code", "date", "category") if c in frame]
    calls = frame["channel"] == "phone"
    if calls.sum() < FEWEST_CALLS:
        return
    others = frame.loc[~calls & frame["channel"].notna(), key].drop_duplicates()
    twice = frame.loc[calls, key].reset_index().merge(others, on=key)["index"]
    if len(twice) > TWICE * calls.sum():
        petitions.add("hotline_twice", "channel", frame.index.to_series().isin(twice), warn=True)


def _income(income: Checked, villages: pd.DataFrame, campaign: Campaign) -> None:
    frame = income.frame
    total = frame[[s for s in INCOME_SOURCES if s in frame]].sum(axis=1)
    medians = total[total > 0].groupby(frame["period"]).median().astype(float)
    for period, median in medians.items():
        mask = frame["period"] == period
        year = median * (4 if "Q" in str(period) else 1)
        others = medians.drop(period).median()
        if others > 0 and not 1 / JUMP < median / others < JUMP:
            told = {"period": str(period), "median": f"{median:,.0f}", "others": f"{others:,.0f}"}
            income.add("unit_suspect", "period", mask, warn=True, **told)
        elif not LEAST_INCOME <= year <= MOST_INCOME:
            told = {"period": str(period), "median": f"{median:,.2f}"}
            income.add("income_level", "period", mask, warn=True, **told)
    _townships(income, total, villages)
    asked = str(campaign.income_year())
    of_year = frame["period"].str.startswith(asked)
    listed = villages.loc[villages["listed"] == 1]
    absent = listed.loc[~listed["village_code"].isin(frame.loc[of_year, "village_code"])]
    if of_year.any() and len(absent) > NO_INCOME * len(listed):
        examples = tuple(absent["village_name"].head(3))
        about = {"year": asked, "villages": len(absent), "examples": examples}
        income.add("listed_without_income", None, warn=True, **about)
    elif not of_year.any() and len(frame):
        income.add("no_campaign_year", None, warn=True, year=asked)


def _townships(income: Checked, total: pd.Series, villages: pd.DataFrame) -> None:
    """A township's years in another unit than the other townships' of the same period."""
    frame = income.frame
    named = villages.drop_duplicates("village_code").set_index("village_code")["township_name"]
    township = frame["village_code"].map(named)
    medians = total[total > 0].groupby([frame["period"], township]).median().astype(float)
    for period, of_period in medians.groupby(level=0):
        for (_, name), median in of_period.items():
            others = of_period.drop(name, level=1).median()
            if others > 0 and not 1 / JUMP < median / others < JUMP:
                mask = (frame["period"] == period) & (township == name)
                about = {"period": str(period), "township": name, "median": f"{median:,.2f}"}
                told = about | {"others": f"{others:,.0f}"}
                income.add("unit_of_township", "period", mask, warn=True, **told)


def _measures(measures: Checked, campaign: Campaign) -> None:
    frame, far = measures.frame, dt.timedelta(days=FAR_AWAY)
    first, last = pd.Timestamp(campaign.start - far), pd.Timestamp(campaign.end + far)
    near = [pd.Timestamp(campaign.start - BESIDE), pd.Timestamp(campaign.end + BESIDE)]
    for column in ("start_date", "end_date", "planned_start", "planned_end"):
        if column in frame:
            days = frame[column]
            off = days.notna() & ~days.between(first, last)
            beside = days.notna() & ~days.between(*near)
            if column in STARTS and beside.sum() > max(1, days.notna().sum() / 2):
                off = beside
            measures.add("measure_far_away", column, off, warn=True)
    if "dose" in frame:
        median = frame["dose"][frame["dose"] > 0].median()
        if not pd.isna(median) and median < TINY_DOSE:
            measures.add("tiny_doses", "dose", warn=True, median=f"{median:.2%}")
        known = frame["dose"].dropna()
        if len(known) >= FEWEST and known.nunique() == 1:
            measures.add("one_dose", "dose", warn=True, dose=f"{known.iloc[0]:.0%}")

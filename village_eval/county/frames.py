"""Descriptions of a county that figures and tables show.

Counts, means and shares of what was delivered. No effects.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from village_eval.county.campaign import Campaign
from village_eval.county.county import County
from village_eval.county.panel import Panel
from village_eval.words.vocabulary import GROUP_OF_MEASURE, INCOME_SOURCES, MEASURES, keys, name

STEP_DAYS = 10
NOT_IMPROVED = 0.5
"""Below this probability of improving a village has not visibly improved."""


def township_months(panel: Panel) -> pd.DataFrame:
    """Petitions [townships, months], townships by name in order of code."""
    codes, number = np.unique(panel.villages["township_code"].to_numpy(str), return_inverse=True)
    counts = np.zeros((len(codes), panel.petitions.shape[1]), int)
    np.add.at(counts, number, panel.petitions)
    names = panel.villages.drop_duplicates("township_code").set_index("township_code")[
        "township_name"
    ]
    return pd.DataFrame(
        counts, index=names.reindex(codes).fillna(pd.Series(codes, codes)), columns=panel.months
    )


def listing_year_petitions(panel: Panel, campaign: Campaign) -> np.ndarray:
    """Petitions [V] in the months that the list was drawn from, as far as they are observed."""
    first, last = (panel.month_index(m) for m in campaign.listing_window)
    return np.asarray(panel.petitions[:, max(first, 0) : max(last + 1, 0)].sum(axis=1))


def as_a_whole(
    panel: Panel, campaign: Campaign
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Petitions in the 12 months before the start and in the 12 from it: the listed, the others.

    None where a month of them is not observed.
    """
    start = panel.month_index(campaign.start_month)
    if start < 12 or start + 12 > len(panel.months):
        return None
    before, after = (panel.petitions[:, m : m + 12].sum(axis=1) for m in (start - 12, start))
    listed, others = (
        (float(before[who].sum()), float(after[who].sum())) for who in (panel.listed, ~panel.listed)
    )
    return listed, others


def income_by_source(panel: Panel) -> pd.DataFrame:
    """Mean yuan per listed village, index year, columns INCOME_SOURCES.

    Years that nobody reported are left out.
    """
    years, income = panel.annual_income
    listed = income[panel.listed]
    reported = np.isfinite(listed).any(axis=2)
    kept = reported.any(axis=0)
    means = (
        np.nanmean(listed[:, kept], axis=0) if kept.any() else np.zeros((0, len(INCOME_SOURCES)))
    )
    return pd.DataFrame(means, index=years[kept], columns=INCOME_SOURCES)


def causes_by_type(villages: pd.DataFrame) -> pd.DataFrame:
    """Listed villages by cause (rows, those that occur) and village type (columns).

    Empty when causes are not recorded.
    """
    kinds = keys("village_type")
    listed = villages[villages["listed"] == 1]
    if "causes" not in villages or "village_type" not in villages:
        return pd.DataFrame(columns=kinds)
    split = listed.assign(cause=listed["causes"].fillna("").str.split(";")).explode("cause")
    split = split[split["cause"].isin(keys("cause")) & split["village_type"].isin(kinds)]
    return pd.crosstab(split["cause"], split["village_type"]).reindex(columns=kinds, fill_value=0)


def villages_by_type(villages: pd.DataFrame, petitions: np.ndarray) -> pd.DataFrame:
    """Listed villages, rows by type.

    Columns: villages, median population, mean petitions in the listing window.
    """
    frame = villages.assign(petitions=petitions)
    frame = frame[(frame["listed"] == 1) & frame["village_type"].isin(keys("village_type"))]
    frame = frame.assign(population=pd.to_numeric(frame["population"], errors="coerce"))
    by = frame.groupby("village_type").agg(
        villages=("listed", "size"),
        population=("population", "median"),
        petitions=("petitions", "mean"),
    )
    return by.reindex([k for k in keys("village_type") if k in by.index])


def measures_summary(measures: pd.DataFrame) -> pd.DataFrame:
    """Rows by measure begun, in the order of the vocabulary.

    Columns: group, villages, mean dose, funds (yuan), share completed.
    """
    by = (
        measures[measures["start_date"].notna()]
        .groupby("measure")
        .agg(
            villages=("village_code", "nunique"),
            dose=("dose", "mean"),
            funds=("funds", "sum"),
            completed=("completed", "mean"),
        )
    )
    by = by.reindex([m for m in MEASURES if m in by.index])
    by.insert(0, "group", [GROUP_OF_MEASURE[m] for m in by.index])
    return by


def departments_summary(measures: pd.DataFrame) -> pd.DataFrame:
    """Rows by department in charge; a measure of two departments counts for both.

    Columns: measures, villages, funds, share completed.
    """
    return (
        _by_department(measures)
        .groupby("department")
        .agg(
            measures=("measure", "size"),
            villages=("village_code", "nunique"),
            funds=("funds", "sum"),
            completed=("completed", "mean"),
        )
    )


def townships_summary(county: County, petitions: np.ndarray, panel: Panel) -> pd.DataFrame:
    """Rows by township.

    Columns: villages, listed, their petitions in the listing window, and measures and funds where
    recorded.
    """
    frame = panel.villages.assign(petitions=petitions * panel.listed)
    by = frame.groupby("township_code", sort=True).agg(
        township=("township_name", "first"),
        villages=("listed", "size"),
        listed=("listed", "sum"),
        petitions=("petitions", "sum"),
    )
    if county.measures is not None:
        township = frame.set_index("village_code")["township_code"]
        m = county.measures.assign(township_code=county.measures["village_code"].map(township))
        by = by.join(
            m.groupby("township_code").agg(
                measures=("measure", "size"),
                funds=("funds", "sum"),
                completed=("completed", "mean"),
            )
        )
    return by.set_index("township")


def states(measures: pd.DataFrame, campaign: Campaign, day: dt.date) -> pd.Series:
    """How each measure stood on ``day``: planned, under_way, overdue, done, done_late.

    Due when planned, else at the end.
    """
    due = pd.Series(pd.Timestamp(campaign.end), measures.index)
    if "planned_end" in measures:
        due = measures["planned_end"].fillna(pd.Timestamp(campaign.end))
    done, begun = measures["completed"] == 1, measures["start_date"].notna()
    late = done & (measures["end_date"] > due)
    overdue = ~done & (due < pd.Timestamp(day))
    return pd.Series(
        np.select(
            [late, done, overdue, begun], ["done_late", "done", "overdue", "under_way"], "planned"
        ),
        measures.index,
    )


def delivery(
    measures: pd.DataFrame, by: pd.Series, campaign: Campaign, day: dt.date
) -> pd.DataFrame:
    """Counts by group in ``by`` (aligned).

    Columns: measures planned, begun, done (of these late), overdue, and funds (yuan) of those
    begun.
    """
    state = states(measures, campaign, day)
    flags = {
        "planned": pd.Series(1, measures.index),
        "begun": measures["start_date"].notna(),
        "done": state.isin(["done", "done_late"]),
        "late": state == "done_late",
        "overdue": state == "overdue",
        "funds": measures["funds"].fillna(0.0),
    }
    return pd.DataFrame(flags).groupby(by).sum()


def delivery_by_township(county: County, panel: Panel, day: dt.date) -> pd.DataFrame:
    """``delivery`` by township name, in order of code."""
    code = panel.villages.set_index("village_code")["township_code"]
    measures = _of(county, "measures")
    by = delivery(measures, measures["village_code"].map(code), county.campaign, day)
    return by.set_index(_township_names(by.index, panel))


def delivery_by_department(county: County, day: dt.date) -> pd.DataFrame:
    """``delivery`` by department (key); a measure of two departments counts for both."""
    split = _by_department(_of(county, "measures"))
    return delivery(split, split["department"], county.campaign, day)


def overdue(county: County, panel: Panel, day: dt.date) -> pd.DataFrame:
    """Measures overdue on ``day``, in order of village code.

    Columns: township_name, village_name, measure, department (keys joined by ;, NaN without).
    """
    measures = _of(county, "measures")
    late = measures[states(measures, county.campaign, day) == "overdue"]
    roster = panel.villages[["village_code", "township_name", "village_name"]]
    found = late.merge(roster, on="village_code").sort_values("village_code", kind="stable")
    return found.reindex(columns=["township_name", "village_name", "measure", "department"])


def township_actions(county: County, panel: Panel, day: dt.date) -> pd.DataFrame:
    """Days late, townships (names, in order of code) by action.

    0 on time or early, inf overdue, NaN not due yet or not asked.
    """
    table = _of(county, "township_actions")
    late = (table["done_date"] - table["due_date"]).dt.days.clip(lower=0).astype(float)
    late = late.mask(table["done_date"].isna() & (table["due_date"] < pd.Timestamp(day)), np.inf)
    wide = table.assign(late=late).pivot_table(
        index="township_code", columns="action", values="late", aggfunc="max", dropna=False
    )
    wide = wide.reindex(columns=[a for a in keys("township_action") if a in wide])
    return wide.set_index(_township_names(wide.index, panel))


def _of(county: County, table: str) -> pd.DataFrame:
    """A table that the caller knows to be there. Raises ValueError when it is not."""
    if table not in (held := county.tables()):
        raise ValueError(f"the county has no table {table}")
    return held[table]


def _township_names(codes: pd.Index, panel: Panel) -> pd.Index:
    """Names by code; a code that no village has stands for itself."""
    names = panel.villages.drop_duplicates("township_code").set_index("township_code")[
        "township_name"
    ]
    return pd.Index([names.get(code, code) for code in codes])


def _by_department(measures: pd.DataFrame) -> pd.DataFrame:
    split = measures.assign(department=measures["department"].fillna("").str.split(";")).explode(
        "department"
    )
    return split[split["department"].isin(keys("department"))].reset_index(drop=True)


def signed_off(
    measures: pd.DataFrame, by: pd.Series, campaign: Campaign, day: dt.date
) -> pd.DataFrame:
    """Share of measures completed with an end date by each tenth day of the campaign.

    Rows are the groups in ``by`` (aligned).

    NaN for days after ``day``.
    """
    days = range(STEP_DAYS, campaign.days + STEP_DAYS, STEP_DAYS)
    elapsed = (measures["end_date"] - pd.Timestamp(campaign.start)).dt.days
    done = elapsed.where(measures["completed"] == 1)
    shares = pd.DataFrame({min(d, campaign.days): (done < d).groupby(by).mean() for d in days})
    so_far = (day - campaign.start).days + 1
    return shares.where(pd.Series(shares.columns <= so_far, shares.columns), axis=1)


def progress_by_township(county: County, panel: Panel, day: dt.date) -> pd.DataFrame:
    """``signed_off`` by township name, for townships with measures."""
    name_of = panel.villages.set_index("village_code")["township_name"]
    measures = _of(county, "measures")
    return signed_off(measures, measures["village_code"].map(name_of), county.campaign, day)


def progress_by_department(county: County, day: dt.date, lang: str) -> pd.DataFrame:
    """``signed_off`` by department."""
    split = _by_department(_of(county, "measures"))
    return signed_off(
        split, split["department"].map(lambda d: name("department", d, lang)), county.campaign, day
    )

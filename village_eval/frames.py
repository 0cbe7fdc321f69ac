"""Descriptions of a county that figures and tables show: counts, means and shares of what was delivered. No effects."""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.campaign import Campaign
from village_eval.county import County
from village_eval.panel import Panel
from village_eval.vocabulary import GROUP_OF_MEASURE, INCOME_SOURCES, MEASURES, keys, name

STEP_DAYS = 10
NOT_IMPROVED = 0.5
"""Below this probability of improving a village has not visibly improved."""


def township_months(panel: Panel) -> pd.DataFrame:
    """Petitions [townships, months], townships by name in order of code."""
    codes, number = np.unique(panel.villages["township_code"].to_numpy(str), return_inverse=True)
    counts = np.zeros((len(codes), panel.petitions.shape[1]), int)
    np.add.at(counts, number, panel.petitions)
    names = panel.villages.drop_duplicates("township_code").set_index("township_code")["township_name"]
    return pd.DataFrame(counts, index=names.reindex(codes).fillna(pd.Series(codes, codes)), columns=panel.months)


def listing_year_petitions(panel: Panel, campaign: Campaign) -> np.ndarray:
    """Petitions [V] in the months that the list was drawn from, as far as they are observed."""
    first, last = (panel.month_index(m) for m in campaign.listing_window)
    return panel.petitions[:, max(first, 0) : max(last + 1, 0)].sum(axis=1)


def income_by_source(panel: Panel) -> pd.DataFrame:
    """Mean yuan per listed village, index year, columns INCOME_SOURCES; years that nobody reported are left out."""
    years, income = panel.annual_income
    listed = income[panel.listed]
    reported = np.isfinite(listed).any(axis=2)
    kept = reported.any(axis=0)
    means = np.nanmean(listed[:, kept], axis=0) if kept.any() else np.zeros((0, len(INCOME_SOURCES)))
    return pd.DataFrame(means, index=years[kept], columns=INCOME_SOURCES)


def causes_by_type(villages: pd.DataFrame) -> pd.DataFrame:
    """Listed villages by cause (rows, those that occur) and village type (columns); empty when causes are not recorded."""
    kinds = keys("village_type")
    listed = villages[villages["listed"] == 1]
    if "causes" not in villages or "village_type" not in villages:
        return pd.DataFrame(columns=kinds)
    split = listed.assign(cause=listed["causes"].fillna("").str.split(";")).explode("cause")
    split = split[split["cause"].isin(keys("cause")) & split["village_type"].isin(kinds)]
    return pd.crosstab(split["cause"], split["village_type"]).reindex(columns=kinds, fill_value=0)


def villages_by_type(villages: pd.DataFrame, petitions: np.ndarray) -> pd.DataFrame:
    """Listed villages by type: villages, median population, mean petitions in the listing window."""
    frame = villages.assign(petitions=petitions)
    frame = frame[(frame["listed"] == 1) & frame["village_type"].isin(keys("village_type"))]
    frame = frame.assign(population=pd.to_numeric(frame["population"], errors="coerce"))
    by = frame.groupby("village_type").agg(
        villages=("listed", "size"), population=("population", "median"), petitions=("petitions", "mean")
    )
    return by.reindex([k for k in keys("village_type") if k in by.index])


def measures_summary(measures: pd.DataFrame) -> pd.DataFrame:
    """By measure, in the order of the vocabulary: group, villages, mean dose, funds (yuan), share completed."""
    by = measures.groupby("measure").agg(
        villages=("village_code", "nunique"), dose=("dose", "mean"), funds=("funds", "sum"), completed=("completed", "mean")
    )
    by = by.reindex([m for m in MEASURES if m in by.index])
    by.insert(0, "group", [GROUP_OF_MEASURE[m] for m in by.index])
    return by


def departments_summary(measures: pd.DataFrame) -> pd.DataFrame:
    """By department in charge (a measure of two departments counts for both): measures, villages, funds, share completed."""
    split = measures.assign(department=measures["department"].fillna("").str.split(";")).explode("department")
    split = split[split["department"].isin(keys("department"))]
    return split.groupby("department").agg(
        measures=("measure", "size"), villages=("village_code", "nunique"), funds=("funds", "sum"), completed=("completed", "mean")
    )


def townships_summary(county: County, petitions: np.ndarray, panel: Panel) -> pd.DataFrame:
    """By township: villages, listed, their petitions in the listing window, and measures and funds where recorded."""
    frame = panel.villages.assign(petitions=petitions * panel.listed)
    by = frame.groupby("township_code", sort=True).agg(
        township=("township_name", "first"), villages=("listed", "size"), listed=("listed", "sum"), petitions=("petitions", "sum")
    )
    if county.measures is not None:
        township = frame.set_index("village_code")["township_code"]
        m = county.measures.assign(township_code=county.measures["village_code"].map(township))
        by = by.join(
            m.groupby("township_code").agg(measures=("measure", "size"), funds=("funds", "sum"), completed=("completed", "mean"))
        )
    return by.set_index("township")


def signed_off(measures: pd.DataFrame, by: pd.Series, campaign: Campaign) -> pd.DataFrame:
    """Share of measures completed with an end date by each tenth day of the campaign; rows are the groups in ``by`` (aligned)."""
    days = range(STEP_DAYS, campaign.days + STEP_DAYS, STEP_DAYS)
    elapsed = (measures["end_date"] - pd.Timestamp(campaign.start)).dt.days
    done = elapsed.where(measures["completed"] == 1)
    return pd.DataFrame({min(d, campaign.days): (done < d).groupby(by).mean() for d in days})


def progress_by_township(county: County, panel: Panel) -> pd.DataFrame:
    """``signed_off`` by township name, for townships with measures."""
    name_of = panel.villages.set_index("village_code")["township_name"]
    return signed_off(county.measures, county.measures["village_code"].map(name_of), county.campaign)


def progress_by_department(county: County, lang: str) -> pd.DataFrame:
    """``signed_off`` by department."""
    split = county.measures.assign(department=county.measures["department"].fillna("").str.split(";")).explode("department")
    split = split[split["department"].isin(keys("department"))].reset_index(drop=True)
    return signed_off(split, split["department"].map(lambda d: name("department", d, lang)), county.campaign)


def to_revisit(evaluation) -> pd.DataFrame:
    """Listed villages under NOT_IMPROVED, the least likely first: names, type, expected, actual, probability, measures, open."""
    if evaluation.villages.empty:
        return pd.DataFrame()
    frame = villages_listed(evaluation)
    frame = frame[frame["probability_improved"] < NOT_IMPROVED].reset_index(drop=True)
    roster = evaluation.panel.villages.set_index("village_code")
    kinds = roster["village_type"] if "village_type" in roster else pd.Series(dtype=object)
    frame["village_type"] = frame["village_code"].map(kinds)
    measures = evaluation.county.measures
    if measures is None:
        return frame.assign(measures=None, open=None)
    begun = measures[measures["start_date"].notna()].groupby("village_code")["completed"]
    frame["measures"] = frame["village_code"].map(begun.size()).fillna(0)
    frame["open"] = frame["village_code"].map(begun.size() - begun.sum()).fillna(0)
    return frame


def villages_listed(evaluation) -> pd.DataFrame:
    """Listed villages: township, village, expected, actual, ratio, probability_improved; least likely to have improved first."""
    roster = evaluation.panel.villages[["village_code", "village_name", "township_name"]]
    frame = evaluation.villages.merge(roster, on="village_code", how="left")
    return frame.sort_values("probability_improved", kind="stable").reset_index(drop=True)

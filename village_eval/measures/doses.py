"""Doses: how much of each measure every listed village got, and which measures came together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.words.vocabulary import GROUP_OF_MEASURE as GROUP_OF
from village_eval.words.vocabulary import MEASURE_GROUPS, MEASURES

GROUP = np.array([MEASURE_GROUPS.index(GROUP_OF[m]) for m in MEASURES])
"""Group number of each of the seventeen measures."""
IN_GROUP = (GROUP[:, None] == np.arange(len(MEASURE_GROUPS))).astype(float)
"""[17, 4]: measure by group."""
TOGETHER = 0.8
"""Measures whose doses correlate by at least this cannot be told apart in one county."""
FEWEST = 5
"""A measure that fewer villages have, or lack, says nothing of its own."""


def dose_matrix(measures: pd.DataFrame | None, panel: Panel) -> np.ndarray:
    """Dose of each measure in each listed village, float [L, 17] in the order of the panel.

    The largest of several, else 0.

    A measure that was begun and whose dose nobody wrote down counts as the county's median dose of
    that measure.
    """
    doses = np.zeros((int(panel.listed.sum()), len(MEASURES)))
    if measures is None or measures.empty:
        return doses
    table = measures[measures["start_date"].notna()]
    usual = table.groupby("measure")["dose"].transform("median").fillna(1.0)
    codes = panel.villages.loc[panel.listed, "village_code"].astype(str).to_numpy()
    row = (
        pd.Series(np.arange(len(codes)), codes)
        .reindex(table["village_code"].astype(str))
        .to_numpy()
    )
    known = np.isfinite(row)
    at = row[known].astype(int), table.loc[known, "measure"].map(MEASURES.index).to_numpy(int)
    np.maximum.at(doses, at, table["dose"].fillna(usual).to_numpy(float)[known])
    return doses


def active_share(measures: pd.DataFrame, panel: Panel, months: pd.PeriodIndex) -> np.ndarray:
    """Share of a village's doses that was under way or done by the middle of each month.

    Float [L, M].
    """
    codes = panel.villages.loc[panel.listed, "village_code"].astype(str).to_numpy()
    table = measures[
        measures["start_date"].notna() & measures["village_code"].astype(str).isin(codes)
    ]
    row = (
        pd.Series(np.arange(len(codes)), codes)
        .reindex(table["village_code"].astype(str))
        .to_numpy(int)
    )
    dose = table["dose"].fillna(1.0).to_numpy(float)
    middle = months.start_time + pd.Timedelta(days=14)
    begun = table["start_date"].to_numpy()[:, None] <= middle.to_numpy()[None, :]
    total, under = np.zeros(len(codes)), np.zeros((len(codes), len(months)))
    np.add.at(total, row, dose)
    np.add.at(under, row, dose[:, None] * begun)
    return under / np.maximum(total, 1e-12)[:, None]


def correlations(doses: np.ndarray) -> np.ndarray:
    """Correlation of doses over listed villages [17, 17]; 0 where a measure does not vary."""
    sd = doses.std(0)
    z = (doses - doses.mean(0)) / np.where(sd > 1e-9, sd, 1)
    return np.where((sd > 1e-9) & (sd > 1e-9)[:, None], z.T @ z / max(len(doses), 1), 0.0)


def varies(doses: np.ndarray) -> np.ndarray:
    """bool [17]: at least FEWEST villages have the measure and as many have another dose of it."""
    given = doses > 0
    spread = np.array(
        [
            len(d) - np.unique(d.round(6), return_counts=True)[1].max() if len(d) else 0
            for d in doses.T
        ]
    )
    return (given.sum(0) >= FEWEST) & (spread >= FEWEST)


def bundles(doses: np.ndarray) -> list[list[int]]:
    """Measures that came together so often that data cannot tell them apart.

    Lists of two or more (average linkage).
    """
    vary = np.flatnonzero(varies(doses))
    if len(vary) < 2:
        return []
    from scipy.cluster.hierarchy import fcluster

    label = fcluster(tree(correlations(doses)[np.ix_(vary, vary)]), 1 - TOGETHER, "distance")
    groups = [vary[label == k].tolist() for k in np.unique(label)]
    return [g for g in groups if len(g) > 1]


def tree(r: np.ndarray) -> np.ndarray:
    """Average linkage of measures by 1 − |correlation|, as scipy has it."""
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    apart = np.clip(1 - np.abs(r), 0, None)
    np.fill_diagonal(apart, 0)
    return linkage(squareform(apart, checks=False), "average")


def months_of(campaign: Campaign, first: int, last: int) -> pd.PeriodIndex:
    """Months counted from the start month."""
    return pd.period_range(campaign.start_month + first, campaign.start_month + last - 1, freq="M")

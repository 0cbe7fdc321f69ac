"""The listed villages of a setting.

What is explained, what was expected, and what is held fixed.
"""

from __future__ import annotations

import numpy as np

from village_eval.expectation.setting import Setting
from village_eval.words.vocabulary import keys

EARLY = 2
"""Months from the start that are held fixed instead of explained: what officials see when they
decide on doses."""


def outcome_of(setting: Setting) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Listed villages' outcome [L], expectation [R, L] and membership in refits [R, L].

    Petitions count from the month after the first EARLY ones, which are held fixed; income is the
    whole year's. Townships without a listed village have no refit of their own.
    """
    listed, rule = setting.panel.listed, setting.rule
    home = np.unique(setting.panel.township[listed])
    refits = np.r_[0, 1 + home]
    expected = setting.expectation(0, "first_year")[refits][:, listed]
    if setting.series.counts:
        start = setting.series.start
        y = setting.series.values[listed, start + EARLY : start + 12].sum(1)
    else:
        y = setting.series.observed(0, "first_year")[listed]
    keep = rule.keep[refits][:, listed]
    return y, expected * (np.nansum(y) / np.nansum(expected[0])), keep


def held_fixed(setting: Setting, q: int = 0) -> np.ndarray:
    """Controls [L, C] of the listed villages in a year.

    Type, level, the surprise of the year before and, in the campaign's year, of the first months.
    """
    listed, start = setting.panel.listed, setting.series.start - q * setting.series.per_year
    base = setting.expectation(q, "first_year")[0][listed]
    kinds = setting.panel.villages.loc[listed, "village_type"].fillna("").to_numpy(str)
    columns = [
        kinds == k for k in keys("village_type") if 3 <= (kinds == k).sum() <= len(kinds) - 3
    ][:-1]
    level = np.log(np.maximum(np.nan_to_num(base), 1e-9))
    columns.append(level - level.mean())
    if setting.series.counts:
        columns.append(surprise(setting.series.values[listed, start - 3 : start].sum(1), base))
        columns.append(surprise(setting.series.past(q).blocks[listed, 0], base))
        if q == 0:
            columns.append(
                surprise(setting.series.values[listed, start : start + EARLY].sum(1), base)
            )
    return np.column_stack(columns).astype(float)


def surprise(y: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """log of actual over expected, half a petition added to each: what officials saw."""
    expected = expected * y.sum() / max(expected.sum(), 1e-12)
    return np.log((y + 0.5) / (expected + 0.5))

"""For which villages did the measures work?

The effect by type and by cause, and whether prescribed measures did better than others.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from village_eval.expectation.beyond import beyond_quiet_years, change_of
from village_eval.expectation.setting import Setting
from village_eval.measures.doses import IN_GROUP
from village_eval.measures.listed import held_fixed, outcome_of
from village_eval.measures.regression import regress
from village_eval.words.vocabulary import MEASURE_GROUPS, TERMS, keys

ENOUGH = 15
"""Fewer villages of a kind are described only."""


def by_kind(s: Setting) -> pd.DataFrame:
    """One row per type and cause among the listed.

    Columns: kind, key, villages, actual, expected, estimate, ci_low, ci_high.

    The effect is the villages' change from history less that of the unlisted and less what quiet
    years show for the list as a whole; missing with fewer than ENOUGH villages. ``expected`` is
    before quiet years are taken off.
    """
    villages, listed = s.panel.villages, s.panel.listed
    rows = []
    y, base = s.series.observed(0, "first_year"), s.expectation(0, "first_year")[0]
    off = s.control(0)[0]
    expected = base * (off @ y) / (off @ base)
    kinds = villages["village_type"].fillna("")
    causes = (
        villages["causes"].fillna("").str.split(";")
        if "causes" in villages
        else pd.Series([[]] * len(villages))
    )
    groups = [("village_type", k, (kinds == k).to_numpy()) for k in keys("village_type")]
    groups += [
        ("cause", k, causes.map(lambda own, k=k: k in own).to_numpy()) for k in keys("cause")
    ]
    for kind, key, member in groups:
        member = member & listed
        if not member.any():
            continue
        row = {
            "kind": kind,
            "key": key,
            "villages": int(member.sum()),
            "actual": float(y[member].sum()),
            "expected": float(expected[member].sum()),
        }
        rows.append(row | (_effect(s, member) if member.sum() >= ENOUGH else {}))
    columns = ["kind", "key", "villages", "actual", "expected", "estimate", "ci_low", "ci_high"]
    return pd.DataFrame(rows).reindex(columns=columns)


def _effect(s: Setting, member: np.ndarray) -> dict:
    quiet = s.series.quiet["first_year"]
    own = s.rule.keep * member

    def change(depth: int) -> np.ndarray:
        return change_of(s, 0, "first_year", own, s.control(0), depth)

    df = len(np.unique(s.panel.township[member])) - 1
    if not quiet or df < 2:
        return {}
    campaign = np.mean([change(s.depth(q)) for q in quiet], axis=0)
    found = beyond_quiet_years(campaign, [s.change(q, "first_year", "history") for q in quiet], df)
    if found is None:
        return {}
    return {
        "estimate": found.value,
        "ci_low": found.value - found.half,
        "ci_high": found.value + found.half,
    }


def matched_treatment(s: Setting, doses: np.ndarray) -> dict | None:
    """Did doses that are prescribed for a village's type go with more change than others?

    By the groups of measures.

    {share: of all doses that were prescribed ones, difference: log effect of a prescribed full dose
    less that of another, ci_low, ci_high}; None where types are not known.
    """
    listed = s.panel.listed
    kinds = s.panel.villages.loc[listed, "village_type"].fillna("").to_numpy(str)
    of_type = {k: TERMS["village_type"][k]["prescribed"] for k in keys("village_type")}
    prescribed = np.array([[g in of_type.get(k, ()) for g in MEASURE_GROUPS] for k in kinds])
    if not prescribed.any():
        return None
    by_group = doses @ IN_GROUP
    pair = np.column_stack([(by_group * prescribed).sum(1), (by_group * ~prescribed).sum(1)])
    if (pair.std(0) < 1e-9).any():
        return None
    y, expected, keep = outcome_of(s)
    fit = regress(y, expected, pair, held_fixed(s), keep)
    value, se, p = fit.combined(np.array([1.0, -1.0]))
    half = stdtrit(fit.df, 0.975) * se
    share = float(pair[:, 0].sum() / pair.sum())
    return {
        "share": share,
        "difference": value,
        "ci_low": value - half,
        "ci_high": value + half,
        "p_value": p,
    }


def dose_response(s: Setting, doses: np.ndarray) -> pd.DataFrame:
    """Thirds of the listed villages by overall dose, least first.

    Columns: villages, dose, actual, expected, ratio. A description.

    ``expected`` is as in by_kind; empty when petitions of the first year are not known or all got
    the same.
    """
    listed, total = s.panel.listed, doses.sum(1)
    if s.series.target(0, "first_year") is None or np.ptp(total) == 0:
        return pd.DataFrame(columns=["villages", "dose", "actual", "expected", "ratio"])
    y, base, off = (
        s.series.observed(0, "first_year"),
        s.expectation(0, "first_year")[0],
        s.control(0)[0],
    )
    expected = (base * (off @ y) / (off @ base))[listed]
    third = np.argsort(np.argsort(total, kind="stable")) * 3 // len(total)
    y, parts = y[listed], [third == k for k in range(3)]
    rows = [
        (int(part.sum()), total[part].mean(), y[part].sum(), expected[part].sum()) for part in parts
    ]
    frame = pd.DataFrame(rows, columns=["villages", "dose", "actual", "expected"])
    return frame.assign(ratio=frame["actual"] / frame["expected"])

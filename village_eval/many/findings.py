"""What the findings of many counties say together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from village_eval.expectation.between_years import (
    COUNTS_SCALE,
    GRID,
    PRIOR_SCALE,
    Mixture,
    between_posterior,
)
from village_eval.expectation.multiplicity import holm
from village_eval.findings.grading import EXCLUDED_POINTS
from village_eval.findings.may_say import one_sided, relation
from village_eval.many.results import Result, numbered
from village_eval.many.synthesis import Synthesis, small_counties, synthesis
from village_eval.report.findings_json import plain

BELIEVED = ("A", "B", "C")
FEWEST = 3
"""Counties without which a finding is not pooled."""
ENOUGH_FOR_TRAITS = 20
PRIMARY = (
    "petitions.first_year",
    "own_income.first_year.typical",
    "earned_income.first_year.typical",
)
"""Asked first, each in its family, of incomes the one that more counties tell (own income, where
the accounts of 2024 come between in all); the others by Holm once the first is found."""
ORDER = "ABC"
MANY_MISLEAD = 0.2
"""A share of misleading counties above which no more than grade C is given."""
SMALL_LEVEL = 0.05


def usable(finding: Mapping[str, Any]) -> bool:
    """Whether a county's finding is one of numbers that do not mislead."""
    numbers = finding["estimate"] is not None and bool(finding["se"])
    return finding["grade"] in BELIEVED and numbers


def why_not(finding: Mapping[str, Any]) -> str:
    """The key of the reason why a county's finding is left out."""
    if finding["grade"] == "X":
        return "misleading"
    return str(finding["reason"] or "no_numbers")


def pool_findings(results: Sequence[Result]) -> list[dict[str, Any]]:
    """One row for each finding that enough counties have, as pooled.json has it."""
    asked: dict[str, list[tuple[Result, dict[str, Any]]]] = {}
    for result in results:
        for finding in result.content["findings"]:
            asked.setdefault(finding["id"], []).append((result, finding))
    rows = [row for ident, each in asked.items() if (row := _pooled(ident, each))]
    _adjust(rows)
    for row in rows:
        row["conclusion"] = conclusion(row)
    return [plain(row) for row in rows]


def _pooled(ident: str, each: list[tuple[Result, dict[str, Any]]]) -> dict[str, Any] | None:
    kept = [(r, f) for r, f in each if usable(f)]
    if len(kept) < FEWEST:
        return None
    y, se = (np.array([f[k] for _, f in kept], float) for k in ("estimate", "se"))
    year = numbered([r.year for r, _ in kept])
    found = synthesis(y, se**2)
    error = with_years(found, y, se**2, year, kept[0][1]["family"])
    low, high = found.value - error.half, found.value + error.half
    spread = found.prediction(error.sd)
    small = small_counties(y, se**2)
    first = kept[0][1]
    row: dict[str, Any] = {
        "id": ident,
        **{k: first[k] for k in ("outcome", "window", "family", "scale", "label", "window_label")},
        "estimate": found.value,
        "se": error.sd,
        "ci_low": low,
        "ci_high": high,
        "p_value": error.p_value(found.value) if error.sd > 0 else 1.0,
        "prediction_low": spread[0],
        "prediction_high": spread[1],
        "tau": np.sqrt(found.tau2),
        "i2": found.i2,
        "q_p_value": found.q_p,
        "counties": len(kept),
        "counties_in_all": len(each),
        "years": int(year.max()) + 1,
        "told": dict(Counter(f["conclusion"] or "no_numbers" for _, f in each)),
        "left_out": dict(Counter(why_not(f) for _, f in each if not usable(f))),
        "small_counties": small and {"slope": small[0], "t": small[1]},
        "traits": traits(kept, y, se**2),
    }
    row["grade"] = grade(each, se**2 + found.tau2, row)
    return row


def with_years(
    found: Synthesis, y: np.ndarray, v: np.ndarray, year: np.ndarray, family: str
) -> Mixture:
    """The error of the mean with what all counties of a year share (between_years.py).

    The spread of years' means tells how much that is; with one year the prior does.
    """
    weight = 1 / (v + found.tau2)
    total = np.bincount(year, weight)
    mean = np.bincount(year, weight * y) / total
    # The errors' own excess over the model goes to the years' means too.
    excess = found.se**2 * total.sum()
    scale = COUNTS_SCALE if family == "petitions" else PRIOR_SCALE
    posterior = between_posterior(mean, np.diag(excess / total), scale)
    share = float(((total / total.sum()) ** 2).sum())
    return Mixture(np.sqrt(found.se**2 + share * GRID**2), posterior, found.df)


def traits(
    kept: list[tuple[Result, dict[str, Any]]], y: np.ndarray, v: np.ndarray
) -> list[dict[str, Any]]:
    """Meta-regression on what counties differ in, each by a standard deviation of it, by Holm."""
    if len(kept) < ENOUGH_FOR_TRAITS:
        return []
    size = np.array([f["n_treated"] + f["n_control"] for _, f in kept], float)
    about = {
        "listed_share": np.array([f["n_treated"] for _, f in kept]) / size,
        "size": np.log(size),
        "year": np.array([r.year for r, _ in kept], float),
    }
    about = {k: (x - x.mean()) / x.std() for k, x in about.items() if x.std() > 1e-9}
    if not about:
        return []
    found = synthesis(y, v, np.column_stack([*about.values(), np.ones(len(y))]))
    error = np.sqrt(np.diag(found.covariance))
    p = {
        k: Mixture(error[[j]], np.ones(1), found.df).p_value(found.beta[j])
        for j, k in enumerate(about)
    }
    adjusted = holm(p)
    return [
        {"trait": k, "estimate": found.beta[j], "se": error[j], "p_adjusted": adjusted[k]}
        for j, k in enumerate(about)
    ]


def grade(each: list[tuple[Result, dict[str, Any]]], total: np.ndarray, row: dict[str, Any]) -> str:
    """The grade that half of the weight reaches.

    B at most where all counties are of one year, or where small counties tell more than large ones;
    C at most where many counties mislead.
    """
    grades = np.array([ORDER.index(f["grade"]) for _, f in each if usable(f)])
    order = np.argsort(grades, kind="stable")
    reached = np.cumsum((1 / total)[order]) / (1 / total).sum()
    at = int(grades[order][np.searchsorted(reached, 0.5)])
    if row["years"] == 1 or (row["small_counties"] and small_tells_more(row)):
        at = max(at, 1)
    if sum(f["grade"] == "X" for _, f in each) > MANY_MISLEAD * len(each):
        at = max(at, 2)
    return ORDER[at]


def small_tells_more(row: Mapping[str, Any]) -> bool:
    """Whether small counties tell a larger effect in the direction of the whole."""
    small = row["small_counties"]
    if not small:
        return False
    p = Mixture(np.ones(1), np.ones(1), row["counties"] - 2).p_value(small["t"])
    return bool(p < SMALL_LEVEL and small["slope"] * row["estimate"] > 0)


def _adjust(rows: list[dict[str, Any]]) -> None:
    """p values in the order of questions: a family's first alone, the others behind it by Holm."""
    for family in dict.fromkeys(row["family"] for row in rows):
        of = {row["id"]: row for row in rows if row["family"] == family}
        told = [i for i in PRIMARY if i in of]
        first = max(told, key=lambda i: of[i]["counties"], default=None)
        rest = {i: row["p_value"] for i, row in of.items() if i != first}
        floor = 0.0
        if first is not None:
            floor = of[first]["p_adjusted"] = of[first]["p_value"]
            of[first] |= {"secondary": False, "gate": None}
        for i, p in holm(rest).items():
            of[i]["p_adjusted"] = max(p, floor)
            of[i]["secondary"] = True
            of[i]["gate"] = first if floor >= SMALL_LEVEL else None


def conclusion(row: Mapping[str, Any]) -> str:
    """Fell, rose, none_seen or unclear (may_say.relation; shares by EXCLUDED_POINTS).

    not_asked: the interval excludes zero, but ``gate``, its family's first question, is not found.
    """
    if row.get("gate") and one_sided(row["ci_low"], row["ci_high"]):
        return "not_asked"
    if row["scale"] == "share" and row["p_adjusted"] >= SMALL_LEVEL:
        most = EXCLUDED_POINTS / 100
        excludes = -most < row["ci_low"] <= 0 <= row["ci_high"] < most
        return "none_seen" if excludes else "unclear"
    return relation(
        row["ci_low"], row["ci_high"], row["family"], row["p_adjusted"], row["estimate"]
    )

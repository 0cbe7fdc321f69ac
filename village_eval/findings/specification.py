"""The specification curve: the petitions' answer under every reasonable choice at once, in closed
form.

Choices, all crossed (Simonsohn, Simmons & Nelson 2020): the window; what counts (petitions, cases,
first petitions); the design and its base; what the learned listing rule sees, each feature left out
in turn; how many years of history an expectation looks back on; which quiet years correct it, each
left out in turn, and the unusual ones together. Before-after and plain difference-in-differences
are computed too, but marked ``misleads``: on lists of the worst their error is known
(data/certification.csv), so that they are shown apart and counted nowhere.

Each estimate equals the design's own (quiet_year_did and the others), interval included; what they
share is computed once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import gammaln, stdtr

from village_eval.county.campaign import Campaign
from village_eval.county.channels import changed_channels
from village_eval.county.panel import Panel
from village_eval.expectation.between_years import GRID, PRIOR_DF, PRIOR_SCALE, half_t
from village_eval.expectation.listing import (
    ListingRule,
    _ridge_logit,
    features,
    is_unusual,
    learn_rule,
    quiet_origins,
)
from village_eval.expectation.series import Series, petition_series
from village_eval.expectation.setting import DEPTH, Setting, setting, unusable

WINDOWS = ("first_year", "during", "after")
COUNTED = ("petitions", "cases", "first_petitions", "capped", "old_channels")
DESIGNS = (
    "quiet_year_did",
    "quiet_year_did_last_year",
    "expected_from_history",
    "did_without_listing_year",
)
MISLEADING = ("before_after", "did")
ALL = "all"
NEWTON = 4
CHOICES = ("window", "outcome", "design", "rule", "depth", "quiet")
COLUMNS = (*CHOICES, "estimate", "se", "ci_low", "ci_high", "headline", "misleads")
"""``rule``: all, or the feature left out; ``depth``: years; ``quiet``: all, unusual, or the year
left out; empty where a design has no such choice. Estimates are log ratios with 95 % intervals."""


@dataclass(frozen=True)
class Trial:
    """One specification: its choices, and the terms [R, K] whose mean it is, for the full sample
    and each township left out.

    ``quiet``: how many quiet years it subtracts, a term for each; None of a design that knows no
    error between years.
    """

    choices: tuple
    terms: np.ndarray
    quiet: int | None = None


def specification_curve(panel: Panel, campaign: Campaign) -> pd.DataFrame:
    """One row a specification, COLUMNS, sorted by estimate; empty when nothing can be estimated."""
    if unusable(panel, campaign) is not None:
        return pd.DataFrame(columns=list(COLUMNS))
    trials = [t for t in _trials(panel, campaign) if np.isfinite(t.terms).all()]
    if not trials:
        return pd.DataFrame(columns=list(COLUMNS))
    frame = pd.DataFrame([t.choices for t in trials], columns=list(CHOICES))
    value, se, half = _estimates(trials, len(np.unique(panel.township[panel.listed])) - 1)
    frame = frame.assign(estimate=value, se=se, ci_low=value - half, ci_high=value + half)
    frame["misleads"] = frame["design"].isin(MISLEADING)
    frame["headline"] = _headline(frame)
    return frame[list(COLUMNS)].sort_values("estimate", kind="stable").reset_index(drop=True)


def summary(curve: pd.DataFrame) -> dict | None:
    """How the reasonable specifications stand to the headline: shares of the same sign and of
    intervals on that side of zero."""
    if curve.empty:
        return None
    kept = curve[~curve["misleads"].astype(bool)]
    if kept.empty or not kept["headline"].any():
        return None
    headline, apart = (
        kept.loc[kept["headline"], "estimate"].iloc[0],
        curve[curve["misleads"].astype(bool)],
    )
    sign = 1 if headline > 0 else -1
    return {
        "n": len(kept),
        "headline": float(headline),
        "rank": int((kept["estimate"] < headline).sum()) + 1,
        "same_sign": float((sign * kept["estimate"] > 0).mean()),
        "excludes_zero": float((np.where(sign > 0, kept["ci_low"], -kept["ci_high"]) > 0).mean()),
        "lowest": float(kept["estimate"].min()),
        "low": float(kept["estimate"].quantile(0.05)),
        "median": float(kept["estimate"].median()),
        "high": float(kept["estimate"].quantile(0.95)),
        "highest": float(kept["estimate"].max()),
        "apart": len(apart),
        "apart_median": float(apart["estimate"].median()) if len(apart) else None,
    }


def by_choice(curve: pd.DataFrame) -> pd.DataFrame:
    """What each option does: choice, option, n, median, lowest, highest over the reasonable
    specifications that take it."""
    kept, rows = curve[~curve["misleads"].astype(bool)], []
    for choice in CHOICES:
        for option in options(curve, choice):
            e = kept.loc[kept[choice] == option, "estimate"]
            rows.append((choice, option, len(e), e.median(), e.min(), e.max()))
    return pd.DataFrame(rows, columns=["choice", "option", "n", "median", "lowest", "highest"])


def options(curve: pd.DataFrame, choice: str) -> list[str]:
    """The options of a choice that reasonable specifications take, in the order of this file (years
    last, in their order)."""
    known = {"window": WINDOWS, "outcome": COUNTED, "design": DESIGNS}.get(choice, (ALL, "unusual"))
    there = set(curve.loc[~curve["misleads"].astype(bool), choice]) - {""}
    return [k for k in known if k in there] + sorted(there - set(known))


# --- values --------------------------------------------------------------------------------------


def _trials(panel: Panel, campaign: Campaign) -> Iterator[Trial]:
    full = learn_rule(panel, campaign)
    rules = {ALL: full} | {
        f: _rule(full, tuple(n for n in full.features if n != f))
        for f in full.features
        if f != "petitions"
    }
    origins = quiet_origins(panel, campaign, (0, 1))
    unusual = {(full.origin - o) // 12 for o in origins if is_unusual(panel, campaign, o, (0, 12))}
    for name, outcome in _counted(panel, campaign):
        s = setting(panel, campaign, outcome, full)
        shares: dict[tuple[int, int], np.ndarray] = {}
        for window in WINDOWS:
            if s.refusal(window, "") is not None:
                continue
            for design, kind, control in (
                ("before_after", "last_year", False),
                ("did", "last_year", True),
                ("did_without_listing_year", "before_listing", True),
            ):
                yield Trial(
                    (window, name, design, "", "", ""), s.change(0, window, kind, control)[:, None]
                )
            for years in range(1, DEPTH + 1):
                depth = min(s.depth(0), 12 * years)
                values = _tau(s, 0, window, _history(s, 0, depth, shares))
                headline = (
                    None if s.series.quiet[window] else 0
                )  # without any quiet year it is what the report goes by
                yield Trial(
                    (window, name, "expected_from_history", "", str(years), ""),
                    values[:, None],
                    headline,
                )
            for label, rule in rules.items():
                yield from _quiet_year_trials(
                    replace(s, rule=rule), window, (name, label), shares, unusual
                )


def _quiet_year_trials(
    s: Setting, window: str, about: tuple[str, str], shares: dict, unusual: set[int]
) -> Iterator[Trial]:
    """The headline's design on either base, every depth and every set of quiet years, under one
    rule."""
    name, label = about
    for base, design in (("history", "quiet_year_did"), ("last_year", "quiet_year_did_last_year")):
        for years in range(1, DEPTH + 1) if base == "history" else ("",):
            taus = {}
            for q in s.series.quiet[window]:
                if base == "history":
                    depth = min(s.depth(q), 12 * years)
                    here, there = (_history(s, k, depth, shares) for k in (0, q))
                else:
                    here, there = s.series.last_year(0, window), s.series.last_year(q, window)
                if here is not None and there is not None:
                    taus[q] = _tau(s, 0, window, here), _tau(s, q, window, there)
            taus = {q: pair for q, pair in taus.items() if np.isfinite(pair[1]).all()}
            for quiet, kept in _quiet_sets(s.campaign, list(taus), unusual):
                gaps = np.column_stack([taus[q][0] - taus[q][1] for q in kept])
                yield Trial((window, name, design, label, str(years), quiet), gaps, len(kept))


def _quiet_sets(
    campaign: Campaign, quiet: list[int], unusual: set[int]
) -> Iterator[tuple[str, list[int]]]:
    """All quiet years, those that are not unusual, and each left out."""
    if not quiet:
        return
    yield ALL, quiet
    usual = [q for q in quiet if q not in unusual]
    if 0 < len(usual) < len(quiet) - 1:
        yield "unusual", usual
    if len(quiet) > 1:
        for q in quiet:
            yield str(campaign.start_month.year - q), [k for k in quiet if k != q]


def _tau(s: Setting, q: int, window: str, base: np.ndarray) -> np.ndarray:
    """log(Σ w y / Σ w E) of the listed less the same of the others [R]: effects/contrast.py for
    counts, which know no gaps."""
    y, on, off = s.series.target(q, window), s.treated(q), s.control(q)
    expected, expected_off = (
        np.einsum("rv,rv->r", w, np.broadcast_to(base, w.shape)) for w in (on, off)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(on @ y / expected) - np.log(off @ y / expected_off)


def _history(s: Setting, q: int, depth: int, shares: dict) -> np.ndarray:
    """What ``depth`` columns of history lead to expect of the year q [R, V]; the same under every
    listing rule and window."""
    if (q, depth) not in shares:
        shares[q, depth] = s.history.shares(
            s.series.past(q, length=depth), s.panel.population, s.rule.keep
        )
    return shares[q, depth]


def _counted(panel: Panel, campaign: Campaign) -> Iterator[tuple[str, Series]]:
    """What can be counted of this register, by name."""
    for name in COUNTED:
        if name == "first_petitions" and "repeat" in panel.parts:
            first = petition_series(panel, campaign)
            yield name, replace(first, name=name, values=first.values - panel.parts["repeat"])
        elif name == "old_channels" and (changed := changed_channels(panel, campaign)):
            every = petition_series(panel, campaign)
            yield (
                name,
                replace(
                    every,
                    name=name,
                    values=every.values - sum(panel.parts[channel] for channel in changed),
                ),
            )
        elif name == "petitions" or (
            name in panel.parts and (panel.parts[name] != panel.petitions).any()
        ):
            yield name, petition_series(panel, campaign, name)


def _rule(full: ListingRule, names: tuple[str, ...]) -> ListingRule:
    """The listing rule learned from fewer features."""
    x = features(full.panel, full.campaign, full.origin, names)
    return ListingRule(
        full.panel, full.campaign, full.keep, _ridge_logit(x, full.panel.listed, full.keep), names
    )


def _headline(frame: pd.DataFrame) -> pd.Series:
    """The specification that the report's number is: its choices, or without quiet years the
    expectation alone."""
    same = (
        (frame["window"] == "first_year")
        & (frame["outcome"] == "petitions")
        & (frame["depth"] == str(DEPTH))
    )
    with_quiet = (
        same & (frame["design"] == DESIGNS[0]) & (frame["rule"] == ALL) & (frame["quiet"] == ALL)
    )
    return with_quiet if with_quiet.any() else same & (frame["design"] == "expected_from_history")


# --- errors, for all specifications at once ------------------------------------------------------


def _estimates(trials: list[Trial], df: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Value, standard error and half width of the 95 % interval of every trial; ``df`` is
    Setting.df."""
    value, se, half = np.zeros((3, len(trials)))
    for quiet in {t.quiet for t in trials}:
        at = np.flatnonzero([t.quiet == quiet for t in trials])
        terms = np.stack([trials[i].terms for i in at])  # [S, R, K]
        g = terms.shape[1] - 1
        away = terms[:, 1:] - terms[:, :1]
        covariance = (g - 1) / g * np.einsum("srj,srk->sjk", away, away)
        value[at], within = terms[:, 0].mean(1), np.sqrt(covariance.mean((1, 2)))
        if quiet is None:
            se[at], half[at] = within, within * stats.t.ppf(0.975, df)
            continue
        weights = _posteriors(terms[:, 0], covariance)
        scales = np.sqrt(within[:, None] ** 2 + (1 + 1 / max(quiet, 1)) * GRID**2)
        se[at], half[at] = np.sqrt((weights * scales**2).sum(1)), _quantiles(scales, weights, df)
    return value, se, half


def _posteriors(gaps: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """between_years.between_posterior for gaps [S, Q] with covariances [S, Q, Q]: weights on GRID
    [S, K]."""
    weights = np.tile(half_t(GRID, PRIOR_SCALE, PRIOR_DF), (len(gaps), 1))
    if gaps.shape[1] >= 2:
        variance, basis = np.linalg.eigh(covariance)
        precision = 1 / (
            np.maximum(variance, 0)[:, None, :] + GRID[:, None] ** 2 + 1e-10
        )  # [S, K, Q]
        ones, y = basis.sum(1)[:, None, :], np.einsum("sqj,sq->sj", basis, gaps)[:, None, :]
        total = (precision * ones**2).sum(2)
        mean = (precision * ones * y).sum(2) / total
        squares = (precision * (y - mean[:, :, None] * ones) ** 2).sum(2)
        loglik = -0.5 * (-np.log(precision).sum(2) + np.log(total) + squares)
        weights = weights * np.exp(loglik - loglik.max(1, keepdims=True))
    return weights / weights.sum(1, keepdims=True)


def _quantiles(
    scales: np.ndarray, weights: np.ndarray, df: int, level: float = 0.975
) -> np.ndarray:
    """The upper quantile of each mixture of scaled t's [S, K]: [S]. Newton's method, on a function
    that is concave above zero."""
    x = stats.t.ppf(level, df) * np.sqrt((weights * scales**2).sum(1))
    at_zero = np.exp(gammaln((df + 1) / 2) - gammaln(df / 2)) / np.sqrt(df * np.pi)
    for _ in range(NEWTON):
        z = x[:, None] / scales
        below = (weights * stdtr(df, z)).sum(1)
        density = at_zero * (weights / scales * np.exp(-0.5 * (df + 1) * np.log1p(z * z / df))).sum(
            1
        )
        x = np.maximum(x + (level - below) / density, 0)
    return x

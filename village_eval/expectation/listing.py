"""The listing rule: learned from the campaign's list, applied to quiet years.

Which villages would have been listed in a year in which nothing happened? A ridge logistic
regression of ``listed`` on what the list was drawn from, standardised within the year, gives each
village its odds; in a quiet year the intercept is shifted so that as many are listed. The published
score is never used: quiet years lack it, and it separates perfectly.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from village_eval.county.campaign import SPOILT_MONTHS, Campaign
from village_eval.county.panel import Panel
from village_eval.expectation.headline import probabilities
from village_eval.words.card import Brief

TOGETHER = 2
"""An earlier campaign that began so many months after a year's start, or less, was that year's."""
LARGEST_ODDS = 4.0
"""From these odds on a village that was passed over gains weight with its probability only: 4 at p
= 0.8, 5 at most."""
FEATURES = (
    "petitions",
    "petition_rate",
    "log_population",
    "earned_income",
    "petitions_recent",
    "petitions_before",
    "rank_in_township",
)
RIDGE = 1.0
"""Penalty on standardised coefficients: keeps a list that separates finite, moves others by
little."""


@dataclass(frozen=True, eq=False, repr=False)
class ListingRule(Brief):
    """The rule on the whole county (row 0) and with each township left out (rows 1..G).

    Shapes: R = 1 + G refits, V villages, K features.

    keep
        bool [R, V], villages in each refit.
    coefficients
        float [R, K + 1], intercept first.
    features
        names of the K columns.
    fuller
        the rule of the same lists that saw these features and others, if this one leaves some out.
    """

    panel: Panel
    campaign: Campaign
    keep: np.ndarray
    coefficients: np.ndarray
    features: tuple[str, ...]
    fuller: ListingRule | None = None
    _features: dict[int, np.ndarray] = field(init=False, default_factory=dict, repr=False)
    _probabilities: dict[int, np.ndarray] = field(init=False, default_factory=dict, repr=False)
    _weights: dict[tuple[str, int], np.ndarray] = field(
        init=False, default_factory=dict, repr=False
    )

    @property
    def origin(self) -> int:
        """The column of the campaign's start month."""
        return self.panel.month_index(self.campaign.start_month)

    def seen(self, origin: int) -> np.ndarray:
        """The features of the year starting at column ``origin``: [V, K]."""
        if origin not in self._features:
            if self.fuller is None:
                x = features(self.panel, self.campaign, origin, self.features)
            else:
                columns = [self.fuller.features.index(name) for name in self.features]
                x = self.fuller.seen(origin)[:, columns]
            self._features[origin] = x
        return self._features[origin]

    def without(self, feature: str) -> ListingRule:
        """The rule learned without one of its features."""
        names = tuple(name for name in self.features if name != feature)
        columns = [self.features.index(name) for name in names]
        x = self.seen(self.origin)[:, columns]
        coefficients = ridge_logit(x, self.panel.listed, self.keep)
        return ListingRule(self.panel, self.campaign, self.keep, coefficients, names, self)

    def probabilities(self, origin: int) -> np.ndarray:
        """[R, V]: the probability of being listed in the year starting at column ``origin``.

        Rows sum to the number listed.
        """
        if origin not in self._probabilities:
            x = self.seen(origin)
            n_listed = (self.keep & self.panel.listed).sum(1)
            self._probabilities[origin] = probabilities(
                self.coefficients[:, 1:] @ x.T, self.keep, n_listed
            )
        return self._probabilities[origin]

    def in_year(self, q: int) -> np.ndarray:
        """The probability of being listed q years before the campaign's year: [R, V]."""
        return self.probabilities(self.origin - 12 * q)

    def on_list(self, q: int) -> np.ndarray | None:
        """bool [V]: on a list of the year q; None in a quiet year."""
        return self.panel.listed if q == 0 else in_force(self.panel, self.origin - 12 * q)

    def treated(self, q: int) -> np.ndarray:
        """Weights of the listed [R, V], summing to as many in each refit.

        The list itself in the campaign year, the probability p of being listed in a quiet one. In
        the year of an earlier campaign, the villages that were not on its list, by their odds p /
        (1 − p): they make up what the list would be made of.
        """
        if ("treated", q) not in self._weights:
            listed, on = self.keep * (self.panel.listed * 1.0), self.on_list(q)
            if on is None:
                weights = self.in_year(q)
            elif q == 0:
                weights = listed
            else:
                odds = self.odds(q)
                weights = odds * (listed.sum(1) / np.maximum(odds.sum(1), 1e-300))[:, None]
            self._weights["treated", q] = weights
        return self._weights["treated", q]

    def control(self, q: int) -> np.ndarray:
        """Weights of the unlisted [R, V].

        Those on no list, or the probability of that in a quiet year.
        """
        if ("control", q) not in self._weights:
            on = self.on_list(q)
            off = 1 - self.in_year(q) if on is None else ~on * 1.0
            self._weights["control", q] = self.keep * off
        return self._weights["control", q]

    def odds(self, q: int) -> np.ndarray:
        """The unlisted by their odds of being listed, at most LARGEST_ODDS + 1: [R, V]."""
        p = self.in_year(q)
        return np.asarray(self.control(q) * p / np.maximum(1 - p, 1 / (1 + LARGEST_ODDS)))

    def unlikely(self, q: int) -> np.ndarray:
        """The unlisted by their probability of not being listed: [R, V].

        The likelier a list, the more it says of a village that it was passed over.
        """
        return np.asarray(self.control(q) * (1 - self.in_year(q)))

    @property
    def found(self) -> float:
        """The share of the listed among as many villages that the rule deems likeliest."""
        p, listed = self.probabilities(self.origin)[0], self.panel.listed
        return float(listed[np.argsort(-p, kind="stable")[: listed.sum()]].mean())

    def fit(self) -> dict[str, pd.DataFrame | float]:
        """How well the rule knows the list.

        Keys: ``coefficients``, ``found``, ``auc``, ``calibration``.
        """
        p, listed = self.probabilities(self.origin)[0], self.panel.listed
        rank = pd.Series(p).rank().to_numpy()
        n1, n0 = listed.sum(), (~listed).sum()
        bins = pd.cut(p, [-1e-9, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0])
        calibration = (
            pd.DataFrame({"bin": bins, "p": p, "listed": listed})
            .groupby("bin", observed=True)
            .agg(p_mean=("p", "mean"), listed_share=("listed", "mean"), n=("p", "size"))
            .reset_index(drop=True)
        )
        return {
            "coefficients": pd.DataFrame(
                {"feature": ("intercept", *self.features), "coefficient": self.coefficients[0]}
            ),
            "found": self.found,
            "auc": float((rank[listed].sum() - n1 * (n1 + 1) / 2) / (n1 * n0)),
            "calibration": calibration,
        }


def learn_rule(panel: Panel, campaign: Campaign, refits: bool = True) -> ListingRule:
    """Fit the listing rule on the campaign year.

    On the whole county and, with ``refits``, with each township left out.
    """
    township = panel.township
    left_out = np.arange(township.max() + 1 if refits else 0)
    keep = np.vstack([np.ones(len(township), bool), township[None, :] != left_out[:, None]])
    origin = panel.month_index(campaign.start_month)
    earned = _earned(panel, _year_before(panel, origin)) is not None
    names = tuple(name for name in FEATURES if earned or name != "earned_income")
    x = features(panel, campaign, origin, names)
    return ListingRule(panel, campaign, keep, ridge_logit(x, panel.listed, keep), names)


def quiet_origins(panel: Panel, campaign: Campaign, window: tuple[int, int]) -> list[int]:
    """Start columns of the years to compare with, latest first.

    Cut like the campaign year and observed.

    ``window`` is the outcome window in months from the start; it ends before the campaign starts.
    Neither it nor the listing window lies in the twelve months that an earlier campaign spoils,
    unless that campaign's list is known: then the villages that were not on it are the ones to
    compare with (in_force), if the list was not drawn within the outcome window.
    """
    start = panel.month_index(campaign.start_month)
    first, _ = campaign.listing_offsets
    spoilt = np.zeros(max(start, 1), bool)
    for e in (panel.month_index(month) for month in unknown_lists(panel, campaign)):
        spoilt[max(e, 0) : max(e + SPOILT_MONTHS, 0)] = True
    known = [panel.month_index(month) for month in panel.earlier_lists]
    origins = []
    for origin in range(start - 12, -1, -12):
        if origin + first < 0 or origin + window[1] > start:
            continue
        if spoilt[origin + first : origin + window[1]].any() or any(
            origin + TOGETHER < e < origin + window[1] for e in known
        ):
            continue
        origins.append(origin)
    return origins


def unknown_lists(panel: Panel, campaign: Campaign) -> list[pd.Period]:
    """Start months of earlier campaigns whose lists are not known."""
    return [
        m
        for m in (pd.Period(day, "M") for day in campaign.earlier_campaigns)
        if m not in panel.earlier_lists
    ]


def in_force(panel: Panel, origin: int) -> np.ndarray | None:
    """bool [V]: on a known earlier list that is in force in the year starting at column ``origin``.

    None without such a list.
    """
    starts = {month: panel.month_index(month) for month in panel.earlier_lists}
    lists = [
        panel.earlier_lists[m]
        for m, e in starts.items()
        if origin - SPOILT_MONTHS < e <= origin + TOGETHER
    ]
    return np.any(lists, axis=0) if lists else None


def is_unusual(panel: Panel, campaign: Campaign, origin: int, window: tuple[int, int]) -> bool:
    """Whether most of an outcome window lies in months that campaign.toml calls unusual."""
    if not campaign.unusual:
        return False
    months = panel.months[0].ordinal + origin + np.arange(*window)
    inside = [(a.ordinal <= months) & (months <= b.ordinal) for a, b in campaign.unusual]
    return bool(np.any(inside, axis=0).mean() > 0.5)


def features(panel: Panel, campaign: Campaign, origin: int, names: tuple[str, ...]) -> np.ndarray:
    """What the list of a year was drawn from: float [V, K], standardised within the year."""
    first, last = campaign.listing_offsets
    window = panel.petitions[:, max(origin + first, 0) : origin + last].sum(1)
    before = panel.petitions[:, max(origin + first - 12, 0) : origin + first]
    if (
        before.shape[1] < 6
    ):  # unobserved: the earliest observed year stands in, so that no quiet year is lost
        before = panel.petitions[:, :12]
    columns = {
        "petitions": np.sqrt(window),
        "petition_rate": np.sqrt(1000 * window / panel.population),
        "log_population": np.log(panel.population),
        "petitions_recent": np.sqrt(
            panel.petitions[:, max(origin + last - 3, 0) : origin + last].sum(1)
        ),
        "petitions_before": np.sqrt(before.sum(1) * 12 / before.shape[1]),
        "rank_in_township": pd.Series(window).groupby(panel.township).rank(pct=True).to_numpy(),
    }
    if "earned_income" in names:
        earned = _earned(panel, _year_before(panel, origin))
        columns["earned_income"] = (
            np.full(len(window), np.nan) if earned is None else np.log1p(np.maximum(earned, 0))
        )
    x = np.column_stack([columns[name] for name in names])
    # A column nobody reported is 0 throughout, so that it says nothing.
    known = np.isfinite(x)
    count = np.maximum(known.sum(0), 1)
    centred = np.where(known, x - np.where(known, x, 0).sum(0) / count, 0)
    sd = np.sqrt((centred**2).sum(0) / count)
    return centred / np.where(sd > 0, sd, 1)


def _year_before(panel: Panel, origin: int) -> int:
    """The last calendar year that was over when a list was drawn at ``origin``."""
    return int((panel.months[0] + origin).year) - 1


def _earned(panel: Panel, year: int) -> np.ndarray | None:
    """Operating plus contracting income of a year in yuan [V].

    None when that year is not reported.
    """
    years, income = panel.annual_income
    if year not in years:
        return None
    earned = income[:, np.flatnonzero(years == year)[0], :2].sum(1)
    return earned if np.isfinite(earned).mean() > 0.5 else None


def ridge_logit(x: np.ndarray, y: np.ndarray, keep: np.ndarray, iterations: int = 30) -> np.ndarray:
    """Ridge logistic regression on each row of ``keep`` at once by Newton's method: [R, K + 1]."""
    design = np.column_stack([np.ones(len(x)), x])
    k = design.shape[1]
    penalty = RIDGE * np.eye(k)
    penalty[0, 0] = 1e-6
    beta = np.zeros((len(keep), k))
    share = np.clip((keep & y).sum(1) / keep.sum(1), 1e-4, 1 - 1e-4)
    beta[:, 0] = np.log(share / (1 - share))
    outer = (design[:, :, None] * design[:, None, :]).reshape(len(x), k * k)
    for _ in range(iterations):
        p = 1 / (1 + np.exp(-np.clip(beta @ design.T, -35, 35)))
        gradient = (keep * (y - p)) @ design - beta @ penalty
        hessian = ((keep * p * (1 - p)) @ outer).reshape(-1, k, k) + penalty
        step = np.linalg.solve(hessian, gradient[:, :, None])[:, :, 0]
        step *= np.minimum(1, 2 / np.maximum(np.abs(step).max(1, keepdims=True), 1e-12))
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    return beta

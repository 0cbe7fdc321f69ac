"""Setting: what every design needs of one county and one outcome, computed once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import stats

from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.expectation.contrast import contrast
from village_eval.expectation.history import History, fit_history
from village_eval.expectation.jackknife import jackknife_covariance
from village_eval.expectation.listing import ListingRule, in_force, learn_rule
from village_eval.expectation.results import Estimate
from village_eval.expectation.series import Series, income_series, petition_series

LARGEST_ODDS = 4.0
"""From these odds on a village that was passed over gains weight with its probability only: 4 at p
= 0.8, 5 at most."""
LARGEST_LIFT = 0.7
"""No earlier campaign is believed to have halved or doubled anything."""
DEPTH = 3
"""Years of history that an expectation looks back on, at most: on real registers more only blunts
it."""


@dataclass(frozen=True)
class Setting:
    """The listing rule and the fitted history of one outcome; R = 1 + townships refits, V
    villages."""

    panel: Panel
    campaign: Campaign
    series: Series
    rule: ListingRule
    history: History

    @cached_property
    def df(self) -> int:
        """Degrees of freedom of the jackknife: townships that have a listed village, less one. The
        others tell of the base only."""
        return len(np.unique(self.panel.township[self.panel.listed])) - 1

    def depth(self, q: int) -> int:
        """Columns of history that the year q has, at most DEPTH years."""
        return min(self.series.history_end(q), DEPTH * self.series.per_year)

    def base(self, q: int, window: str, kind: str, depth: int | None = None) -> np.ndarray | None:
        """What ``kind`` leads to expect of the year q years before the campaign's: [R, V] or [V];
        None if unobserved.

        history: the village's share of the year's total by its own past, the latest ``depth``
        columns of it; last_year: the same months a year earlier; before_listing: all years before
        the listing window. Up to a constant that cancels against the unlisted.
        """
        if kind == "history":
            past = self.series.past(q, length=self.depth(q) if depth is None else depth)
            base = self.history.shares(past, self.panel.population, self.rule.keep)
        elif kind == "last_year":
            base = self.series.last_year(q, window)
        else:
            months = -self.campaign.listing_offsets[0]
            years = -(-months // 12) if self.series.per_year == 12 else 1
            blocks = self.series.past(q, skip=years, raw=True).blocks
            base = blocks.sum(1) if blocks.shape[1] else None
        if base is None:
            return None
        if self.series.statistic == "typical":
            past = self.series.past(q, raw=True).blocks
            base = np.where(past[:, 0] > 0, base, np.nan) if past.shape[1] else None
        if self.series.statistic == "share_earning" and kind == "history":
            y = self.series.target(q, window)
            base = base * np.nansum(y) / base.sum(1, keepdims=True)
        return base

    def probabilities(self, q: int) -> np.ndarray:
        """The probability of being listed in the year q [R, V]."""
        return self.rule.probabilities(self.rule.origin - 12 * q)

    def on_list(self, q: int) -> np.ndarray | None:
        """bool [V]: on a list of the year q; None in a quiet year."""
        return self.panel.listed if q == 0 else in_force(self.panel, self.rule.origin - 12 * q)

    def treated(self, q: int) -> np.ndarray:
        """Weights of the listed [R, V], summing to as many in each refit.

        The list itself in the campaign year, the probability p of being listed in a quiet one. In
        the year of an earlier campaign, the villages that were not on its list, by their odds p /
        (1 − p): they make up what the list would be made of.
        """
        listed, on = self.rule.keep * self.panel.listed, self.on_list(q)
        if q == 0:
            return listed
        if on is None:
            return self.probabilities(q)
        odds = self._odds(q)
        return odds * (listed.sum(1) / np.maximum(odds.sum(1), 1e-300))[:, None]

    def _odds(self, q: int) -> np.ndarray:
        p = self.probabilities(q)
        return self.control(q) * p / np.maximum(1 - p, 1 / (1 + LARGEST_ODDS))

    def earlier_effect(self) -> float:
        """Mean log effect of the earlier campaigns whose lists are known: their lists against
        villages passed over, by their odds.

        The same year, and the same history, of both; 0 where it cannot be said.
        """
        effects = []
        for q in self.series.quiet["first_year"]:
            y, base, on = (
                self.series.target(q, "first_year"),
                self.base(q, "first_year", "history"),
                self.on_list(q),
            )
            if on is not None and base is not None:
                effects.append(
                    contrast(
                        self.series.statistic, y, base[:1], on[None, :] * 1.0, self._odds(q)[:1]
                    )[0]
                )
        effects = [e for e in effects if np.isfinite(e)]
        return float(np.clip(np.mean(effects), -LARGEST_LIFT, LARGEST_LIFT)) if effects else 0.0

    def control(self, q: int) -> np.ndarray:
        """Weights of the unlisted [R, V]: those on no list, or the probability of that in a quiet
        year."""
        on = self.on_list(q)
        return self.rule.keep * (1 - self.probabilities(q) if on is None else ~on)

    def change(
        self, q: int, window: str, kind: str, control: bool = True, depth: int | None = None
    ) -> np.ndarray:
        """τ_q: the change of the listed from their base, less that of the unlisted if ``control``:
        [R], NaN when unobserved."""
        y, base = self.series.target(q, window), self.base(q, window, kind, depth)
        if y is None or base is None:
            return np.full(len(self.rule.keep), np.nan)
        return contrast(
            self.series.statistic, y, base, self.treated(q), self.control(q) if control else None
        )

    def absolute(self, value: float, window: str) -> float | None:
        """A log effect in petitions over the window, or in yuan per listed village; None where sums
        are not what it is about."""
        if self.series.statistic != "total":
            return None
        actual = np.nansum(self.series.target(0, window)[self.panel.listed])
        averted = actual * (1 - np.exp(-value))
        return float(averted if self.series.counts else averted / self.panel.listed.sum())

    def least_error(self, window: str) -> float:
        """The standard error that so many villages leave at least: where hardly any changed, the
        jackknife sees no error at all.

        Of a share of villages, as of one that ``changed`` among the listed, with one more that did
        and one that did not (Laplace's rule); 0 for other outcomes.
        """
        if self.series.statistic != "share_earning":
            return 0.0
        y, before = self.series.target(0, window), self.series.last_year(0, window)
        if before is None:
            before = y
        known = self.panel.listed & np.isfinite(y) & np.isfinite(before)
        return binomial_error(int((y != before)[known].sum()), int(known.sum()))

    def reported(self, window: str) -> int:
        """How many of the listed villages are known in the campaign year."""
        return int((self.panel.listed & np.isfinite(self.series.target(0, window))).sum())

    def largest_share(self, window: str) -> float | None:
        """How much of the listed villages' total one village holds; None where the outcome is no
        total."""
        y = np.nan_to_num(self.series.target(0, window)[self.panel.listed])
        return (
            float(y.max() / y.sum()) if self.series.statistic == "total" and y.sum() > 0 else None
        )

    def blank(self, window: str, design: str, **fields) -> Estimate:
        """An Estimate of this outcome without numbers yet."""
        listed = self.panel.listed
        scale = "share" if self.series.statistic == "share_earning" else "log_ratio"
        return Estimate(
            self.series.name,
            window,
            design,
            scale=scale,
            n_treated=int(listed.sum()),
            n_control=int((~listed).sum()),
            n_clusters=len(self.rule.keep) - 1,
            **fields,
        )

    def from_refits(self, values: np.ndarray, window: str, design: str, reference: str) -> Estimate:
        """An Estimate with the jackknife's interval from values [R] of the full sample and of the
        refits."""
        df, covariance = self.df, jackknife_covariance(values[:, None])
        se = float(np.sqrt(covariance[0, 0]))
        if not np.isfinite(values[0]) or not np.isfinite(se):
            return self.blank(window, design, reason="window_not_observed", reference=reference)
        half = se * stats.t.ppf(0.975, df)
        p = float(2 * stats.t.sf(abs(values[0]) / se, df)) if se > 0 else None
        value = float(values[0])
        blank = self.blank(window, design, reference=reference)
        return replace(
            blank,
            value=value,
            se=se,
            ci_low=value - half,
            ci_high=value + half,
            p_value=p,
            df=df,
            within_se=se,
            absolute=self.absolute(value, window),
        )

    def refusal(self, window: str, design: str) -> Estimate | None:
        """The null Estimate that says why nothing can be said, or None."""
        listed = self.panel.listed
        y = self.series.target(0, window)
        reason = None
        if not listed.any():
            reason = "no_listed_village"
        elif listed.all():
            reason = "all_listed"
        elif y is None:
            reason = "window_not_observed"
        elif len(np.unique(self.panel.township[listed])) < 2:
            reason = "one_township"
        elif self.series.statistic == "total" and (
            np.nansum(y[listed]) <= 0 or np.nansum(y[~listed]) <= 0
        ):
            reason = "nothing_recorded"
        elif self.rule.origin + self.campaign.listing_offsets[0] < 0:
            reason = "listing_window_not_observed"
        return None if reason is None else self.blank(window, design, reason=reason)


def binomial_error(some: int, whole: int) -> float:
    """Standard error of a share ``some`` of ``whole``, not 0 where all or none are."""
    p = (some + 1) / (whole + 2)
    return float(np.sqrt(p * (1 - p) / max(whole, 1)))


def unusable(panel: Panel, campaign: Campaign) -> str | None:
    """Why nothing at all can be estimated of a panel, or None."""
    listed = panel.listed
    if not listed.any():
        return "no_listed_village"
    if listed.all():
        return "all_listed"
    if len(np.unique(panel.township[listed])) < 2:
        return "one_township"
    if panel.month_index(campaign.start_month) + campaign.listing_offsets[0] < 0:
        return "listing_window_not_observed"
    return None


def setting(
    panel: Panel,
    campaign: Campaign,
    outcome: str | Series = "petitions",
    rule: ListingRule | None = None,
) -> Setting:
    """Learn the listing rule (unless given) and fit the history of an outcome.

    ``outcome``: a name (petitions, a part of them, or an income with an optional statistic as in
    ``earned_income:typical``), or a Series of one's own.
    """
    if isinstance(outcome, str):
        name, _, statistic = outcome.partition(":")
        if name.endswith("_income"):
            outcome = income_series(panel, campaign, name, statistic or "total")
        else:
            outcome = petition_series(panel, campaign, name)
    if outcome.statistic == "share_earning":
        outcome = replace(
            outcome,
            values=np.where(
                np.isfinite(outcome.values), (outcome.values > 0).astype(float), np.nan
            ),
        )
    rule = rule or learn_rule(panel, campaign)
    s = Setting(panel, campaign, outcome, rule, _fit(outcome, panel))
    if outcome.under is None or outcome.statistic == "share_earning":
        return s
    for _ in range(3):  # what earlier campaigns did is judged by histories that they have a part in
        s = replace(s, series=replace(outcome, lift=s.earlier_effect()))
    return replace(s, history=_fit(s.series, panel))


def _fit(outcome: Series, panel: Panel) -> History:
    return fit_history(
        [outcome.past(q, "first_year") for q in outcome.quiet["first_year"]],
        panel.population,
        outcome.counts,
    )

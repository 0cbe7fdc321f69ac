"""Setting: what every design needs of one county and one outcome, computed once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from village_eval.county.campaign import Campaign
from village_eval.county.door import one_of
from village_eval.county.panel import Panel
from village_eval.expectation.between_years import NORMAL, t_error
from village_eval.expectation.error_rules import INCOME_ERROR, binomial_error, of_income
from village_eval.expectation.headline import tau
from village_eval.expectation.history import History
from village_eval.expectation.listing import ListingRule, is_unusual
from village_eval.expectation.memory import Memory
from village_eval.expectation.outcomes import Question
from village_eval.expectation.refits import Refits
from village_eval.expectation.results import Estimate
from village_eval.expectation.reversion import levels, slopes
from village_eval.expectation.series import Series
from village_eval.words.card import Brief

if TYPE_CHECKING:
    from village_eval.expectation.panel_settings import Settings

Found = TypeVar("Found")

LARGEST_LIFT = 0.7
"""No earlier campaign is believed to have halved or doubled anything."""
BASES = ("history", "last_year", "before_listing")
DEPTH = 3
"""Years of history that an expectation looks back on, at most: on real registers more only blunts
it."""


@dataclass(frozen=True, eq=False, repr=False)
class Setting(Brief):
    """The listing rule and the fitted history of one outcome.

    R = 1 + townships refits, V villages.

    ``family`` are the settings of the same panel that it was made among.
    """

    panel: Panel
    campaign: Campaign
    series: Series
    rule: ListingRule
    history: History

    family: Settings
    _memory: Memory = field(init=False, default_factory=Memory, repr=False)

    @property
    def df(self) -> int:
        """Degrees of freedom of the jackknife: townships that have a listed village, less one.

        The others tell of the base only.
        """
        return len(set(self.panel.township[self.panel.listed].tolist())) - 1

    def beside(self, outcome: str) -> Setting:
        """Another outcome of the same panel, under the same rule."""
        return self.family.of(outcome)

    def without(self, gone: np.ndarray) -> Setting | None:
        """The same without the villages ``gone`` (bool [V]); None when too few stay.

        The rule is learned anew, the history stays as it was. At least one listed and one other
        village must stay.
        """
        rest = self.family.without(gone)
        listed = rest.panel.listed
        if not listed.any() or listed.all():
            return None
        series = self.series.subset(~gone)
        return replace(self, panel=rest.panel, series=series, rule=rest.rule, family=rest)

    def once(self, key: Hashable, compute: Callable[[], Found]) -> Found:
        """What the outcomes of its panel have in common, computed once for all of them."""
        return self.family.memory.once(key, compute)

    def unusual(self, q: int) -> bool:
        """Whether the county calls the year q years before the campaign's unlike others."""
        origin = self.rule.origin - 12 * q
        return self._memory.once(
            ("unusual", q), lambda: is_unusual(self.panel, self.campaign, origin, (0, 12))
        )

    def depth(self, q: int) -> int:
        """Columns of history that the year q has, at most DEPTH years."""
        return min(self.series.history_end(q), DEPTH * self.series.per_year)

    def base(self, q: int, window: str, kind: str, depth: int | None = None) -> np.ndarray | None:
        """What ``kind`` leads to expect of the year q years before the campaign's: [R, V] or [V].

        None if unobserved.

        history: the village's share of the year's total by its own past, the latest ``depth``
        columns of it; last_year: the same months a year earlier; before_listing: all years before
        the listing window. Up to a constant that cancels against the unlisted.
        """
        one_of(kind, BASES, "base")
        depth = (self.depth(q) if depth is None else depth) if kind == "history" else None
        # A total's history knows no window.
        about = "" if kind == "history" and self.series.statistic == "total" else window
        return self._memory.once(
            ("base", q, about, kind, depth), lambda: self._base(q, window, kind, depth)
        )

    def _base(self, q: int, window: str, kind: str, depth: int | None) -> np.ndarray | None:
        base: np.ndarray | None = None
        if kind == "history":
            past = self.series.past(q, length=depth)
            base = self.history.shares(past, self.panel.population, self.rule.keep)
        elif kind == "last_year":
            base = self.series.last_year(q, window)
        else:
            months = -self.campaign.listing_offsets[0]
            years = -(-months // 12) if self.series.per_year == 12 else 1
            blocks = self.series.past(q, skip=years, raw=True).blocks
            if blocks.shape[1]:
                base = blocks.sum(1)
        if base is not None and self.series.statistic == "typical":
            blocks = self.series.past(q, raw=True).blocks
            base = np.where(blocks[:, 0] > 0, base, np.nan) if blocks.shape[1] else None
        if base is not None and self.series.statistic == "share_earning" and kind == "history":
            y = self.series.target(q, window)
            base = None if y is None else base * np.nansum(y) / base.sum(1, keepdims=True)
        return base

    def expectation(self, q: int, window: str, depth: int | None = None) -> np.ndarray:
        """What history leads to expect of the year q, up to a constant [R, V].

        ValueError for an outcome that has no history.
        """
        base = self.base(q, window, "history", depth)
        if base is None:
            raise ValueError(f"{self.series.name} {window}, {q} years before: no history")
        return base

    def probabilities(self, q: int) -> np.ndarray:
        """The probability of being listed in the year q [R, V]."""
        return self.rule.in_year(q)

    def on_list(self, q: int) -> np.ndarray | None:
        """bool [V]: on a list of the year q; None in a quiet year."""
        return self.rule.on_list(q)

    def treated(self, q: int) -> np.ndarray:
        """Weights of the listed in the year q [R, V] (listing.py)."""
        return self.rule.treated(q)

    def control(self, q: int) -> np.ndarray:
        """Weights of the unlisted in the year q [R, V] (listing.py)."""
        return self.rule.control(q)

    def earlier_effect(self) -> float:
        """Mean log effect of the earlier campaigns whose lists are known.

        Their lists against villages passed over, by their odds.

        The same year, and the same history, of both; 0 where it cannot be said.
        """
        effects = []
        for q in self.series.quiet["first_year"]:
            y, base, on = (
                self.series.target(q, "first_year"),
                self.base(q, "first_year", "history"),
                self.on_list(q),
            )
            if on is not None and y is not None and base is not None:
                odds = self.rule.odds(q)[:1]
                lists = tau(y, base[:1], on[None, :] * 1.0, odds, self.series.statistic)
                effects.append(lists[0])
        effects = [e for e in effects if np.isfinite(e)]
        return float(np.clip(np.mean(effects), -LARGEST_LIFT, LARGEST_LIFT)) if effects else 0.0

    def change(
        self, q: int, window: str, kind: str, control: bool = True, depth: int | None = None
    ) -> np.ndarray:
        """τ_q [R], the change of the listed from their base, NaN when unobserved.

        Less that of the unlisted if ``control``.
        """
        if kind == "history" and depth is None:
            depth = self.depth(q)
        key = "change", q, window, kind, control, depth
        return self._memory.once(key, lambda: self._change(q, window, kind, control, depth))

    def _change(
        self, q: int, window: str, kind: str, control: bool, depth: int | None
    ) -> np.ndarray:
        y, base = self.series.target(q, window), self.base(q, window, kind, depth)
        if y is None or base is None:
            return np.full(len(self.rule.keep), np.nan)
        others = self.control(q) if control else None
        return tau(y, base, self.treated(q), others, self.series.statistic)

    @property
    def corrected(self) -> bool:
        """Whether years that returned to the mean otherwise are corrected for: of petitions.

        Of income and further outcomes they are not, since nothing certifies it there.
        """
        return self.series.counts and self.series.outcome.family == "petitions"

    def slope(self, q: int, window: str, depth: int | None = None) -> np.ndarray:
        """The reversion slope β of the year q among the unlisted [R] (reversion.py).

        NaN where it cannot be fitted.
        """
        depth = self.depth(q) if depth is None else depth
        return self._memory.once(("slope", q, window, depth), lambda: self._slope(q, window, depth))

    def _slope(self, q: int, window: str, depth: int) -> np.ndarray:
        y, base = self.series.target(q, window), self.base(q, window, "history", depth)
        if y is None or base is None:
            return np.full(len(self.rule.keep), np.nan)
        return slopes(y, base, self.level(q, window, depth), self.rule.unlikely(q))

    def level(self, q: int, window: str, depth: int) -> np.ndarray:
        """z [R, V]: the level of each village by its history before the year q, standardised."""
        return self._memory.once(("level", q, depth), lambda: self._level(q, window, depth))

    def _level(self, q: int, window: str, depth: int) -> np.ndarray:
        E = self.expectation(q, window, depth)
        return levels(E, self.panel.population, self.history.g, self.rule.keep)

    def tilted(self, q: int, window: str, depth: int | None = None) -> np.ndarray:
        """What history and the year's own reversion slope lead to expect, E exp(β z) [R, V].

        Up to a constant that cancels against the unlisted; NaN where there is no slope.
        """
        depth = self.depth(q) if depth is None else depth
        tilt = self.slope(q, window, depth)[:, None] * self.level(q, window, depth)
        return np.asarray(self.expectation(q, window, depth) * np.exp(tilt))

    def straightened(self, q: int, window: str, depth: int | None = None) -> np.ndarray:
        """τ_q [R] with the year's own reversion slope taken out; NaN where there is none."""
        depth = self.depth(q) if depth is None else depth
        key = "straightened", q, window, depth
        return self._memory.once(key, lambda: self._straightened(q, window, depth))

    def _straightened(self, q: int, window: str, depth: int) -> np.ndarray:
        y = self.series.target(q, window)
        if y is None or not np.isfinite(self.slope(q, window, depth)).all():
            return np.full(len(self.rule.keep), np.nan)
        return tau(y, self.tilted(q, window, depth), self.treated(q), self.control(q))

    def absolute(self, value: float, window: str) -> float | None:
        """A log effect in petitions over the window, or in yuan per listed village.

        None where sums are not what it is about.
        """
        if self.series.statistic != "total":
            return None
        actual = np.nansum(self.series.observed(0, window)[self.panel.listed])
        averted = actual * (1 - np.exp(-value))
        return float(averted if self.series.counts else averted / self.panel.listed.sum())

    def least_error(self, window: str) -> float:
        """The standard error that so many villages leave at least.

        Where hardly any changed, the jackknife sees no error at all.

        Of a share of villages, as of one that ``changed`` among the listed, with one more that did
        and one that did not (Laplace's rule); INCOME_ERROR for amounts of income; 0 for other
        outcomes.
        """
        if of_income(self):
            return INCOME_ERROR
        if self.series.statistic != "share_earning":
            return 0.0
        y, before = self.series.observed(0, window), self.series.last_year(0, window)
        if before is None:
            before = y
        known = self.panel.listed & np.isfinite(y) & np.isfinite(before)
        return binomial_error(int((y != before)[known].sum()), int(known.sum()))

    def reported(self, window: str) -> int:
        """How many of the listed villages are known in the campaign year."""
        return int((self.panel.listed & np.isfinite(self.series.observed(0, window))).sum())

    def largest_share(self, window: str) -> float | None:
        """How much of the listed villages' total one village holds.

        None where the outcome is no total.
        """
        y = np.nan_to_num(self.series.observed(0, window)[self.panel.listed])
        return (
            float(y.max() / y.sum()) if self.series.statistic == "total" and y.sum() > 0 else None
        )

    def question(self, window: str) -> Question:
        """What is asked of this outcome in a window; ValueError for a window it does not have."""
        one_of(window, self.series.windows, "window")
        statistic = "total" if self.series.statistic == "share" else self.series.statistic
        return Question(self.series.outcome, window, statistic)

    def blank(self, window: str, design: str, **fields: Any) -> Estimate:
        """An Estimate of this outcome without numbers yet."""
        listed = self.panel.listed
        return Estimate(
            self.question(window),
            design,
            n_treated=int(listed.sum()),
            n_control=int((~listed).sum()),
            n_clusters=len(self.rule.keep) - 1,
            **fields,
        )

    def from_refits(self, values: np.ndarray, window: str, design: str, reference: str) -> Estimate:
        """An Estimate with the jackknife's interval.

        From values [R] of the full sample and of the refits.
        """
        refits = Refits(values)
        value, se = float(refits.value), float(refits.se)
        blank = self.blank(window, design, reference=reference)
        if not np.isfinite(value) or not np.isfinite(se):
            return replace(blank, reason="window_not_observed")
        return replace(
            blank,
            value=value,
            error=refits.error(self.df),
            refits=refits,
            within_se=se,
            absolute=self.absolute(value, window),
        )

    def estimate(
        self,
        window: str,
        value: float | None,
        se: float | None = None,
        *,
        df: float = NORMAL,
        reason: str | None = None,
        design: str = "own_design",
    ) -> Estimate:
        """The answer of a design of one's own.

        Parameters
        ----------
        window
            As the design was asked.
        value
            The effect as a log ratio (of shares a difference); None or NaN: it cannot tell.
        se
            Its standard error; without one there is no interval.
        df
            Degrees of freedom of the t that the interval is of; a normal unless given.
        reason
            Why there is no value: a key of ``reason`` in the words, ``totals_only`` say.
        design
            Its name; where it is declared or asked by name, that name is put instead.

        Returns
        -------
        Estimate
            With the numbers of villages and townships of this panel.
        """
        blank = self.blank(window, design)
        if value is None or not np.isfinite(value):
            return replace(blank, reason=reason or "too_few_listed")
        if se is None or not np.isfinite(se):
            return replace(blank, value=float(value))
        return replace(blank, value=float(value), error=t_error(float(se), df))

    def refusal(self, window: str, design: str) -> Estimate | None:
        """The null Estimate that says why nothing can be said, or None.

        Raises ValueError for a window that the outcome does not have.
        """
        listed, question = self.panel.listed, self.question(window)
        y = self.series.target(0, question.window)
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

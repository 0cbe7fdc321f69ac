"""Setting: what every design needs of one county and one outcome, computed once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

import numpy as np

from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.expectation.between_years import COUNTS_SCALE, PRIOR_SCALE, SEVERAL
from village_eval.expectation.headline import STATISTICS, tau
from village_eval.expectation.history import History, fit_history
from village_eval.expectation.listing import ListingRule, is_unusual, learn_rule, unknown_lists
from village_eval.expectation.outcomes import OUTCOMES, Outcome, Question
from village_eval.expectation.refits import Refits
from village_eval.expectation.results import Estimate
from village_eval.expectation.reversion import levels, slopes
from village_eval.expectation.series import Series, income_series, petition_series
from village_eval.words.choices import one_of

Found = TypeVar("Found")

LARGEST_LIFT = 0.7
"""No earlier campaign is believed to have halved or doubled anything."""
VOTE = 0.25
"""Degrees of freedom that a quiet year adds to a moderated variance, in the jackknife's: with four
of them its root varies by 0.14 of itself among plain counties, the jackknife's by 0.23."""
LEFT_IN_HISTORY = 0.05
"""Standard error of what campaigns of every year, on lists that nobody knows, leave in history, of
counts: chosen by certification where each takes a fifth off."""
BASES = ("history", "last_year", "before_listing")
INCOME_SCALE = 0.02
"""Of the prior on how much years differ, for amounts of income. Chosen on simulated counties whose
years differ as much against a village's yearly changes as those of the poorest differ in registers
of personal income: 0.03 covers 98 to 99 % and finds fewer, 0.01 covers too little."""
INCOME_ERROR = 0.015
"""No standard error within years of an amount of income is believed to be smaller. In registers of
personal income the poorest drift by as much against what quiet years show, in part because who was
poor per head is judged by today's population; amounts that hardly vary by chance make that
significant. Chosen on counties of 200,000 people and more, with smaller ones in view;
villages' incomes vary more and are not touched by it."""
DEPTH = 3
"""Years of history that an expectation looks back on, at most: on real registers more only blunts
it."""


@dataclass(frozen=True, eq=False)
class Setting:
    """The listing rule and the fitted history of one outcome.

    R = 1 + townships refits, V villages.

    ``family`` are the settings of the same panel that it was made among.
    """

    panel: Panel
    campaign: Campaign
    series: Series
    rule: ListingRule
    history: History

    family: Settings | None = None
    _bases: dict[tuple[int, str, str, int | None], np.ndarray | None] = field(
        init=False, default_factory=dict, repr=False
    )
    _changes: dict[tuple[int, str, str, bool, int | None], np.ndarray] = field(
        init=False, default_factory=dict, repr=False
    )
    _levels: dict[tuple[int, str, int], np.ndarray] = field(
        init=False, default_factory=dict, repr=False
    )
    _slopes: dict[tuple[int, str, int], np.ndarray] = field(
        init=False, default_factory=dict, repr=False
    )
    _straightened: dict[tuple[int, str, int], np.ndarray] = field(
        init=False, default_factory=dict, repr=False
    )

    @property
    def df(self) -> int:
        """Degrees of freedom of the jackknife: townships that have a listed village, less one.

        The others tell of the base only.
        """
        return len(set(self.panel.township[self.panel.listed].tolist())) - 1

    def beside(self, outcome: str) -> Setting:
        """Another outcome of the same panel, under the same rule."""
        return self._family.of(outcome)

    def without(self, gone: np.ndarray) -> Setting | None:
        """The same without the villages ``gone`` (bool [V]); None when too few stay.

        The rule is learned anew, the history stays as it was. At least one listed and one other
        village must stay.
        """
        rest = self._family.without(gone)
        listed = rest.panel.listed
        if not listed.any() or listed.all():
            return None
        series = self.series.subset(~gone)
        return replace(self, panel=rest.panel, series=series, rule=rest.rule, family=rest)

    def once(self, key: Hashable, compute: Callable[[], Found]) -> Found:
        """What the outcomes of its panel have in common, computed once for all of them."""
        return self._family.once(key, compute)

    def unusual(self, q: int) -> bool:
        """Whether the county calls the year q years before the campaign's unlike others."""
        origin = self.rule.origin - 12 * q
        return self.once(
            ("unusual", self.campaign.unusual, origin),
            lambda: is_unusual(self.panel, self.campaign, origin, (0, 12)),
        )

    @property
    def _family(self) -> Settings:
        return self.family or Settings(self.panel, self.campaign, self.rule)

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
        key = (q, about, kind, depth)
        if key not in self._bases:
            self._bases[key] = self._base(q, window, kind, depth)
        return self._bases[key]

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
            y = self.series.observed(q, window)
            base = base * np.nansum(y) / base.sum(1, keepdims=True)
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
        key = (q, window, kind, control, depth)
        if key not in self._changes:
            self._changes[key] = self._change(q, window, kind, control, depth)
        return self._changes[key]

    def _change(
        self, q: int, window: str, kind: str, control: bool, depth: int | None
    ) -> np.ndarray:
        y, base = self.series.target(q, window), self.base(q, window, kind, depth)
        if y is None or base is None:
            return np.full(len(self.rule.keep), np.nan)
        others = self.control(q) if control else None
        return tau(y, base, self.treated(q), others, self.series.statistic)

    def prior_scale(self, n_quiet: int) -> float:
        """Scale of the prior on how much years differ (between_years.py)."""
        if self.of_income:
            return INCOME_SCALE
        return COUNTS_SCALE if self.moderated and n_quiet >= SEVERAL else PRIOR_SCALE

    def left_in_history(self, n_quiet: int) -> float:
        """The variance of what campaigns on unknown lists left in history.

        Where there is no quiet year because of them.
        """
        known = n_quiet or not self.series.counts or not unknown_lists(self.panel, self.campaign)
        return 0.0 if known else LEFT_IN_HISTORY**2

    @property
    def moderated(self) -> bool:
        """Whether the jackknife's variance is moderated (moderation.py): of counts.

        Of amounts and shares it is not, since nothing certifies it there.
        """
        return self.series.counts and self.series.statistic == "total"

    def error_df(self, n_quiet: int) -> int:
        """Degrees of freedom of an estimate's error; if moderated each quiet year adds VOTE."""
        return int(self.df * (1 + VOTE * n_quiet * self.moderated))

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
        key = (q, window, depth)
        if key not in self._slopes:
            y, base = self.series.target(q, window), self.base(q, window, "history", depth)
            if y is None or base is None:
                self._slopes[key] = np.full(len(self.rule.keep), np.nan)
            else:
                self._slopes[key] = slopes(y, base, self.level(q, window, depth), self.control(q))
        return self._slopes[key]

    def level(self, q: int, window: str, depth: int) -> np.ndarray:
        """z [R, V]: the level of each village by its history before the year q, standardised."""
        key = (q, "", depth)
        if key not in self._levels:
            E = self.expectation(q, window, depth)
            self._levels[key] = levels(E, self.panel.population, self.history.g, self.rule.keep)
        return self._levels[key]

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
        key = (q, window, depth)
        if key not in self._straightened:
            y, there = self.series.target(q, window), np.isfinite(self.slope(*key)).all()
            nothing = np.full(len(self.rule.keep), np.nan)
            self._straightened[key] = (
                tau(y, self.tilted(*key), self.treated(q), self.control(q))
                if y is not None and there
                else nothing
            )
        return self._straightened[key]

    def absolute(self, value: float, window: str) -> float | None:
        """A log effect in petitions over the window, or in yuan per listed village.

        None where sums are not what it is about.
        """
        if self.series.statistic != "total":
            return None
        actual = np.nansum(self.series.observed(0, window)[self.panel.listed])
        averted = actual * (1 - np.exp(-value))
        return float(averted if self.series.counts else averted / self.panel.listed.sum())

    @property
    def of_income(self) -> bool:
        """Whether it is of an amount of income, not of the share that earns."""
        amount = self.series.statistic != "share_earning"
        return self.series.outcome.family == "income" and amount

    def least_error(self, window: str) -> float:
        """The standard error that so many villages leave at least.

        Where hardly any changed, the jackknife sees no error at all.

        Of a share of villages, as of one that ``changed`` among the listed, with one more that did
        and one that did not (Laplace's rule); INCOME_ERROR for amounts of income; 0 for other
        outcomes.
        """
        if self.of_income:
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


class Settings:
    """The settings of one panel, each made when it is first asked for.

    The rule is learned once, and a history fitted once for each outcome.
    """

    def __init__(self, panel: Panel, campaign: Campaign, rule: ListingRule | None = None) -> None:
        self.panel, self.campaign = panel, campaign
        self._rule = rule
        self._made: dict[str, Setting] = {}
        self._histories: dict[tuple[str, bool, float], History] = {}
        self._without: dict[bytes, Settings] = {}
        self._found: dict[Hashable, Any] = {}

    @property
    def rule(self) -> ListingRule:
        """The listing rule; the panel must be usable."""
        if self._rule is None:
            self._rule = learn_rule(self.panel, self.campaign)
        return self._rule

    def of(self, outcome: str | Series) -> Setting:
        """The setting of an outcome.

        A name (petitions, a part of them, or an income with an optional statistic as in
        ``earned_income:typical``), or a Series of one's own.
        """
        if not isinstance(outcome, str):
            return self._make(outcome, None)
        if outcome not in self._made:
            asked, statistic = named(outcome, self.panel)
            if asked.family == "income":
                series = income_series(self.panel, self.campaign, asked, statistic)
            else:
                series = petition_series(self.panel, self.campaign, asked)
            self._made[outcome] = self._make(series, asked.name)
        return self._made[outcome]

    def once(self, key: Hashable, compute: Callable[[], Found]) -> Found:
        """What several outcomes have in common, computed when the first asks for it."""
        if key not in self._found:
            self._found[key] = compute()
        return cast(Found, self._found[key])

    def without(self, gone: np.ndarray) -> Settings:
        """The settings of the villages that stay when ``gone`` (bool [V]) are left out.

        Their rule is learned anew.
        """
        key = gone.tobytes()
        if key not in self._without:
            self._without[key] = Settings(self.panel.subset(~gone), self.campaign)
        return self._without[key]

    def _make(self, series: Series, name: str | None) -> Setting:
        if series.statistic == "share_earning":
            earns = np.where(np.isfinite(series.values), series.values > 0, np.nan)
            series = replace(series, values=earns)
        history = self._history(series, name)
        made = Setting(self.panel, self.campaign, series, self.rule, history, self)
        if series.under is None or series.statistic == "share_earning":
            return made
        # What earlier campaigns did is judged by histories that they have a part in.
        for _ in range(3):
            made = replace(made, series=replace(series, lift=made.earlier_effect()))
        return replace(made, history=self._history(made.series, name))

    def _history(self, series: Series, name: str | None) -> History:
        """The fit of a named outcome is kept: other statistics of it have the same."""
        if name is None:
            return fit(series, self.panel)
        key = (name, series.statistic == "share_earning", series.lift)
        if key not in self._histories:
            self._histories[key] = fit(series, self.panel)
        return self._histories[key]


def named(text: str, panel: Panel) -> tuple[Outcome, str]:
    """The outcome and statistic that a text names.

    Such as ``earned_income:typical``, ``petitions`` or a part of the register; ValueError with what
    there is.
    """
    name, colon, statistic = text.partition(":")
    known = {o.name: o for o in OUTCOMES if o.family != "other"}
    known |= {part: Outcome(part, "other", "count", -1, (part,)) for part in panel.parts}
    # A part that is an outcome of its own is that outcome, by either name.
    counted = [o for o in OUTCOMES if o.family == "other" and o.kind == "count"]
    known |= {n: o for o in counted if o.columns[0] in panel.parts for n in (o.name, *o.columns)}
    asked = known[one_of(name, known, "outcome")]
    allowed = STATISTICS if asked.family == "income" else STATISTICS[:1]
    return asked, one_of(statistic if colon else "total", allowed, "statistic")


def setting(
    panel: Panel,
    campaign: Campaign,
    outcome: str | Series = "petitions",
    rule: ListingRule | None = None,
) -> Setting:
    """The setting of one outcome alone, as Settings.of; the rule is learned unless given."""
    return Settings(panel, campaign, rule).of(outcome)


def fit(series: Series, panel: Panel) -> History:
    """The history of a series, fitted on its quiet years.

    Without any on all earlier years that have a year of history, spoilt or not: what campaigns did
    to some villages moves a, d and g by less than taking them as given does.
    """
    years = series.quiet["first_year"] or series.earlier("first_year")
    pasts = [series.past(q, "first_year") for q in years]
    return fit_history(pasts, panel.population, series.counts)

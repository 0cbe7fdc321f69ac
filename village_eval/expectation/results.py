"""Estimate, Check and Finding: what passes from designs to checks to reports.

Numbers and keys only, no prose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from village_eval.expectation.between_years import Mixture
from village_eval.expectation.display import check_card, estimate_card, finding_card, in_percent
from village_eval.expectation.numbers import Number
from village_eval.expectation.outcomes import Question
from village_eval.expectation.refits import Refits
from village_eval.expectation.summary import forest, interval_of, summary_of
from village_eval.words.card import Brief, Card, Shown
from village_eval.words.catalogue import words
from village_eval.words.messages import locale_lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from statsmodels.iolib.summary import Summary


@dataclass(frozen=True, eq=False, repr=False)
class QuietYears(Brief):
    """What an estimate took from years without a campaign.

    ``years``: how many years before the campaign each lies, latest first [Q]; ``table``: one row a
    year (year, estimate, se, ci_low, ci_high, unusual, and ``as_it_was``, the estimate before the
    reversion slope is taken off); ``mean`` of the estimates, 0 without any; ``covariance`` [Q, Q]
    within years.
    """

    years: tuple[int, ...]
    table: pd.DataFrame
    mean: float
    covariance: np.ndarray


@dataclass(frozen=True)
class Reversion:
    """What an estimate owes to years that returned to the mean otherwise (reversion.py).

    uncorrected, corrected
        the estimate with the years' slopes left in, P, and taken out in full, L.
    uncorrected_p
        the p value of the former; None where it has none.
    weight
        w, the share of their difference that is taken off: 0 none, 1 all.
    delta, se
        the campaign year's slope less the mean of quiet years, and its jackknife error: log change
        of actual over expected for each standard deviation of a village's level.
    df
        degrees of freedom of that error.
    spread
        by how much slopes differ between years (standard deviation).
    declared
        whether the county says that its quiet years were unlike the campaign's.
    reason
        why no slope could be fitted; nothing is taken off then.
    """

    uncorrected: float
    uncorrected_p: float | None
    corrected: float | None = None
    weight: float = 0.0
    delta: float | None = None
    se: float | None = None
    df: int = 0
    spread: float | None = None
    declared: bool = False
    reason: str | None = None

    @property
    def t(self) -> float | None:
        """The difference of slopes over its error."""
        return None if self.delta is None or not self.se else self.delta / self.se

    @property
    def full(self) -> bool:
        """Whether the years' slopes are taken out in full."""
        return self.weight == 1.0


@dataclass(frozen=True)
class Amounts:
    """What reports compare with.

    ``actual`` and ``expected`` sums of the listed villages over the window, and their plain log
    change on the year before, now and on average of quiet years.
    """

    actual: float
    expected: float
    before_after: float | None
    before_after_quiet: float | None


@dataclass(frozen=True)
class WildBootstrap:
    """A second opinion from the townships' influences, with and without the between-year part."""

    p_value: float
    ci_low: float
    ci_high: float
    within_p_value: float


@dataclass(frozen=True)
class Permutation:
    """A second opinion from lists drawn anew.

    ``mean`` and ``sd`` of their contrasts; ``overlap``, the share of listed villages that a drawn
    list holds on average.
    """

    p_value: float
    mean: float
    sd: float
    overlap: float


@dataclass(frozen=True)
class SecondOpinions:
    """Other ways to the p value of a primary finding."""

    wild_bootstrap: WildBootstrap
    permutation: Permutation


@dataclass(frozen=True, eq=False, repr=False)
class Estimate(Shown):
    """The answer of one design to a question: the ATT.

    value
        on the question's scale: log ratio, or difference of shares; None where the design cannot
        answer, with a ``reason`` (a key of the words).
    error
        the distribution of its error; None where a design has none. Standard error, degrees of
        freedom, 95 % interval (not adjusted for multiplicity) and p value follow from it.
    refits
        the value, and again without each township, where it has been made so.
    within_se, between_sd
        the two parts of the uncertainty where a design has both.
    within_df
        degrees of freedom of the jackknife, where the error's own are moderated.
    prior_scale
        that of the prior on how much years differ, on which the second hangs.
    reversion
        what it owes to years that returned to the mean otherwise; None where that is not asked.
    absolute
        petitions over the window, or yuan per listed village.
    reported
        listed villages known in the campaign year; None: all.
    largest_share
        how much of the listed villages' total one village holds.
    traits
        how a design of one's own departs from the headline (disagreement.py); None: as declared.
    label
        names by language of a design of one's own.

    Compared by identity: of arrays there is no single answer to ==.
    """

    question: Question
    design: str
    value: float | None = None
    error: Mixture | None = None
    refits: Refits | None = None
    quiet_years: QuietYears | None = None
    reversion: Reversion | None = None
    amounts: Amounts | None = None
    within_se: float | None = None
    between_sd: float | None = None
    within_df: float | None = None
    prior_scale: float | None = None
    absolute: float | None = None
    reported: int | None = None
    largest_share: float | None = None
    second_opinions: SecondOpinions | None = None
    n_treated: int = 0
    n_control: int = 0
    n_clusters: int = 0
    reference: str = ""
    reason: str | None = None
    traits: tuple[str, ...] | None = None
    label: Mapping[str, str] = field(default_factory=dict)
    estimand: str = "ATT"
    ci_low: float | None = field(init=False, default=None)
    ci_high: float | None = field(init=False, default=None)
    p_value: float | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        if self.value is None or self.error is None:
            return
        # Kept, as a quantile of a mixture takes a search.
        half = self.error.half
        object.__setattr__(self, "ci_low", self.value - half)
        object.__setattr__(self, "ci_high", self.value + half)
        if self.error.sd > 0:
            object.__setattr__(self, "p_value", self.error.p_value(self.value))

    @property
    def id(self) -> str:
        """How findings.json names it: ``petitions.first_year``."""
        return self.question.id

    @property
    def window(self) -> str:
        """That of the question."""
        return self.question.window

    @property
    def scale(self) -> str:
        """That of the question: log_ratio, or share for differences of shares."""
        return self.question.scale

    @property
    def se(self) -> float | None:
        """Standard error: the root mean square of the error's scales."""
        return None if self.value is None or self.error is None else self.error.sd

    @property
    def answer(self) -> float:
        """The value of an estimate that has one; ValueError where it has none."""
        if self.value is None:
            raise ValueError(f"{self.id} has no number")
        return self.value

    @property
    def ends(self) -> tuple[float, float]:
        """Both ends of the 95 % interval; ValueError where there is none."""
        if self.ci_low is None or self.ci_high is None:
            raise ValueError(f"{self.id} has no interval")
        return self.ci_low, self.ci_high

    @property
    def df(self) -> float | None:
        """Degrees of freedom of the error."""
        return None if self.error is None else self.error.df

    @property
    def quiet(self) -> pd.DataFrame | None:
        """The table of quiet years; None for a design that has none."""
        return None if self.quiet_years is None else self.quiet_years.table

    @property
    def years(self) -> tuple[int, ...]:
        """How many years before the campaign each quiet year lies; empty without any."""
        return () if self.quiet_years is None else self.quiet_years.years

    @property
    def percent(self) -> float | None:
        """The change in per cent for readers, 100·(exp(value) − 1).

        Points of a share for the scale ``share``.
        """
        return None if self.value is None else in_percent(self.value, self.scale)

    @property
    def params(self) -> pd.Series:
        """The coefficient by its id, as statsmodels and linearmodels name it; NaN without one."""
        return pd.Series({self.id: np.nan if self.value is None else self.value}, name="params")

    def conf_int(self, alpha: float = 0.05) -> pd.DataFrame:
        """The two-sided interval at the level 1 − alpha: one row, columns 0 and 1.

        NaN where there is none; ValueError for an alpha that is no level.
        """
        return pd.DataFrame([interval_of(self, alpha)], index=[self.id])

    def to_frame(self) -> pd.DataFrame:
        """One row: id, design, estimate, se, ci_low, ci_high, p_value, percent, n, reason."""
        row = {
            "id": self.id,
            "design": self.design,
            "estimate": self.value,
            "se": self.se,
            "ci_low": self.ci_low,
            "ci_high": self.ci_high,
            "p_value": self.p_value,
            "percent": self.percent,
            "n": self.n_treated + self.n_control,
            "reason": self.reason or "",
        }
        numbers = ("estimate", "se", "ci_low", "ci_high", "p_value", "percent")
        return pd.DataFrame([row]).astype(dict.fromkeys(numbers, float))

    tidy = to_frame
    """broom's name for it."""

    def summary(self, lang: str | None = None) -> Summary:
        """statsmodels' Summary of it, with as_text, as_html, as_latex."""
        return summary_of(self, lang or locale_lang())

    def plot(self, ax: Axes | None = None, lang: str | None = None) -> Axes:
        """The estimate above its quiet years, with 95 % intervals, on the question's scale.

        Drawn on ``ax`` (matplotlib's) or on new axes; returns them. ValueError without a number.
        """
        rows = pd.DataFrame(
            {"name": [self.id], "estimate": [self.answer], "ci_low": self.ci_low}
            | {"ci_high": self.ci_high, "bold": True}
        )
        t = words(lang or locale_lang(), "display")
        if self.quiet is not None and len(self.quiet):
            names = [f"{t['quiet_year']} {year}" for year in self.quiet["year"]]
            years = self.quiet[["estimate", "ci_low", "ci_high"]].assign(name=names, bold=False)
            rows = pd.concat([rows, years], ignore_index=True)
        return forest(rows, t[self.scale], ax)

    def card(self, lang: str) -> Card:
        """What is shown of it in a language."""
        return estimate_card(self, lang)


@dataclass(frozen=True)
class Drawn:
    """What a check's picture shows.

    Numbers, each with the ends of its interval where it has one, or the rows of its frame named by
    the column ``label``.
    """

    rows: tuple[tuple[str, ...], ...] = ()
    label: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class Check(Shown):
    """One threat, asked: ``verdict`` is pass, weak, fail or not_applicable.

    ``cause`` tells apart what a verdict may rest on, where words differ by it; ``misleads`` when a
    fail means that the number misleads (grade X); ``figure`` says what is drawn, ``frame`` holds
    rows for it; ``words`` by language are those of a check of one's own; ``grades``: whether its
    verdict counts for the grade; ``could_see`` is how large what it asks for must have been for it
    to be at least weak in four of five such counties, None where that is not known: a pass says no
    more. Compared by identity: of arrays there is no single answer to ==.
    """

    name: str
    question: Question
    verdict: str
    numbers: Mapping[str, Number] = field(default_factory=dict)
    misleads: bool = False
    frame: pd.DataFrame | None = None
    cause: str | None = None
    figure: Drawn | None = None
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    grades: bool = True
    could_see: Number | None = None

    @property
    def finding(self) -> str:
        """The id of the finding that it was asked of."""
        return self.question.id

    def value(self, key: str) -> float | int | str | None:
        """The bare number of a key.

        None where the check has no such number or does not know it.
        """
        return self.numbers[key].value if key in self.numbers else None

    def card(self, lang: str) -> Card:
        """What is shown of it in a language."""
        return check_card(self, lang)


@dataclass(frozen=True, eq=False, repr=False)
class Finding(Shown):
    """An estimate after everything that could make it mislead has been asked.

    ``capped``: why the grade cannot be better, whatever the checks say (caps.py); ``precision``:
    fine, middling or coarse; ``gate``: open, or the id of the question that shut it, and
    ``gate_reason`` why that did (order.py).
    """

    estimate: Estimate
    checks: tuple[Check, ...]
    grade: str
    conclusion: str | None
    p_adjusted: float | None
    quiet_years: int
    minimum_detectable_percent: float | None
    exaggeration: float | None
    reason: str | None = None
    capped: tuple[str, ...] = ()
    precision: str | None = None
    gate: str = "open"
    gate_reason: str | None = None

    @property
    def id(self) -> str:
        """How findings.json names it."""
        return self.estimate.id

    @property
    def question(self) -> Question:
        """What it answers."""
        return self.estimate.question

    def card(self, lang: str) -> Card:
        """What is shown of it in a language."""
        return finding_card(self, lang)

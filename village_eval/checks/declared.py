"""What a check declares.

Of which questions it asks, how, the threats that it is certified on, what it draws.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

import numpy as np
import pandas as pd

from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.expectation.memory import Memory
from village_eval.expectation.numbers import Number
from village_eval.expectation.outcomes import Question
from village_eval.expectation.results import Check, Drawn, Estimate
from village_eval.expectation.setting import Setting

VERDICTS = ("pass", "weak", "fail", "not_applicable")
HEADLINE_WINDOWS = ("during", "after", "first_year")
"""The parts of the year after the campaign are too short for most checks."""
Found = TypeVar("Found")


@dataclass(frozen=True, eq=False)
class Case:
    """What a check is asked of.

    A headline estimate with a value and the setting that it was made in.

    ``changes`` is the county's table of mergers and recodings; ``earned`` the estimate of earned
    income, where there is one.
    """

    setting: Setting
    estimate: Estimate
    changes: pd.DataFrame | None = None
    earned: Estimate | None = None
    _memory: Memory = field(init=False, default_factory=Memory, repr=False)

    @property
    def question(self) -> Question:
        """What the estimate answers."""
        return self.estimate.question

    @property
    def value(self) -> float:
        """The estimate; a case is only made of one that has a value."""
        return _known(self.estimate.value)

    @property
    def within_se(self) -> float:
        """Its standard error within years."""
        return _known(self.estimate.within_se)

    @property
    def df(self) -> float:
        """Degrees of freedom of the townships' jackknife."""
        return self.setting.df

    def once(self, compute: Callable[[Setting, Estimate], Found]) -> Found:
        """What several checks need of a case, computed when the first asks for it."""
        return self._memory.once(compute, lambda: compute(self.setting, self.estimate))

    def answer(
        self,
        verdict: str = "not_applicable",
        numbers: Mapping[str, Number] | None = None,
        *,
        misleads: bool = False,
        frame: pd.DataFrame | None = None,
        cause: str | None = None,
        could_see: Number | None = None,
    ) -> Check:
        """A Check of this case; its declaration gives it its name."""
        return Check(
            "",
            self.question,
            verdict,
            numbers or {},
            misleads,
            frame,
            cause,
            could_see=could_see,
        )


def _known(number: float | None) -> float:
    if number is None:
        raise ValueError("a check can only be asked of an estimate that has a value")
    return number


class Simulated(Protocol):
    """A county whose truth is known: its panel, its campaign, the log effect by village [V]."""

    @property
    def panel(self) -> Panel:
        """What was observed."""

    @property
    def campaign(self) -> Campaign:
        """What campaign.toml would say."""

    @property
    def effects(self) -> np.ndarray:
        """The true log effect by village [V]."""


@dataclass(frozen=True)
class Threat:
    """One thing that goes wrong, at several sizes.

    ``finding`` is the id that misleads then. The county is the simulator's plain one with the
    fields ``base``, and the field ``field`` set to the size; ``change`` gives its panel as it is
    afterwards.
    """

    name: str
    sizes: tuple[float, ...]
    finding: str = "petitions.first_year"
    base: Mapping[str, float] = field(default_factory=dict, hash=False)
    field: str | None = None
    change: Callable[[Simulated, float, np.random.Generator], Panel] | None = None


@dataclass(frozen=True)
class DeclaredCheck:
    """A check: ``ask`` gives its verdict on a case, ``of`` says of which questions.

    ``threats`` certify it. A check of one's own brings its ``words`` by language: ``name``, and a
    sentence for each verdict with the numbers' keys in braces.
    """

    name: str
    ask: Callable[[Case], Check]
    of: Callable[[Question], bool] = lambda question: True
    threats: tuple[Threat, ...] = ()
    figure: Drawn | None = None
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)

    def __call__(self, case: Case) -> Check:
        """The verdict; TypeError or ValueError where a check of one's own gives none."""
        found = self.ask(case)
        if not isinstance(found, Check):
            raise TypeError(f"check {self.name} gave {type(found).__name__}, not a Check")
        if found.verdict not in VERDICTS:
            raise ValueError(f"check {self.name} gave verdict {found.verdict!r}, not {VERDICTS}")
        return replace(found, name=self.name, figure=self.figure, words=self.words)


def asked_of_income_and_petitions(question: Question) -> bool:
    """Of the outcomes that the campaign is for, in any window."""
    return question.outcome.family != "other"


def asked_of_headlines(question: Question) -> bool:
    """Of the same in the windows that are long enough."""
    return asked_of_income_and_petitions(question) and question.window in HEADLINE_WINDOWS


def asked_of_petitions(question: Question) -> bool:
    """Of petitions in any window."""
    return question.outcome.family == "petitions"


def edited(made: Simulated, change: Callable[[np.ndarray, int], None]) -> Panel:
    """The panel after ``change`` has edited its petitions [V, M] in place.

    It is given the column of the start.
    """
    y = made.panel.petitions.copy()
    change(y, made.panel.month_index(made.campaign.start_month))
    return replace(made.panel, petitions=y)

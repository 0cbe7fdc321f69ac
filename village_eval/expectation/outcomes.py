"""Outcomes and questions: what can be asked of a county.

An outcome says once what it is of: its unit, its family, the sign that a county hopes for. A
question is an outcome in a window, of the listed villages' total or of another statistic; its id
(``earned_income.first_year.typical``) is made and read here, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from village_eval.county.door import one_of
from village_eval.expectation.headline import STATISTICS
from village_eval.words.vocabulary import INCOME_SOURCES

Family = Literal["petitions", "income", "other"]
Kind = Literal["count", "income", "share", "mean"]

PETITION_WINDOWS = (
    "during",
    "after",
    "first_year",
    "after_1_3",
    "after_4_6",
    "after_7_12",
    "after_13_24",
)
WINDOWS = (*PETITION_WINDOWS, "second_year")


@dataclass(frozen=True)
class Outcome:
    """What is measured.

    family
        petitions and income are what the campaign is for; of any other outcome fewer questions are
        asked.
    kind
        count: ratio of sums. income: the same in yuan, by year. share: a part of a whole, in
        points. mean: ratio of sums of a yearly value, the change of its mean.
    favourable
        the sign a county hopes for.
    columns
        what is added up: parts of the register (``petitions`` is all of it), sources of income, or
        a yearly value of villages.
    of
        for a share, the column that it is a part of; none where it is a share already.
    unit
        what an amount of it is counted in; none where only a researcher knows.
    by_year
        whether it is known by calendar year only.
    windows, statistics
        what is asked of it, where the data have it; no statistic: nothing by itself.
    label
        names by language where the words know none.
    """

    name: str
    family: Family
    kind: Kind
    favourable: int
    columns: tuple[str, ...]
    of: str | None = None
    unit: Literal["petitions", "yuan", "share"] | None = None
    by_year: bool = False
    windows: tuple[str, ...] = ("first_year", "after")
    statistics: tuple[str, ...] = ("total",)
    label: Mapping[str, str] = field(default_factory=dict, hash=False)

    def questions(self) -> list[Question]:
        """All that is asked of it, window by window."""
        return [Question(self, w, s) for w in self.windows for s in self.statistics]


@dataclass(frozen=True)
class Question:
    """An outcome in a window, as a total or another statistic of STATISTICS.

    Raises ValueError for a window or statistic that there is not.
    """

    outcome: Outcome
    window: str = "first_year"
    statistic: str = "total"

    def __post_init__(self) -> None:
        one_of(self.window, WINDOWS, "window")
        one_of(self.statistic, STATISTICS, "statistic")

    @property
    def id(self) -> str:
        """How findings.json names it; the total comes without suffix."""
        suffix = "" if self.statistic == "total" else f".{self.statistic}"
        return f"{self.outcome.name}.{self.window}{suffix}"

    @property
    def series(self) -> str:
        """What Settings.of calls the values that answer it: ``earned_income:typical``."""
        return self.outcome.name if self.total else f"{self.outcome.name}:{self.statistic}"

    @property
    def scale(self) -> str:
        """Of its answers: ``share`` for differences of shares, else ``log_ratio``."""
        of_shares = self.outcome.kind == "share" or self.statistic == "share_earning"
        return "share" if of_shares else "log_ratio"

    @property
    def total(self) -> bool:
        """Whether it asks of the listed villages' sum."""
        return self.statistic == "total"

    def __str__(self) -> str:
        return self.id


def _part(name: str) -> Outcome:
    return Outcome(f"{name}_petitions", "other", "count", -1, (name,), unit="petitions")


def _share(name: str, column: str) -> Outcome:
    return Outcome(name, "other", "share", 1, (column,), "petitions", unit="share")


def _income(name: str, *sources: str, statistics: tuple[str, ...] = STATISTICS) -> Outcome:
    return Outcome(
        name, "income", "income", 1, sources, None, "yuan", True, ("first_year",), statistics
    )


PETITIONS = Outcome(
    "petitions",
    "petitions",
    "count",
    -1,
    ("petitions",),
    unit="petitions",
    windows=PETITION_WINDOWS,
)
EARNED_INCOME = _income("earned_income", "operating", "contracting")
# What the accounts of 2024 leave as it was; stands in for earned income where they come between
# (findings/caps.py).
OWN_INCOME = _income("own_income", "operating", "contracting", "investment")
# Of all income the total only: nearly every village has some, and what it earns is the question.
TOTAL_INCOME = _income("total_income", *INCOME_SOURCES, statistics=("total",))
SKIP_LEVEL = _part("skip_level")

OUTCOMES: tuple[Outcome, ...] = (
    PETITIONS,
    _income("operating_income", "operating"),
    EARNED_INCOME,
    OWN_INCOME,
    TOTAL_INCOME,
    _income("subsidy_income", "subsidy", statistics=()),  # for the check of that name
    _part("group"),
    _part("repeat"),
    SKIP_LEVEL,
    _share("resolved_share", "resolved"),
    _share("local_resolution_share", "local"),
    _share("satisfied_share", "satisfied"),
    Outcome("satisfaction", "other", "share", 1, ("satisfaction",), unit="share", by_year=True),
)
"""Built-in outcomes, in the order of findings. A county's own come from campaign.toml."""


def earned(asked: Iterable[str]) -> Outcome:
    """What tells what villages earn themselves, by the ids of what was asked.

    Own income where it was asked (across the accounts of 2024), else earned income.
    """
    own = any(ident.startswith(f"{OWN_INCOME.name}.") for ident in asked)
    return OWN_INCOME if own else EARNED_INCOME


def primary(asked: Iterable[str] = ()) -> tuple[Question, Question]:
    """The two questions that a county asks, beforehand and each with one hoped-for sign."""
    return Question(PETITIONS), Question(earned(asked))


def main_findings(asked: Iterable[str]) -> tuple[str, ...]:
    """Ids of those whose checks are told first: the primary ones and total income."""
    return tuple(question.id for question in (*primary(asked), Question(TOTAL_INCOME)))


def outcome(name: str) -> Outcome:
    """The built-in outcome of a name; ValueError with the nearest and all that there are."""
    named = {o.name: o for o in OUTCOMES}
    return named[one_of(name, named, "outcome")]


def question(id: str) -> Question:
    """The question of an id such as ``earned_income.first_year.typical``, of a built-in outcome.

    ValueError with what there is.
    """
    name, *rest = id.split(".")
    return Question(outcome(name), *rest[:2])

"""Assessment: every design and every check on one panel, gathered into findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from village_eval.checks import CHECKS, Case, DeclaredCheck, ask
from village_eval.checks.declared import HEADLINE_WINDOWS
from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.designs import (
    DESIGNS,
    DeclaredDesign,
    Discontinuity,
    EventStudy,
    Result,
    estimate_of,
    event_study,
    quiet_year_did,
)
from village_eval.designs.permutation import lists_of, permutation
from village_eval.designs.wild_bootstrap import wild_bootstrap
from village_eval.expectation.incomes import earned_of, incomes
from village_eval.expectation.listing import ListingRule
from village_eval.expectation.other_outcomes import settings as other_settings
from village_eval.expectation.outcomes import (
    OUTCOMES,
    PETITIONS,
    SKIP_LEVEL,
    Question,
    primary,
)
from village_eval.expectation.panel_settings import Settings, unusable
from village_eval.expectation.results import Amounts, Check, Estimate, Finding, SecondOpinions
from village_eval.expectation.setting import Setting
from village_eval.findings.caps import caps
from village_eval.findings.grading import HEADLINE, findings_of
from village_eval.findings.villages import Turnaround, turnaround, village_table

Progress = Callable[[float, str], None]
"""Told the share that is done and what is being done, while something is computed."""
TOLD = 1.6
"""Half a range of the log effect beyond this goes from −80 % to five times as many: nothing is told
then."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What was found of one question before it is graded.

    The headline's estimate, the other designs beside it, the checks.
    """

    estimate: Estimate
    checks: tuple[Check, ...] = ()
    beside: tuple[Estimate | Result, ...] = ()

    def told(self) -> Answer:
        """The same, or a refusal where the range says nothing."""
        e = self.estimate
        if e.ci_low is None or e.ci_high is None or e.ci_high - e.ci_low <= 2 * TOLD:
            return self
        refusal = Estimate(
            e.question,
            e.design,
            reason="too_few_listed",
            n_treated=e.n_treated,
            n_control=e.n_control,
            n_clusters=e.n_clusters,
        )
        return Answer(refusal, beside=self.beside)


@dataclass(frozen=True, eq=False)
class Assessment:
    """What can be said of one panel.

    Findings, other designs beside them, event study, the rule's fit, the villages, how many.
    """

    findings: list[Finding]
    sensitivity: list[Estimate]
    event_study: EventStudy | None
    listing: dict[str, Any] | None
    villages: pd.DataFrame
    turnaround: Turnaround | None = None
    rule: ListingRule | None = None
    discontinuities: tuple[Discontinuity, ...] = ()


@dataclass(frozen=True, eq=False)
class Asking:
    """What is asked of a county.

    The settings of its panel, its mergers and recodings, the checks and the designs.
    """

    settings: Settings
    changes: pd.DataFrame | None = None
    checks: tuple[DeclaredCheck, ...] = CHECKS
    designs: tuple[DeclaredDesign, ...] = DESIGNS

    @cached_property
    def primary(self) -> tuple[Question, Question]:
        """The two questions that are asked beforehand."""
        own = earned_of(self.settings.panel, self.settings.campaign)
        return Question(PETITIONS), Question(own)

    def answer(
        self, setting: Setting, window: str, beside: bool, earned: Estimate | None = None
    ) -> Answer:
        """The headline's answer in a window with its checks, the other designs where asked for."""
        panel, campaign = setting.panel, setting.campaign
        estimate = quiet_year_did(panel, campaign, window=window, given=setting)
        if estimate.value is None:
            return Answer(estimate)
        if estimate.question.total and estimate.question.outcome.family != "other":
            estimate = _with_amounts(setting, estimate)
        if estimate.question == self.primary[1]:
            earned = estimate
        checks = ask(Case(setting, estimate, self.changes, earned), self.checks)
        return Answer(estimate, checks, self._others(setting, window) if beside else ())

    def _others(self, setting: Setting, window: str) -> tuple[Estimate | Result, ...]:
        """The same question answered by the other designs."""
        primary = setting.question(window) in self.primary
        wanted = ("every", "primary") if primary else ("every",)
        rows = [design(setting, window) for design in self.designs if design.beside in wanted]
        return tuple(row for row in rows if estimate_of(row).value is not None)


def assess(
    panel: Panel,
    campaign: Campaign,
    changes: pd.DataFrame | None = None,
    draws: int = 999,
    seed: int = 1,
    settings: Settings | None = None,
    checks: tuple[DeclaredCheck, ...] = CHECKS,
    designs: tuple[DeclaredDesign, ...] = DESIGNS,
    progress: Progress = lambda share, step: None,
) -> Assessment:
    """Estimate every finding, put the other designs beside it, ask every check, grade and conclude.

    ``changes`` is the county's table of mergers and recodings (village_changes), for the check of
    that name; ``draws`` and ``seed`` are those of the second opinions on the primary findings (wild
    bootstrap, permutation); ``settings`` are those of the panel, where they are made already;
    ``checks`` and ``designs`` are all that are to be asked; ``progress`` is told the share that is
    done and what is being done.
    """
    usable = unusable(panel, campaign) is None
    settings = settings or Settings(panel, campaign)
    asking = Asking(settings, changes, checks, designs)
    if usable:
        answers = list(_told(_petitions(asking), 0, progress))
        answers += _told(_income(asking), len(answers), progress)
        answers += _told(_further(asking, answers), len(answers), progress)
    else:
        answers = [_refused(panel, campaign, q) for q in _questions(panel, campaign)]
    answers = [answer.told() for answer in answers]
    estimates = [a.estimate for a in answers]
    if usable:
        progress(1.0, "second_opinions")
        estimates = _with_second_opinions(settings, estimates, draws, seed)
    found_share = settings.rule.found if usable else 1.0
    findings = findings_of(
        (e, a.checks, caps(panel, campaign, e, found_share))
        for e, a in zip(estimates, answers, strict=True)
    )
    first_year = next(e for e in estimates if e.question == Question(PETITIONS))
    petitions = settings.of("petitions") if usable else None
    seen = petitions is not None and first_year.value is not None
    beside = [result for answer in answers for result in answer.beside]
    return Assessment(
        findings,
        [estimate_of(result) for result in beside],
        event_study(panel, campaign, given=petitions) if seen else None,
        settings.rule.fit() if usable else None,
        village_table(petitions, first_year) if petitions else pd.DataFrame(),
        turnaround(petitions, first_year) if petitions else None,
        settings.rule if usable else None,
        tuple(result for result in beside if isinstance(result, Discontinuity)),
    )


def _told(answers: Iterator[Answer], before: int, progress: Progress) -> Iterator[Answer]:
    """The answers, each told of: their share of all questions that any county can be asked."""
    asked = sum(len(outcome.questions()) for outcome in OUTCOMES)
    for k, answer in enumerate(answers, before + 1):
        progress(min(k / asked, 1.0), "questions")
        yield answer


def _questions(panel: Panel, campaign: Campaign) -> list[Question]:
    """What is asked of any county, whether or not it can answer.

    Petitions by window, totals of income.
    """
    return PETITIONS.questions() + [Question(o) for o in incomes(panel, campaign)]


def _petitions(asking: Asking) -> Iterator[Answer]:
    """Every window of petitions."""
    setting = asking.settings.of("petitions")
    for window in PETITIONS.windows:
        yield asking.answer(setting, window, beside=window in HEADLINE_WINDOWS)


def _income(asking: Asking) -> Iterator[Answer]:
    """The income findings: each total, the typical village, the share that earns."""
    settings, earned = asking.settings, None
    for outcome in incomes(settings.panel, settings.campaign):
        if settings.panel.income is None:
            question = Question(outcome)
            yield _refused(settings.panel, settings.campaign, question, "no_income_table")
            continue
        for question in outcome.questions():
            setting = settings.of(question.series)
            answer = asking.answer(setting, question.window, question.total, earned)
            if question == asking.primary[1]:
                earned = answer.estimate
            yield answer


def _further(asking: Asking, answers: list[Answer]) -> Iterator[Answer]:
    """The outcomes beside petitions and income, in the windows that their data have.

    Where the petitions' checks show suppression, what else the register counts misleads too; but
    skip-level petitions are what shows it.
    """
    shown = {
        a.estimate.window: [c for c in a.checks if c.name == "suppression" and c.verdict == "fail"]
        for a in answers
        if a.estimate.question.outcome == PETITIONS
    }
    settings = asking.settings
    for setting in other_settings(settings):
        outcome = setting.series.outcome
        for window in outcome.windows:
            if window not in setting.series.windows:
                continue
            answer = asking.answer(setting, window, beside=False)
            told, question = shown.get(window, []), setting.question(window)
            if answer.estimate.value is None or outcome.by_year or outcome == SKIP_LEVEL:
                told = []
            also = tuple(replace(check, question=question) for check in told)
            yield replace(answer, checks=answer.checks + also)


def _with_amounts(setting: Setting, estimate: Estimate) -> Estimate:
    """Adds what reports compare with.

    Actual and expected amounts, and the plain before-after now and in quiet years.
    """
    if estimate.value is None:
        return estimate
    window = estimate.window
    actual = float(np.nansum(setting.series.observed(0, window)[setting.panel.listed]))
    plain = setting.change(0, window, "last_year", control=False)[0]
    quiet = [
        setting.change(q, window, "last_year", control=False)[0]
        for q in setting.series.quiet[window]
    ]
    quiet = [x for x in quiet if np.isfinite(x)]
    amounts = Amounts(
        actual,
        actual / float(np.exp(estimate.value)),
        float(plain) if np.isfinite(plain) else None,
        float(np.mean(quiet)) if quiet else None,
    )
    return replace(estimate, amounts=amounts)


def _with_second_opinions(
    settings: Settings, estimates: list[Estimate], draws: int, seed: int
) -> list[Estimate]:
    """The primary findings with second opinions on their p values, the others as they are.

    By wild cluster bootstrap and by permutation of the learned rule, whose lists are drawn once.
    """
    first = primary(e.id for e in estimates)
    asked = [e for e in estimates if e.question in first and e.value is not None]
    lists = lists_of(settings.rule, draws, seed) if asked else None
    with_opinions = {
        e.question: replace(
            e,
            second_opinions=SecondOpinions(
                wild_bootstrap(e, draws, seed),
                permutation(settings.of(e.question.series), e, draws, seed, lists),
            ),
        )
        for e in asked
    }
    return [with_opinions.get(e.question, e) for e in estimates]


def _refused(
    panel: Panel, campaign: Campaign, question: Question, reason: str | None = None
) -> Answer:
    listed, why = panel.listed, unusable(panel, campaign) or reason
    refusal = Estimate(
        question,
        HEADLINE,
        reason=why,
        n_treated=int(listed.sum()),
        n_control=int((~listed).sum()),
    )
    return Answer(refusal)

"""Assessment: every design and every check on one panel, gathered into findings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from village_eval import designs as effects
from village_eval.checks.bunching import bunching
from village_eval.checks.displacement import displacement
from village_eval.checks.leave_one_township_out import leave_one_township_out
from village_eval.checks.mergers import mergers
from village_eval.checks.neighbours import neighbours
from village_eval.checks.placebo_outcome import placebo_outcome
from village_eval.checks.placebo_space import placebo_space
from village_eval.checks.placebo_time import placebo_time
from village_eval.checks.pre_trend import pre_trend
from village_eval.checks.quiet_year_stability import quiet_year_stability
from village_eval.checks.seasonality import seasonality
from village_eval.checks.spillover import spillover
from village_eval.checks.subsidy import subsidy
from village_eval.checks.suppression import suppression
from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.designs import event_study, quiet_year_did
from village_eval.designs.event_study import EventStudy
from village_eval.designs.permutation import permutation
from village_eval.designs.regression_discontinuity import Discontinuity
from village_eval.designs.wild_bootstrap import wild_bootstrap
from village_eval.expectation.listing import ListingRule
from village_eval.expectation.other_outcomes import Yearly
from village_eval.expectation.other_outcomes import settings as other_settings
from village_eval.expectation.outcomes import (
    EARNED_INCOME,
    OUTCOMES,
    PETITIONS,
    PRIMARY,
    SKIP_LEVEL,
    TOTAL_INCOME,
    Question,
)
from village_eval.expectation.results import Amounts, Check, Estimate, Finding, SecondOpinions
from village_eval.expectation.setting import Setting, Settings, unusable
from village_eval.findings.caps import caps
from village_eval.findings.grading import HEADLINE, adjust, finding
from village_eval.findings.villages import Turnaround, turnaround, village_table

TOLD = 1.6
"""Half a range of the log effect beyond this goes from −80 % to five times as many: nothing is told
then."""
HEADLINE_WINDOWS = ("during", "after", "first_year")
SENSITIVITY = (
    effects.before_after,
    effects.did,
    effects.did_without_listing_year,
    effects.expected_from_history,
)
MORE = (
    effects.matching,
    effects.hybrid,
    effects.synthetic_did,
    effects.callaway_santanna_cohort,
    effects.imputation_cohort,
    effects.regression_discontinuity,
)
"""Designs that stand beside the primary findings only: slower, and yearly."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What was found of one question before it is graded: the headline's estimate, the other
    designs beside it, the checks."""

    estimate: Estimate
    checks: tuple[Check, ...] = ()
    beside: tuple[Estimate | Discontinuity, ...] = ()

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
    """What can be said of one panel: findings, other designs beside them, event study, the rule's
    fit, the villages, how many."""

    findings: list[Finding]
    sensitivity: list[Estimate]
    event_study: EventStudy | None
    listing: dict | None
    villages: pd.DataFrame
    turnaround: Turnaround | None = None
    rule: ListingRule | None = None
    discontinuities: tuple[Discontinuity, ...] = ()


def assess(
    panel: Panel,
    campaign: Campaign,
    changes: pd.DataFrame | None = None,
    draws: int = 999,
    seed: int = 1,
    yearly: dict[str, Yearly] | None = None,
    settings: Settings | None = None,
) -> Assessment:
    """Estimate every finding, put the other designs beside it, ask every check, grade and conclude.

    ``changes`` is the county's table of mergers and recodings (village_changes), for the check of
    that name; ``draws`` and ``seed`` are those of the second opinions on the primary findings (wild
    bootstrap, permutation); ``yearly`` are values of villages that the panel does not hold
    (other_outcomes.yearly_values); ``settings`` are those of the panel, where they are made
    already.
    """
    usable = unusable(panel, campaign) is None
    settings = settings or Settings(panel, campaign)
    if usable:
        answers = [*_petitions(settings, changes), *_income(settings, changes)]
        answers += _further(settings, yearly or {}, answers)
    else:
        answers = [_refused(panel, campaign, q) for q in _questions()]
    answers = [answer.told() for answer in answers]
    estimates = [
        _with_second_opinions(settings, a.estimate, draws, seed) if usable else a.estimate
        for a in answers
    ]
    adjusted = adjust({e.question: e.p_value for e in estimates})
    findings = [
        finding(e, a.checks, adjusted[e.question], caps(panel, campaign, e))
        for e, a in zip(estimates, answers, strict=True)
    ]
    first_year = next(e for e in estimates if e.question == Question(PETITIONS))
    petitions = settings.of("petitions") if usable else None
    seen = petitions is not None and first_year.value is not None
    beside = [result for answer in answers for result in answer.beside]
    return Assessment(
        findings,
        [effects.estimate_of(result) for result in beside],
        event_study(panel, campaign, given=petitions) if seen else None,
        settings.rule.fit() if usable else None,
        village_table(petitions, first_year) if petitions else pd.DataFrame(),
        turnaround(petitions, first_year) if petitions else None,
        settings.rule if usable else None,
        tuple(result for result in beside if isinstance(result, Discontinuity)),
    )


def _questions() -> list[Question]:
    """What is asked of any county, whether or not it can answer: petitions by window, totals of
    income."""
    income = [Question(o) for o in OUTCOMES if o.family == "income" and o.statistics]
    return PETITIONS.questions() + income


def _petitions(settings: Settings, changes: pd.DataFrame | None) -> Iterator[Answer]:
    """Every window of petitions."""
    s = settings.of("petitions")
    for window in PETITIONS.windows:
        estimate = _with_amounts(s, quiet_year_did(s.panel, s.campaign, window=window, given=s))
        if estimate.value is None:
            yield Answer(estimate)
            continue
        beside = _others(s, window) if window in HEADLINE_WINDOWS else ()
        yield Answer(estimate, tuple(petition_checks(s, estimate, changes)), beside)


def petition_checks(
    s: Setting, estimate: Estimate, changes: pd.DataFrame | None = None
) -> list[Check]:
    """Every check of a petition finding; the parts of the year after the campaign are too short for
    all but the first four."""
    checks = [
        quiet_year_stability(estimate),
        pre_trend(s, estimate.question),
        leave_one_township_out(estimate, s.panel),
    ]
    checks.append(suppression(s, estimate))
    if estimate.window in HEADLINE_WINDOWS:
        around = neighbours(s, estimate)
        checks += [displacement(around, estimate), spillover(around, estimate)]
        checks += [
            placebo_time(s, estimate),
            placebo_space(s, estimate),
            placebo_outcome(s, estimate),
        ]
        if estimate.window == "first_year":
            checks.append(seasonality(s, estimate))
        checks.append(mergers(s, estimate, changes))
    return checks


def _income(settings: Settings, changes: pd.DataFrame | None) -> Iterator[Answer]:
    """The income findings: each total, the typical village, the share that earns."""
    panel, campaign = settings.panel, settings.campaign
    earned: Estimate | None = None
    for outcome in OUTCOMES:
        if outcome.family != "income":
            continue
        if panel.income is None and outcome.statistics:
            yield _refused(panel, campaign, Question(outcome), "no_income_table")
            continue
        for question in outcome.questions():
            named = outcome.name if question.total else f"{outcome.name}:{question.statistic}"
            s = settings.of(named)
            estimate = quiet_year_did(panel, campaign, window=question.window, given=s)
            if outcome == EARNED_INCOME and question.total:
                earned = estimate
            if estimate.value is None:
                yield Answer(estimate)
                continue
            beside: tuple[Estimate | Discontinuity, ...] = ()
            if question.total:
                estimate = _with_amounts(s, estimate)
                beside = _others(s, question.window)
            yield Answer(estimate, tuple(income_checks(s, estimate, changes, earned)), beside)


def _further(
    settings: Settings, yearly: dict[str, Yearly], asked: list[Answer]
) -> Iterator[Answer]:
    """The outcomes beside petitions and income, in the windows that their data have.

    Where the petitions' checks (``asked``) show suppression, what else the register counts misleads
    too; but skip-level petitions are what shows it.
    """
    shown = {
        a.estimate.window: [c for c in a.checks if c.name == "suppression" and c.verdict == "fail"]
        for a in asked
        if a.estimate.question.outcome == PETITIONS
    }
    for s in other_settings(settings.panel, settings.campaign, settings.rule, yearly):
        outcome = s.series.outcome
        for window in outcome.windows:
            if window not in s.series.windows:
                continue
            estimate = quiet_year_did(s.panel, s.campaign, window=window, given=s)
            if estimate.value is None:
                yield Answer(estimate)
                continue
            checks = [leave_one_township_out(estimate, s.panel)]
            if not outcome.by_year and outcome != SKIP_LEVEL:
                checks += [replace(c, question=estimate.question) for c in shown.get(window, [])]
            yield Answer(estimate, tuple(checks))


def income_checks(
    s: Setting,
    estimate: Estimate,
    changes: pd.DataFrame | None = None,
    earned: Estimate | None = None,
) -> list[Check]:
    """Every check of an income finding; thresholds, the year before and subsidies (beside what is
    ``earned``) are about totals."""
    checks = [quiet_year_stability(estimate), leave_one_township_out(estimate, s.panel)]
    if estimate.question.total:
        checks.insert(1, pre_trend(s, estimate.question))
        checks += [bunching(s, estimate), placebo_outcome(s, estimate)]
    if estimate.question.outcome == TOTAL_INCOME:
        checks.append(subsidy(s, estimate, earned))
    return [
        *checks,
        placebo_time(s, estimate),
        placebo_space(s, estimate),
        mergers(s, estimate, changes),
    ]


def _others(s: Setting, window: str) -> tuple[Estimate | Discontinuity, ...]:
    """The same question answered by the other designs, beside the headline."""
    designs = SENSITIVITY + (MORE if s.question(window) in PRIMARY else ())
    rows = [design(s.panel, s.campaign, window=window, given=s) for design in designs]
    rows.insert(0, quiet_year_did(s.panel, s.campaign, window=window, base="last_year", given=s))
    return tuple(row for row in rows if effects.estimate_of(row).value is not None)


def _with_amounts(s: Setting, estimate: Estimate) -> Estimate:
    """Adds what reports compare with: actual and expected amounts, and the plain before-after now
    and in quiet years."""
    if estimate.value is None:
        return estimate
    window = estimate.window
    actual = float(np.nansum(s.series.target(0, window)[s.panel.listed]))
    plain = s.change(0, window, "last_year", control=False)[0]
    quiet = [s.change(q, window, "last_year", control=False)[0] for q in s.series.quiet[window]]
    quiet = [x for x in quiet if np.isfinite(x)]
    amounts = Amounts(
        actual,
        actual / float(np.exp(estimate.value)),
        float(plain) if np.isfinite(plain) else None,
        float(np.mean(quiet)) if quiet else None,
    )
    return replace(estimate, amounts=amounts)


def _with_second_opinions(
    settings: Settings, estimate: Estimate, draws: int, seed: int
) -> Estimate:
    """The primary findings' p values by wild cluster bootstrap and by permutation of the learned
    rule."""
    if estimate.question not in PRIMARY or estimate.value is None:
        return estimate
    s = settings.of(estimate.question.outcome.name)
    opinions = SecondOpinions(
        wild_bootstrap(estimate, draws, seed), permutation(s, estimate, draws, seed)
    )
    return replace(estimate, second_opinions=opinions)


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

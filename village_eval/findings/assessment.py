"""Assessment: every design and every check on one panel, gathered into findings."""

from __future__ import annotations

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
from village_eval.designs.permutation import permutation
from village_eval.designs.wild_bootstrap import wild_bootstrap
from village_eval.expectation.listing import ListingRule
from village_eval.expectation.other_outcomes import Yearly
from village_eval.expectation.other_outcomes import settings as other_settings
from village_eval.expectation.results import Check, Estimate, Finding
from village_eval.expectation.setting import Setting, Settings, unusable
from village_eval.findings.caps import caps
from village_eval.findings.grading import PRIMARY, adjust, finding
from village_eval.findings.villages import Turnaround, turnaround, village_table

PETITION_WINDOWS = (
    "during",
    "after",
    "first_year",
    "after_1_3",
    "after_4_6",
    "after_7_12",
    "after_13_24",
)
TOLD = 1.6
"""Half a range of the log effect beyond this goes from −80 % to five times as many: nothing is told
then."""
HEADLINE_WINDOWS = ("during", "after", "first_year")
OTHER_WINDOWS = ("first_year", "after")
OTHER_CAP = "B"
"""Fewer questions are asked of the further outcomes, so that none is graded A. Whether quiet years
agree is not asked: of parts as rare as these a clean county in five would see an alarm, and their
interval holds the years' differences anyway."""
TELLS_OF_SUPPRESSION = "skip_level_petitions"
"""The one outcome of the register that suppression does not spoil: it shows it."""
INCOME_FINDINGS = ("operating_income", "earned_income", "total_income")
STATISTICS = {"": "total", ".typical": "typical", ".share_earning": "share_earning"}
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


@dataclass(frozen=True)
class Assessment:
    """What can be said of one panel: findings, other designs beside them, event study, the rule's
    fit, the villages, how many."""

    findings: list[Finding]
    sensitivity: list[Estimate]
    event_study: Estimate | None
    listing: dict | None
    villages: pd.DataFrame
    turnaround: Turnaround | None = None
    rule: ListingRule | None = None


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
    rule = settings.rule if usable else None
    sensitivity: list[Estimate] = []
    petitions = settings.of("petitions") if usable else None
    rows = _petitions(panel, campaign, petitions, sensitivity, changes) + _income(
        panel, campaign, settings if usable else None, sensitivity, changes
    )
    if petitions is not None:
        rows += _further(
            petitions,
            yearly or {},
            {e.window: checks for e, checks, _ in rows if e.outcome == "petitions"},
        )
    rows = [
        (_told(e), checks if _told(e).value is not None else [], sign) for e, checks, sign in rows
    ]
    if rule is not None:
        rows = [(_with_second_opinions(settings, e, draws, seed), *rest) for e, *rest in rows]
    adjusted = adjust({estimate.id: estimate.p_value for estimate, *_ in rows})
    findings = [
        finding(e, c, adjusted[e.id], sign, caps(panel, campaign, e)) for e, c, sign in rows
    ]
    first_year = next(f.estimate for f in findings if f.id == "petitions.first_year")
    seen = petitions is not None and first_year.value is not None
    return Assessment(
        findings,
        sensitivity,
        event_study(panel, campaign, given=petitions) if seen else None,
        rule.fit() if rule else None,
        village_table(petitions, first_year) if petitions else pd.DataFrame(),
        turnaround(petitions, first_year) if petitions else None,
        rule,
    )


def _petitions(
    panel: Panel, campaign: Campaign, s: Setting | None, sensitivity: list[Estimate], changes
) -> list[tuple]:
    """Estimate, checks and hoped-for sign of every window of petitions."""
    rows = []
    for window in PETITION_WINDOWS:
        if s is None:
            rows.append((_refused(panel, campaign, "petitions", window), [], -1))
            continue
        estimate = _with_before_after(s, quiet_year_did(panel, campaign, window=window, given=s))
        if estimate.value is None:
            rows.append((estimate, [], -1))
            continue
        rows.append((estimate, petition_checks(s, estimate, changes), -1))
        if window in HEADLINE_WINDOWS:
            sensitivity += _others(s, window)
    return rows


def petition_checks(
    s: Setting, estimate: Estimate, changes: pd.DataFrame | None = None
) -> list[Check]:
    """Every check of a petition finding; the parts of the year after the campaign are too short for
    all but the first four."""
    checks = [
        quiet_year_stability(estimate),
        pre_trend(s, estimate.id),
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


def _income(
    panel: Panel,
    campaign: Campaign,
    settings: Settings | None,
    sensitivity: list[Estimate],
    changes: pd.DataFrame | None,
):
    """Estimates and checks of the income findings: each total, the typical village, the share that
    earns."""
    rows = []
    if panel.income is None or settings is None:
        reason = "no_income_table" if panel.income is None else None
        return [
            (_refused(panel, campaign, name, "first_year", reason), [], 1)
            for name in INCOME_FINDINGS
        ]
    totals: dict[str, Estimate] = {}
    for name in INCOME_FINDINGS:
        for suffix, statistic in STATISTICS.items():
            if name == "total_income" and statistic != "total":
                continue  # nearly every village has some income, and what it earns is the question
            s = settings.of(name if statistic == "total" else f"{name}:{statistic}")
            estimate = quiet_year_did(panel, campaign, window="first_year", given=s)
            if statistic == "total":
                totals[name] = estimate
                if estimate.value is not None:
                    estimate = _with_before_after(s, estimate)
                    sensitivity += _others(s, "first_year")
            checks = []
            if estimate.value is not None:
                checks = income_checks(s, estimate, changes, totals.get("earned_income"))
            estimate = replace(estimate, window=estimate.window + suffix)
            checks = [replace(c, finding=estimate.id) for c in checks]
            rows.append((estimate, checks, 1))
    return rows


def _further(s: Setting, yearly: dict[str, Yearly], asked: dict[str, list[Check]]) -> list[tuple]:
    """Estimates and checks of the outcomes beside petitions and income, by windows that their data
    have.

    ``asked`` are the petitions' checks by window: where they show suppression, what else the
    register counts misleads too.
    """
    rows = []
    for other, t in other_settings(s.panel, s.campaign, s.rule, yearly):
        for window in OTHER_WINDOWS:
            if window not in t.series.windows:
                continue
            estimate = quiet_year_did(t.panel, t.campaign, window=window, given=t)
            more = {
                "favourable": other.favourable,
                "kind": other.kind,
                "label": other.label,
                "cap": OTHER_CAP,
            }
            more["by_year"] = t.series.per_year == 1
            estimate = replace(estimate, extra={**estimate.extra, **more})
            checks = []
            if estimate.value is not None:
                checks = [leave_one_township_out(estimate, t.panel)]
                if t.series.per_year == 12 and other.name != TELLS_OF_SUPPRESSION:
                    failed = [
                        c
                        for c in asked.get(window, [])
                        if c.name == "suppression" and c.verdict == "fail"
                    ]
                    checks += [replace(c, finding=estimate.id) for c in failed]
            rows.append((estimate, checks, other.favourable))
    return rows


def income_checks(
    s: Setting,
    estimate: Estimate,
    changes: pd.DataFrame | None = None,
    earned: Estimate | None = None,
) -> list[Check]:
    """Every check of an income finding; thresholds, the year before and subsidies (beside what is
    ``earned``) are about totals."""
    checks = [quiet_year_stability(estimate), leave_one_township_out(estimate, s.panel)]
    if s.series.statistic == "total":
        checks.insert(1, pre_trend(s, estimate.id))
        checks += [bunching(s, estimate), placebo_outcome(s, estimate)]
    if s.series.name == "total_income":
        checks.append(subsidy(s, estimate, earned))
    return [
        *checks,
        placebo_time(s, estimate),
        placebo_space(s, estimate),
        mergers(s, estimate, changes),
    ]


def _others(s: Setting, window: str) -> list[Estimate]:
    """The same question answered by the other designs, beside the headline."""
    designs = SENSITIVITY + (
        MORE if f"{s.series.name}.{window}" in PRIMARY and s.series.statistic == "total" else ()
    )
    rows = [design(s.panel, s.campaign, window=window, given=s) for design in designs]
    rows.insert(0, quiet_year_did(s.panel, s.campaign, window=window, base="last_year", given=s))
    return [e for e in rows if e.value is not None]


def _with_before_after(s: Setting, estimate: Estimate) -> Estimate:
    """Adds what reports compare with: actual and expected amounts, and the plain before-after now
    and in quiet years."""
    if estimate.value is None:
        return estimate
    listed, window = s.panel.listed, estimate.window
    actual = float(np.nansum(s.series.target(0, window)[listed]))
    plain = s.change(0, window, "last_year", control=False)[0]
    quiet = [s.change(q, window, "last_year", control=False)[0] for q in s.series.quiet[window]]
    quiet = [x for x in quiet if np.isfinite(x)]
    unit = 1 if s.series.counts else int(listed.sum())
    extra = {
        "actual": actual,
        "expected": actual / float(np.exp(estimate.value)),
        "before_after": float(plain) if np.isfinite(plain) else None,
        "before_after_quiet": float(np.mean(quiet)) if quiet else None,
    }
    if not s.series.counts:
        extra |= {
            "actual_per_village": actual / unit,
            "expected_per_village": extra["expected"] / unit,
        }
    return replace(estimate, extra={**estimate.extra, **extra})


def _told(estimate: Estimate) -> Estimate:
    """The estimate, or a refusal where its range says nothing."""
    if estimate.value is None or estimate.ci_high - estimate.ci_low <= 2 * TOLD:
        return estimate
    blank = Estimate(
        estimate.outcome,
        estimate.window,
        estimate.design,
        scale=estimate.scale,
        reason="too_few_listed",
    )
    kept = {
        k: v
        for k, v in estimate.extra.items()
        if k in ("favourable", "kind", "label", "cap", "by_year")
    }
    return replace(
        blank,
        n_treated=estimate.n_treated,
        n_control=estimate.n_control,
        n_clusters=estimate.n_clusters,
        extra=kept,
    )


def _with_second_opinions(
    settings: Settings, estimate: Estimate, draws: int, seed: int
) -> Estimate:
    """The primary findings' p values by wild cluster bootstrap and by permutation of the learned
    rule, in ``extra``."""
    if estimate.id not in PRIMARY or estimate.value is None:
        return estimate
    s = settings.of(estimate.outcome)
    opinions = {
        "wild_bootstrap": wild_bootstrap(estimate, draws, seed),
        "permutation": permutation(s, estimate, draws, seed),
    }
    return replace(estimate, extra={**estimate.extra, "second_opinions": opinions})


def _refused(
    panel: Panel, campaign: Campaign, outcome: str, window: str, reason: str | None = None
) -> Estimate:
    listed, why = panel.listed, unusable(panel, campaign) or reason
    return Estimate(
        outcome,
        window,
        "quiet_year_did",
        reason=why,
        n_treated=int(listed.sum()),
        n_control=int((~listed).sum()),
    )

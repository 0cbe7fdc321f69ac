"""Quiet-year difference-in-differences (平常年份对照): the headline design.

What the listed show beyond what history led to expect, less the same of the unlisted, in the
campaign year beyond its mean over quiet years. The equations stand on one page,
expectation/headline.py; every constant in docs/designs.md. The less history, the more return to the
mean is left, and early quiet years have little; so the campaign year is taken against each quiet
year on as many years of history as that one has. It assumes that villages like these would have
come back in the campaign year as they did in quiet years, given their history.

Uncertainty: within years by leaving one township out, refitting the rule and recomputing the
expectation (a, d, g are fitted once); between years by the spread over quiet years
(expectation/between_years.py). Sources: Hauer (1997) and Harvey & Fernandes (1989) for the
expectation, Heckman & Hotz (1989) for tests on years before a programme, MacKinnon, Nielsen & Webb
(2023) for the jackknife.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from village_eval.county.campaign import Campaign
from village_eval.county.door import one_of
from village_eval.county.panel import Panel
from village_eval.designs.declared import DeclaredDesign, described
from village_eval.expectation import error_rules, headline, reversion
from village_eval.expectation.between_years import GRID
from village_eval.expectation.moderation import moderated, villages
from village_eval.expectation.panel_settings import setting
from village_eval.expectation.refits import Refits
from village_eval.expectation.results import Estimate, QuietYears, Reversion
from village_eval.expectation.series import Series
from village_eval.expectation.setting import Setting

REFERENCE = "Hauer 1997; Heckman & Hotz 1989; MacKinnon, Nielsen & Webb 2023; Röver et al. 2021"
DESIGN = {"history": "quiet_year_did", "last_year": "quiet_year_did_last_year"}


@described
def quiet_year_did(
    panel: Panel,
    campaign: Campaign,
    *,
    outcome: str | Series | pd.DataFrame = "petitions",
    window: str = "first_year",
    base: str = "history",
    correct: bool = True,
    given: Setting | None = None,
) -> Estimate:
    """The ATT on the listed on the log-ratio scale.

    ``base`` is history (the headline) or last_year. ``correct=False`` leaves in what years that
    returned to the mean otherwise make of it.

    A null Estimate with a ``reason`` when the window is not observed or there is nobody to compare.
    Without any quiet year nothing is subtracted, and the estimate calls itself
    expected_from_history.
    """
    given = given or setting(panel, campaign, outcome)
    one_of(base, DESIGN, "base")
    refused = given.refusal(window, DESIGN[base])
    if refused:
        return refused
    tau_q = {q: given.change(q, window, base) for q in given.series.quiet[window]}
    quiet = [q for q, tau in tau_q.items() if np.isfinite(tau).all()]
    n = len(quiet)
    if not n and base != "history":
        return given.blank(window, DESIGN[base], reason="no_quiet_year")
    depth = [given.depth(q) for q in quiet or [0]]
    campaign_year = np.stack([given.change(0, window, base, depth=d) for d in depth])
    as_it_was = np.stack([tau_q[q] for q in quiet]) if n else np.zeros_like(campaign_year)
    steadier: float | np.ndarray = 1.0
    if n and error_rules.moderated(given):
        gaps = Refits(campaign_year - as_it_was)
        steadier = moderated(gaps, Refits(as_it_was), villages(given, quiet, window, base))
    left = error_rules.left_in_history(given, n)
    effect = partial(
        headline.quiet_year_did,
        campaign_year,
        least=given.least_error(window),
        moderated=steadier,
        scale=error_rules.prior_scale(given, n),
    )
    did = plain = effect(as_it_was, unseen=left)
    if not np.isfinite(did.gaps.values).all():
        return given.blank(window, DESIGN[base], reason="too_few_listed")
    quiet_years, told = as_it_was, None
    if correct and base == "history" and given.corrected:
        unlike = unlike_years(given, quiet)
        told, taken_off, unseen = _reversion(given, quiet, window, plain, unlike)
        quiet_years = as_it_was + taken_off
        did = effect(quiet_years, unseen=unseen + left)
    value, years = float(did.value), Refits(quiet_years)
    table = quiet_table(given, quiet, years.value[:n], years.se[:n])
    mean, covariance = float(quiet_years[:, 0].mean()), years.covariance[:n, :n]
    return replace(
        given.blank(window, DESIGN[base] if n else "expected_from_history", reference=REFERENCE),
        value=value,
        error=did.error(error_rules.error_df(given, n)),
        refits=Refits(did.gaps.values.mean(0)),
        quiet_years=QuietYears(
            tuple(quiet), table.assign(as_it_was=as_it_was[:n, 0]), mean, covariance
        ),
        reversion=told,
        within_se=float(did.within),
        within_df=given.df,
        prior_scale=error_rules.prior_scale(given, n),
        between_sd=float(np.sqrt(did.weights @ GRID**2)),
        absolute=given.absolute(value, window),
        largest_share=given.largest_share(window),
        reported=given.reported(window),
    )


def unlike_years(given: Setting, quiet: list[int]) -> bool:
    """Whether the county says that most quiet years, or the campaign's, were unusual."""
    campaign, *others = (given.unusual(q) for q in (0, *quiet))
    return campaign or (bool(others) and float(np.mean(others)) > 0.5)


def _reversion(
    given: Setting, quiet: list[int], window: str, plain: headline.QuietYearDid, unlike: bool
) -> tuple[Reversion, np.ndarray | float, float]:
    """What is taken off the gaps for years that returned otherwise.

    As it is told, as an amount by year and refit [Q, R], and the variance that it adds.
    """
    value, error = float(plain.value), plain.error(error_rules.error_df(given, len(quiet)))
    told = Reversion(value, error.p_value(value) if error.sd > 0 else None, declared=unlike)
    if not quiet:
        return replace(told, reason="no_quiet_year"), 0.0, 0.0
    depth = {q: given.depth(q) for q in quiet}
    L = [given.straightened(0, window, d) - given.straightened(q, window) for q, d in depth.items()]
    b = [given.slope(0, window, d) - given.slope(q, window) for q, d in depth.items()]
    found = reversion.correct(plain.gaps.values, np.stack(L), np.stack(b), unlike)
    if not np.isfinite(found.delta):
        return replace(told, reason="no_slope"), 0.0, 0.0
    told = replace(
        told,
        corrected=float(np.mean([x[0] for x in L])),
        weight=float(found.weight),
        delta=float(found.delta),
        se=float(found.se),
        df=len(given.rule.keep) - 2,
        spread=float(found.spread),
    )
    return told, found.gaps, float(found.unseen)


def quiet_table(given: Setting, quiet: list[int], tau: np.ndarray, se: np.ndarray) -> pd.DataFrame:
    """One row per quiet year: year of its start, estimate, se, ci_low, ci_high, unusual."""
    half = stdtrit(given.df, 0.975) * se
    return pd.DataFrame(
        {
            "year": [(given.campaign.start_month - 12 * q).year for q in quiet],
            "estimate": tau,
            "se": se,
            "ci_low": tau - half,
            "ci_high": tau + half,
            "unusual": [given.unusual(q) for q in quiet],
        }
    )


@described
def quiet_year_did_last_year(
    panel: Panel,
    campaign: Campaign,
    *,
    outcome: str | Series | pd.DataFrame = "petitions",
    window: str = "first_year",
    given: Setting | None = None,
) -> Estimate:
    """The same on last year as base, as a design of its own."""
    return quiet_year_did(
        panel, campaign, outcome=outcome, window=window, base="last_year", given=given
    )


QUIET_YEAR_DID = DeclaredDesign("quiet_year_did", quiet_year_did, beside="none")
QUIET_YEAR_DID_LAST_YEAR = DeclaredDesign(
    "quiet_year_did_last_year", quiet_year_did_last_year, ("one_year_base",)
)

"""The best grade that a county's history, list or books allow a finding.

Whatever its checks say.
"""

from __future__ import annotations

import numpy as np

from village_eval.county.campaign import Campaign
from village_eval.county.channels import changed_channels
from village_eval.county.panel import Panel
from village_eval.county.receipts import hangs_on_receipts
from village_eval.expectation.incomes import crosses_accounts
from village_eval.expectation.listing import unknown_lists
from village_eval.expectation.outcomes import PETITIONS
from village_eval.expectation.results import Estimate
from village_eval.expectation.setting import DEPTH
from village_eval.findings.order import LEVEL
from village_eval.words.vocabulary import INCOME_SOURCES

FEW_TOWNSHIPS = 6
"""Townships with a listed village below which leaving one out tells little of the error."""
REPORTED = 0.9
"""Share of the listed villages that must have reported an outcome for it to be graded A."""


FORESEEN = 0.45
"""What assessors who foresee trouble can make a campaign that does nothing read as, at most (log):
this times 1 − found², with found the share of the listed that the listing rule finds; +0.20 where
it finds three quarters. The means of the classes of data/certification_foresight.csv follow
0.35 (1 − found²); such estimates vary more than their intervals say, and with 0.45, chosen on seeds
from 30001, a rise is left in 1 to 2 % of them."""


def caps(
    panel: Panel, campaign: Campaign, estimate: Estimate, found_share: float = 1.0
) -> dict[str, str]:
    """The best grade by reason, of the reasons that apply.

    ``found_share`` is the share of the listed that the listing rule finds.

    unusual_years
        most quiet years are unusual ones, and what that did to the number is not taken off: C.
    corrected
        the years' reversion slopes are taken out in full (expectation/reversion.py): B.
    only_corrected
        a change for the better that is seen with the correction for unlike years and not without
        it: C; trouble that moved to villages next to the list looks like such a year.
    earlier_lists
        earlier campaigns, whose lists are known, are in the history: B; the estimate is relative to
        not being listed this year.
    earlier_campaigns
        the list of an earlier campaign is not known: C when it lies within the years that an
        expectation looks back on, else B.
    channels
        the share of a way of filing petitions jumped (channels.py), so that counts before and after
        differ in meaning: C.
    few_townships
        fewer than FEW_TOWNSHIPS have a listed village: C.
    foreseen
        a rise of what should fall that a list which foresaw trouble could have made: C.
    receipts
        the total hangs on one-off receipts; the typical village's answer stands beside it: C.
    accounts
        the accounts of 2024 begin between the earlier years and the campaign's, and what is summed
        means something else in them (county/accounts.py): C.
    unreported
        more than a tenth of the listed villages did not report the campaign year: B; those that did
        may differ.
    further
        of the further outcomes fewer questions are asked, so that none is graded A. Whether quiet
        years agree is not asked: of parts as rare as these a clean county in five would see an
        alarm, and their interval holds the years' differences anyway.
    """
    found: dict[str, str] = {}
    quiet = estimate.quiet
    full = estimate.reversion is not None and estimate.reversion.full
    if quiet is not None and len(quiet) and quiet["unusual"].mean() > 0.5 and not full:
        found["unusual_years"] = "C"
    if full:
        found["corrected"] = "B"
    if only_corrected(estimate):
        found["only_corrected"] = "C"
    start = campaign.start_month
    if any(panel.months[0] <= month < start for month in panel.earlier_lists):
        found["earlier_lists"] = "B"
    unknown = [
        month for month in unknown_lists(panel, campaign) if panel.months[0] <= month < start
    ]
    if unknown:
        found["earlier_campaigns"] = "C" if max(unknown) >= start - 12 * DEPTH else "B"
    outcome = estimate.question.outcome
    if outcome == PETITIONS and changed_channels(panel, campaign):
        found["channels"] = "C"
    if len(np.unique(panel.township[panel.listed])) < FEW_TOWNSHIPS:
        found["few_townships"] = "C"
    if could_be_foreseen(estimate, found_share):
        found["foreseen"] = "C"
    if on_receipts(panel, estimate):
        found["receipts"] = "C"
    if crosses_accounts(panel, campaign, outcome, estimate.window):
        found["accounts"] = "C"
    if estimate.reported is not None and estimate.reported < REPORTED * estimate.n_treated:
        found["unreported"] = "B"
    if outcome.family == "other":
        found["further"] = "B"
    return found


def only_corrected(estimate: Estimate) -> bool:
    """Whether an estimate is a success that only the correction for unlike years makes."""
    told, good = estimate.reversion, estimate.question.outcome.favourable
    if told is None or estimate.value is None or estimate.p_value is None:
        return False
    found = estimate.p_value < LEVEL and good * estimate.value > 0
    without = (
        told.uncorrected_p is not None
        and told.uncorrected_p < LEVEL
        and good * told.uncorrected > 0
    )
    return found and not without and good * (estimate.value - told.uncorrected) > 0


def foreseen_shift(found_share: float) -> float:
    """How much a campaign that does nothing reads as a rise (log) where the list foresees trouble.

    ``found_share`` of the list is explained by registers.
    """
    return FORESEEN * (1 - found_share**2)


def could_be_foreseen(estimate: Estimate, found_share: float) -> bool:
    """Whether a rise of what should fall may be trouble that those who drew the list foresaw."""
    if estimate.question.outcome.favourable > 0 or estimate.scale != "log_ratio":
        return False
    low = estimate.ci_low
    return low is not None and 0 < low <= foreseen_shift(found_share)


def on_receipts(panel: Panel, estimate: Estimate) -> bool:
    """Whether an estimate is of a total of income that hangs on one-off receipts."""
    question = estimate.question
    if question.outcome.family != "income" or not question.total:
        return False
    columns = [INCOME_SOURCES.index(source) for source in question.outcome.columns]
    return hangs_on_receipts(panel.annual_income[1][:, :, columns].sum(2))

"""Which incomes a county is asked of: what the accounts of 2024 leave comparable."""

from __future__ import annotations

from village_eval.county import accounts
from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.expectation.outcomes import (
    EARNED_INCOME,
    OUTCOMES,
    OWN_INCOME,
    Outcome,
)


def crosses_accounts(
    panel: Panel, campaign: Campaign, outcome: Outcome, window: str = "first_year"
) -> bool:
    """Whether an outcome means something else in the campaign's year than in years before it."""
    begin = panel.new_accounts
    if begin is None or outcome.family != "income":
        return False
    return begin <= campaign.income_year(window) and not accounts.comparable(outcome.columns)


def earned_of(panel: Panel, campaign: Campaign) -> Outcome:
    """What tells what a county's villages earn: own income where earned income crosses."""
    across = crosses_accounts(panel, campaign, EARNED_INCOME)
    return OWN_INCOME if across else EARNED_INCOME


def incomes(panel: Panel, campaign: Campaign) -> list[Outcome]:
    """The incomes that are asked of; own income only where it tells what villages earn."""
    own = earned_of(panel, campaign) == OWN_INCOME
    asked = [o for o in OUTCOMES if o.family == "income" and o.statistics]
    return [o for o in asked if own or o != OWN_INCOME]

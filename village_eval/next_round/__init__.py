"""The next round of the campaign.

What it could detect, a plan drawn by lot, and the analysis that fits the plan.
"""

from village_eval.county.plan import Design, Plan, measures, phased
from village_eval.next_round.analysis import Analysis, analyse
from village_eval.next_round.plan import make_plan, worst
from village_eval.next_round.promise import compare, curve, promise, quiet_years_needed

__all__ = [
    "Analysis",
    "Design",
    "Plan",
    "analyse",
    "compare",
    "curve",
    "make_plan",
    "measures",
    "phased",
    "promise",
    "quiet_years_needed",
    "worst",
]

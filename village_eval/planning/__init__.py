"""The next round: what it could detect, a plan drawn by lot, and the analysis that fits the plan."""

from village_eval.planning.analysis import Analysis, analyse
from village_eval.planning.designs import Design, measures, phased
from village_eval.planning.files import read_plan, write_plan
from village_eval.planning.plan import Plan, make_plan, worst
from village_eval.planning.promise import compare, curve, promise, quiet_years_needed

__all__ = ["Analysis", "Design", "Plan", "analyse", "compare", "curve", "make_plan", "measures", "phased", "promise",
           "quiet_years_needed", "read_plan", "worst", "write_plan"]  # fmt: skip

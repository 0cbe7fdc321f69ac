"""Designs: one small file each, every one ``design(panel, campaign, *, outcome, window, seed=1) -> Estimate``."""

from village_eval.effects.before_after import before_after
from village_eval.effects.did import did, did_without_listing_year
from village_eval.effects.event_study import event_study
from village_eval.effects.expected_from_history import expected_from_history
from village_eval.effects.honest_did import honest_did
from village_eval.effects.hybrid import hybrid
from village_eval.effects.matching import matching
from village_eval.effects.one_cohort import callaway_santanna_cohort, imputation_cohort
from village_eval.effects.quiet_year_did import quiet_year_did
from village_eval.effects.regression_discontinuity import regression_discontinuity
from village_eval.effects.setting import Setting, setting
from village_eval.effects.synthetic_did import synthetic_did

__all__ = [
    "Setting",
    "before_after",
    "callaway_santanna_cohort",
    "did",
    "did_without_listing_year",
    "event_study",
    "expected_from_history",
    "honest_did",
    "hybrid",
    "imputation_cohort",
    "matching",
    "quiet_year_did",
    "regression_discontinuity",
    "setting",
    "synthetic_did",
]

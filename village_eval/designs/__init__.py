"""Designs: one small file each, every one ``design(panel, campaign, *, outcome, window, seed=1) ->
Estimate``."""

from village_eval.designs.before_after import before_after
from village_eval.designs.did import did, did_without_listing_year
from village_eval.designs.event_study import EventStudy, event_study
from village_eval.designs.expected_from_history import expected_from_history
from village_eval.designs.honest_did import HonestDid, honest_did
from village_eval.designs.hybrid import hybrid
from village_eval.designs.matching import matching
from village_eval.designs.one_cohort import callaway_santanna_cohort, imputation_cohort
from village_eval.designs.quiet_year_did import quiet_year_did
from village_eval.designs.regression_discontinuity import Discontinuity, regression_discontinuity
from village_eval.designs.synthetic_did import synthetic_did
from village_eval.expectation.results import Estimate
from village_eval.expectation.setting import Setting, setting


def estimate_of(result: Estimate | EventStudy | HonestDid | Discontinuity) -> Estimate:
    """The estimate of what a design returns, which may be more than that."""
    return result if isinstance(result, Estimate) else result.estimate


__all__ = [
    "Setting",
    "before_after",
    "callaway_santanna_cohort",
    "did",
    "did_without_listing_year",
    "estimate_of",
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

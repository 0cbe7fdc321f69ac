"""Designs: one small file each, every one ``design(panel, campaign, *, outcome, window, seed=1) -> Estimate``."""

from village_eval.effects.before_after import before_after
from village_eval.effects.did import did, did_without_listing_year
from village_eval.effects.event_study import event_study
from village_eval.effects.expected_from_history import expected_from_history
from village_eval.effects.quiet_year_did import quiet_year_did
from village_eval.effects.setting import Setting, setting

__all__ = [
    "Setting",
    "before_after",
    "did",
    "did_without_listing_year",
    "event_study",
    "expected_from_history",
    "quiet_year_did",
    "setting",
]

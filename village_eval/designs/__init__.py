"""The designs that a question is put to.

One file each, a function ``design(panel, campaign, *, outcome, window, given)`` and what it
declares.
"""

from collections.abc import Callable, Iterable

from village_eval.designs.before_after import BEFORE_AFTER, before_after
from village_eval.designs.declared import DeclaredDesign, Result, estimate_of, own_design
from village_eval.designs.did import (
    DID,
    DID_WITHOUT_LISTING_YEAR,
    did,
    did_without_listing_year,
)
from village_eval.designs.event_study import EventStudy, event_study
from village_eval.designs.expected_from_history import (
    EXPECTED_FROM_HISTORY,
    expected_from_history,
)
from village_eval.designs.honest_did import HONEST_DID, HonestDid, honest_did
from village_eval.designs.hybrid import HYBRID, hybrid
from village_eval.designs.matching import MATCHING, matching
from village_eval.designs.one_cohort import (
    CALLAWAY_SANTANNA,
    IMPUTATION,
    callaway_santanna_cohort,
    imputation_cohort,
)
from village_eval.designs.quiet_year_did import (
    QUIET_YEAR_DID,
    QUIET_YEAR_DID_LAST_YEAR,
    quiet_year_did,
    quiet_year_did_last_year,
)
from village_eval.designs.regression_discontinuity import (
    REGRESSION_DISCONTINUITY,
    Discontinuity,
    regression_discontinuity,
)
from village_eval.designs.rule_as_instrument import RULE_AS_INSTRUMENT, rule_as_instrument
from village_eval.designs.synthetic_did import SYNTHETIC_DID, synthetic_did
from village_eval.expectation.panel_settings import setting
from village_eval.expectation.results import Estimate
from village_eval.expectation.setting import Setting

__all__ = [
    "DESIGNS",
    "QUIET_YEAR_DID",
    "DeclaredDesign",
    "Discontinuity",
    "EventStudy",
    "HonestDid",
    "Result",
    "Setting",
    "all_designs",
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
    "quiet_year_did_last_year",
    "regression_discontinuity",
    "rule_as_instrument",
    "setting",
    "synthetic_did",
]

DESIGNS: tuple[DeclaredDesign, ...] = (
    QUIET_YEAR_DID,
    QUIET_YEAR_DID_LAST_YEAR,
    RULE_AS_INSTRUMENT,
    BEFORE_AFTER,
    DID,
    DID_WITHOUT_LISTING_YEAR,
    EXPECTED_FROM_HISTORY,
    MATCHING,
    HYBRID,
    SYNTHETIC_DID,
    CALLAWAY_SANTANNA,
    IMPUTATION,
    REGRESSION_DISCONTINUITY,
    HONEST_DID,
)
"""The headline first, the others in the order in which they stand beside it."""


def all_designs(
    own: Iterable[DeclaredDesign | Callable[..., Estimate]] = (),
) -> tuple[DeclaredDesign, ...]:
    """DESIGNS and a researcher's own beside them; ValueError for the name of another."""
    found = list(DESIGNS)
    for given in own:
        design = own_design(given)
        if design.name in {d.name for d in found}:
            raise ValueError(f"there is a design {design.name!r} already")
        found.append(design)
    return tuple(found)


def __dir__() -> list[str]:
    """What tab completion shows."""
    return __all__

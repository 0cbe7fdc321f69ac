"""What an answer may say: every rule in one place.

A rule takes numbers and gives a form, a key of the words; sentences choose words by the form and
know no rule. “No effect” is no form: what is not seen has a range, and the range says what it
excludes (Hoenig & Heisey 2001).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from village_eval.expectation.outcomes import Family
from village_eval.expectation.results import Finding
from village_eval.findings.grading import EXCLUDED
from village_eval.findings.order import BELIEVED, LEVEL
from village_eval.words import wording as w

if TYPE_CHECKING:
    from village_eval.findings.cost import Cost
    from village_eval.findings.persistence import Fade, Persistence
    from village_eval.findings.villages import Turnaround

CERTAIN = ("A", "B")
"""Grades that allow a plain verb; C says may."""
WIDEST_COST, WIDEST_HALF_LIFE = 5.0, 10.0
"""How many times the lower end of a range the upper end may be for the number to be told."""


# --- effects -----------------------------------------------------------------------------------


def effect(finding: Finding) -> str:
    """The form of a finding's sentence.

    null, not_asked, misleading, descriptive, fell or rose, the same with ``_weak``,
    borderline_fell, borderline_rose, none_seen, unclear.
    """
    est = finding.estimate
    if est.value is None or w.missing(est.value):
        return "null"
    if finding.grade == "X":
        return "misleading"
    if finding.grade == "D":
        return "descriptive"
    found = direction(finding)
    if found:
        return found if finding.grade in CERTAIN else f"{found}_weak"
    if finding.conclusion == "not_asked":
        return "not_asked"
    if one_sided(est.ci_low, est.ci_high):
        return "borderline_fell" if est.value < 0 else "borderline_rose"
    return "none_seen" if finding.conclusion == "none_seen" else "unclear"


def direction(finding: Finding) -> str | None:
    """``fell`` or ``rose`` where that was found and may be told, else None."""
    value, said = finding.estimate.value, finding.conclusion
    if value is None or finding.grade not in BELIEVED or said not in ("fell", "rose"):
        return None
    return said if (value < 0) == (said == "fell") and value != 0 else None


def least_seen(finding: Finding) -> float | None:
    """The smallest change that would probably be seen, with the estimate's scale and sign.

    A fall of 20 % is a rise of 25 %.
    """
    least, est = finding.minimum_detectable_percent, finding.estimate
    if w.missing(least) or est.value is None:
        return None
    size = abs(least / 100 if est.scale == "share" else math.log1p(least / 100))
    return math.copysign(size, est.answer)


def just_visible(finding: Finding) -> bool:
    """Found, and smaller than what would probably have been seen: such numbers read too large."""
    least = least_seen(finding)
    if effect(finding) not in ("fell", "rose") or least is None:
        return False
    return abs(finding.estimate.answer) < abs(least)


def one_sided(low: float | None, high: float | None) -> bool:
    """Whether an interval lies on one side of zero."""
    return not w.missing(low) and not w.missing(high) and (low > 0 or high < 0)


def succeeded(finding: Finding | None) -> bool:
    """A success: found in the favourable direction at grade A or B."""
    return finding is not None and finding.grade in CERTAIN and favourable(finding)


def favourable(finding: Finding | None) -> bool:
    """Found in the direction that a county hopes for, at grade A, B or C."""
    if finding is None or (found := direction(finding)) is None:
        return False
    return (found == "rose") == (finding.question.outcome.favourable > 0)


# --- measures ----------------------------------------------------------------------------------


def relation(
    low: float,
    high: float,
    family: Family,
    p_adjusted: float | None = None,
    estimate: float | None = None,
) -> str:
    """What may be said of a relation with doses or mechanisms, from a 95 % interval (log).

    ``fell`` or ``rose``: found (by ``p_adjusted`` where several are tested, else by the interval);
    ``none_seen``: the interval holds zero and excludes EXCLUDED of the family, both up and down;
    ``unclear``: it cannot be told.
    """
    if p_adjusted is None:
        found, value = one_sided(low, high), low
    else:
        found, value = p_adjusted < LEVEL, low + high if estimate is None else estimate
    if found:
        return "fell" if value < 0 else "rose"
    most = EXCLUDED[family] / 100
    excludes = math.log1p(-most) < low <= 0 <= high < math.log1p(most)
    return "none_seen" if excludes else "unclear"


# --- villages ----------------------------------------------------------------------------------


def villages(many: Turnaround, head: Finding | None) -> str:
    """What may be said of how many listed villages turned around.

    misleading (the records mislead), no_quiet (nothing to take off), more, fewer or unclear: the
    excess over quiet years by its interval, in whole villages.
    """
    if head is not None and head.grade == "X":
        return "misleading"
    if many.excess is None:
        return "no_quiet"
    _, low, high = map(round, many.excess)
    return "more" if low > 0 else "fewer" if high < 0 else "unclear"


# --- what to do next ---------------------------------------------------------------------------


def next_step(head: Finding, cost: Cost | None) -> str:
    """What a county may be advised to do with the campaign, from the headline and its cost.

    registers (X: the records first), carry_on (a success whose cost is known), weigh (a success
    whose cost is not), look_again (a fall at grade C), rose (find out why), lottery (nothing
    found).
    """
    if head.grade == "X":
        return "registers"
    if favourable(head):
        if not succeeded(head):
            return "look_again"
        return "carry_on" if cost is not None and cost.verdict == "known" else "weigh"
    return "rose" if direction(head) else "lottery"


DECIDING = (
    "unusual_years",
    "earlier_campaigns",
    "channels",
    "few_townships",
    "receipts",
    "accounts",
)
"""Caps that something a county can do would lift."""


def decides(head: Finding) -> list[str]:
    """What would decide on a finding at grade C, as keys of the words.

    What capped its grade, the checks that it did not pass, quiet years that are missing; a lottery
    decides in any case.
    """
    reasons = [cap for cap in head.capped if cap in DECIDING]
    if any(c.verdict in ("weak", "fail") for c in head.checks):
        reasons.append("checks")
    if head.quiet_years < 2:
        reasons.append("quiet_years")
    return [*reasons, "lottery"]


# --- the time after ----------------------------------------------------------------------------


def lasting(head: Finding | None, after: Finding | None, told: Persistence) -> str | None:
    """What may be said of the year after the campaign; None where there is nothing to last.

    unknown (not observed yet), later (a fall only then), fading_still and fading_unclear (the
    contrast with the first year found, the year after's own fall found or not), growing, holds (at
    least half of the first year's effect is left), same (found, and whether it fades cannot be
    told), borderline, gone (no fall of EXCLUDED is left), unclear.
    """
    if head is None or after is None or head.estimate.value is None or head.grade in ("D", "X"):
        return None
    if after.estimate.value is None:
        return "unknown" if after.estimate.reason == "window_not_observed" else None
    if after.grade in ("D", "X") or not (favourable(head) or favourable(after)):
        return None
    if not favourable(head):
        return "later"
    if told.verdict in ("fading", "growing"):
        if told.verdict == "growing":
            return "growing"
        return "fading_still" if favourable(after) else "fading_unclear"
    if favourable(after):
        return "holds" if told.verdict == "holds" else "same"
    form = effect(after)
    if form == "none_seen":
        return "gone"
    return "borderline" if form == "borderline_fell" else "unclear"


def half_life(fade: Fade) -> bool:
    """Whether a half-life may be told, off page one: its interval is bounded and not too wide."""
    return fade.high < WIDEST_HALF_LIFE * fade.low


# --- income ------------------------------------------------------------------------------------


def income_answer(
    typical: Finding | None, total: Finding | None
) -> tuple[Finding | None, Finding | None]:
    """Whose sentence is the answer on what villages earn, and which total has to be explained.

    The typical village where it has a number; the total beside it only where the two disagree.
    """
    if typical is None or typical.estimate.value is None:
        return total, None
    return typical, total if total is not None and disagree(typical, total) else None


def disagree(typical: Finding, total: Finding) -> bool:
    """Whether total and typical village tell different stories.

    One of them found and the other not, found in different directions, or the total outside the
    typical village's interval.
    """
    a, b = typical.estimate, total.estimate
    if a.value is None or b.value is None:
        return False
    outside = False
    if a.ci_low is not None and a.ci_high is not None:
        outside = not a.ci_low <= b.value <= a.ci_high
    return outside or direction(typical) != direction(total)

"""How far to trust it: what did not pass, what was asked and found nothing, what is thin."""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.expectation.outcomes import main_findings
from village_eval.expectation.results import Check, Finding
from village_eval.findings.caps import foreseen_shift
from village_eval.findings.evaluation import Evaluation
from village_eval.findings.may_say import direction
from village_eval.report import delivery, tables
from village_eval.report.amounts import signed, size
from village_eval.report.check_words import check_group, could_see_words, number_words
from village_eval.report.fragment import Fragment, bullets, heading, paragraph
from village_eval.report.page_one import find
from village_eval.report.sections.part import part
from village_eval.report.sentences import cap_sentences, excludes_zero
from village_eval.report.would_mislead import unusual_years, year_list
from village_eval.words import wording as w

MOST_NOT_PASSED = 12
MOST_WARNINGS = 6
"""Rows and sentences that the report shows; all are in the annex, the notebooks and tables/."""


def limits(evaluation: Evaluation, lang: str) -> Fragment:
    """What is assumed, what is thin in the data, and the checks: first those that did not pass."""
    t, finding = w.words(lang, "report")["limits"], find(evaluation, "petitions.first_year")
    merged = _unusual(evaluation, finding, lang)
    thin = [*merged, *cap_sentences(evaluation.findings, lang, ("corrected",) if merged else ())]
    thin += _breaking_point(finding, lang)
    if finding and finding.estimate.value is not None and evaluation.listing:
        found = float(evaluation.listing["found"])
        shift = w.percent(100 * float(np.expm1(foreseen_shift(found))), lang)
        thin.append(t["foreseen"].format(found=w.share(found, lang), shift=shift))
    if finding and 0 < finding.quiet_years < 3:
        thin.append(t["few_quiet"].format(n=finding.quiet_years))
    if finding and not w.missing(finding.exaggeration) and finding.exaggeration > 1.05:
        thin.append(t["exaggeration"].format(times=w.ratio(finding.exaggeration, lang)))
    to_check = delivery.warnings(evaluation, lang)
    more = [t["more_warnings"].format(n=len(to_check) - MOST_WARNINGS)]
    return part(
        "limits",
        lang,
        paragraph(w.sentences([t["assume"], t["list_effect"]], lang)),
        bullets(thin),
        paragraph(t["warnings"]) if to_check else None,
        bullets(to_check[:MOST_WARNINGS] + (more if len(to_check) > MOST_WARNINGS else [])),
        *_checks(evaluation, lang),
    )


def _unusual(evaluation: Evaluation, finding: Finding | None, lang: str) -> list[str]:
    """Which comparison years and months of the list lie in unusual times, and what that did."""
    odd = [] if finding is None else unusual_years(finding)
    if finding is None or not odd:
        return []
    t, campaign, est = w.words(lang, "report")["limits"], evaluation.campaign, finding.estimate
    first, last = campaign.listing_window
    inside = [
        m for m in pd.period_range(first, last) if any(a <= m <= b for a, b in campaign.unusual)
    ]
    listing = t["unusual_listing"].format(all=(last - first).n + 1, n=len(inside)) if inside else ""
    slope = est.reversion
    how = t["unusual_not"]
    if slope is not None and slope.full and slope.corrected is not None:
        moved = {
            k: signed(v, est.scale, lang)
            for k, v in (("uncorrected", slope.uncorrected), ("corrected", est.answer))
        }
        how = t["unusual_full"].format(**moved)
    quiet = est.quiet
    n = 0 if quiet is None else len(quiet)
    said = t["unusual"].format(
        n=n, odd=len(odd), years=year_list(odd, lang), listing=listing, how=how
    )
    return [said]


def _breaking_point(finding: Finding | None, lang: str) -> list[str]:
    """By how much something else would have to have moved the listed to undo what was found."""
    seen = None if finding is None else direction(finding)
    if finding is None or seen is None or not excludes_zero(finding):
        return []
    t, est = w.words(lang, "report")["limits"], finding.estimate
    near = min(est.ends, key=abs)
    space = next((c for c in finding.checks if c.name == "placebo_space"), None)
    numbers = {} if space is None else number_words(space, lang)
    others = ""
    if space is not None and {"change", "change_low", "change_high"} <= set(numbers):
        far = space.value("change_low" if near < 0 else "change_high")
        as_far = isinstance(far, float) and abs(far) >= abs(near) and far * near > 0
        others = t["breaking_others" if as_far else "breaking_others_less"].format(
            change=numbers["change"], low=numbers["change_low"], high=numbers["change_high"]
        )
    return [t[f"breaking_{seen}"].format(size=size(near, est.scale, lang), others=others).strip()]


def _checks(evaluation: Evaluation, lang: str) -> list:
    """What did not pass, then what passed and how large a thing that could have missed."""
    t, asked = w.words(lang, "report"), evaluation.checks
    if not asked:
        return []
    failed = tables.not_passed(evaluation, lang)
    passed = _passed(asked, main_findings(f.id for f in evaluation.findings), lang)
    more = 0 if failed is None else len(failed.frame) - MOST_NOT_PASSED
    return [
        heading(3, t["sub"]["checks"], "checks"),
        paragraph(t["limits"]["all_pass"]) if failed is None else failed.first(MOST_NOT_PASSED),
        paragraph(t["limits"]["more_checks"].format(n=more)) if more > 0 else None,
        bullets(passed),
        paragraph(w.sentences([t["limits"]["passing"], _alike(evaluation, lang)], lang))
        if passed
        else None,
    ]


def _passed(asked: list[Check], first: tuple[str, ...], lang: str) -> list[str]:
    """One line each group of threats: how often asked, and what would have been seen.

    What a check could have seen is that of the first main finding that it was asked of.
    """
    t, lines = w.words(lang, "report")["limits"], []
    for key, said in w.words(lang, "checks")["group"].items():
        passed = [c for c in asked if check_group(c) == key and c.verdict == "pass"]
        passed.sort(key=lambda c: c.finding not in first)
        seen = [could_see_words(c, lang) for c in {c.name: c for c in reversed(passed)}.values()]
        if passed:
            told = t["separator"].join(text[:1].lower() + text[1:] for text in reversed(seen))
            lines.append(t["group"].format(group=said, n=w.count(len(passed), lang), seen=told))
    return lines


def _alike(evaluation: Evaluation, lang: str) -> str:
    """What unlisted villages of the same kind did, where nothing clear was seen there."""
    finding = find(evaluation, "petitions.first_year")
    if finding is None or _breaking_point(finding, lang):
        return ""  # said with what would undo what was found
    for c in finding.checks:
        if c.name == "placebo_space" and c.verdict == "pass":
            numbers = number_words(c, lang)
            if numbers.keys() >= {"change", "change_low", "change_high"}:
                return w.words(lang, "report")["limits"]["alike"].format(**numbers)
    return ""


def warnings(evaluation: Evaluation, lang: str) -> Fragment:
    """What the people who delivered the data should check."""
    listed = bullets(delivery.warnings(evaluation, lang))
    return listed or paragraph(w.words(lang, "report")["data"]["no_warnings"])

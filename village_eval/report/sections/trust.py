"""How far to trust it: what did not pass, what was asked and found nothing, what is thin."""

from __future__ import annotations

import numpy as np

from village_eval.expectation.results import Check
from village_eval.findings.caps import foreseen_shift
from village_eval.findings.evaluation import Evaluation
from village_eval.report import delivery, tables
from village_eval.report.check_words import check_group, could_see_words, number_words
from village_eval.report.fragment import Fragment, bullets, heading, paragraph
from village_eval.report.page_one import find
from village_eval.report.sections.part import part
from village_eval.report.sentences import cap_sentences
from village_eval.report.tables.doubts import MAIN
from village_eval.words import wording as w

MOST_NOT_PASSED = 12
MOST_WARNINGS = 6
"""Rows and sentences that the report shows; all are in the annex, the notebooks and tables/."""


def limits(evaluation: Evaluation, lang: str) -> Fragment:
    """What is assumed, what is thin in the data, and the checks: first those that did not pass."""
    t, finding = w.words(lang, "report")["limits"], find(evaluation, "petitions.first_year")
    thin = list(cap_sentences(evaluation.findings, lang))
    if finding and finding.estimate.value is not None and evaluation.listing:
        found = float(evaluation.listing["found"])
        shift = w.percent(100 * float(np.expm1(foreseen_shift(found))), lang)
        thin.append(t["foreseen"].format(found=w.share(found, lang), shift=shift))
    quiet = finding.estimate.quiet if finding else None
    if quiet is not None and "unusual" in quiet and quiet["unusual"].any():
        odd = [str(y) for y in quiet.loc[quiet["unusual"].astype(bool), "year"]]
        thin.append(t["unusual"].format(n=len(odd), years=w.join(odd, lang)))
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


def _checks(evaluation: Evaluation, lang: str) -> list:
    """What did not pass, then what passed and how large a thing that could have missed."""
    t, asked = w.words(lang, "report"), evaluation.checks
    if not asked:
        return []
    failed = tables.not_passed(evaluation, lang)
    passed = _passed(asked, lang)
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


def _passed(asked: list[Check], lang: str) -> list[str]:
    """One line each group of threats: how often asked, and what would have been seen.

    What a check could have seen is that of the first main finding that it was asked of.
    """
    t, lines = w.words(lang, "report")["limits"], []
    for key, said in w.words(lang, "checks")["group"].items():
        passed = [c for c in asked if check_group(c) == key and c.verdict == "pass"]
        passed.sort(key=lambda c: c.finding not in MAIN)
        seen = [could_see_words(c, lang) for c in {c.name: c for c in reversed(passed)}.values()]
        if passed:
            told = t["separator"].join(text[:1].lower() + text[1:] for text in reversed(seen))
            lines.append(t["group"].format(group=said, n=w.count(len(passed), lang), seen=told))
    return lines


def _alike(evaluation: Evaluation, lang: str) -> str:
    """What unlisted villages of the same kind did, where nothing clear was seen there."""
    finding = find(evaluation, "petitions.first_year")
    for c in finding.checks if finding else ():
        if c.name == "placebo_space" and c.verdict == "pass":
            numbers = number_words(c, lang)
            if numbers.keys() >= {"change", "change_low", "change_high"}:
                return w.words(lang, "report")["limits"]["alike"].format(**numbers)
    return ""


def warnings(evaluation: Evaluation, lang: str) -> Fragment:
    """What the people who delivered the data should check."""
    listed = bullets(delivery.warnings(evaluation, lang))
    return listed or paragraph(w.words(lang, "report")["data"]["no_warnings"])

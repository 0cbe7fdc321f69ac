"""What speaks against an answer: single checks, other choices, other designs, limits."""

from __future__ import annotations

import numpy as np

from village_eval.expectation.results import Check
from village_eval.findings.caps import foreseen_shift
from village_eval.findings.evaluation import Evaluation
from village_eval.report import delivery, disagreement, gallery
from village_eval.report.check_words import check_name, check_sentence
from village_eval.report.curve_words import curve_sentences
from village_eval.report.fragment import (
    Fragment,
    bullets,
    join,
    paragraph,
)
from village_eval.report.page_one import (
    find,
)
from village_eval.report.sections.part import part
from village_eval.report.sentences import (
    cap_sentences,
    noun,
    window_words,
)
from village_eval.words import wording as w


def check(
    evaluation: Evaluation, name: str, lang: str, ident: str = "petitions.first_year"
) -> Fragment:
    """One check of a finding: its verdict in words, what it found, its picture."""
    finding, t = find(evaluation, ident), w.words(lang)
    asked = next((c for c in finding.checks if c.name == name), None) if finding else None
    if finding is None or asked is None:
        return paragraph(w.words(lang, "checks")["any"]["not_applicable"])
    about = {
        "window": window_words(finding, lang),
        "noun": noun(finding, lang),
        "verdict": t["verdict"][asked.verdict],
    }
    verdict = w.words(lang, "report")["robustness"]["verdict"].format(
        **about, what=check_sentence(asked, lang)
    )
    return join(paragraph(verdict), gallery.check(evaluation, ident, name, lang))


def robustness(evaluation: Evaluation, lang: str) -> Fragment:
    """The specification curve, and why other designs say something else.

    In words and as a picture.
    """
    return join(specifications(evaluation, lang), disagreements(evaluation, lang))


def specifications(evaluation: Evaluation, lang: str) -> Fragment:
    """How the headline stands among every reasonable choice: in words, then the picture."""
    t = w.words(lang, "report")["robustness"]
    if not (said := curve_sentences(evaluation.specifications, lang)):
        return paragraph(t["no_curve"])
    picture = gallery.specification_curve(evaluation, lang)
    return join(paragraph(w.sentences(said, lang)), picture)


def disagreements(evaluation: Evaluation, lang: str) -> Fragment:
    """Why other designs answer differently.

    The map, and a sentence on each that is further away than the headline's own error.
    """
    finding, t = find(evaluation, "petitions.first_year"), w.words(lang)["disagreement"]
    if finding is None or finding.estimate.value is None:
        return paragraph(w.words(lang, "report")["robustness"]["no_curve"])
    told = disagreement.sentences(finding, evaluation.sensitivity, lang)
    return join(
        gallery.disagreement(evaluation, lang), bullets(told, "findings") or paragraph(t["none"])
    )


def limits(evaluation: Evaluation, lang: str) -> Fragment:
    """What is assumed, which checks failed, what is thin in the data."""
    t, finding = w.words(lang, "report")["limits"], find(evaluation, "petitions.first_year")
    bad = [
        _bad_check(c, evaluation, lang) for c in evaluation.checks if c.verdict in ("weak", "fail")
    ]
    parts: list[Fragment | None] = [paragraph(t["assume"]), paragraph(t["list_effect"])]
    if finding and finding.estimate.value is not None and evaluation.listing:
        found = float(evaluation.listing["found"])
        shift = w.percent(100 * float(np.expm1(foreseen_shift(found))), lang)
        parts.append(paragraph(t["foreseen"].format(found=w.share(found, lang), shift=shift)))
    quiet = finding.estimate.quiet if finding else None
    if quiet is not None and "unusual" in quiet and quiet["unusual"].any():
        odd = [str(y) for y in quiet.loc[quiet["unusual"].astype(bool), "year"]]
        parts.append(paragraph(t["unusual"].format(n=len(odd), years=w.join(odd, lang))))
    parts += [bullets(capped)] if (capped := cap_sentences(evaluation.findings, lang)) else []
    if finding and 0 < finding.quiet_years < 3:
        parts.append(paragraph(t["few_quiet"].format(n=finding.quiet_years)))
    if finding and not w.missing(finding.exaggeration) and finding.exaggeration > 1.05:
        parts.append(paragraph(t["exaggeration"].format(times=w.ratio(finding.exaggeration, lang))))
    if bad:
        parts += [paragraph(t["failed"]), bullets(bad)]
    elif evaluation.checks:
        parts.append(paragraph(t["all_pass"]))
    if to_check := delivery.warnings(evaluation, lang):
        parts += [paragraph(t["warnings"]), bullets(to_check)]
    return part("limits", lang, *parts)


def _bad_check(check: Check, evaluation: Evaluation, lang: str) -> str:
    """A weak or failed check: its name, the finding in question, what it found."""
    finding, name = evaluation[check.finding], check_name(check, lang)
    form = w.words(lang, "report")["limits"]["bad"]
    return form.format(
        name=name,
        window=window_words(finding, lang),
        noun=noun(finding, lang),
        what=check_sentence(check, lang),
    )


def warnings(evaluation: Evaluation, lang: str) -> Fragment:
    """What the people who delivered the data should check."""
    listed = bullets(delivery.warnings(evaluation, lang))
    return listed or paragraph(w.words(lang, "report")["data"]["no_warnings"])

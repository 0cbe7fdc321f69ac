"""What speaks against an answer: single checks, other choices, other designs."""

from __future__ import annotations

from village_eval.findings.evaluation import Evaluation
from village_eval.report import disagreement, gallery
from village_eval.report.check_words import check_sentence
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
from village_eval.report.sentences import (
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

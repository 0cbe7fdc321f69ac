"""Which villages turned around."""

from __future__ import annotations

from village_eval.findings.evaluation import Evaluation
from village_eval.report import gallery
from village_eval.report.fragment import (
    Fragment,
    bullets,
    paragraph,
)
from village_eval.report.sections.part import part
from village_eval.report.village_words import village_sentences
from village_eval.words import wording as w


def villages(evaluation: Evaluation, lang: str) -> Fragment:
    """How many villages turned around, beside a plain comparison and quiet years.

    The list is in the appendix.
    """
    t = w.words(lang, "report")["villages_section"]
    if not (said := village_sentences(evaluation, lang)):
        return part("villages", lang, paragraph(t["none"]))
    if said == [t["misleading"]]:
        return part("villages", lang, bullets(said))
    picture = gallery.turnaround(evaluation, lang)
    return part("villages", lang, bullets(said), paragraph(t["caution"]), picture)

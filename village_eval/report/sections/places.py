"""Which villages turned around."""

from __future__ import annotations

from village_eval.findings.evaluation import Evaluation
from village_eval.report import gallery, tables
from village_eval.report.fragment import Fragment, bullets, paragraph
from village_eval.report.page_one import not_improved
from village_eval.report.sections.part import part
from village_eval.report.village_words import village_sentences
from village_eval.words import wording as w

MOST_REVISITED = 30
"""Rows of villages to visit again that the report shows; all are in the annex and in tables/."""


def villages(evaluation: Evaluation, lang: str) -> Fragment:
    """How many villages turned around, beside a plain comparison and quiet years.

    Then the villages to visit again, at most a page of them.
    """
    t = w.words(lang, "report")["villages_section"]
    if not (said := village_sentences(evaluation, lang)):
        return part("villages", lang, paragraph(t["none"]))
    if said == [t["misleading"]]:
        return part("villages", lang, bullets(said))
    n = not_improved(evaluation)
    again = tables.revisit(evaluation, lang, MOST_REVISITED)
    further = again is not None and n > MOST_REVISITED
    return part(
        "villages",
        lang,
        bullets(said),
        gallery.turned_round(evaluation, lang),
        again,
        paragraph(t["further"].format(n=n - MOST_REVISITED)) if further else None,
        paragraph(t["caution"]),
    )

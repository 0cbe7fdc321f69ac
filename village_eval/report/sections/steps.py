"""What to do next, and what a next round could show."""

from __future__ import annotations

from village_eval.findings.evaluation import Evaluation
from village_eval.report import gallery
from village_eval.report.fragment import (
    Fragment,
    bullets,
    join,
    paragraph,
)
from village_eval.report.page_one import (
    next_steps,
)
from village_eval.report.plan_words import one_detectable, promise_sentence, without_lot
from village_eval.report.sections.part import part
from village_eval.words import wording as w


def advice(evaluation: Evaluation, lang: str) -> Fragment:
    """All next steps, and what designs of a next round could detect."""
    intro = w.words(lang, "report")["advice"]["intro"]
    steps = bullets(next_steps(evaluation, lang), ordered=True)
    return part(
        "advice",
        lang,
        paragraph(intro),
        steps,
        next_round(evaluation, lang),
        gallery.next_round(evaluation, lang),
    )


def next_round(evaluation: Evaluation, lang: str) -> Fragment | None:
    """What a phased roll-out, measures drawn by lot and a repeat could detect in this county."""
    t, rows = w.words(lang, "planning"), evaluation.next_round
    if not any(row["quiet_years"] for row in rows):
        return None
    sentences = bullets([promise_sentence(row, lang) for row in rows])
    head = evaluation.find("petitions.first_year")
    more = one_detectable(rows, head, lang), without_lot(head, lang)
    how = w.sentences([t["promise"]["how"], *more], lang)
    return join(paragraph(t["advice"]["intro"]), sentences, paragraph(how))

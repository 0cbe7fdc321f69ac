"""Does it last."""

from __future__ import annotations

from village_eval.findings.evaluation import Evaluation
from village_eval.report import gallery
from village_eval.report.fragment import (
    Fragment,
    Shown,
    bullets,
    join,
    paragraph,
)
from village_eval.report.lasting import lasting_sentences, mechanism_sentences, overlap
from village_eval.report.page_one import (
    find,
    second_year_needs,
)
from village_eval.report.sections.part import part
from village_eval.report.sentences import (
    reason,
    sentence,
)
from village_eval.words import wording as w


def lasting(evaluation: Evaluation, lang: str) -> Fragment:
    """What is known about the time after the campaign, and when the rest can be."""
    t, after = w.words(lang, "report")["lasting_section"], find(evaluation, "petitions.after")
    later, p = find(evaluation, "petitions.after_13_24"), evaluation.persistence
    shared = overlap(evaluation.campaign)
    known: list[Shown | None] = [
        paragraph(sentence(f, lang)) for f in (after, later) if f and f.estimate.value is not None
    ]
    if after is not None and after.estimate.value is None:
        known.append(paragraph(t["cannot"].format(reason=reason(after, lang))))
    known += [
        paragraph(w.sentences(lasting_sentences(p, lang, shared), lang)),
        gallery.persistence(evaluation, lang),
    ]
    if later is None or later.estimate.reason == "window_not_observed":
        known.append(
            paragraph(t["second"].format(month=second_year_needs(evaluation.campaign, lang)))
        )
    return part("lasting", lang, paragraph(t["must"]), *known, mechanisms(evaluation, lang))


def mechanisms(evaluation: Evaluation, lang: str) -> Fragment | None:
    """Villages with a long-term mechanism against those without.

    Or that there is no record of any.
    """
    t, said = (
        w.words(lang, "report")["mechanisms"],
        mechanism_sentences(evaluation.persistence, lang),
    )
    if evaluation.county.mechanisms is None:
        return paragraph(t["no_record"])
    return join(paragraph(t["intro"]), bullets(said)) if said else None


def fading(evaluation: Evaluation, lang: str) -> Fragment:
    """Whether the effect fades, in words, and what is said of long-term mechanisms."""
    p = evaluation.persistence
    return join(
        paragraph(w.sentences(lasting_sentences(p, lang, overlap(evaluation.campaign)), lang)),
        mechanisms(evaluation, lang),
    )

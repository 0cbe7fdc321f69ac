"""Which measures the changes went with."""

from __future__ import annotations

from village_eval.findings.evaluation import Evaluation
from village_eval.report import gallery
from village_eval.report import measures as measure_words
from village_eval.report.fragment import (
    Fragment,
    bullets,
    paragraph,
)
from village_eval.report.plan_words import lottery_sentences
from village_eval.report.sections.part import part
from village_eval.words import wording as w


def measures(evaluation: Evaluation, lang: str) -> Fragment:
    """Which measures the changes went with: what one county can say."""
    t, a = w.words(lang, "attribution")["text"], evaluation.attribution
    if a.rows.empty:
        keys = {"no_measures": "no_measures", "too_few_listed": "too_few"}
        key = keys.get(a.reason or "", "none_yet")
        return part(
            "measures",
            lang,
            _lottery(evaluation, lang),
            paragraph(t[key].format(n=w.count(evaluation.panel.listed.sum(), lang))),
        )
    outcomes = w.join(
        [w.words(lang, "attribution")["outcome"][o] for o in a.rows["outcome"].unique()], lang
    )
    return part(
        "measures",
        lang,
        _lottery(evaluation, lang),
        paragraph(t["intro"].format(outcomes=outcomes)),
        bullets(measure_words.sentences(a, lang)),
        paragraph(t["pooling"]),
        gallery.measure_effects(evaluation, lang),
    )


def _lottery(evaluation: Evaluation, lang: str) -> Fragment | None:
    """What a round drawn by lot showed, before what doses went with."""
    found = evaluation.lottery
    return None if found is None else bullets(lottery_sentences(found, lang))


def kinds(evaluation: Evaluation, lang: str) -> Fragment | None:
    """For which villages, when, and whether what was done fitted the causes."""
    a = evaluation.attribution
    if a.rows.empty:
        return None
    return bullets(measure_words.kind_sentences(a, lang) + measure_words.more_sentences(a, lang))

"""The technical annex: everything that a referee asks for, after the report and its appendix."""

from __future__ import annotations

from village_eval.findings.evaluation import Evaluation
from village_eval.report import gallery, tables
from village_eval.report import measures as measure_words
from village_eval.report.fragment import Fragment, Shown, box, bullets, heading, paragraph
from village_eval.report.sections.background import regression_to_the_mean
from village_eval.report.sections.doubts import robustness
from village_eval.report.sections.places import MOST_REVISITED
from village_eval.words import wording as w

PARTS = ("findings", "checks", "robustness", "doses", "places", "work", "records")
"""Parts of the annex: keys of the words' ``[annex]`` and anchors ``annex_<key>``."""


def annex(evaluation: Evaluation, lang: str) -> Fragment:
    """All findings, checks, choices, doses, villages, work and records, in tables and pictures.

    A part that the data do not allow has no heading.
    """
    t = w.words(lang, "report")
    shown: dict[str, list[Shown | None]] = {
        "findings": _findings(evaluation, lang),
        "checks": [tables.checks(evaluation, lang, main=True)],
        "robustness": _robustness(evaluation, lang),
        "doses": _doses(evaluation, lang),
        "places": _places(evaluation, lang),
        "work": _work(evaluation, lang),
        "records": [gallery.coverage(evaluation, lang), tables.ledger(evaluation, lang)],
    }
    head = heading(2, t["section"]["annex"], "annex"), paragraph(t["annex"]["intro"])
    parts: list[Shown | None] = []
    for key in PARTS:
        if any(part is not None for part in shown[key]):
            parts += [heading(3, t["annex"][key], f"annex_{key}"), *shown[key]]
    return box("part annex", *head, *parts)


def _findings(evaluation: Evaluation, lang: str) -> list[Shown | None]:
    return [
        tables.findings(evaluation, lang),
        tables.other_outcomes(evaluation, lang),
        regression_to_the_mean(evaluation, lang),
        tables.quiet_years(evaluation, lang),
        tables.persistence(evaluation, lang),
    ]


def _robustness(evaluation: Evaluation, lang: str) -> list[Shown | None]:
    return [
        tables.designs(evaluation, lang),
        gallery.sensitivity(evaluation, lang),
        robustness(evaluation, lang),
        tables.disagreements(evaluation, lang),
        tables.specifications(evaluation, lang),
        tables.prior_scales(evaluation, lang),
        tables.listing_rule(evaluation, lang),
        gallery.listing_rule(evaluation, lang),
    ]


def _doses(evaluation: Evaluation, lang: str) -> list[Shown | None]:
    a = evaluation.attribution
    if a.rows.empty:
        return []
    return [
        bullets(measure_words.kind_sentences(a, lang) + measure_words.more_sentences(a, lang)),
        tables.measure_effects(evaluation, lang),
        tables.kinds(evaluation, lang),
        tables.dose_response(evaluation, lang),
        gallery.together(evaluation, lang) if a.bundles else None,
    ]


def _places(evaluation: Evaluation, lang: str) -> list[Shown | None]:
    again = tables.revisit(evaluation, lang)
    return [
        tables.types(evaluation, lang),
        gallery.causes(evaluation, lang),
        tables.townships(evaluation, lang),
        gallery.county_map(evaluation, lang),
        gallery.turnaround(evaluation, lang),
        tables.villages(evaluation, lang),
        # The body shows as many as a page holds.
        again if again is not None and len(again.frame) > MOST_REVISITED else None,
    ]


def _work(evaluation: Evaluation, lang: str) -> list[Shown | None]:
    return [
        tables.measures(evaluation, lang),
        tables.departments(evaluation, lang),
        tables.delivery(evaluation, lang),
        tables.township_actions(evaluation, lang),
        tables.undelivered(evaluation, lang),
        gallery.wall_chart(evaluation, lang),
    ]

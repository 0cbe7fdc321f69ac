"""Petitions, income and other outcomes, with the checks of what was found."""

from __future__ import annotations

from village_eval.findings.evaluation import Evaluation
from village_eval.report import gallery, tables
from village_eval.report.fragment import (
    Fragment,
    bullets,
    heading,
    paragraph,
)
from village_eval.report.page_one import (
    find,
)
from village_eval.report.sections.background import regression_to_the_mean
from village_eval.report.sections.part import part
from village_eval.report.sentences import (
    sentence,
    topic,
)
from village_eval.report.table import Table
from village_eval.words import wording as w

CHECKED = ("petitions.first_year", "earned_income.first_year", "total_income.first_year")
"""Findings whose checks are all shown; of the others, only those that are weak or failed."""
SHOWN_PETITIONS = ("petitions.first_year", "petitions.during", "petitions.after")
SHOWN_INCOME = (
    "earned_income.first_year",
    "earned_income.first_year.typical",
    "earned_income.first_year.share_earning",
    "total_income.first_year",
)
"""Findings that the text speaks of; the others are in the table of all findings."""


def effects(evaluation: Evaluation, lang: str) -> Fragment:
    """Why before-after misleads, petitions, income, and the checks."""
    t = w.words(lang, "report")
    sub = t["sub"]
    petitions, income = (
        [f for i in ids if (f := find(evaluation, i))] for ids in (SHOWN_PETITIONS, SHOWN_INCOME)
    )
    has_income = evaluation.county.income is not None
    return part(
        "effects",
        lang,
        heading(3, sub["why"], "why"),
        regression_to_the_mean(evaluation, lang),
        tables.quiet_years(evaluation, lang),
        heading(3, sub["petitions"], "petitions"),
        bullets([sentence(f, lang) for f in petitions], "findings"),
        gallery.event_study(evaluation, lang),
        gallery.sensitivity(evaluation, lang),
        heading(3, sub["income"], "income"),
        paragraph(t["effects"]["income_intro" if has_income else "no_income"]),
        bullets([sentence(f, lang) for f in income], "findings") if has_income else None,
        gallery.income_sources(evaluation, lang) if has_income else None,
        heading(3, sub["checks"], "checks"),
        tables.checks(evaluation, lang, of=CHECKED),
        *other_outcomes(evaluation, lang),
    )


def other_outcomes(evaluation: Evaluation, lang: str) -> list[Fragment | Table]:
    """Heading, what these findings are, sentences on those that moved, and the table.

    Nothing when the county has none.
    """
    t, table = w.words(lang, "report"), tables.other_outcomes(evaluation, lang)
    if table is None:
        return []
    moved = [
        f for f in evaluation.findings if topic(f) == "other" and f.conclusion in ("fell", "rose")
    ]
    told = bullets([sentence(f, lang) for f in moved], "findings") or paragraph(t["others"]["none"])
    return [heading(3, t["sub"]["others"], "others"), paragraph(t["others"]["intro"]), told, table]

"""Petitions, income and other outcomes: why before-after misleads, then what was found."""

from __future__ import annotations

from village_eval.county import frames
from village_eval.expectation.outcomes import EARNED_INCOME, TOTAL_INCOME, earned
from village_eval.expectation.results import Finding
from village_eval.findings.evaluation import Evaluation
from village_eval.report import gallery, tables
from village_eval.report.fragment import Fragment, bullets, heading, join, paragraph
from village_eval.report.page_one import find
from village_eval.report.sections.background import in_brief
from village_eval.report.sections.part import part
from village_eval.report.sentences import sentence, topic
from village_eval.words import wording as w

SHOWN_PETITIONS = ("petitions.first_year", "petitions.during")
"""Findings that the text speaks of; what comes after is in its own section, all in the annex."""


def effects(evaluation: Evaluation, lang: str) -> Fragment:
    """Why before-after misleads, petitions, income, other outcomes: words and a picture each."""
    t = w.words(lang, "report")
    sub = t["sub"]
    own = earned(f.id for f in evaluation.findings)
    shown_income = [q.id for outcome in (own, TOTAL_INCOME) for q in outcome.questions()]
    petitions, income = (
        [f for i in ids if (f := find(evaluation, i))] for ids in (SHOWN_PETITIONS, shown_income)
    )
    has_income = evaluation.county.income is not None
    return part(
        "effects",
        lang,
        heading(3, sub["why"], "why"),
        in_brief(evaluation, lang),
        gallery.by_level(evaluation, lang),
        heading(3, sub["petitions"], "petitions"),
        bullets([sentence(f, lang) for f in petitions], "findings"),
        gallery.event_study(evaluation, lang),
        heading(3, sub["income"], "income"),
        paragraph(t["effects"]["income_intro" if has_income else "no_income"]),
        bullets([sentence(f, lang) for f in income], "findings") if has_income else None,
        gallery.income_sources(evaluation, lang) if has_income else None,
        _income_after(evaluation, lang) if has_income else None,
        other_outcomes(evaluation, lang),
    )


def _income_after(evaluation: Evaluation, lang: str) -> Fragment | None:
    """What the sources of income did in the year after, where it is reported: no projection."""
    means = frames.income_by_source(evaluation.panel)
    year = evaluation.campaign.income_year()
    if year not in means.index or year + 1 not in means.index:
        return None
    parts = {
        "subsidy": means["subsidy"],
        "earned": means[list(EARNED_INCOME.columns)].sum(axis=1),
        "total": means.sum(axis=1),
    }
    said = {f"{k}_{i}": w.money(v[year + i], lang) for k, v in parts.items() for i in (0, 1)}
    return paragraph(
        w.words(lang, "report")["effects"]["income_after"].format(year=year + 1, **said)
    )


def other_outcomes(evaluation: Evaluation, lang: str) -> Fragment | None:
    """All of them in a table, in words those that moved and satisfaction; None without any."""
    t, found = w.words(lang, "report"), _others(evaluation)
    if not found:
        return None
    moved = [f for f in found if f.conclusion in ("fell", "rose")]
    told = [f for f in found if f in moved or f.question.outcome.name == "satisfaction"]
    intro = [t["others"]["intro"].format(n=len(found)), "" if moved else t["others"]["none"]]
    return join(
        heading(3, t["sub"]["others"], "others"),
        paragraph(w.sentences(intro, lang)),
        bullets([sentence(f, lang) for f in told], "findings"),
        tables.others_in_brief(evaluation, lang),
    )


def _others(evaluation: Evaluation) -> list[Finding]:
    """Findings on other outcomes that could be assessed."""
    return [f for f in evaluation.findings if topic(f) == "other" and f.estimate.value is not None]

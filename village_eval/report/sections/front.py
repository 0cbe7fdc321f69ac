"""Page one and the contents."""

from __future__ import annotations

from village_eval.findings.evaluation import Evaluation
from village_eval.report import gallery
from village_eval.report.fragment import (
    Fragment,
    box,
    bullets,
    heading,
    paragraph,
    piece,
)
from village_eval.report.page_one import (
    Point,
    next_steps,
    points,
)
from village_eval.words import wording as w

STEPS_ON_PAGE_ONE = 4


def title(evaluation: Evaluation, lang: str) -> str:
    """The report's title."""
    campaign, t = evaluation.campaign, w.words(lang, "report")
    return t["title" if campaign.days == 100 else "title_days"].format(
        county=campaign.county, days=campaign.days
    )


def page_one(evaluation: Evaluation, lang: str) -> Fragment:
    """Title, meta line, numbered sentences, the picture, what to do next: one sheet of A4."""
    t, campaign, listed = w.words(lang, "report"), evaluation.campaign, evaluation.panel.listed
    meta = t["meta"].format(
        start=w.date(campaign.start, lang),
        end=_end(campaign, lang),
        listed=w.count(listed.sum(), lang),
        others=w.count((~listed).sum(), lang),
        observed=w.month(evaluation.panel.months[-1], lang),
    )
    numbered = [_point(p, lang) for p in points(evaluation, lang)]
    return box(
        "page-one",
        paragraph(t["synthetic"], "synthetic") if campaign.synthetic else None,
        heading(1, title(evaluation, lang)),
        paragraph(meta, "meta"),
        piece("answers", points=numbered),
        gallery.progress(evaluation, lang)
        if evaluation.running
        else gallery.quiet_years(evaluation, lang),
        heading(2, t["next_heading"], "next"),
        bullets(next_steps(evaluation, lang)[:STEPS_ON_PAGE_ONE], "next", ordered=True),
        None if evaluation.running else paragraph(t["quote"], "quote"),
        paragraph(t["filed"]["line"], "filed"),
    )


APPENDIX = ("method", "data", "glossary", "reproduce")


def contents(evaluation: Evaluation, lang: str, full: bool = False) -> Fragment:
    """Links to the sections and appendices, and to the parts of the annex where it is there."""
    t = w.words(lang, "report")
    links = [(k, v) for k, v in t["section"].items() if k not in ("appendix", "annex")]
    links += [(k, t["sub"][k]) for k in APPENDIX]
    if full:
        links.append(("annex", t["section"]["annex"]))
    return piece("contents", label=t["sub"]["contents"], links=links)


def _end(campaign, lang: str) -> str:
    """The last day, its year left out where the language does so when it is the start's."""
    if campaign.end.year != campaign.start.year:
        return w.date(campaign.end, lang)
    return w.date(campaign.end, lang, w.words(lang, "report")["meta_end_same_year"])


def _point(point: Point, lang: str) -> dict[str, object]:
    """A numbered sentence that leads to its section.

    The confidence, and that a campaign was no success, in bold.
    """
    t = w.words(lang, "report")
    target = t["sub"].get(point.section) or t["section"][point.section]
    return {
        "lead": point.lead,
        "space": w.words(lang, "form")["between_sentences"],
        "runs": point.runs,
        "section": point.section,
        "see": t["see"].format(section=target),
    }

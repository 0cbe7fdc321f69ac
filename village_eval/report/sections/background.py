"""The county, its list, and why the worst look better next year anyway."""

from __future__ import annotations

from village_eval.county import frames
from village_eval.findings.evaluation import Evaluation
from village_eval.report import gallery, tables
from village_eval.report.amounts import size
from village_eval.report.fragment import (
    Fragment,
    join,
    paragraph,
)
from village_eval.report.page_one import (
    find,
)
from village_eval.report.sections.part import part
from village_eval.report.would_mislead import years_words
from village_eval.words import wording as w


def basics(evaluation: Evaluation, lang: str) -> Fragment:
    """The county, its list, how the listed stood, what the register covers."""
    t, campaign, panel = w.words(lang, "report"), evaluation.campaign, evaluation.panel
    first, last = campaign.listing_window
    intro = t["basics"]["intro"].format(
        county=campaign.county,
        villages=w.count(len(panel.villages), lang),
        townships=panel.villages["township_code"].nunique(),
        first=w.month(first, lang),
        last=w.month(last, lang),
        listed=w.count(panel.listed.sum(), lang),
        share=w.share(panel.listed.mean(), lang),
        start=w.date(campaign.start, lang),
        days=campaign.days,
    )
    covered = t["basics"]["covered"].format(
        first=w.month(panel.months[0], lang),
        last=w.month(panel.months[-1], lang),
        petitions=w.count(panel.petitions.sum(), lang),
        listed_petitions=w.count(panel.petitions[panel.listed].sum(), lang),
    )
    types = tables.types(evaluation, lang)
    known = types if len(types.frame) else paragraph(t["basics"]["no_types"])
    pictures = gallery.causes(evaluation, lang), gallery.ranking(evaluation, lang)
    return part("basics", lang, paragraph(intro), paragraph(covered), known, *pictures)


def regression_to_the_mean(evaluation: Evaluation, lang: str) -> Fragment:
    """Plain words on why the worst look better next year anyway.

    With this county's own quiet years.
    """
    t, finding = w.words(lang, "report")["why"], find(evaluation, "petitions.first_year")
    before, listed = (
        frames.listing_year_petitions(evaluation.panel, evaluation.campaign),
        evaluation.panel.listed,
    )
    first, last = evaluation.campaign.listing_window
    means = {"listed_mean": w.number(before[listed].mean() if listed.any() else 0, lang, 1)}
    others_mean = before[~listed].mean() if (~listed).any() else 0
    means["others_mean"] = w.number(others_mean, lang, 1)
    parts = [
        paragraph(t["p1"].format(first=w.month(first, lang), last=w.month(last, lang), **means))
    ]
    amounts = finding.estimate.amounts if finding else None
    claimed, quiet = (amounts.before_after, amounts.before_after_quiet) if amounts else (None, None)
    years = years_words(finding, lang) if finding else ""
    if not years or w.missing(claimed) or w.missing(quiet):
        return join(*parts, paragraph(t["none"]))
    moved = {
        k: t["fell" if v < 0 else "rose"].format(size=size(v, "log_ratio", lang))
        for k, v in (("q", quiet), ("b", claimed))
    }
    parts.append(paragraph(t["p2"].format(years=years, quiet=moved["q"], before_after=moved["b"])))
    if amounts:
        sums = {
            k: w.count(v, lang)
            for k, v in (("actual", amounts.actual), ("expected", amounts.expected))
        }
        parts.append(paragraph(t["p3"].format(**sums)))
    return join(*parts)

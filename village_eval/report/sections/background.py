"""The county, its list, and why the worst look better next year anyway."""

from __future__ import annotations

import math

from village_eval.county import frames
from village_eval.findings.evaluation import Evaluation
from village_eval.findings.may_say import favourable
from village_eval.report import gallery
from village_eval.report.amounts import size
from village_eval.report.fragment import Fragment, join, paragraph
from village_eval.report.lasting import overlap, span
from village_eval.report.page_one import find
from village_eval.report.sections.part import part
from village_eval.report.would_mislead import projection_sentence, whole_sentence, years_words
from village_eval.words import wording as w

HEADLINE = "petitions.first_year"


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
    shared = overlap(campaign)
    windows = t["basics"]["windows"].format(
        **{k: span(campaign, k, lang) for k in ("first_year", "after", "after_13_24")}
    )
    apart = t["basics"]["overlap"].format(n=shared) if shared else ""
    said = w.sentences([intro, covered, windows, apart], lang)
    return part("basics", lang, paragraph(said), gallery.ranking(evaluation, lang))


def in_brief(evaluation: Evaluation, lang: str) -> Fragment:
    """The same as ``regression_to_the_mean`` for those who read one paragraph."""
    t, told = w.words(lang, "report")["why"], _quiet_years(evaluation, lang)
    if told is None and (finding := find(evaluation, HEADLINE)) and finding.estimate.value is None:
        return paragraph(t["brief"])  # not assessed, so nothing is known of quiet years either
    if told is None:
        return paragraph(t["none"])
    whole = as_a_whole(evaluation, lang)
    return join(
        paragraph(w.sentences([t["brief"], *told], lang)), paragraph(whole) if whole else None
    )


def as_a_whole(evaluation: Evaluation, lang: str) -> str:
    """What the other villages and the county did, and what a shift to them could have been."""
    said, t = whole_sentence(evaluation, lang), w.words(lang, "report")["why"]
    head, whole = (
        find(evaluation, HEADLINE),
        frames.as_a_whole(evaluation.panel, evaluation.campaign),
    )
    if not said or head is None or whole is None:
        return said
    rose = t["others_rose"] if whole[1][1] > whole[1][0] else ""
    check = next((c for c in head.checks if c.name == "displacement"), None)
    least = None if check is None or check.verdict != "pass" else check.value("detectable")
    amounts = head.estimate.amounts
    if amounts is None or least is None or w.missing(least):
        return w.sentences([said, rose], lang)
    moved, averted = float(least) * amounts.expected, amounts.expected - amounts.actual
    blind = favourable(head) and moved >= averted
    shift = t["displaced_blind" if blind else "displaced_seen"].format(
        least=w.share(float(least), lang), n=w.count(moved, lang), averted=w.count(averted, lang)
    )
    return w.sentences([said, rose, shift], lang)


def regression_to_the_mean(evaluation: Evaluation, lang: str) -> Fragment:
    """Plain words on why the worst look better next year anyway.

    With this county's own quiet years.
    """
    t, listed = w.words(lang, "report")["why"], evaluation.panel.listed
    before = frames.listing_year_petitions(evaluation.panel, evaluation.campaign)
    first, last = evaluation.campaign.listing_window
    means = {
        "listed_mean": w.number(before[listed].mean() if listed.any() else 0, lang, 1),
        "others_mean": w.number(before[~listed].mean() if (~listed).any() else 0, lang, 1),
    }
    ranked = t["p1"].format(first=w.month(first, lang), last=w.month(last, lang), **means)
    told = _quiet_years(evaluation, lang)
    return join(paragraph(ranked), *map(paragraph, [t["none"]] if told is None else told))


def _quiet_years(evaluation: Evaluation, lang: str) -> list[str] | None:
    """What quiet years did against the campaign year, and the sums; None without quiet years."""
    t, finding = w.words(lang, "report")["why"], find(evaluation, HEADLINE)
    amounts = finding.estimate.amounts if finding else None
    years = years_words(finding, lang) if finding else ""
    if finding is None or amounts is None or not years:
        return None
    claimed, quiet = amounts.before_after, amounts.before_after_quiet
    if w.missing(claimed) or w.missing(quiet):
        return None
    moved = {
        k: t["fell" if v < 0 else "rose"].format(size=size(v, "log_ratio", lang))
        for k, v in (("quiet", quiet), ("before_after", claimed))
    }
    low, high = finding.estimate.ends
    counts = {
        "actual": amounts.actual,
        "expected": amounts.expected,
        "least": amounts.actual * math.exp(-high),
        "most": amounts.actual * math.exp(-low),
    }
    sums = {k: w.count(v, lang) for k, v in counts.items()}
    return [
        t["p2"].format(years=years, **moved),
        t["p3"].format(**sums),
        projection_sentence(finding, lang),
    ]

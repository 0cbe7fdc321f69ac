"""What would mislead, one sentence each: the year before, petitions not recorded, subsidy."""

from __future__ import annotations

import math

import numpy as np

from village_eval.county.frames import as_a_whole
from village_eval.expectation.results import Check, Finding
from village_eval.findings.evaluation import Evaluation
from village_eval.findings.may_say import favourable
from village_eval.report.amounts import signed
from village_eval.report.check_words import check_sentence
from village_eval.report.sentences import interval
from village_eval.words import wording as w


def would_mislead(evaluation: Evaluation, lang: str) -> tuple[str, str] | None:
    """A few words, then the sentences; None where no petitions can be assessed."""
    head, t = evaluation.find("petitions.first_year"), w.words(lang, "report")["page_one"]
    if head is None or head.estimate.value is None:
        return None
    lead, first = _before_after(head, lang) or (t["would_mislead"], "")
    said = [
        first,
        whole_sentence(evaluation, lang) if first else "",
        _not_recorded(evaluation, head, lang),
        _subsidy(evaluation, lang),
    ]
    text = w.sentences(said, lang)
    return (lead, text) if text else None


def years_words(finding: Finding, lang: str) -> str:
    """The quiet years by name: ``2019年至2022年（对照年份）``; empty when there are none."""
    quiet, t = finding.estimate.quiet, w.words(lang, "report")["page_one"]
    years = [] if quiet is None else [int(y) for y in quiet["year"]]
    if not years:
        return ""
    if consecutive(years):
        return str(t["years_span"].format(first=min(years), last=max(years)))
    named = year_list(years, lang)
    return str(t["years" if len(years) > 1 else "years_one"].format(list=named))


def year_list(years: list[int], lang: str) -> str:
    """``2020年至2022年``, or one by one where they do not follow each other; earliest first."""
    t = w.words(lang, "report")["page_one"]
    if consecutive(years):
        return str(t["span"].format(first=min(years), last=max(years)))
    return w.join([t["year"].format(year=y) for y in sorted(years)], lang)


def consecutive(years: list[int]) -> bool:
    """Whether these are three years or more, one after the other."""
    return len(years) > 2 and int(np.ptp(years)) == len(years) - 1


def unusual_years(finding: Finding) -> list[int]:
    """The quiet years that the county declares unusual."""
    quiet = finding.estimate.quiet
    if quiet is None or "unusual" not in quiet:
        return []
    return [int(y) for y in quiet.loc[quiet["unusual"].astype(bool), "year"]]


def projection_sentence(finding: Finding, lang: str) -> str:
    """Which years the projection is checked against, which were unusual, whether corrected."""
    t, odd = w.words(lang, "report")["page_one"], unusual_years(finding)
    said = ""
    if odd:
        slope = finding.estimate.reversion
        taken = "not" if slope is None or not slope.weight else "full" if slope.full else "part"
        said = t[f"unusual_{taken}"].format(list=year_list(odd, lang))
    return str(t["projected_from"].format(years=years_words(finding, lang), unusual=said))


def _before_after(head: Finding, lang: str) -> tuple[str, str] | None:
    """What a before-after comparison would have claimed, in counts.

    The year before, the year from the start, and what the latter would have been anyway; None
    where that is not known, or with no quiet years to know it by.
    """
    amounts, est, t = head.estimate.amounts, head.estimate, w.words(lang, "report")["page_one"]
    if amounts is None or not years_words(head, lang):
        return None
    claimed = amounts.before_after
    if w.missing(claimed) or w.missing(est.ci_low) or w.missing(est.ci_high) or not amounts.actual:
        return None
    before = amounts.actual * math.exp(-claimed)
    counts = {
        "before": before,
        "actual": amounts.actual,
        "expected": amounts.expected,
        "low": amounts.actual * math.exp(-est.ci_high),
        "high": amounts.actual * math.exp(-est.ci_low),
    }
    said = {k: w.count(v, lang) for k, v in counts.items()}
    text = [t["counts"].format(change=signed(claimed, "log_ratio", lang), **said)]
    returns = round(amounts.expected) < round(before)
    if claimed < 0 and returns:
        text.append(t["counts_return"].format(**said))
    text.append(projection_sentence(head, lang))
    if not returns:
        return t["no_return"], w.sentences(text, lang)
    ratio = math.expm1(claimed) / math.expm1(est.answer) if favourable(head) else 0.0
    lead = "over_twice" if ratio >= 2 else "over" if ratio > 1 else "would_claim"
    return t[lead], w.sentences(text, lang)


def whole_sentence(evaluation: Evaluation, lang: str) -> str:
    """What the other villages and the county as a whole did; empty where a year is not observed."""
    whole, t = as_a_whole(evaluation.panel, evaluation.campaign), w.words(lang, "report")
    if whole is None:
        return ""
    (listed_before, listed_after), (before, after) = whole
    if not before or not listed_before + before:
        return ""
    change = math.log((listed_after + after) / (listed_before + before))
    counts = {
        "n": int((~evaluation.panel.listed).sum()),
        "others_before": before,
        "others_after": after,
        "before": listed_before + before,
        "after": listed_after + after,
    }
    said = {k: w.count(v, lang) for k, v in counts.items()}
    return str(t["page_one"]["whole"].format(change=signed(change, "log_ratio", lang), **said))


def _not_recorded(evaluation: Evaluation, head: Finding, lang: str) -> str:
    """Fewer petitions, or fewer recorded: what petitions above the county say of it.

    Empty where the answer itself has said it.
    """
    check, t = _asked(head, "suppression"), w.words(lang, "report")["page_one"]
    if check is None or check.verdict == "not_applicable":
        return str(t["recording_unknown"])
    if head.grade == "X" and check.misleads and check.verdict == "fail":
        return ""
    if check.verdict != "pass":
        return check_sentence(check, lang)
    above = evaluation.find("skip_level_petitions.first_year")
    if above is None or above.estimate.value is None or w.missing(above.estimate.ci_high):
        return str(t["recording_pass"])
    est = above.estimate
    rise = t["recording_rise"] if est.ci_high is not None and est.ci_high > 0 else ""
    return str(
        t["recording_number"].format(
            signed=signed(est.answer, est.scale, lang), range=interval(above, lang), verdict=rise
        )
    )


def _subsidy(evaluation: Evaluation, lang: str) -> str:
    """What subsidy makes of income, where the answer on income has not said it."""
    total, t = evaluation.find("total_income.first_year"), w.words(lang, "report")["page_one"]
    check = None if total is None else _asked(total, "subsidy")
    if total is None or check is None or check.verdict == "not_applicable":
        return ""
    if total.grade == "X" and check.verdict == "fail":
        return ""
    return str(t["subsidy_pass"]) if check.verdict == "pass" else check_sentence(check, lang)


def _asked(finding: Finding, name: str) -> Check | None:
    return next((c for c in finding.checks if c.name == name), None)

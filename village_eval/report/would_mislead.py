"""What would mislead, one sentence each: the year before, petitions not recorded, subsidy."""

from __future__ import annotations

import numpy as np

from village_eval.expectation.results import Check, Finding
from village_eval.findings.evaluation import Evaluation
from village_eval.findings.may_say import favourable
from village_eval.report.amounts import signed, size
from village_eval.report.check_words import check_sentence
from village_eval.words import wording as w


def would_mislead(evaluation: Evaluation, lang: str) -> tuple[str, str] | None:
    """A few words, then the sentences; None where no petitions can be assessed."""
    head, t = evaluation.find("petitions.first_year"), w.words(lang, "report")["page_one"]
    if head is None or head.estimate.value is None:
        return None
    lead, first = _before_after(head, lang) or (t["would_mislead"], "")
    said = [first, _not_recorded(head, lang), _subsidy(evaluation, lang)]
    text = w.sentences(said, lang)
    return (lead, text) if text else None


def years_words(finding: Finding, lang: str) -> str:
    """The quiet years by name: ``2019年至2022年这4个对照年份``; empty when there are none."""
    quiet, t = finding.estimate.quiet, w.words(lang, "report")["page_one"]
    years = [] if quiet is None else [int(y) for y in quiet["year"]]
    if not years:
        return ""
    if len(years) > 2 and np.ptp(years) == len(years) - 1:
        return t["years_span"].format(first=min(years), last=max(years), n=len(years))
    listed = w.join([t["year"].format(year=y) for y in years], lang)
    return t["years" if len(years) > 1 else "years_one"].format(list=listed, n=len(years))


def _before_after(head: Finding, lang: str) -> tuple[str, str] | None:
    """What a before-after comparison would have claimed.

    Against what such villages do in quiet years; None where that is not known.
    """
    amounts, t = head.estimate.amounts, w.words(lang, "report")["page_one"]
    years = years_words(head, lang)
    if amounts is None or not years:
        return None
    claimed, quiet = amounts.before_after, amounts.before_after_quiet
    if w.missing(claimed) or w.missing(quiet):
        return None
    if claimed < 0 and quiet < 0:
        text = t["before_after_fell"].format(
            before_after=size(claimed, "log_ratio", lang),
            quiet=size(quiet, "log_ratio", lang),
            years=years,
        )
        ratio = np.expm1(claimed) / np.expm1(head.estimate.answer) if favourable(head) else 0.0
        return t["over_twice" if ratio >= 2 else "over" if ratio > 1 else "would_claim"], text
    text = t["before_after_other"].format(
        before_after=signed(claimed, "log_ratio", lang),
        quiet=signed(quiet, "log_ratio", lang),
        years=years,
    )
    return t["no_return" if quiet >= 0 else "would_claim"], text


def _not_recorded(head: Finding, lang: str) -> str:
    """Fewer petitions, or fewer recorded: what petitions above the county say of it.

    Empty where the answer itself has said it.
    """
    check, t = _asked(head, "suppression"), w.words(lang, "report")["page_one"]
    if check is None or check.verdict == "not_applicable":
        return str(t["recording_unknown"])
    if head.grade == "X" and check.misleads and check.verdict == "fail":
        return ""
    return str(t["recording_pass"]) if check.verdict == "pass" else check_sentence(check, lang)


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

"""Findings in words: grade, conclusion and interval decide which.

The words live in each language's ``sentences.toml``.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from village_eval.expectation.outcomes import question
from village_eval.expectation.results import Estimate, Finding
from village_eval.findings.grading import hoped_for
from village_eval.findings.may_say import effect, just_visible, least_seen, one_sided
from village_eval.report.amounts import signed, size
from village_eval.report.check_words import check_forms, number_words, places
from village_eval.words import names
from village_eval.words import wording as w
from village_eval.words.catalogue import entry

Wording = Callable[[float, str, int], str]
"""A number as text, in a language and with so many decimals."""
STRONG = "**"
"""Stands before and after what a page sets in bold; the words put it there."""
SMALLEST = 0.1
"""No detectable change is printed smaller than this (per cent or points): 0 would promise too
much."""


def sentence(finding: Finding, lang: str = "zh") -> str:
    """One finding in one or two sentences, from its conclusion to its grade.

    Never an unformatted or missing number.
    """
    return marked_sentence(finding, lang, after_lead=False).replace(STRONG, "")


def marked_sentence(finding: Finding, lang: str, after_lead: bool = True) -> str:
    """The same with its confidence between marks (STRONG), as page one shows it.

    ``after_lead`` leaves out the verdict that ``lead`` has just given.
    """
    t, est = w.words(lang), finding.estimate
    fields = {"window": window_words(finding, lang), "noun": noun(finding, lang)}
    fields |= {"basis": basis(finding, lang), "who": who(finding, lang)}
    if est.value is None or w.missing(est.value):
        return (
            t["effect"]["null"].format(**fields, reason=reason(finding, lang)) + t["tail"]["stop"]
        )
    fields |= {
        "size": size(est.value, est.scale, lang),
        "signed": signed(est.value, est.scale, lang),
        "range": interval(finding, lang),
    }
    form = effect(finding)
    if form == "misleading":
        claimed = {"petitions": "misleading_fell", "income": "misleading_rose"}.get(
            topic(finding), "misleading_plain"
        )
        as_claimed = (est.value < 0) == (topic(finding) == "petitions")
        form = claimed if as_claimed else "misleading_plain"
        return (
            t["effect"][form].format(**fields, why=_why_misleading(finding, lang))
            + t["tail"]["not_success"]
        )
    why = gate_reason(finding, lang) if form == "not_asked" else ""
    body = t["effect"][form].format(**fields, absolute=_absolute(finding, lang), why=why)
    body += "" if after_lead else t["verdict_in_words"].get(form, "")
    confidence = {
        "fell": "confidence",
        "rose": "confidence",
        "unclear": "confidence_method",
        "not": "confidence_method",
    }.get(form.split("_")[0], "confidence_number")
    sure = t["tail"][confidence].format(
        grade=t["grade"][finding.grade], precision=_precision(finding, lang)
    )
    return str(body + _tails(finding, lang) + sure)


def lead(finding: Finding, lang: str = "zh") -> str:
    """The answer in a few words, to stand in bold before the sentence."""
    t, form = w.words(lang)["lead"][topic(finding)], effect(finding)
    key = form
    if form in ("fell", "rose"):
        just = f"{form}_just" in t and just_visible(finding)
        key = f"{form}_just" if just else f"{form}_strong"
    if form == "misleading":
        failed = [c.name for c in finding.checks if c.misleads and c.verdict == "fail"]
        hoped = finding.estimate.answer * finding.question.outcome.favourable > 0
        key = next((name for name in failed if name in t and hoped), "misleading")
    elif form == "none_seen":
        key = f"none_{_hoped_for(finding)}"
    outcome = w.capital(noun(finding, lang), lang)
    said = {"excluded": excluded(finding, lang), "range": interval(finding, lang)}
    return str(t[key].format(outcome=outcome, **said))


def design_label(estimate: Estimate, lang: str) -> str:
    """A design as a reader names it."""
    return names.design(estimate.design, lang, estimate.label)


def cap_sentences(
    findings: list[Finding], lang: str = "zh", said: tuple[str, ...] = ()
) -> list[str]:
    """Why some findings cannot be graded better.

    Each reason once, with the outcomes that it is about; ``said``: reasons told elsewhere, left
    out where they are about petitions alone.
    """
    t = w.words(lang)
    outcomes: dict[str, list[str]] = {}
    for f in findings:
        for cap in f.capped:
            named = outcomes.setdefault(cap, [])
            if (name := noun(f, lang)) not in named:
                named.append(name)
    return [
        t["cap"]["of"].format(what=t["cap"][cap], outcomes=w.join(named, lang))
        for cap, named in outcomes.items()
        if cap not in said or named != [names.outcome("petitions", lang)]
    ]


def topic(finding: Finding) -> str:
    """``petitions``, ``income`` or ``other``."""
    return finding.question.outcome.family


def noun(finding: Finding, lang: str) -> str:
    """What was measured: ``信访量``, ``有经营和发包收入的村所占比例``."""
    asked = finding.question
    return names.outcome(asked.outcome.name, lang, asked.outcome.label, asked.statistic)


def window_words(finding: Finding, lang: str) -> str:
    """The window as a reader names it."""
    return names.window(finding.question.window, lang, finding.question.outcome.by_year)


def finding_name(finding: Finding, lang: str) -> str:
    """What a finding is of, in a few words: its outcome and its window."""
    return names.finding(noun(finding, lang), window_words(finding, lang), lang)


def who(finding: Finding, lang: str) -> str:
    """The listed villages that the number is of: all, or those that reported."""
    t, est = w.words(lang)["who"], finding.estimate
    reported = est.n_treated if est.reported is None else est.reported
    return t["all" if reported == est.n_treated else "reported"].format(
        n=w.count(est.n_treated, lang), reported=w.count(reported, lang)
    )


def basis(finding: Finding, lang: str) -> str:
    """What the number is compared with.

    The course without the campaign, or, with no quiet year to tell it, history alone.
    """
    return w.words(lang)["basis"]["quiet" if finding.quiet_years else "history"]


def reason(finding: Finding, lang: str) -> str:
    """Why there is no number."""
    return names.reason(finding.reason or finding.estimate.reason, lang)


def gate_reason(finding: Finding, lang: str) -> str:
    """Why a question was not asked: what the question that shut its gate came to."""
    shut_by = question(finding.gate)
    outcome = names.outcome(shut_by.outcome.name, lang, statistic=shut_by.statistic)
    when = names.window(shut_by.window, lang, shut_by.outcome.by_year)
    form = entry(lang, f"sentences.gate.{finding.gate_reason}")
    return form.format(question=names.finding(outcome, when[:1].lower() + when[1:], lang))


def _precision(finding: Finding, lang: str) -> str:
    """What stands beside the grade: ``，精度：中等``; nothing where it has no word."""
    t = w.words(lang)
    if finding.precision is None:
        return ""
    return str(t["tail"]["precision"].format(word=t["precision"][finding.precision]))


def interval(finding: Finding, lang: str) -> str:
    """The 95 % interval in words: ``低5%至29%``, ``−22%至+18%``.

    Both ends with as many decimals.
    """
    est = finding.estimate
    t, low, high = w.words(lang)["range"], est.ci_low, est.ci_high
    if w.missing(low) or w.missing(high):
        return w.words(lang)["unit"]["unknown_range"]
    ends = [100 * (v if est.scale == "share" else np.expm1(v)) for v in (low, high)]
    decimals = 0 if max(map(abs, ends)) >= 9.95 else 1
    form = "rose" if low > 0 else "fell" if high < 0 else "both"
    first, last = ends if form == "both" else sorted(ends, key=abs)
    if form != "both":  # never "0 % lower"
        near = abs(first)
        decimals = next((d for d in (decimals, 1, 2) if round(near, d) > 0), 3)
    one, other = _ends_in(est.scale, signed=form == "both")
    return t[form].format(low=one(first, lang, decimals), high=other(last, lang, decimals))


def _ends_in(scale: str, signed: bool) -> tuple[Wording, Wording]:
    """How the first and the last end of a range are written.

    Points are named once, after the last.
    """
    if scale == "share":
        return (w.signed_digits, w.signed_points) if signed else (w.digits, w.points)
    return (w.signed_percent, w.signed_percent) if signed else (w.percent, w.percent)


def excludes_zero(finding: Finding) -> bool:
    """Whether the 95 % interval lies on one side of zero."""
    return one_sided(finding.estimate.ci_low, finding.estimate.ci_high)


def _absolute(finding: Finding, lang: str) -> str:
    """How many petitions or yuan the change comes to, with its range.

    Nothing where that would mislead, or where the range holds none.
    """
    amount, value = finding.estimate.absolute, finding.estimate.answer
    unit = finding.question.outcome.unit
    if w.missing(amount) or not excludes_zero(finding) or finding.estimate.scale == "share":
        return ""
    if amount * value <= 0 or round(abs(amount)) == 0:
        return ""
    if "channels" in finding.capped:
        return ""  # petitions before and after are not counted alike
    if unit not in ("petitions", "yuan"):
        return ""  # of what the amount would be one, only the researcher knows
    what = "income" if unit == "yuan" else "petitions"
    show = w.money if unit == "yuan" else w.count
    form = entry(lang, f"sentences.absolute.{what}_{'fell' if value < 0 else 'rose'}")
    ends = [amount * math.expm1(-end) / math.expm1(-value) for end in finding.estimate.ends]
    least, most = (show(end, lang) for end in sorted(ends, key=abs))
    return str(form.format(amount=show(amount, lang), least=least, most=most))


def _tails(finding: Finding, lang: str) -> str:
    """What must be said after the number.

    What would have been seen, multiplicity, the missing quiet years.
    """
    t, form = w.words(lang)["tail"], effect(finding)
    text = _seen(finding, form, lang)
    if not finding.quiet_years:
        text += t["fallback"]
    if "earlier_lists" in finding.capped:
        text += t["earlier_lists"]
    return text


def _seen(finding: Finding, form: str, lang: str) -> str:
    """How large a change would probably have been seen, as far as the form calls for it."""
    t, scale, detectable = (
        w.words(lang)["tail"],
        finding.estimate.scale,
        finding.minimum_detectable_percent,
    )
    nothing = form in ("none_seen", "unclear")
    if w.missing(detectable):
        if form.startswith("borderline"):
            return str(t["borderline_plain"])
        return str(t["mde_unknown"]) if nothing else ""
    least = max(abs(detectable), SMALLEST)
    mde = w.points(least, lang) if scale == "share" else w.percent(least, lang)
    if form.startswith("borderline"):
        return str(t["borderline"].format(mde=mde))
    if form == "none_seen":
        return str(t[f"none_{_hoped_for(finding)}"].format(excluded=excluded(finding, lang)))
    if nothing:
        left = not finding.quiet_years or "earlier_campaigns" in finding.capped
        return str(t["doubtful" if left else "unclear"].format(mde=mde))
    needed = least_seen(finding)
    if needed is not None and just_visible(finding):
        return str(t["small"].format(mde=size(needed, scale, lang)))
    return ""


def excluded(finding: Finding, lang: str) -> str:
    """The hoped-for change that a range must exclude before it is said not to have come."""
    change = hoped_for(finding.estimate)
    return (w.points if finding.estimate.scale == "share" else w.percent)(change, lang)


def _hoped_for(finding: Finding) -> str:
    return "rose" if finding.question.outcome.favourable > 0 else "fell"


def _why_misleading(finding: Finding, lang: str) -> str:
    """The first check that says that the number misleads, and by what."""
    for check in finding.checks:
        forms = check_forms(check, lang)
        if check.misleads and check.verdict == "fail" and "misleads" in forms:
            numbers = number_words(check, lang)
            known = places(forms["misleads"]) <= set(numbers)
            return forms["misleads" if known else "misleads_plain"].format(**numbers)
    return entry(lang, "sentences.misleads.unknown")

"""Findings and checks in words: grade, conclusion and interval decide which; the words live in
each language's ``sentences.toml``."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from string import Formatter

import numpy as np

from village_eval.expectation.numbers import Number
from village_eval.expectation.results import Check, Estimate, Finding
from village_eval.words import names
from village_eval.words import wording as w
from village_eval.words.catalogue import UnknownWords, entry

Wording = Callable[[float, str, int], str]
"""A number as text, in a language and with so many decimals."""
SMALLEST = 0.1
"""No detectable change is printed smaller than this (per cent or points): 0 would promise too
much."""
CERTAIN = ("A", "B")
"""Grades that allow a plain verb; C says may."""


def sentence(finding: Finding, lang: str = "zh", after_lead: bool = False) -> str:
    """One finding in one or two sentences, from its conclusion to its grade; never an unformatted
    or missing number.

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
    if finding.grade == "X":
        claimed = {"petitions": "misleading_fell", "income": "misleading_rose"}.get(
            topic(finding), "misleading_plain"
        )
        as_claimed = (est.value < 0) == (topic(finding) == "petitions")
        form = claimed if as_claimed else "misleading_plain"
        return (
            t["effect"][form].format(**fields, why=_why_misleading(finding, lang))
            + t["tail"]["not_success"]
        )
    form = _form(finding)
    body = t["effect"][form].format(**fields, absolute=_absolute(finding, lang))
    body += "" if after_lead else t["verdict_in_words"].get(form, "")
    confidence = "confidence" if form.split("_")[0] in ("fell", "rose") else "confidence_number"
    return (
        body + _tails(finding, lang) + t["tail"][confidence].format(grade=t["grade"][finding.grade])
    )


def lead(finding: Finding, lang: str = "zh") -> str:
    """The answer in a few words, to stand in bold before the sentence."""
    t = w.words(lang)["lead"][topic(finding)]
    if finding.estimate.value is None:
        key = "null"
    elif finding.grade == "X":
        failed = [c.name for c in finding.checks if c.misleads and c.verdict == "fail"]
        fits = (
            finding.estimate.value < 0
            if topic(finding) == "petitions"
            else finding.estimate.value > 0
        )
        key = next((name for name in failed if name in t and fits), "misleading")
    else:
        form = _form(finding)
        key = f"{form}_strong" if form in ("fell", "rose") else form
    return t[key].format(outcome=w.capital(noun(finding, lang), lang))


def check_sentence(check: Check, lang: str = "zh") -> str:
    """What a check found, in one sentence; the plain variant where its numbers are missing.

    A check of one's own brings its words. Raises UnknownWords for one that has none.
    """
    forms = _check_forms(check, lang)
    if check.verdict == "not_applicable":
        return forms.get(check.verdict) or entry(lang, "checks.any.not_applicable")
    numbers = number_words(check, lang)
    by_cause = f"{check.verdict}_{check.cause}"
    for form in (by_cause if by_cause in forms else check.verdict, f"{check.verdict}_plain"):
        if form in forms and places(forms[form]) <= set(numbers):
            return forms[form].format(**numbers)
    raise UnknownWords(f"check {check.name} has no words for the verdict {check.verdict!r}")


def _check_forms(check: Check, lang: str) -> Mapping[str, str]:
    """The sentences of a check by verdict: its own, else the catalogue's."""
    if check.words:
        return check.words.get(lang) or next(iter(check.words.values()))
    forms: Mapping[str, str] | None = w.words(lang, "checks").get(check.name)
    if forms is None:
        raise UnknownWords(f"no catalogue has words for the check {check.name!r}")
    return forms


def places(text: str) -> set[str]:
    """The names of the places that a text holds for numbers."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def check_name(check: Check, lang: str) -> str:
    """A check as a reader names it."""
    return names.check(check.name, lang, check.words)


def design_label(estimate: Estimate, lang: str) -> str:
    """A design as a reader names it."""
    return names.design(estimate.design, lang, estimate.label)


def cap_sentences(findings: list[Finding], lang: str = "zh") -> list[str]:
    """Why some findings cannot be graded better, each reason once with the outcomes that it is
    about."""
    t, outcomes = w.words(lang), {}
    for f in findings:
        for cap in f.capped:
            named = outcomes.setdefault(cap, [])
            if (name := noun(f, lang)) not in named:
                named.append(name)
    return [
        t["cap"]["of"].format(what=t["cap"][cap], outcomes=w.join(named, lang))
        for cap, named in outcomes.items()
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
    """What the number is compared with: the course without the campaign, or, with no quiet year to
    tell it, history alone."""
    return w.words(lang)["basis"]["quiet" if finding.quiet_years else "history"]


def reason(finding: Finding, lang: str) -> str:
    """Why there is no number."""
    return names.reason(finding.reason or finding.estimate.reason, lang)


def size(value: float, scale: str, lang: str) -> str:
    """The size of a change without its sign: ``18%`` or, for shares, ``1.3个百分点``."""
    return (
        w.points(100 * value, lang) if scale == "share" else w.percent(100 * np.expm1(value), lang)
    )


def signed(value: float, scale: str, lang: str, decimals: int | None = None) -> str:
    """The change with its sign."""
    if scale == "share":
        return w.signed_points(100 * value, lang, decimals)
    return w.signed_percent(100 * np.expm1(value), lang, decimals)


def interval(finding: Finding, lang: str) -> str:
    """The 95 % interval in words: ``低5%至29%``, ``−22%至+18%``; both ends with as many
    decimals."""
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
    """How the first and the last end of a range are written; points are named once, after the
    last."""
    if scale == "share":
        return (w.signed_digits, w.signed_points) if signed else (w.digits, w.points)
    return (w.signed_percent, w.signed_percent) if signed else (w.percent, w.percent)


def excludes_zero(finding: Finding) -> bool:
    """Whether the 95 % interval lies on one side of zero."""
    est = finding.estimate
    return (
        not w.missing(est.ci_low)
        and not w.missing(est.ci_high)
        and (est.ci_low > 0 or est.ci_high < 0)
    )


def _form(finding: Finding) -> str:
    """Which of the effect templates the evidence allows."""
    if finding.grade == "D":
        return "descriptive"
    direction = {"fell": -1, "rose": 1}.get(finding.conclusion)
    if direction and finding.estimate.value * direction > 0:
        return finding.conclusion if finding.grade in CERTAIN else f"{finding.conclusion}_weak"
    if excludes_zero(finding):
        return "borderline_fell" if finding.estimate.value < 0 else "borderline_rose"
    return finding.conclusion if finding.conclusion in ("none_seen", "unclear") else "unclear"


def _absolute(finding: Finding, lang: str) -> str:
    est, t = finding.estimate, w.words(lang)["absolute"]
    if w.missing(est.absolute) or est.absolute * est.value <= 0 or round(abs(est.absolute)) == 0:
        return ""
    if "channels" in finding.capped:
        return ""  # petitions before and after are not counted alike
    if finding.question.outcome.unit not in ("petitions", "yuan"):
        return ""  # of what the amount would be one, only the researcher knows
    unit = "income" if finding.question.outcome.unit == "yuan" else "petitions"
    amount = w.money(est.absolute, lang) if unit == "income" else w.count(est.absolute, lang)
    return t[f"{unit}_{'fell' if est.value < 0 else 'rose'}"].format(amount=amount)


def _tails(finding: Finding, lang: str) -> str:
    """What must be said after the number: what would have been seen, multiplicity, the missing
    quiet years."""
    t, est, form, detectable = (
        w.words(lang)["tail"],
        finding.estimate,
        _form(finding),
        finding.minimum_detectable_percent,
    )
    text, known = "", not w.missing(detectable)
    if known:
        detectable = max(abs(detectable), SMALLEST)
        mde = w.points(detectable, lang) if est.scale == "share" else w.percent(detectable, lang)
    if form.startswith("borderline"):
        text += t["borderline"].format(mde=mde) if known else t["borderline_plain"]
    elif form in ("none_seen", "unclear") and known:
        left = not finding.quiet_years or "earlier_campaigns" in finding.capped
        text += t["doubtful" if left else "none" if form == "none_seen" else form].format(mde=mde)
    elif form in ("none_seen", "unclear"):
        text += t["mde_unknown"]
    elif (
        form == finding.conclusion and known and abs(est.value) < abs(least := _least_seen(finding))
    ):
        text += t["small"].format(mde=size(least, est.scale, lang))
    if not finding.quiet_years:
        text += t["fallback"]
    if "earlier_lists" in finding.capped:
        text += t["earlier_lists"]
    return text


def _least_seen(finding: Finding) -> float:
    """The smallest change that would probably be seen, with the estimate's scale and sign: a fall
    of 20 % is a rise of 25 %."""
    est, change = finding.estimate, finding.minimum_detectable_percent / 100
    return np.sign(est.value) * abs(change if est.scale == "share" else np.log1p(change))


def _why_misleading(finding: Finding, lang: str) -> str:
    """The first check that says that the number misleads, and by what."""
    for check in finding.checks:
        forms = _check_forms(check, lang)
        if check.misleads and check.verdict == "fail" and "misleads" in forms:
            numbers = number_words(check, lang)
            known = places(forms["misleads"]) <= set(numbers)
            return str(forms["misleads" if known else "misleads_plain"].format(**numbers))
    return str(w.words(lang)["misleads"]["unknown"])


def number_words(check: Check, lang: str) -> dict[str, str]:
    """A check's numbers as text by their keys, those that are known."""
    return {
        key: number_text(number, lang)
        for key, number in check.numbers.items()
        if not w.missing(number.value)
    }


def number_text(number: Number, lang: str) -> str:
    """A number as text, by its unit."""
    value = number.value
    if isinstance(value, str):
        return value
    if number.unit == "log_ratio":
        return signed(value, "log_ratio", lang)
    if number.unit == "points":
        return signed(value, "share", lang)
    if number.unit == "share":
        return w.share(value, lang)
    if number.unit == "percent":
        return w.signed_percent(value, lang)
    if number.unit == "ratio":
        return w.ratio(value, lang)
    if number.unit in ("count", "months"):
        return w.count(value, lang)
    if number.unit == "yuan":
        return w.money(value, lang)
    return p_text(value, lang)


def p_text(p: float, lang: str) -> str:
    """A p value with two digits that count, ``<0.001`` below."""
    if p < 0.001:
        return w.p_value(p, lang)
    return w.number(p, lang, 1 - math.floor(math.log10(p)), always=False)

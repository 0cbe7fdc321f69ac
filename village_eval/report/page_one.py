"""Page one in words: the answer first, then its size, its range and how sure.

Then what would mislead, and what to do next.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from village_eval.county.audience import names_villages
from village_eval.county.campaign import Campaign
from village_eval.county.frames import NOT_IMPROVED, delivery
from village_eval.expectation.results import Finding
from village_eval.findings import may_say
from village_eval.findings.evaluation import Evaluation
from village_eval.report.amounts import signed, size
from village_eval.report.lasting import numbers
from village_eval.report.plan_words import advice_sentence
from village_eval.report.sentences import (
    STRONG,
    basis,
    excludes_zero,
    interval,
    lead,
    marked_sentence,
)
from village_eval.words import wording as w
from village_eval.words.vocabulary import name


@dataclass(frozen=True)
class Point:
    """One numbered sentence of page one.

    In bold, then in full, and the section that it leads to.
    """

    lead: str
    marked: str
    section: str

    @property
    def runs(self) -> list[tuple[str, bool]]:
        """The sentence in runs of text, each with whether it is set in bold."""
        parts = self.marked.split(STRONG)
        return [(part, i % 2 == 1) for i, part in enumerate(parts) if part]

    @property
    def text(self) -> str:
        """The sentence in full, without marks."""
        return self.marked.replace(STRONG, "")


def find(evaluation: Evaluation, ident: str) -> Finding | None:
    """The finding of an id, if it is there."""
    return next((f for f in evaluation.findings if f.id == ident), None)


def points(evaluation: Evaluation, lang: str) -> list[Point]:
    """Three to five sentences, as far as the findings carry them."""
    made = (
        [_running]
        if evaluation.running
        else [_petitions, _before_after, _income, _measures, _lasting, _delivered]
    )
    return [p for make in made if (p := make(evaluation, lang)) is not None]


def next_steps(evaluation: Evaluation, lang: str) -> list[str]:
    """What to do next, the most urgent first; every step answers a finding."""
    t = w.words(lang, "report")["next"]
    head, after, county = (
        find(evaluation, "petitions.first_year"),
        find(evaluation, "petitions.after"),
        evaluation.county,
    )
    steps = []
    if evaluation.running and (state := stand(evaluation)) and state["overdue"]:
        steps.append(t["overdue"].format(n=w.count(state["overdue"], lang)))
    seen = None if head is None else head.estimate.value
    if head is not None and seen is None:
        by_reason = t["null"]
        month = w.month(_last_month(evaluation.campaign, "first_year"), lang)
        steps.append(by_reason.get(head.estimate.reason, by_reason["other"]).format(month=month))
    elif head is not None:
        steps += _with_campaign(evaluation, head, lang)
    if (n := not_improved(evaluation)) and head is not None and head.grade != "X":
        steps.append(
            t["revisit" if names_villages(evaluation.audience) else "revisit_public"].format(n=n)
        )
    if any(f.grade == "X" and "income" in f.id for f in evaluation.findings):
        steps.append(t["income"])
    steps.append(t["measure"])
    if (
        after is not None
        and after.estimate.reason == "window_not_observed"
        and head is not None
        and head.estimate.value is not None
    ):
        steps.append(
            t["wait"].format(month=w.month(_last_month(evaluation.campaign, "after"), lang))
        )
    if head is not None and head.estimate.value is not None and head.quiet_years < 2:
        steps.append(t["more_data"])
    if county.income is None:
        steps.append(t["income_data"])
    if county.measures is None:
        steps.append(t["measure_data"])
    return steps


def _with_campaign(evaluation: Evaluation, head: Finding, lang: str) -> list[str]:
    """What to do with the campaign itself (may_say.next_step), and what the next round needs."""
    t = w.words(lang, "report")["next"]
    cost = next((c for c in evaluation.costs if c.finding == head.id), None)
    step = may_say.next_step(head, cost)
    if step == "registers":
        return [t["registers"]]
    found = head.estimate.answer if may_say.favourable(head) else 0.0
    advice = advice_sentence(evaluation.next_round, lang, found)
    if step == "look_again":
        asked = w.join([t["decides"][key] for key in may_say.decides(head)], lang)
        return [w.sentences([t["look_again"].format(list=asked), advice.strip()], lang)]
    first = [t["rose"]] if step == "rose" else []
    return [*first, t["lottery" if step == "rose" else step] + advice]


def not_improved(evaluation: Evaluation) -> int:
    """Listed villages whose probability of having improved by more than 10 % is under one half."""
    return (
        int((evaluation.villages["probability_improved"] < NOT_IMPROVED).sum())
        if len(evaluation.villages)
        else 0
    )


def years_words(finding: Finding, lang: str) -> str:
    """The quiet years by name: ``2019年至2022年这4个平常年份``; empty when there are none."""
    quiet, t = finding.estimate.quiet, w.words(lang, "report")["page_one"]
    years = [] if quiet is None else [int(y) for y in quiet["year"]]
    if not years:
        return ""
    if len(years) > 2 and np.ptp(years) == len(years) - 1:
        return t["years_span"].format(first=min(years), last=max(years), n=len(years))
    listed = w.join([t["year"].format(year=y) for y in years], lang)
    return t["years" if len(years) > 1 else "years_one"].format(list=listed, n=len(years))


def second_year_needs(campaign: Campaign, lang: str) -> str:
    """The month after which the second year can be assessed."""
    return w.month(_last_month(campaign, "after_13_24"), lang)


def _last_month(campaign: Campaign, window: str):
    return campaign.start_month + campaign.windows()[window][1] - 1


def stand(evaluation: Evaluation) -> dict[str, int] | None:
    """Measures planned, begun, signed off, late and overdue in the whole county.

    None without a record.
    """
    measures = evaluation.county.measures
    if measures is None or measures.empty:
        return None
    everything = pd.Series(0, measures.index)
    return delivery(measures, everything, evaluation.campaign, evaluation.day).iloc[0].to_dict()


def _running(evaluation: Evaluation, lang: str) -> Point:
    """How far the campaign has got, while it runs; it is no verdict."""
    t, state = w.words(lang, "report")["page_one"], stand(evaluation)
    start = evaluation.campaign.start
    about = {"day": w.date(evaluation.day, lang), "n": (evaluation.day - start).days + 1}
    if evaluation.day < start:
        listed = w.count(evaluation.panel.listed.sum(), lang)
        return Point(
            t["not_begun"],
            t["not_begun_body"].format(**about, start=w.date(start, lang), listed=listed),
            "basics",
        )
    if state is None:
        return Point(t["running"], t["running_none"].format(**about), "actions")
    return Point(
        t["running"],
        t["running_body"].format(**about, **{k: w.count(v, lang) for k, v in state.items()}),
        "actions",
    )


def _delivered(evaluation: Evaluation, lang: str) -> Point | None:
    """How the measures stood, while nothing can be said of their effect.

    That is, where the year is not over.
    """
    head, state = find(evaluation, "petitions.first_year"), stand(evaluation)
    if head is None or head.estimate.reason != "window_not_observed" or state is None:
        return None
    t = w.words(lang, "report")["page_one"]
    counts = {k: w.count(v, lang) for k, v in state.items()}
    return Point(
        t["delivered"],
        t["delivered_body"].format(day=w.date(evaluation.day, lang), **counts),
        "actions",
    )


def _petitions(evaluation: Evaluation, lang: str) -> Point | None:
    finding = find(evaluation, "petitions.first_year")
    if finding is None:
        return None
    return Point(lead(finding, lang), marked_sentence(finding, lang), "petitions")


def _before_after(evaluation: Evaluation, lang: str) -> Point | None:
    """What a before-after comparison would have claimed.

    Against what such villages do in quiet years.
    """
    finding = find(evaluation, "petitions.first_year")
    if finding is None or finding.estimate.value is None:
        return None
    amounts, t = finding.estimate.amounts, w.words(lang, "report")["page_one"]
    if amounts is None:
        return None
    claimed, quiet = amounts.before_after, amounts.before_after_quiet
    years = years_words(finding, lang)
    if w.missing(claimed) or w.missing(quiet) or not years:
        return None
    if claimed < 0 and quiet < 0:
        text = t["before_after_fell"].format(
            before_after=_size(claimed, lang), quiet=_size(quiet, lang), years=years
        )
        ratio = (
            np.expm1(claimed) / np.expm1(finding.estimate.value)
            if finding.estimate.value < 0
            else np.inf
        )
        real = finding.conclusion == "fell" and finding.grade in "ABC"
        bold = t["over_twice" if ratio >= 2 else "over"] if real and ratio > 1 else t["would_claim"]
        return Point(bold, text, "why")
    text = t["before_after_other"].format(
        before_after=signed(claimed, "log_ratio", lang),
        quiet=signed(quiet, "log_ratio", lang),
        years=years,
    )
    return Point(t["no_return"] if quiet >= 0 else t["would_claim"], text, "why")


def _income(evaluation: Evaluation, lang: str) -> Point | None:
    """Total income when it misleads or moves, else what villages earn themselves."""
    total, earned = (
        find(evaluation, "total_income.first_year"),
        find(evaluation, "earned_income.first_year"),
    )
    if total is not None and total.grade == "X":
        text, t = marked_sentence(total, lang), w.words(lang, "report")["page_one"]
        if (
            earned
            and earned.conclusion == "none_seen"
            and not w.missing(earned.minimum_detectable_percent)
        ):
            seen = t["earned_range"].format(
                range=interval(earned, lang), mde=w.percent(earned.minimum_detectable_percent, lang)
            )
            text = w.sentences([text, seen], lang)
        return Point(lead(total, lang), text, "income")
    shown = earned if earned is not None else total
    if earned is not None and earned.conclusion == "not_asked":
        # The typical village comes first; what was not asked because of it is no answer.
        shown = find(evaluation, earned.gate) or earned
    if shown is None:
        return None
    return Point(lead(shown, lang), marked_sentence(shown, lang), "income")


def _measures(evaluation: Evaluation, lang: str) -> Point | None:
    """Which groups of measures the change went with.

    Nothing where there was no change to explain or it is no success.
    """
    a, head, t = (
        evaluation.attribution,
        find(evaluation, "petitions.first_year"),
        w.words(lang, "report")["page_one"],
    )
    groups = a.rows[(a.rows["outcome"] == "petitions") & (a.rows["level"] == "group")]
    if groups.empty or head is None or head.grade in "DX":
        return None
    together = w.join([name("measure", m, lang) for m in a.bundles[0]], lang) if a.bundles else ""
    bundle = t["measures_bundle"].format(list=together) if together else ""
    seen = groups[groups["p_adjusted"] < 0.05]
    if a.doubtful:
        return Point(
            t["measures_unclear"], t["measures_doubtful_body"].format(bundle=bundle), "measures"
        )
    if seen.empty:
        return Point(
            t["measures_unclear"], t["measures_unclear_body"].format(bundle=bundle), "measures"
        )
    named = w.join([name("measure_group", g, lang) for g in seen["group"]], lang)
    direction = t["measures_lower" if (seen["estimate"] < 0).all() else "measures_higher"]
    return Point(
        t["measures_seen"],
        t["measures_seen_body"].format(list=named, direction=direction, bundle=bundle),
        "measures",
    )


def _lasting(evaluation: Evaluation, lang: str) -> Point | None:
    """Whether what was seen is still there after the campaign.

    Nothing when there was nothing to last.
    """
    head, after = find(evaluation, "petitions.first_year"), find(evaluation, "petitions.after")
    t = w.words(lang, "report")["page_one"]
    if head is None or after is None or head.estimate.value is None or head.grade in "DX":
        return None
    value = after.estimate.value
    if value is None:
        month = _last_month(evaluation.campaign, "after")
        needs = t["lasting_needs"].format(month=w.month(month, lang))
        return (
            Point(t["lasting_unknown"], needs, "lasting")
            if month > evaluation.panel.months[-1]
            else None
        )
    if after.grade in "DX" or "fell" not in (head.conclusion, after.conclusion):
        return None
    p = evaluation.persistence
    fields = numbers(p.fade, p.horizon, lang) if p.fade else {}
    still = "lasting_same" if head.conclusion == "fell" else "lasting_more"
    doubtful = "lasting_borderline" if excludes_zero(after) and value < 0 else "lasting_gone"
    if p.verdict == "fading":
        bold = t["lasting_fading"].format(**fields)
    elif p.verdict == "holds" and after.conclusion == "fell":
        bold = t["lasting_holds"].format(**fields)
    else:
        bold = t[still if after.conclusion == "fell" else doubtful]
    change = t["lasting_lower" if value < 0 else "lasting_higher"].format(size=_size(value, lang))
    second = t["lasting_second"].format(month=second_year_needs(evaluation.campaign, lang))
    known = _last_month(evaluation.campaign, "after_13_24") <= evaluation.panel.months[-1]
    more = {
        "holds": t["lasting_left"].format(**fields) if fields else "",
        "open": t["lasting_cannot_tell"],
    }.get(p.verdict, "")
    than = t["lasting_body"].format(
        change=change, basis=basis(after, lang), range=interval(after, lang)
    )
    return Point(bold, w.sentences([than, more, "" if known else second], lang), "lasting")


def _size(value: float, lang: str) -> str:
    return size(value, "log_ratio", lang)

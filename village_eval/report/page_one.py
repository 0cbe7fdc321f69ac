"""Page one in words: the answer first, then its size, its range and how sure.

Then what would mislead, and what to do next.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from village_eval.county.audience import names_villages
from village_eval.county.campaign import Campaign
from village_eval.county.frames import NOT_IMPROVED, delivery
from village_eval.expectation.outcomes import Question, earned
from village_eval.expectation.results import Finding
from village_eval.findings import may_say
from village_eval.findings.evaluation import Evaluation
from village_eval.findings.grading import EXCLUDED
from village_eval.findings.may_say import effect
from village_eval.report.amounts import signed, size
from village_eval.report.lasting import contrast_sentence, overlap, span
from village_eval.report.measures import group_sentence
from village_eval.report.plan_words import advice_sentence, lot_sentence
from village_eval.report.sentences import (
    STRONG,
    basis,
    excluded,
    interval,
    lead,
    marked_sentence,
)
from village_eval.report.would_mislead import would_mislead
from village_eval.words import names
from village_eval.words import wording as w
from village_eval.words.names import grade
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
        else [_petitions, _would_mislead, _income, _measures, _lasting, _delivered]
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
    if head is not None and may_say.favourable(head) and seen is not None:
        steps.append(t["call_back"])
    if (n := not_improved(evaluation)) and head is not None and head.grade != "X":
        steps.append(
            t["revisit" if names_villages(evaluation.audience) else "revisit_public"].format(n=n)
        )
    subsidised = any(
        c.name == "subsidy" and c.misleads and c.verdict == "fail" for c in evaluation.checks
    )
    steps.append(t["assessing" if subsidised else "measure"])
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
        return [w.sentences([t["look_again"].format(list=asked), advice], lang)]
    first = [t["rose"]] if step == "rose" else []
    said = t["lottery" if step == "rose" else step].format(grade=grade(head.grade, lang))
    return [
        *first,
        w.sentences([said, advice or w.words(lang, "planning")["advice"]["plain"]], lang),
    ]


def not_improved(evaluation: Evaluation) -> int:
    """Listed villages whose probability of having improved by more than 10 % is under one half."""
    return (
        int((evaluation.villages["probability_improved"] < NOT_IMPROVED).sum())
        if len(evaluation.villages)
        else 0
    )


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


def _would_mislead(evaluation: Evaluation, lang: str) -> Point | None:
    said = would_mislead(evaluation, lang)
    return None if said is None else Point(*said, "why")


def _income(evaluation: Evaluation, lang: str) -> Point | None:
    """Total income when it misleads, else what villages earn themselves.

    The typical village where it and the total disagree, with the total explained.
    """
    t = w.words(lang, "report")["page_one"]
    everything = find(evaluation, "total_income.first_year")
    own = earned(f.id for f in evaluation.findings)
    total, typical = (find(evaluation, Question(own, statistic=s).id) for s in ("total", "typical"))
    answer, explain = may_say.income_answer(typical, total)
    if everything is not None and everything.grade == "X":
        said = [marked_sentence(everything, lang)]
        if answer is not None and answer is typical:
            said.append(_in_short(answer, lang))
        return Point(lead(everything, lang), w.sentences(said, lang), "income")
    shown = answer if answer is not None else everything
    if shown is None:
        return None
    said = [marked_sentence(shown, lang)]
    if explain is not None:
        one, est = explain.estimate.largest_share, explain.estimate
        said.append(
            t["total_one" if not w.missing(one) else "total"].format(
                signed=signed(est.answer, est.scale, lang),
                range=interval(explain, lang),
                share="" if w.missing(one) else w.share(one, lang),
            )
        )
    return Point(lead(shown, lang), w.sentences(said, lang), "income")


def _in_short(finding: Finding, lang: str) -> str:
    """A finding on income beside one that misleads: its number, its range, what that excludes."""
    t, form = w.words(lang, "report")["page_one"], effect(finding)
    key = "typical_found" if may_say.direction(finding) else "typical"
    return str(
        t["typical_none" if form == "none_seen" else key].format(
            income=names.outcome(finding.question.outcome.name, lang),
            signed=signed(finding.estimate.answer, finding.estimate.scale, lang),
            range=interval(finding, lang),
            excluded=excluded(finding, lang),
        )
    )


def _measures(evaluation: Evaluation, lang: str) -> Point | None:
    """Which groups of measures the change went with, as far as one county can tell.

    Nothing where there was no change to explain or it is no success.
    """
    a, head = evaluation.attribution, find(evaluation, "petitions.first_year")
    t = w.words(lang, "report")["page_one"]
    groups = a.rows[(a.rows["outcome"] == "petitions") & (a.rows["level"] == "group")]
    if groups.empty or head is None or head.grade in "DX":
        return None
    together = w.join([name("measure", m, lang) for m in a.bundles[0]], lang) if a.bundles else ""
    bundle = t["measures_bundle"].format(list=together) if together else ""
    if a.doubtful:
        said = t[f"measures_doubtful_{a.doubts[0]}"]
        return Point(t["measures_unclear"], said + bundle, "measures")
    form, said = group_sentence(a, "petitions", lang)
    text = w.sentences([said + bundle, lot_sentence(evaluation.next_round, lang)], lang)
    least = w.percent(EXCLUDED["petitions"], lang)
    return Point(t[f"measures_{form}"].format(least=least), text, "measures")


def _lasting(evaluation: Evaluation, lang: str) -> Point | None:
    """Whether what was seen is still there after the campaign, by may_say.lasting."""
    head, after = find(evaluation, "petitions.first_year"), find(evaluation, "petitions.after")
    p, t = evaluation.persistence, w.words(lang, "report")["page_one"]
    form = may_say.lasting(head, after, p)
    if form is None or after is None:
        return None
    if form == "unknown":
        month = w.month(_last_month(evaluation.campaign, "after"), lang)
        return Point(t["lasting"][form], t["lasting_needs"].format(month=month), "lasting")
    bold = t["lasting"][form].format(excluded=excluded(after, lang))
    said = [
        t["lasting_body"].format(
            span=span(evaluation.campaign, "after", lang),
            change=_change(after.estimate.answer, lang),
            basis=basis(after, lang),
            range=interval(after, lang),
        ),
    ]
    if p.verdict in ("fading", "growing"):
        said.append(contrast_sentence(p.contrast, lang, overlap(evaluation.campaign)))
    elif shared := overlap(evaluation.campaign):
        said.append(t["lasting_overlap"].format(n=shared))
    later = find(evaluation, "petitions.after_13_24")
    if later is not None and later.estimate.value is not None and later.grade not in "DX":
        form = effect(later)
        key = "borderline" if form.startswith("borderline") else form
        verdict = t["second_year"].get(key, t["second_year"]["unclear"])
        said.append(
            t["lasting_second_known"].format(
                span=span(evaluation.campaign, "after_13_24", lang),
                change=signed(later.estimate.answer, "log_ratio", lang),
                range=interval(later, lang),
                verdict=verdict.format(excluded=excluded(later, lang)),
            )
        )
    elif _last_month(evaluation.campaign, "after_13_24") > evaluation.panel.months[-1]:
        said.append(t["lasting_second"].format(month=second_year_needs(evaluation.campaign, lang)))
    return Point(bold, w.sentences(said, lang), "lasting")


def _change(value: float, lang: str) -> str:
    t = w.words(lang, "report")["page_one"]
    return str(
        t["lasting_lower" if value < 0 else "lasting_higher"].format(size=_size(value, lang))
    )


def _size(value: float, lang: str) -> str:
    return size(value, "log_ratio", lang)

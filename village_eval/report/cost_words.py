"""What came out per yuan, in words: a ratio with what hedges it, or why there is none."""

from __future__ import annotations

import math
from collections.abc import Iterable

from village_eval.expectation.results import Finding
from village_eval.findings.cost import Cost, bought
from village_eval.findings.evaluation import Evaluation
from village_eval.words import names
from village_eval.words import wording as w
from village_eval.words.vocabulary import name


def cost_sentences(evaluation: Evaluation, lang: str) -> list[str]:
    """What came out per yuan, benefit by benefit, and what the funds also bought."""
    lines, also = (
        ratio_sentences(evaluation.costs, lang, evaluation.findings),
        bought_sentence(evaluation, lang),
    )
    return lines + ([also] if also else [])


def ratio_sentences(costs: list[Cost], lang: str, findings: Iterable[Finding] = ()) -> list[str]:
    """One sentence for each benefit that funds are set against.

    ``findings``: those that the benefits are of, to say how wide one is that is not told.
    """
    words, reasons = w.words(lang, "report")["cost"], w.words(lang)["reason"]
    lines = []
    of = {f.id: f for f in findings}
    for c in costs:
        outcome = c.question.outcome
        told, income = words[outcome.family], names.outcome(outcome.name, lang)
        if c.verdict == "refused":
            reason = reasons.get(c.reason or "", reasons["unknown"])
            if c.reason == "too_wide" and (times := _times(of.get(c.finding))):
                reason = reasons["too_wide_times"].format(times=w.count(times, lang))
            lines.append(told["refused"].format(reason=reason, income=income))
            continue
        amounts = {k: _amount(v, outcome.name, lang) for k, v in (("value", c.value), *_ends(c))}
        assert c.detectable_percent is not None and c.exaggeration is not None  # cost.py's rule
        lines.append(
            told["known"].format(
                **amounts,
                income=income,
                mde=w.percent(c.detectable_percent, lang),
                times=w.ratio(c.exaggeration, lang),
            )
        )
    return lines


def bought_sentence(evaluation: Evaluation, lang: str) -> str:
    """What the funds also bought, apart from any effect; empty without any."""
    t, funds = w.words(lang, "report")["cost"], bought(evaluation.county.measures)
    if not funds:
        return ""
    items = [
        t["item"].format(measure=name("measure", m, lang), amount=w.money(yuan, lang))
        for m, yuan in funds.items()
    ]
    return str(t["bought"].format(list=w.join(items, lang)))


def _times(finding: Finding | None) -> float | None:
    """How many times the larger end of a benefit's range is the smaller one."""
    if finding is None or finding.estimate.ci_low is None:
        return None
    low, high = finding.estimate.ends
    if not math.isfinite(low * high) or low * high <= 0:
        return None
    small, large = sorted(abs(math.expm1(-end)) for end in (low, high))
    return large / small


def _ends(c: Cost) -> tuple[tuple[str, float | None], tuple[str, float | None]]:
    return ("low", c.low), ("high", c.high)


def _amount(yuan: float | None, outcome: str, lang: str) -> str:
    """Money per petition; yuan per yuan of income, with a decimal below ten."""
    if yuan is None or not math.isfinite(yuan):
        return w.NONE
    if outcome == "petitions":
        return w.money(yuan, lang)
    return w.number(yuan, lang, 1 if yuan < 10 else 0)

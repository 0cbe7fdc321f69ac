"""What came out per yuan, in words: a ratio with what hedges it, or why there is none."""

from __future__ import annotations

import math

from village_eval.findings.cost import Cost, bought
from village_eval.findings.evaluation import Evaluation
from village_eval.words import wording as w
from village_eval.words.vocabulary import name


def cost_sentences(evaluation: Evaluation, lang: str) -> list[str]:
    """What came out per yuan, benefit by benefit, and what the funds also bought."""
    lines, also = ratio_sentences(evaluation.costs, lang), bought_sentence(evaluation, lang)
    return lines + ([also] if also else [])


def ratio_sentences(costs: list[Cost], lang: str) -> list[str]:
    """One sentence for each benefit that funds are set against."""
    words, reasons = w.words(lang, "report")["cost"], w.words(lang)["reason"]
    lines = []
    for c in costs:
        outcome = c.question.outcome.name
        if c.verdict == "refused":
            reason = reasons.get(c.reason or "", reasons["unknown"])
            lines.append(words[outcome]["refused"].format(reason=reason))
            continue
        amounts = {k: _amount(v, outcome, lang) for k, v in (("value", c.value), *_ends(c))}
        assert c.detectable_percent is not None and c.exaggeration is not None  # cost.py's rule
        lines.append(
            words[outcome]["known"].format(
                **amounts,
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


def _ends(c: Cost) -> tuple[tuple[str, float | None], tuple[str, float | None]]:
    return ("low", c.low), ("high", c.high)


def _amount(yuan: float | None, outcome: str, lang: str) -> str:
    """Money per petition; yuan per yuan of income, with a decimal below ten."""
    if yuan is None or not math.isfinite(yuan):
        return w.NONE
    if outcome == "petitions":
        return w.money(yuan, lang)
    return w.number(yuan, lang, 1 if yuan < 10 else 0)

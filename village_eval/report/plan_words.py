"""What a plan, its promise and its analysis say, in words.

The words live in each language's planning.toml.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from village_eval.county.audience import names_villages
from village_eval.county.plan import Plan
from village_eval.expectation.results import Finding
from village_eval.findings.may_say import favourable
from village_eval.next_round.lottery import Lottery
from village_eval.next_round.needed import counties_without_lot, floor_without_lot, needed
from village_eval.next_round.randomisation import LEVEL, LIMIT, Effect
from village_eval.report.amounts import signed
from village_eval.words import wording as w
from village_eval.words.vocabulary import name

BLUNT = 20
"""What a plan should detect (a fall in per cent) where no effect was found to go by: most campaigns
are no stronger."""


def explanation(
    plan: Plan, power: pd.DataFrame, made: dt.date, sha256: str, lang: str
) -> dict[str, str]:
    """The sheet that explains a plan: heading to text."""
    t, design = w.words(lang, "planning"), plan.design
    fields = {
        "county": plan.county,
        "n": len(plan.assignment),
        "seed": plan.seed,
        "made": w.date(made, lang),
        "sha256": sha256,
        "start": w.date(plan.start, lang),
        "months": design.months,
        "last": w.month(plan.last_month, lang),
        "later": w.date(plan.assignment["start_date"].max(), lang),
    }
    fields |= dict(zip(("first", "second"), _halves(len(plan.assignment)), strict=True))
    key = "phased" if design.name == "phased" else "measures"
    rows = _explained(t["explain"][key], fields)
    own = power[
        (power["design"] == design.name)
        & (power["villages"] == len(plan.assignment))
        & (power["months"] == design.months)
    ]
    if len(own):
        rows[t["explain"]["heads"]["detect"]] = promise_sentence(own.iloc[0].to_dict(), lang)
    return rows | _explained(t["explain"]["all"], fields)


def _explained(parts: dict[str, dict[str, str]], fields: dict) -> dict[str, str]:
    return {part["head"]: part["text"].format(**fields) for part in parts.values()}


def promise_sentence(row: dict, lang: str) -> str:
    """What a design can detect: ``下一轮用分批推开的办法，34个村先、34个村后（相隔6个月）……``.

    ``row`` is one of promise.promise.
    """
    t = w.words(lang, "planning")["promise"]
    first, second = _halves(row["villages"])
    design = "measures" if row["design"].startswith("measures") else row["design"]
    lead = t["lead"][design].format(
        n=row["villages"], first=first, second=second, months=row["months"]
    )
    if not row["quiet_years"]:
        return lead + t["unknown"]
    percent = row["detectable_percent"]
    if w.missing(percent):
        return lead + t["nothing"][design]
    return lead + t["seen"][design].format(size=w.percent(percent, lang))


def advice_sentence(rows: list[dict], lang: str, found: float = 0.0) -> str:
    """For page one: what a phased roll-out would show, and what the effect found needs.

    Empty when that is not known.

    ``found``: the log effect of this round, where one was seen; else a fall of BLUNT is asked for.
    """
    t = w.words(lang, "planning")["advice"]
    shown = [r for r in rows if r["design"] == "phased" and not w.missing(r["detectable_percent"])]
    if not shown:
        known = any(r["design"] == "phased" and r["quiet_years"] for r in rows)
        return str(t["too_few"]) if known else ""
    best = min(shown, key=lambda r: abs(r["detectable_percent"]))
    first, second = _halves(best["villages"])
    seen = w.percent(best["detectable_percent"], lang)
    least, asked = math.log1p(best["detectable_percent"] / 100), found or math.log1p(-BLUNT / 100)
    size = w.percent(100 * np.expm1(asked), lang)
    if abs(asked) >= abs(least):
        lead = t["lead"].format(first=first, second=second, months=best["months"], size=seen)
        return w.sentences([lead, t["found"].format(found=size) if found else ""], lang)
    need = needed(least, best["villages"], asked)
    return str(
        t["more_found" if found else "more"].format(
            found=size, size=seen, villages=w.count(need.villages, lang), counties=need.counties
        )
    )


def lot_sentence(rows: list[dict], lang: str) -> str:
    """What drawing measures by lot would take: several counties, where one shows too little."""
    t = w.words(lang, "report")["page_one"]
    sizes = [
        abs(r["detectable_percent"])
        for r in rows
        if r["design"].startswith("measures") and not w.missing(r["detectable_percent"])
    ]
    if not sizes or min(sizes) <= BLUNT:
        return str(t["measures_lot"])
    return str(t["measures_lot_many"].format(size=w.percent(min(sizes), lang)))


def one_detectable(rows: list[dict], finding: Finding | None, lang: str) -> str:
    """Why the finding's detectable change and the planner's of such a round are two numbers.

    Empty where one of them is not known.
    """
    repeat = next((r["detectable_percent"] for r in rows if r["design"] == "repeat"), None)
    own = None if finding is None else finding.minimum_detectable_percent
    if w.missing(repeat) or w.missing(own):
        return ""
    same = w.words(lang, "planning")["promise"]["same"]
    return str(same.format(finding=w.percent(own, lang), repeat=w.percent(repeat, lang)))


def without_lot(finding: Finding | None, lang: str) -> str:
    """What more villages, and more counties, would show without a lot; empty where not known."""
    if finding is None or finding.estimate.value is None:
        return ""
    least, t = floor_without_lot(finding.estimate), w.words(lang, "planning")["promise"]
    effect = finding.estimate.value if favourable(finding) else math.log1p(-BLUNT / 100)
    counties = counties_without_lot(finding.estimate, effect)
    if least is None or counties is None:
        return ""
    return str(
        t["without_lot"].format(
            least=w.percent(100 * np.expm1(least), lang),
            size=w.percent(100 * np.expm1(effect), lang),
            counties=counties,
        )
    )


def effect_sentence(effect: Effect, plan: Plan, lang: str) -> str:
    """What the lottery showed of one factor."""
    t = w.words(lang, "planning")["effect"]
    low, high = (
        None if abs(end - effect.value) >= LIMIT else 100 * np.expm1(end)
        for end in (effect.ci_low, effect.ci_high)
    )
    what = (
        t["start"]
        if plan.design.name == "phased"
        else t["group"].format(group=name("measure_group", effect.factor, lang))
    )
    seen = "unclear" if effect.p_adjusted > LEVEL else "fell" if effect.value < 0 else "rose"
    ends = [t["open"] if end is None else w.signed_percent(end, lang) for end in (low, high)]
    about = {
        "what": what,
        "size": w.percent(100 * np.expm1(effect.value), lang),
        "low": ends[0],
        "high": ends[1],
    }
    about |= {
        "signed": signed(effect.value, "log_ratio", lang),
        "with": effect.villages[0],
        "without": effect.villages[1],
    }
    about |= {"p": w.p_value(effect.p_adjusted, lang)}
    return t[seen].format(**about)


def lottery_sentences(found: Lottery, lang: str) -> list[str]:
    """What a county's own lottery is and showed, a sentence per factor, or why nothing yet."""
    t, plan = w.words(lang, "planning")["lottery"], found.plan
    about = {
        "n": w.count(len(plan.codes), lang),
        "start": w.date(plan.start, lang),
        "month": w.month(plan.last_month, lang),
        "made": "" if plan.made is None else w.date(plan.made, lang),
        "lost": w.count(len(found.lost), lang),
    }
    lead = t["lead"]["phased" if plan.design.name == "phased" else "measures"]
    said = [lead.format(**about)]
    if found.analysis.reason:
        return [*said, t[found.analysis.reason].format(**about)]
    said += [effect_sentence(e, plan, lang) for e in found.analysis.effects]
    return said + ([t["lost"].format(**about)] if found.lost else [])


def lottery_json(found: Lottery, audience: str) -> dict[str, Any]:
    """A county's own lottery as plain data; for the public without counts, which may be small."""
    plan = found.plan
    told = [asdict(e) | {"conclusion": conclusion_of(e)} for e in found.analysis.effects]
    if not names_villages(audience):
        for effect in told:
            del effect["villages"], effect["petitions"]
    return {
        "design": plan.design.name,
        "months": plan.design.months,
        "start": plan.start.isoformat(),
        "made": plan.made and plan.made.isoformat(),
        "seed": plan.seed,
        "villages": len(plan.codes),
        "lost": len(found.lost),
        "reason": found.analysis.reason,
        "effects": told,
        "sentences": {lang: lottery_sentences(found, lang) for lang in w.LANGUAGES},
    }


def conclusion_of(effect: Effect) -> str:
    """What the lot did: lowered, raised, or cannot_be_told."""
    if effect.p_adjusted > LEVEL:
        return "cannot_be_told"
    return "lowered" if effect.value < 0 else "raised"


def combination(held: np.ndarray, factors: tuple[str, ...], lang: str) -> str:
    """The groups of measures that a village gets."""
    groups = [
        name("measure_group", factor, lang)
        for factor, has in zip(factors, held, strict=True)
        if has
    ]
    return w.join(groups, lang) if groups else w.words(lang, "planning")["workbook"]["none"]


def _halves(n: int) -> tuple[int, int]:
    return n - n // 2, n // 2

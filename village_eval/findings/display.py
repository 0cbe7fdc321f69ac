"""What an evaluation shows of itself, and its findings as one table of numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from village_eval.expectation.display import change_text
from village_eval.expectation.results import Finding
from village_eval.words import wording as w
from village_eval.words.card import Card, cell
from village_eval.words.catalogue import words

if TYPE_CHECKING:
    from village_eval.findings.evaluation import Evaluation
    from village_eval.findings.persistence import Persistence

NUMBERS = ("estimate", "se", "ci_low", "ci_high", "p", "p_adjusted", "percent", "absolute")


def findings_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """A row a finding: NUMBERS as floats, counts as integers, texts empty where there are none."""
    rows = []
    for f in findings:
        e = f.estimate
        rows.append(
            {
                "id": f.id,
                "outcome": f.question.outcome.name,
                "window": f.question.window,
                "statistic": f.question.statistic,
                "design": e.design,
                "estimate": e.value,
                "se": e.se,
                "ci_low": e.ci_low,
                "ci_high": e.ci_high,
                "p": e.p_value,
                "p_adjusted": f.p_adjusted,
                "percent": e.percent,
                "absolute": e.absolute,
                "grade": f.grade,
                "precision": f.precision or "",
                "conclusion": f.conclusion or "",
                "n": e.n_treated + e.n_control,
                "n_listed": e.n_treated,
                "n_townships": e.n_clusters,
                "reason": f.reason or e.reason or "",
            }
        )
    frame = pd.DataFrame(rows)
    return frame.astype(dict.fromkeys(NUMBERS, float)) if rows else frame


def evaluation_card(evaluation: Evaluation, lang: str) -> Card:
    """A line a finding: those with a number first, the primary ones on top; the others counted."""
    t, campaign = words(lang, "display"), evaluation.campaign
    told = [f for f in evaluation.findings if f.estimate.value is not None]
    rows = [(f.id, change_text(f.estimate, lang), f.grade, f.conclusion or w.NONE) for f in told]
    columns = [t["finding"], t["change"], t["grade"], t["conclusion"]]
    title = f"{campaign.county}, {campaign.start}, {t['days'].format(n=campaign.days)}"
    remarks = []
    if left := [f.id for f in evaluation.findings if f.estimate.value is None]:
        remarks.append(t["unanswered"].format(ids=", ".join(left)))
    remarks.append(t["how_to_go_on"])
    if campaign.synthetic:
        remarks.append(t["synthetic"])
    table = pd.DataFrame(rows, columns=columns) if rows else None
    return Card(title, (), table, tuple(remarks), lang)


def persistence_card(p: Persistence, lang: str) -> Card:
    """The verdict, the windows, the half-life where there is one."""
    t = words(lang, "display")
    facts = [(t["verdict"], p.verdict), (t["horizon"], str(p.horizon))]
    if p.fade is not None:
        life = f"{cell(p.fade.half_life)} [{cell(p.fade.low)}, {cell(p.fade.high)}]"
        facts.append((t["half_life"], life))
    columns = ["window", "first", "last", "estimate", "ci_low", "ci_high"]
    table = p.windows[[c for c in columns if c in p.windows]]
    table = table.astype({c: str for c in ("first", "last") if c in table})
    return Card(t["persistence"], tuple(facts), table, lang=lang)

"""What was done, how it stands, what it cost."""

from __future__ import annotations

import pandas as pd

from village_eval.findings.evaluation import Evaluation
from village_eval.report import gallery, tables
from village_eval.report.cost_words import cost_sentences
from village_eval.report.fragment import (
    Fragment,
    bullets,
    paragraph,
)
from village_eval.report.page_one import (
    stand,
)
from village_eval.report.sections.part import part
from village_eval.words import wording as w

MOST_TOWNSHIPS = 20
"""Townships with measures overdue that the report shows; all are in the annex and in tables/."""


def actions(evaluation: Evaluation, lang: str) -> Fragment:
    """What was done and how it stands, the measures not delivered, what it cost."""
    t, measures = w.words(lang, "report")["actions"], evaluation.county.measures
    state = stand(evaluation)
    if measures is None or state is None:
        return part("actions", lang, paragraph(t["none"]))
    intro = t["intro"].format(
        measures=w.count(len(measures), lang),
        villages=w.count(measures["village_code"].nunique(), lang),
        funds=w.money(measures["funds"].sum(), lang),
    )
    behind = tables.undelivered(evaluation, lang)
    return part(
        "actions",
        lang,
        paragraph(w.sentences([intro, _stand(evaluation, measures, state, lang)], lang)),
        behind and behind.first(MOST_TOWNSHIPS),
        paragraph(t["more"].format(n=len(behind.frame) - MOST_TOWNSHIPS))
        if behind and len(behind.frame) > MOST_TOWNSHIPS
        else None,
        None
        if evaluation.running
        else gallery.progress(evaluation, lang),  # while it runs, page one shows it
        *_cost(evaluation, lang),
    )


def _stand(evaluation: Evaluation, measures: pd.DataFrame, state: dict[str, int], lang: str) -> str:
    """How the measures stand on the day looked at: signed off on time, late, overdue, not due."""
    t = w.words(lang, "report")["actions"]
    done, late, overdue = (state[k] for k in ("done", "late", "overdue"))
    counts = {"on_time": done - late, "late": late, "overdue": overdue}
    counts["open"] = state["planned"] - done - overdue
    each = [
        t["state"][key].format(n=w.count(n, lang), share=w.share(n / state["planned"], lang))
        for key, n in counts.items()
        if n or key != "open"
    ]
    said = t["stand"].format(day=w.date(evaluation.day, lang), each=t["separator"].join(each))
    ends = measures.get("planned_end")
    undated = ends is None or ends.isna().all()
    return w.sentences([said, t["undated"] if undated else ""], lang)


def _cost(evaluation: Evaluation, lang: str) -> list:
    """What came out per yuan; nothing while no effect can be estimated yet."""
    if all(c.reason == "window_not_observed" for c in evaluation.costs):
        return []
    known = any(c.verdict == "known" for c in evaluation.costs)
    return [
        bullets(cost_sentences(evaluation, lang)),
        paragraph(w.words(lang, "report")["cost"]["note"]) if known else None,
    ]

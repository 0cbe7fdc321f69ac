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


def actions(evaluation: Evaluation, lang: str) -> Fragment:
    """What was done, by measure, department and township, and the money."""
    t, measures = w.words(lang, "report")["actions"], evaluation.county.measures
    state = stand(evaluation)
    if measures is None or state is None:
        return part("actions", lang, paragraph(t["none"]))
    intro = t["intro"].format(
        measures=w.count(len(measures), lang),
        villages=w.count(measures["village_code"].nunique(), lang),
        funds=w.money(measures["funds"].sum(), lang),
        completed=w.share(measures["completed"].mean(), lang),
    )
    by_department, townships = (
        tables.departments(evaluation, lang),
        tables.township_actions(evaluation, lang),
    )
    return part(
        "actions",
        lang,
        paragraph(intro),
        tables.measures(evaluation, lang),
        by_department and paragraph(t["doing"]),
        by_department,
        paragraph(_stand(evaluation, measures, state, lang)),
        tables.delivery(evaluation, lang),
        None
        if evaluation.running
        else gallery.progress(evaluation, lang),  # while it runs, page one shows it
        townships and paragraph(t["townships"]),
        townships,
        *_cost(evaluation, lang),
    )


def _stand(evaluation: Evaluation, measures: pd.DataFrame, state: dict[str, int], lang: str) -> str:
    """How the measures stand on the day that is looked at."""
    t = w.words(lang, "report")["actions"]
    counts = {k: w.count(v, lang) for k, v in state.items() if k != "funds"}
    said = t["stand"].format(
        day=w.date(evaluation.day, lang), funds=w.money(state["funds"], lang), **counts
    )
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

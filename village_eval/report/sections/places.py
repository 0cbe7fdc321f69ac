"""Which villages turned around."""

from __future__ import annotations

from village_eval.county.audience import names_villages
from village_eval.findings.evaluation import Evaluation
from village_eval.report import gallery, tables
from village_eval.report.fragment import (
    Fragment,
    bullets,
    paragraph,
)
from village_eval.report.page_one import (
    not_improved,
)
from village_eval.report.sections.part import part
from village_eval.words import wording as w

MOST_REVISITED = 30
"""Rows of villages to visit again that the report shows; all are in the annex and in tables/."""


def villages(evaluation: Evaluation, lang: str) -> Fragment:
    """How many villages turned around, beside a plain comparison and quiet years.

    Then the villages to visit again, at most a page of them.
    """
    t, many = w.words(lang, "report")["villages_section"], evaluation.turnaround
    if many is None or evaluation.villages.empty:
        return part("villages", lang, paragraph(t["none"]))
    counts = {
        "listed": many.listed,
        "improved": w.count(many.improved, lang),
        "low": many.low,
        "high": many.high,
        "sure": many.sure,
    }
    said = [t["count"].format(**counts)]
    if many.before_after is not None:
        said.append(t["announced"].format(announced=many.before_after))
    quiet = many.quiet["improved"]
    if len(quiet):
        ends = {
            "quiet": quiet.mean(),
            "least": quiet.min(),
            "most": quiet.max(),
            "quiet_sure": many.quiet["sure"].mean(),
        }
        said.append(t["quiet"].format(**{k: w.count(v, lang) for k, v in ends.items()}))
    else:
        said.append(t["no_quiet"])
    if n := not_improved(evaluation):
        said.append(
            t["revisit" if names_villages(evaluation.audience) else "revisit_public"].format(n=n)
        )
    again = tables.revisit(evaluation, lang, MOST_REVISITED)
    return part(
        "villages",
        lang,
        bullets(said),
        gallery.turned_round(evaluation, lang),
        again,
        paragraph(t["more"].format(n=n - MOST_REVISITED)) if again and n > MOST_REVISITED else None,
        paragraph(t["caution"]),
    )

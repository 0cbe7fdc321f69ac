"""The report's sections, one function each, from an evaluation and a language to a Fragment.

Words and pictures only; ``PAGE`` is their order.
"""

from __future__ import annotations

from collections.abc import Callable

from village_eval.findings.evaluation import Evaluation
from village_eval.report.cost_words import cost_sentences
from village_eval.report.fragment import Fragment
from village_eval.report.sections.afterwards import fading, lasting, mechanisms
from village_eval.report.sections.answers import CHECKED, effects, other_outcomes
from village_eval.report.sections.appendix import (
    appendix_data,
    appendix_method,
    appendix_reproduce,
    appendix_tables,
    glossary,
)
from village_eval.report.sections.background import basics, regression_to_the_mean
from village_eval.report.sections.doses import measures
from village_eval.report.sections.doubts import (
    check,
    disagreements,
    limits,
    robustness,
    specifications,
    warnings,
)
from village_eval.report.sections.front import contents, page_one, title
from village_eval.report.sections.places import villages
from village_eval.report.sections.steps import advice, next_round
from village_eval.report.sections.work import actions

__all__ = [
    "CHECKED",
    "PAGE",
    "actions",
    "advice",
    "appendix_data",
    "appendix_method",
    "appendix_reproduce",
    "appendix_tables",
    "basics",
    "check",
    "contents",
    "cost_sentences",
    "disagreements",
    "effects",
    "fading",
    "glossary",
    "lasting",
    "limits",
    "measures",
    "mechanisms",
    "next_round",
    "other_outcomes",
    "page",
    "page_one",
    "regression_to_the_mean",
    "robustness",
    "specifications",
    "title",
    "villages",
    "warnings",
]


PAGE: tuple[Callable[[Evaluation, str], Fragment], ...] = (
    page_one,
    contents,
    basics,
    actions,
    effects,
    measures,
    villages,
    lasting,
    limits,
    advice,
    appendix_method,
    appendix_data,
    appendix_tables,
    appendix_reproduce,
    glossary,
)


def page(evaluation: Evaluation, lang: str) -> list[Fragment]:
    """The whole report in its order: what notebooks/report.ipynb shows cell by cell."""
    return [section(evaluation, lang) for section in PAGE]

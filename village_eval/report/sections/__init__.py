"""The report's sections, one function each, from an evaluation and a language to a Fragment.

Words and pictures only. Which file holds what, in the order of the page:

- ``front``: page one and the contents
- ``background``: the county, its list, why before-after misleads
- ``work``: what was done, what was not, what it cost
- ``answers``: petitions, income, other outcomes
- ``doses``: which measures the changes went with
- ``places``: which villages turned around, which to visit again
- ``afterwards``: does it last
- ``trust``: limits, and the checks that did not pass
- ``steps``: what to do next
- ``appendix``: method, data, glossary, how to reproduce
- ``annex``: the technical annex (``--full``), with ``doubts``: single checks and other choices
"""

from __future__ import annotations

from collections.abc import Callable

from village_eval.county.audience import shows_everything
from village_eval.findings.evaluation import Evaluation
from village_eval.report.cost_words import cost_sentences
from village_eval.report.fragment import Fragment
from village_eval.report.sections.afterwards import fading, lasting, mechanisms
from village_eval.report.sections.annex import annex
from village_eval.report.sections.answers import effects, other_outcomes
from village_eval.report.sections.appendix import (
    appendix_data,
    appendix_method,
    appendix_reproduce,
    glossary,
)
from village_eval.report.sections.background import basics, regression_to_the_mean
from village_eval.report.sections.doses import kinds, measures
from village_eval.report.sections.doubts import check, disagreements, robustness, specifications
from village_eval.report.sections.front import contents, page_one, title
from village_eval.report.sections.places import villages
from village_eval.report.sections.steps import advice, next_round
from village_eval.report.sections.trust import limits, warnings
from village_eval.report.sections.work import actions

__all__ = [
    "PAGE",
    "actions",
    "advice",
    "annex",
    "appendix_data",
    "appendix_method",
    "appendix_reproduce",
    "basics",
    "check",
    "contents",
    "cost_sentences",
    "disagreements",
    "effects",
    "fading",
    "glossary",
    "kinds",
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
    glossary,
    appendix_reproduce,
)


def page(evaluation: Evaluation, lang: str, full: bool = False) -> list[Fragment]:
    """The whole report in its order: what notebooks/report.ipynb shows cell by cell.

    ``full``, or the audience of researchers: with the technical annex after it.
    """
    if not (full or shows_everything(evaluation.audience)):
        return [section(evaluation, lang) for section in PAGE]
    shown = [
        contents(evaluation, lang, full=True) if section is contents else section(evaluation, lang)
        for section in PAGE
    ]
    return [*shown, annex(evaluation, lang)]

"""Every picture of a county, from its evaluation: what notebooks and reports show.

A picture that the data do not allow is None.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec
from weakref import WeakKeyDictionary

from village_eval.county import frames
from village_eval.county.audience import may_show
from village_eval.expectation.panel_settings import setting
from village_eval.findings.evaluation import Evaluation
from village_eval.report.described import described
from village_eval.report.figures import style
from village_eval.report.figures.by_level import by_level as draw_by_level
from village_eval.report.figures.check import check as draw_check
from village_eval.report.figures.county_map import county_map as draw_county_map
from village_eval.report.figures.coverage import coverage as draw_coverage
from village_eval.report.figures.diagnosis import causes as draw_causes
from village_eval.report.figures.diagnosis import ranking as draw_ranking
from village_eval.report.figures.disagreement import disagreement as draw_disagreement
from village_eval.report.figures.event_study import event_study as draw_event_study
from village_eval.report.figures.income import income_sources as draw_income
from village_eval.report.figures.listing_rule import listing_rule as draw_listing_rule
from village_eval.report.figures.measures import measure_effects as draw_measure_effects
from village_eval.report.figures.measures import together as draw_together
from village_eval.report.figures.next_round import next_round as draw_next_round
from village_eval.report.figures.persistence import persistence as draw_persistence
from village_eval.report.figures.progress import progress as draw_progress
from village_eval.report.figures.quiet_years import quiet_years as draw_quiet_years
from village_eval.report.figures.sensitivity import sensitivity as draw_sensitivity
from village_eval.report.figures.specification_curve import (
    specification_curve as draw_specification_curve,
)
from village_eval.report.figures.style import Picture
from village_eval.report.figures.turnaround import turnaround as draw_turnaround
from village_eval.report.figures.turned_round import turned_round as draw_turned_round
from village_eval.report.figures.village_coverage import (
    village_coverage as draw_village_coverage,
)
from village_eval.report.figures.wall_chart import wall_chart as draw_wall_chart
from village_eval.report.fragment import Fragment, paragraph
from village_eval.report.page_one import find
from village_eval.report.villages import villages_listed
from village_eval.words.catalogue import DEFAULT
from village_eval.words.wording import date, words

__all__ = [
    "by_level",
    "causes",
    "check",
    "county_map",
    "coverage",
    "disagreement",
    "event_study",
    "income_sources",
    "listing_rule",
    "measure_effects",
    "next_round",
    "no_data",
    "persistence",
    "progress",
    "quiet_years",
    "ranking",
    "save_all",
    "sensitivity",
    "specification_curve",
    "together",
    "turnaround",
    "turned_round",
    "village_coverage",
    "wall_chart",
]

Rest = ParamSpec("Rest")
HEADLINE = "petitions.first_year"
Drawing = Callable[Concatenate[Evaluation, Rest], Picture | None]


def once(draw: Drawing[Rest]) -> Drawing[Rest]:
    """A drawing for the evaluation's audience, made once in each language.

    Page, notebooks and files share the picture.
    """
    made: WeakKeyDictionary[Evaluation, dict[object, Picture | None]] = WeakKeyDictionary()

    @wraps(draw)
    def drawn(evaluation: Evaluation, *args: Rest.args, **more: Rest.kwargs) -> Picture | None:
        if not may_show(draw.__name__, evaluation.audience):
            return None
        of_this = made.setdefault(evaluation, {})
        key = (args, tuple(more.items()))
        if key not in of_this:
            of_this[key] = draw(evaluation, *args, **more)
        return of_this[key]

    return drawn


@once
def quiet_years(evaluation: Evaluation, lang: str = DEFAULT) -> Picture | None:
    """Page one's picture."""
    finding = find(evaluation, HEADLINE)
    return None if finding is None else _marked(draw_quiet_years(finding, lang), evaluation, lang)


@once
def by_level(evaluation: Evaluation, lang: str = DEFAULT) -> Picture | None:
    """What unlisted villages did by their level, in the campaign year and in quiet years."""
    finding = find(evaluation, HEADLINE)
    if finding is None or finding.estimate.reversion is None:
        return None
    given = setting(evaluation.panel, evaluation.campaign)
    return _marked(draw_by_level(given, finding, lang), evaluation, lang)


@once
def event_study(evaluation: Evaluation, lang: str = DEFAULT) -> Picture | None:
    """Month by month."""
    study = evaluation.event_study
    return (
        None if study is None else _marked(draw_event_study(study.by_month, lang), evaluation, lang)
    )


@once
def sensitivity(evaluation: Evaluation, lang: str = DEFAULT) -> Picture | None:
    """The headline beside other designs."""
    finding = find(evaluation, HEADLINE)
    if finding is None:
        return None
    return _marked(draw_sensitivity(finding, evaluation.sensitivity, lang), evaluation, lang)


@once
def specification_curve(evaluation: Evaluation, lang: str = DEFAULT) -> Picture | None:
    """The headline among every reasonable choice."""
    finding, curve = find(evaluation, HEADLINE), evaluation.specifications
    if finding is None or finding.estimate.value is None or curve.empty:
        return None
    return _marked(draw_specification_curve(curve, finding, lang), evaluation, lang)


@once
def disagreement(evaluation: Evaluation, lang: str = DEFAULT) -> Picture | None:
    """How far every two designs are apart."""
    finding = find(evaluation, HEADLINE)
    if finding is None or finding.estimate.value is None:
        return None
    return _marked(draw_disagreement(finding, evaluation.sensitivity, lang), evaluation, lang)


@once
def check(evaluation: Evaluation, ident: str, name: str, lang: str) -> Picture | None:
    """What one check of a finding compared."""
    finding = find(evaluation, ident)
    asked = next((c for c in finding.checks if c.name == name), None) if finding else None
    if finding is None or asked is None:
        return None
    return _marked(draw_check(asked, finding, lang), evaluation, lang)


@once
def income_sources(evaluation: Evaluation, lang: str = DEFAULT) -> Picture | None:
    """Income by source and year."""
    if evaluation.panel.income is None or not evaluation.panel.listed.any():
        return None
    by_year = frames.income_by_source(evaluation.panel)
    return (
        None
        if by_year.empty
        else _marked(
            draw_income(by_year, evaluation.campaign.income_year(), lang), evaluation, lang
        )
    )


@once
def wall_chart(evaluation: Evaluation, lang: str = DEFAULT) -> Picture | None:
    """Villages by measures."""
    measures, day = evaluation.county.measures, evaluation.day
    if measures is None or measures.empty or not evaluation.panel.listed.any():
        return None
    measures = measures.assign(state=frames.states(measures, evaluation.campaign, day))
    when = date(day, lang) if evaluation.running else ""
    return _marked(
        draw_wall_chart(measures, evaluation.panel.villages, lang, when), evaluation, lang
    )


@once
def progress(evaluation: Evaluation, lang: str = DEFAULT) -> Picture | None:
    """Sign-offs by township and department over the campaign's days."""
    measures = evaluation.county.measures
    if measures is None or measures["end_date"].isna().all():
        return None
    by_department = frames.progress_by_department(evaluation.county, evaluation.day, lang)
    by_township = frames.progress_by_township(evaluation.county, evaluation.panel, evaluation.day)
    return (
        None
        if by_department.empty or by_township.isna().all(axis=None)
        else _marked(draw_progress(by_township, by_department, lang), evaluation, lang)
    )


@once
def persistence(evaluation: Evaluation, lang: str = DEFAULT) -> Picture | None:
    """The effect by window after the campaign."""
    p = evaluation.persistence
    return _marked(draw_persistence(p, evaluation.campaign.months_touched, lang), evaluation, lang)


@once
def turnaround(evaluation: Evaluation, lang: str = DEFAULT) -> Picture | None:
    """Every listed village with its range."""
    if evaluation.villages.empty or evaluation.turnaround is None:
        return None
    return _marked(
        draw_turnaround(villages_listed(evaluation), evaluation.turnaround, lang),
        evaluation,
        lang,
    )


@once
def turned_round(evaluation: Evaluation, lang: str = DEFAULT) -> Picture | None:
    """How many villages turned around, beside quiet years."""
    if evaluation.turnaround is None:
        return None
    return _marked(draw_turned_round(evaluation.turnaround, lang), evaluation, lang)


@once
def causes(evaluation: Evaluation, lang: str = DEFAULT) -> Picture | None:
    """Causes by type of village."""
    table = frames.causes_by_type(evaluation.panel.villages)
    return None if table.empty else _marked(draw_causes(table, lang), evaluation, lang)


@once
def ranking(evaluation: Evaluation, lang: str = DEFAULT) -> Picture | None:
    """Where the listed stood in the months ranked on."""
    panel = evaluation.panel
    if not panel.listed.any() or panel.listed.all():
        return None
    return _marked(
        draw_ranking(frames.listing_year_petitions(panel, evaluation.campaign), panel.listed, lang),
        evaluation,
        lang,
    )


@once
def coverage(evaluation: Evaluation, lang: str = DEFAULT) -> Picture | None:
    """Petitions by township and month."""
    return _marked(
        draw_coverage(
            frames.township_months(evaluation.panel), evaluation.campaign.start_month, lang
        ),
        evaluation,
        lang,
    )


@once
def village_coverage(evaluation: Evaluation, lang: str = DEFAULT) -> Picture | None:
    """Which villages are in the register, month by month; for notebooks."""
    return _marked(
        draw_village_coverage(evaluation.panel, evaluation.campaign.start_month, lang),
        evaluation,
        lang,
    )


@once
def listing_rule(evaluation: Evaluation, lang: str = DEFAULT) -> Picture | None:
    """How well the learned rule finds the list."""
    fit = evaluation.listing
    if fit is None:
        return None
    return _marked(draw_listing_rule(fit["calibration"], fit["found"], lang), evaluation, lang)


@once
def next_round(evaluation: Evaluation, lang: str = DEFAULT) -> Picture | None:
    """What designs of a next round could detect."""
    return _marked(draw_next_round(evaluation.next_round, lang), evaluation, lang)


@once
def measure_effects(evaluation: Evaluation, lang: str = DEFAULT) -> Picture | None:
    """What went with groups and single measures."""
    return _marked(draw_measure_effects(evaluation.attribution.rows, lang), evaluation, lang)


@once
def together(evaluation: Evaluation, lang: str = DEFAULT) -> Picture | None:
    """Which measures came together."""
    a = evaluation.attribution
    return (
        _marked(draw_together(a.doses, a.bundles, lang), evaluation, lang) if len(a.doses) else None
    )


@once
def county_map(evaluation: Evaluation, lang: str = DEFAULT) -> Picture | None:
    """The county on a plane, for researchers."""
    return _marked(
        draw_county_map(evaluation.panel.villages, evaluation.villages, lang), evaluation, lang
    )


ALL = (
    quiet_years,
    by_level,
    event_study,
    sensitivity,
    specification_curve,
    disagreement,
    income_sources,
    measure_effects,
    together,
    persistence,
    turned_round,
    turnaround,
    wall_chart,
    progress,
    causes,
    ranking,
    coverage,
    county_map,
    listing_rule,
    next_round,
)


def save_all(evaluation: Evaluation, folder: Path, lang: str) -> None:
    """Write every picture as ``<name>.<lang>.svg`` and ``.png`` (300 dpi)."""
    for draw in ALL:
        picture = draw(evaluation, lang)
        if picture is not None:
            picture.save(folder, f".{lang}")
            # Pages take the SVG from now on; the texts of a figure hold the 13 MB bitmap they were
            # measured on.
            picture.figure.clear()


def no_data(lang: str) -> Fragment:
    """What stands in a notebook where a table or a picture cannot be made."""
    return paragraph(words(lang, "report")["no_data"])


def _marked(picture: Picture | None, evaluation: Evaluation, lang: str) -> Picture | None:
    """A picture of a synthetic county says so wherever it is taken."""
    if picture is not None and evaluation.campaign.synthetic:
        style.mark(picture, words(lang, "report")["synthetic_mark"])
    return picture


def __dir__() -> list[str]:
    """What tab completion shows."""
    return __all__


for _name in __all__:
    globals()[_name] = described(globals()[_name])

"""Measures as tables: how much of each was done, and what that went with."""

from __future__ import annotations

from village_eval.county import frames
from village_eval.measures.timing import by_start as staggered_starts
from village_eval.report.table import Table
from village_eval.report.tables.made import (
    change_and_range,
    for_audience,
    has_measures,
    made,
)
from village_eval.words import wording as w
from village_eval.words.catalogue import DEFAULT
from village_eval.words.vocabulary import name


def measures(evaluation, lang: str = DEFAULT) -> Table | None:
    """The seventeen measures: where, how far, how much money, how many signed off.

    None without a record of them.
    """
    if not has_measures(evaluation):
        return None
    rows = [
        (
            name("measure", r.Index, lang),
            name("measure_group", r.group, lang),
            r.villages,
            r.dose,
            r.funds,
            r.completed,
        )
        for r in frames.measures_summary(evaluation.county.measures).itertuples()
    ]
    return made(
        "measures", rows, lang, villages="count", dose="two", funds="money", completed="share"
    )


def measure_effects(evaluation, lang: str = DEFAULT) -> Table | None:
    """What went with all measures, with groups and with single ones, by outcome."""
    t, rows = w.words(lang, "attribution"), []
    for row in evaluation.attribution.rows.itertuples():
        known = not w.missing(row.estimate)
        seen = (
            w.detectable(row.minimum_detectable, row.outcome == "petitions", lang)
            if known
            else None
        )
        alike = w.join([name("measure", m, lang) for m in row.inseparable_from], lang) or None
        about = (
            t["level"][row.level],
            _measure_name(row, lang),
            t["outcome"][row.outcome],
            row.villages,
            row.mean_dose,
        )
        rows.append(
            (*about, *change_and_range(row, lang), seen, row.p_adjusted if known else None, alike)
        )
    return (
        made("measure_effects", rows, lang, villages="count", dose="two", p="p") if rows else None
    )


def kinds(evaluation, lang: str = DEFAULT) -> Table | None:
    """Petitions of the first year by type and cause of the listed villages."""
    rows = []
    for row in evaluation.attribution.kinds.itertuples():
        what = name(row.kind, row.key, lang)
        rows.append(
            (
                what[:1].upper() + what[1:],
                row.villages,
                row.actual,
                row.expected,
                *change_and_range(row, lang),
            )
        )
    table = made("kinds", rows, lang, villages="count", actual="count", expected="count")
    return for_audience(evaluation.audience, table) if rows else None


def dose_response(evaluation, lang: str = DEFAULT) -> Table | None:
    """Thirds of the listed villages by how much was done there."""
    response = evaluation.attribution.response
    if response.empty:
        return None
    names = w.words(lang, "tables")["third"]
    rows = [
        (names[str(k)], r.villages, r.dose, r.actual, r.expected, r.ratio)
        for k, r in enumerate(response.itertuples())
    ]
    return made(
        "dose_response",
        rows,
        lang,
        villages="count",
        dose="one",
        actual="count",
        expected="count",
        ratio="two",
    )


def by_start(evaluation, lang: str = DEFAULT) -> Table | None:
    """The staggered estimator by month since a village's first measure.

    Exploratory; computed when asked for.
    """
    found = staggered_starts(evaluation.panel, evaluation.campaign, evaluation.county.measures)
    if found is None or found.by_month is None or found.by_month.empty:
        return None
    rows = [
        (int(r.month), r.estimate, r.ci_low, r.ci_high)
        for r in found.by_month.itertuples()
        if -6 <= r.month < 12
    ]
    return made("by_start", rows, lang, estimate="two", low="two", high="two")


def _measure_name(row, lang: str) -> str:
    if row.level == "overall":
        return w.words(lang, "attribution")["all"]
    return (
        name("measure_group", row.group, lang)
        if row.level == "group"
        else name("measure", row.measure, lang)
    )

"""Work done, as tables: departments, sign-offs, what townships owed."""

from __future__ import annotations

import pandas as pd

from village_eval.county import frames
from village_eval.county.audience import names_villages
from village_eval.report.table import Table
from village_eval.report.tables.made import (
    has_measures,
    made,
)
from village_eval.words import wording as w
from village_eval.words.catalogue import DEFAULT
from village_eval.words.vocabulary import name

EACH = 5
"""Villages, or for the public measures, that a township's line names."""


def departments(evaluation, lang: str = DEFAULT) -> Table | None:
    """Departments in charge: measures, villages, funds, share signed off.

    None when none is named.
    """
    if not has_measures(evaluation):
        return None
    s = frames.departments_summary(evaluation.county.measures)
    rows = [
        (name("department", d, lang), *r)
        for d, r in zip(s.index, s.itertuples(index=False), strict=True)
    ]
    return (
        made(
            "departments",
            rows,
            lang,
            measures="count",
            villages="count",
            funds="money",
            completed="share",
        )
        if rows
        else None
    )


def delivery(evaluation, lang: str = DEFAULT) -> Table | None:
    """Measures by township.

    Columns: planned, begun, signed off, late, overdue, funds, as the county stood on its day.
    """
    if not has_measures(evaluation):
        return None
    frame = frames.delivery_by_township(evaluation.county, evaluation.panel, evaluation.day)
    return _delivery("delivery", frame, list(frame.index), lang)


def delivery_departments(evaluation, lang: str = DEFAULT) -> Table | None:
    """The same by department in charge; None when none is named."""
    if not has_measures(evaluation):
        return None
    frame = frames.delivery_by_department(evaluation.county, evaluation.day)
    return _delivery(
        "delivery_departments", frame, [name("department", d, lang) for d in frame.index], lang
    )


def _delivery(key: str, frame: pd.DataFrame, names: list[str], lang: str) -> Table | None:
    rows = [(group, *row) for group, row in zip(names, frame.itertuples(index=False), strict=True)]
    kinds = dict.fromkeys(("planned", "begun", "done", "late", "overdue"), "count")
    return made(key, rows, lang, **kinds, funds="money") if rows else None


def undelivered(evaluation, lang: str = DEFAULT) -> Table | None:
    """Measures that are overdue, by township: how many, which in which village, who is in charge.

    The township with most first; villages are named only where the audience may see them. None
    when nothing is overdue.
    """
    if not has_measures(evaluation):
        return None
    t, named = w.words(lang, "tables")["undelivered"], names_villages(evaluation.audience)
    overdue = frames.overdue(evaluation.county, evaluation.panel, evaluation.day)
    rows = []
    for township, here in sorted(
        overdue.groupby("township_name", sort=False), key=lambda group: -len(group[1])
    ):
        by = here.groupby("village_name" if named else "measure", sort=False)
        which = [
            t["which"].format(
                village=village, measures=w.several(_measure_names(each["measure"], lang), lang)
            )
            if named
            else t["count"].format(measure=name("measure", village, lang), n=len(each))
            for village, each in by
        ]
        departments = here["department"].dropna().str.split(";").explode().unique()
        rows.append(
            (
                township,
                len(here),
                w.several(which[:EACH], lang)
                + (t["more"].format(n=len(which) - EACH) if len(which) > EACH else ""),
                w.several([name("department", d, lang) for d in departments], lang) or None,
            )
        )
    return made("undelivered", rows, lang, overdue="count") if rows else None


def _measure_names(keys, lang: str) -> list[str]:
    return [name("measure", key, lang) for key in keys]


def township_actions(evaluation, lang: str = DEFAULT) -> Table | None:
    """What townships owed the campaign, action by action.

    On time, so many days late, overdue, not due yet.
    """
    actions, t = evaluation.county.township_actions, w.words(lang, "tables")["township_actions"]
    if actions is None or actions.empty:
        return None
    wide = frames.township_actions(evaluation.county, evaluation.panel, evaluation.day)

    def cell(days: float) -> str:
        if pd.isna(days):
            return t["not_due"]
        return (
            t["on_time"]
            if days == 0
            else t["overdue"]
            if days == float("inf")
            else t["late"].format(days=w.count(days, lang))
        )

    heads = [t["township"], *(name("township_action", a, lang) for a in wide)]
    rows = [
        (township, *map(cell, days))
        for township, days in zip(wide.index, wide.to_numpy(), strict=True)
    ]
    return Table("township_actions", t["caption"], pd.DataFrame(rows, columns=heads), {}, lang)

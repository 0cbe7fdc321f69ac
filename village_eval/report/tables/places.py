"""Villages and townships as tables."""

from __future__ import annotations

from village_eval.county import frames
from village_eval.county.audience import may_show
from village_eval.report.table import Table
from village_eval.report.tables.made import (
    for_audience,
    made,
)
from village_eval.report.villages import to_revisit, villages_listed
from village_eval.words.vocabulary import name


def villages(evaluation, lang: str) -> Table | None:
    """The listed villages one by one, by township (for the county's own use; no ranking).

    None without results.
    """
    if evaluation.villages.empty or not may_show("villages", evaluation.audience):
        return None
    f = villages_listed(evaluation).sort_values("village_code")
    rows = list(
        zip(
            f["township_name"],
            f["village_name"],
            f["expected"],
            f["actual"],
            f["ratio"],
            f["probability_improved"],
            strict=True,
        )
    )
    return made(
        "villages", rows, lang, expected="one", actual="count", ratio="two", probability="share"
    )


def revisit(evaluation, lang: str) -> Table | None:
    """Villages that have not visibly improved, and what was done there; None when there is none."""
    f = to_revisit(evaluation)
    if f.empty or not may_show("revisit", evaluation.audience):
        return None
    f = f.sort_values("village_code")
    kinds = [
        name("village_type", k, lang) if isinstance(k, str) and k else None
        for k in f["village_type"]
    ]
    columns = ("expected", "actual", "probability_improved", "measures", "open")
    rows = list(
        zip(f["township_name"], f["village_name"], kinds, *(f[c] for c in columns), strict=True)
    )
    return made(
        "revisit",
        rows,
        lang,
        expected="one",
        actual="count",
        probability="share",
        measures="count",
        open="count",
    )


def townships(evaluation, lang: str) -> Table:
    """Rows by township.

    Columns: villages, listed, their petitions in the months ranked on, measures, funds, share
    signed off.
    """
    before = frames.listing_year_petitions(evaluation.panel, evaluation.campaign)
    s = frames.townships_summary(evaluation.county, before, evaluation.panel).reindex(
        columns=["villages", "listed", "petitions", "measures", "funds", "completed"]
    )
    rows = [(t, *r) for t, r in zip(s.index, s.itertuples(index=False), strict=True)]
    kinds = dict.fromkeys(("villages", "listed", "petitions", "measures"), "count")
    table = made("townships", rows, lang, **kinds, funds="money", completed="share")
    return for_audience(evaluation.audience, table)


def types(evaluation, lang: str) -> Table:
    """Types of listed villages: how many, population, petitions in the months ranked on."""
    before = frames.listing_year_petitions(evaluation.panel, evaluation.campaign)
    s = frames.villages_by_type(evaluation.panel.villages, before)
    rows = [
        (name("village_type", k, lang), *r)
        for k, r in zip(s.index, s.itertuples(index=False), strict=True)
    ]
    table = made("types", rows, lang, villages="count", population="count", petitions="one")
    return for_audience(evaluation.audience, table)

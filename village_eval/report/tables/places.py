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
from village_eval.words import wording as w
from village_eval.words.catalogue import DEFAULT
from village_eval.words.vocabulary import name

CLEARLY = 1.1
"""So many times what was expected is told as more."""


def villages(evaluation, lang: str = DEFAULT) -> Table | None:
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
        "villages", rows, lang, expected="one", actual="count", ratio="two", probability="chance"
    )


def revisit(evaluation, lang: str = DEFAULT, most: int | None = None) -> Table | None:
    """Villages that have not visibly improved, and why to go there; None when there is none.

    The least likely to have improved first, as far as ``most``: where to go first, no ranking.
    """
    f = to_revisit(evaluation)
    if f.empty or not may_show("revisit", evaluation.audience):
        return None
    rows = [
        (
            r.township_name,
            r.village_name,
            name("village_type", r.village_type, lang) if isinstance(r.village_type, str) else None,
            r.expected,
            r.actual,
            r.probability_improved,
            _why(r, lang),
        )
        for r in f.head(most or len(f)).itertuples()
    ]
    return made("revisit", rows, lang, expected="one", actual="count", probability="chance")


def _why(village, lang: str) -> str:
    """Why to go to a village again: its petitions against what was expected, its measures."""
    t = w.words(lang, "tables")["why_revisit"]
    above = village.actual / village.expected if village.expected else 1.0
    said = [t["above" if above > CLEARLY else "alike" if above > 1 / CLEARLY else "doubtful"]]
    if village.measures is not None and village.measures == 0:
        said.append(t["nothing_done"])
    elif village.open is not None and village.open > 0:
        said.append(t["open"].format(n=w.count(village.open, lang)))
    return w.several(said, lang)


def townships(evaluation, lang: str = DEFAULT) -> Table:
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


def types(evaluation, lang: str = DEFAULT) -> Table | None:
    """Types of listed villages: how many, population, petitions in the months ranked on.

    None where no type is known.
    """
    before = frames.listing_year_petitions(evaluation.panel, evaluation.campaign)
    s = frames.villages_by_type(evaluation.panel.villages, before)
    if s.empty:
        return None
    rows = [
        (name("village_type", k, lang), *r)
        for k, r in zip(s.index, s.itertuples(index=False), strict=True)
    ]
    table = made("types", rows, lang, villages="count", population="count", petitions="one")
    return for_audience(evaluation.audience, table)

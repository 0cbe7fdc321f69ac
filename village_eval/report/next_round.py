"""Tables of the next round for notebooks, from an evaluation and a language.

None where the data do not allow one.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd

from village_eval.county.plan import phased
from village_eval.expectation.listing import learn_rule
from village_eval.next_round.plan import make_plan, next_start, worst
from village_eval.next_round.promise import compare, quiet_years_needed
from village_eval.report.table import Table
from village_eval.words import wording as w
from village_eval.words.vocabulary import name


def sizes(evaluation, lang: str, seed: int = 1) -> Table | None:
    """What half as many, as many and twice as many villages could detect.

    Batches a year apart beside a repeat.
    """
    if not evaluation.next_round:
        return None
    panel, campaign, n = evaluation.panel, evaluation.campaign, evaluation.next_round[0]["villages"]
    rule = learn_rule(panel, campaign)
    numbers = [k for k in (n // 2, n, 2 * n) if k <= len(panel.villages) // 2]
    rows = compare(
        panel, campaign, rule, numbers, (phased(12), None), seed, _known(evaluation, seed)
    )
    by_size = rows.pivot(index="villages", columns="design", values="detectable_percent").reindex(
        columns=["phased", "repeat"]
    )
    body = [
        (k, _fall(phased_percent, lang), _fall(repeat, lang))
        for k, phased_percent, repeat in by_size.itertuples()
    ]
    return _table("sizes", body, lang, villages="count")


def quiet_years(evaluation, lang: str, seed: int = 1) -> Table | None:
    """What a repeat could detect by the number of quiet years to compare with."""
    if not evaluation.next_round:
        return None
    panel, campaign, n = evaluation.panel, evaluation.campaign, evaluation.next_round[0]["villages"]
    rule = learn_rule(panel, campaign)
    needed = quiet_years_needed(panel, campaign, rule, n, seed, _known(evaluation, seed))
    body = [(k, _fall(percent, lang)) for k, percent in needed.itertuples(index=False)]
    return _table("quiet_years", body, lang, quiet_years="count") if body else None


def draft(evaluation, lang: str, seed: int = 1) -> Table | None:
    """What a phased roll-out of the villages ranked lowest would look like.

    A sketch, not the lottery.
    """
    if not evaluation.next_round:
        return None
    panel, campaign, n = evaluation.panel, evaluation.campaign, evaluation.next_round[0]["villages"]
    start, rows = (
        next_start(panel, campaign, dt.date.today()),
        worst(panel, campaign, learn_rule(panel, campaign), n),
    )
    table = make_plan(panel, campaign, phased(), rows, start, seed).assignment
    batch = w.words(lang, "planning")["workbook"]["batch"]
    columns = (
        table["township_name"],
        table["village_name"],
        table["village_type"],
        table["start"],
        table["expected"],
    )
    body = [
        (t, v, name("village_type", k, lang) if k else "", batch[1 - s], e)
        for t, v, k, s, e in zip(*columns, strict=True)
    ]
    return _table("draft", body, lang, expected="one")


def _known(evaluation, seed: int) -> list[dict]:
    """What the evaluation has simulated with this seed."""
    return evaluation.next_round if evaluation.options["seed"] == seed else []


def _fall(percent: float | None, lang: str) -> str:
    """The smallest fall that is seen, or that none is."""
    return (
        w.words(lang, "planning")["tables"]["never"]
        if w.missing(percent)
        else w.percent(percent, lang)
    )


def _table(key: str, body: list[tuple], lang: str, **kinds: str) -> Table:
    t = w.words(lang, "planning")["tables"][key]
    heads = t["columns"]
    return Table(
        key,
        t["caption"],
        pd.DataFrame(body, columns=list(heads.values())),
        {heads[k]: v for k, v in kinds.items()},
        lang,
    )

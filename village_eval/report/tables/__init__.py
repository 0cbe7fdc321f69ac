"""Tables of the report, one function each, from an evaluation and a language to a Table."""

from __future__ import annotations

from pathlib import Path

from village_eval.report.described import described
from village_eval.report.table import Table, write_xlsx
from village_eval.report.tables.answers import (
    designs,
    findings,
    other_designs,
    other_outcomes,
    others_in_brief,
    persistence,
    quiet_years,
)
from village_eval.report.tables.doses import (
    by_start,
    dose_response,
    kinds,
    measure_effects,
    measures,
)
from village_eval.report.tables.doubts import (
    checks,
    disagreements,
    not_passed,
    prior_scales,
    specifications,
)
from village_eval.report.tables.places import revisit, townships, types, villages
from village_eval.report.tables.records import data_overview, ledger, listing_rule, missing
from village_eval.report.tables.work import (
    delivery,
    delivery_departments,
    departments,
    township_actions,
    undelivered,
)

__all__ = [
    "by_start",
    "checks",
    "data_overview",
    "delivery",
    "delivery_departments",
    "departments",
    "designs",
    "disagreements",
    "dose_response",
    "everything",
    "findings",
    "kinds",
    "ledger",
    "listing_rule",
    "measure_effects",
    "measures",
    "missing",
    "not_passed",
    "other_designs",
    "other_outcomes",
    "others_in_brief",
    "persistence",
    "prior_scales",
    "quiet_years",
    "revisit",
    "specifications",
    "township_actions",
    "townships",
    "types",
    "undelivered",
    "villages",
    "write_tables",
]


def everything(evaluation, lang: str) -> list[Table]:
    """All tables that this county's data allow, for the folder tables/."""
    made = [
        findings,
        other_outcomes,
        designs,
        disagreements,
        specifications,
        prior_scales,
        quiet_years,
        checks,
        townships,
        types,
        villages,
        revisit,
        persistence,
        measures,
        measure_effects,
        kinds,
        dose_response,
        departments,
        delivery,
        delivery_departments,
        undelivered,
        township_actions,
        listing_rule,
        data_overview,
        ledger,
    ]
    return [table for f in made if (table := f(evaluation, lang)) is not None and len(table.frame)]


def write_tables(evaluation, folder: Path, lang: str) -> None:
    """Write ``<name>.<lang>.csv`` for each table and ``tables.<lang>.xlsx`` with all of them."""
    tables = everything(evaluation, lang)
    for table in tables:
        table.to_csv(folder / f"{table.name}.{lang}.csv")
    write_xlsx(tables, folder / f"tables.{lang}.xlsx")


def __dir__() -> list[str]:
    """What tab completion shows."""
    return __all__


for _name in __all__:
    globals()[_name] = described(globals()[_name])

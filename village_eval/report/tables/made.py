"""How every table is made: its heads and caption from the words, its cells as text."""

from __future__ import annotations

import pandas as pd

from village_eval.county.audience import is_coarse
from village_eval.report.amounts import signed
from village_eval.report.table import Table
from village_eval.words import wording as w


def made(key: str, body: list[tuple], lang: str, **kinds: str) -> Table:
    """A Table with heads and caption from the language's ``tables.toml``.

    ``kinds`` by column key.
    """
    t = w.words(lang, "tables")[key]
    heads = t["columns"]
    frame = pd.DataFrame(body, columns=list(heads.values()))
    return Table(key, t["caption"], frame, {heads[k]: v for k, v in kinds.items()}, lang)


def for_audience(audience: str, table: Table) -> Table:
    """The table as this audience may see it."""
    return table.coarse() if is_coarse(table.name, audience) else table


def has_measures(evaluation) -> bool:
    """Whether there is a record of measures with at least one row."""
    return evaluation.county.measures is not None and len(evaluation.county.measures) > 0


def change_and_range(row, lang: str) -> tuple[str | None, str | None]:
    """A row's estimate and interval as text."""
    if w.missing(row.estimate):
        return None, None
    change, low, high = (
        signed(x, "log_ratio", lang) for x in (row.estimate, row.ci_low, row.ci_high)
    )
    return change, w.words(lang)["range"]["both"].format(low=low, high=high)


def detectable(f, lang: str) -> str | None:
    """The change that a finding would probably have seen, as text."""
    percent = f.minimum_detectable_percent
    if w.missing(percent):
        return None
    return w.points(percent, lang) if f.estimate.scale == "share" else w.percent(percent, lang)


def amount_text(amount: float | None, unit: str | None, lang: str) -> str | None:
    """A number of petitions or yuan as text."""
    if amount is None:
        return None
    text = w.money(amount, lang) if unit == "yuan" else w.count(amount, lang)
    return (w.MINUS if amount < 0 else "") + text

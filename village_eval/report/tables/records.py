"""What was delivered and done to it, and the learned listing rule, as tables."""

from __future__ import annotations

import pandas as pd

from village_eval.county.contracts import TABLES, columns, contract_of
from village_eval.report.delivery import full_ledger
from village_eval.report.table import Table
from village_eval.report.tables.made import (
    made,
)
from village_eval.words import wording as w
from village_eval.words.catalogue import entry


def data_overview(evaluation, lang: str) -> Table:
    """Tables delivered: rows and what they cover."""
    t, rows = w.words(lang, "tables"), []
    for key, frame in evaluation.county.tables().items():
        rows.append((t["table_name"].get(key, key), len(frame), _span(frame, lang)))
    return made("data", rows, lang, rows="count")


def missing(evaluation, lang: str) -> Table | None:
    """What is not there: tables and columns that were not delivered, and cells left blank."""
    t, county = w.words(lang, "tables"), evaluation.county
    rows: list[tuple] = []
    there, absent = county.tables(), t["missing"]["absent"]
    for key in TABLES:
        name = t["table_name"].get(key, key)
        if key not in there:
            rows.append((name, "", absent, None, None))
            continue
        contract = contract_of(key, there[key].columns)
        for column, about in columns(contract).items():
            said = entry(lang, f"contracts.{contract}.columns.{column}")
            of = _asked(key, column, about, there[key])
            if column not in of:
                rows.append((name, said, absent, None, None))
            elif blank := int(of[column].isna().sum() + (of[column].astype(object) == "").sum()):
                rows.append((name, said, t["missing"]["blank"], blank, blank / len(of)))
    return made("missing", rows, lang, blank="count", share="share") if rows else None


def _asked(table: str, column: str, about, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows in which a column has something to say.

    A kind of village only where one is listed, a date of completion only once it is completed.
    """
    if table == "villages" and column in ("village_type", "causes"):
        return frame[frame["listed"] == 1]
    return frame[frame[about.once].notna()] if about.once in frame else frame


def _span(frame: pd.DataFrame, lang: str) -> str:
    """First and last month, period or day of a delivered table."""
    for column in ("date", "month", "period", "start_date"):
        if column in frame and frame[column].notna().any():
            ends = [frame[column].min(), frame[column].max()]
            if column in ("date", "start_date"):
                ends = [w.date(x, lang) for x in ends]
            elif column == "month":
                ends = [w.month(x, lang) for x in ends]
            return w.words(lang)["range"]["both"].format(low=ends[0], high=ends[1])
    return ""


def ledger(evaluation, lang: str) -> Table | None:
    """What was read, dropped, merged or filled, and why."""
    steps = w.words(lang, "tables")["step"]
    rows = [
        (r.source, steps.get(r.step, r.step), r.rows, r.reason)
        for r in full_ledger(evaluation, lang).itertuples(index=False)
    ]
    return made("ledger", rows, lang, rows="count") if rows else None


def listing_rule(evaluation, lang: str) -> Table | None:
    """Coefficients of the learned listing rule, per standard deviation of the feature."""
    if evaluation.listing is None:
        return None
    labels, frame = w.words(lang, "tables")["feature"], evaluation.listing["coefficients"]
    rows = [
        (labels.get(f, str(f)), c)
        for f, c in zip(frame["feature"], frame["coefficient"], strict=True)
        if f != "intercept"
    ]
    return made("listing_rule", rows, lang, coefficient="two")

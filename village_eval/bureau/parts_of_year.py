"""Income of parts of a year becomes years or quarters.

Cumulative quarters are differenced, months and halves summed. What does not make up a whole year is
refused with the question.
"""

from __future__ import annotations

import pandas as pd

from village_eval.bureau.notes import Notes
from village_eval.bureau.years import QUARTERS, WHOLE_YEAR, Span
from village_eval.words.vocabulary import INCOME_SOURCES

CUMULATIVE = [Span(1, m) for m in (3, 6, 9, 12)]
SUMS_UP = [[Span(m, m) for m in range(1, 13)], [Span(1, 6), Span(7, 12)]]
KEY = ["village_code", "_year"]


def settle_periods(income: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Rows with ``_year`` and ``_span`` to rows with ``period`` (2022 or 2022Q1)."""
    kinds: dict[int, str] = {}
    for year, rows in income.groupby("_year"):
        kinds[year] = _kind(set(rows["_span"]))
    quarterly = all(kind in ("quarters", "cumulative", "some_quarters") for kind in kinds.values())
    tables = []
    for year, rows in income.groupby("_year"):
        kind = kinds[year]
        if kind == "year":
            tables.append(rows.assign(period=str(year)))
        elif kind == "running":  # 1-6月 and 1-12月: the last says the year
            tables.append(rows[rows["_span"] == WHOLE_YEAR].assign(period=str(year)))
            for source, earlier in rows[rows["_span"] != WHOLE_YEAR].groupby("_source"):
                notes.line(source, "dropped", len(earlier), "part_of_whole_year", year=str(year))
        elif kind == "cumulative" and (whole := _complete(rows, CUMULATIVE, notes)) is not None:
            last = CUMULATIVE if quarterly else CUMULATIVE[-1:]
            tables += _differences(whole, last, quarterly)
        elif kind == "quarters" and (whole := _complete(rows, QUARTERS, notes)) is not None:
            tables.append(_as_quarters(whole) if quarterly else _summed(whole, notes))
        elif kind == "some_quarters" and quarterly:
            tables.append(_as_quarters(rows))
        elif (
            kind == "sums"
            and (whole := _complete(rows, sorted(set(rows["_span"])), notes)) is not None
        ):
            tables.append(_summed(whole, notes))
        elif kind in ("", "some_quarters"):
            for (file, sheet, span), part in rows.groupby(
                ["_file", "_sheet", "_span"], dropna=False
            ):
                notes.problem(
                    "part_of_year",
                    file,
                    sheet=sheet if isinstance(sheet, str) else None,
                    row=part["_row"].iloc[0],
                    year=str(year),
                    months=f"{span[0]}-{span[1]}",
                )
    return (
        pd.concat(tables, ignore_index=True)
        if tables
        else income.iloc[:0].assign(period=pd.Series(dtype=object))
    )


def _kind(spans: set[Span]) -> str:
    if spans == {WHOLE_YEAR}:
        return "year"
    if spans == set(CUMULATIVE):
        return "cumulative"
    if spans == set(QUARTERS):
        return "quarters"
    if spans < set(QUARTERS):
        return "some_quarters"
    if any(spans == set(parts) for parts in SUMS_UP):
        return "sums"
    return "running" if WHOLE_YEAR in spans and all(s[0] == 1 for s in spans) else ""


def _complete(rows: pd.DataFrame, spans: list[Span], notes: Notes) -> pd.DataFrame | None:
    """The rows when every village has each part once; else what is missing becomes a problem."""
    times = rows.groupby("village_code")["_span"].agg(lambda s: sorted(s) == sorted(spans))
    bad = times[~times].index
    for _, row in rows[rows["village_code"].isin(bad)].drop_duplicates("village_code").iterrows():
        notes.problem(
            "parts_missing",
            row["_file"],
            sheet=row["_sheet"],
            row=row["_row"],
            year=str(row["_year"]),
        )
    return None if len(bad) else rows


def _as_quarters(rows: pd.DataFrame) -> pd.DataFrame:
    number = rows["_span"].map(lambda s: QUARTERS.index(s) + 1)
    return rows.assign(period=rows["_year"].astype(str) + "Q" + number.astype(str))


def _summed(rows: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    sums = rows.groupby(KEY)[INCOME_SOURCES].agg(lambda s: s.sum(skipna=False))
    first = rows.drop_duplicates(KEY).set_index(KEY).drop(columns=INCOME_SOURCES)
    for source, part in rows[rows.duplicated(KEY)].groupby("_source"):
        notes.line(source, "merged", len(part), "summed_to_year")
    whole = first.join(sums).reset_index()
    return whole.assign(period=whole["_year"].astype(str))


def _differences(rows: pd.DataFrame, last: list[Span], quarterly: bool) -> list[pd.DataFrame]:
    tables = []
    for number, span in enumerate(last, start=1):
        now = rows[rows["_span"] == span].set_index(KEY)
        year = now.index.get_level_values("_year").astype(str)
        if quarterly and number > 1:
            before = rows[rows["_span"] == last[number - 2]].set_index(KEY)
            now[INCOME_SOURCES] = (
                now[INCOME_SOURCES] - before[INCOME_SOURCES].reindex(now.index)
            ).round(2)
        tables.append(now.assign(period=year + (f"Q{number}" if quarterly else "")).reset_index())
    return tables

"""Registers with a row a person, and registers delivered twice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

import pandas as pd

from village_eval.bureau.notes import Notes

COPIED = 0.5
"""So large a share of a file's rows in another file: one of the two is a copy."""
FEWEST_COPIED = 10


def one_row_a_petition(register: pd.DataFrame, facts: Sequence[str], notes: Notes) -> pd.DataFrame:
    """Rows of further persons merged into their petition.

    Recognised where the number is the row's above or blank under it and nothing but the person
    differs; without numbers where so many equal rows follow each other as persons are stated.
    """
    compared = [f for f in facts if f not in ("case_id", "persons")]
    facts_of = register[compared].astype(object)
    facts_of = facts_of.where(facts_of.notna(), None)
    above = facts_of.shift()
    blank_or_equal = (facts_of == above) | facts_of.isna() & above.isna()
    same = blank_or_equal.all(axis=1) & (register["_source"] == register["_source"].shift())
    same &= (
        register["persons"].isna()
        | (register["persons"] == register["persons"].shift())
        | (register["persons"].shift().isna())
    )
    number = register["petition_id"]
    numbered = number.groupby(register["_source"]).transform(lambda n: n.notna().any()).astype(bool)
    carried = number.groupby(register["_source"]).ffill()
    more = same & numbered & (number.isna() | (number == number.shift()))
    more &= carried == carried.shift()
    # The same person in the same row twice was entered twice, which is told below.
    more &= ~((number == number.shift()) & (register["case_id"] == register["case_id"].shift()))
    run = (~(same & ~numbered)).cumsum()
    size = run.groupby(run).transform("size")
    stated = pd.to_numeric(register["persons"]).groupby(run).transform("first")
    unnumbered = same & ~numbered & (size > 1)
    more |= unnumbered & (size == stated)
    left = unnumbered & ~more
    for source, rows in register[left].groupby("_source"):
        if len(rows) > max(FEWEST_COPIED, 0.05 * int((register["_source"] == source).sum())):
            first = rows.iloc[0]
            notes.problem(
                "row_a_person",
                first["_file"],
                sheet=first["_sheet"],
                row=first["_row"],
                rows=len(rows),
            )
    if not more.any():
        return register
    for source, rows in register[more].groupby("_source"):
        first = rows.iloc[0]
        notes.line(source, "merged", len(rows), "one_row_a_person")
        notes.warn(
            "one_row_a_person",
            first["_file"],
            sheet=first["_sheet"],
            row=first["_row"],
            rows=len(rows),
        )
    petition = (~more).cumsum()
    people = petition.groupby(petition).transform("size")
    told = pd.to_numeric(register["persons"])
    persons = told.where(told.notna() | (people == 1), people)
    return register.assign(persons=pd.array(persons, dtype="Int64").astype(object))[~more]


def refuse_copies(register: pd.DataFrame, facts: Sequence[str], notes: Notes) -> None:
    """A problem where most of one file's petitions stand in another file under no or other numbers.

    Rows under the same number are dropped as entered twice; what is left would be counted double.
    """
    compared = [f for f in facts if f not in ("case_id", "persons")]
    key = register[compared].astype(object).fillna("").astype(str).agg("|".join, axis=1)
    files = {file: rows for file, rows in key.groupby(register["_file"])}
    names = list(files)
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            small, large = sorted((one, other), key=lambda f: len(files[f]))
            again = files[small][files[small].isin(set(files[large]))]
            ids = register["petition_id"]
            numbered = set(ids[files[large].index].dropna())
            again = again[~ids[again.index].isin(numbered)]
            if len(again) > max(FEWEST_COPIED, COPIED * len(files[small])):
                ignore = PurePath(small).name
                notes.problem("copy", small, rows=len(again), other=large, ignore=ignore)

"""A column of text to its type.

Values (NA where the text cannot be read) and, by kind of problem, which rows are wrong.

Work is done once per distinct text: registers repeat the same few thousand dates and terms.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from village_eval.county.contracts import CODE_DIGITS, DTYPES, Column
from village_eval.folder import cells, dates
from village_eval.words.plain import plain

_PLAIN = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")


def convert(text: pd.Series, column: Column) -> tuple[pd.Series, dict[str, pd.Series]]:
    """Values of the column's type, and which rows have which problem.

    A bool mask of rows for each kind of problem.
    """
    kind, terms = column.kind, column.vocabulary
    if kind == "text":
        return text.map(plain, na_action="ignore").astype("str"), {}
    read = _terms(terms, many=kind == "terms") if terms else READERS[kind]
    place, distinct = pd.factorize(text, use_na_sentinel=True)
    found = [read(written) for written in distinct]
    problems = [
        _problem(kind, w) if v is None else "" for w, v in zip(distinct, found, strict=True)
    ]
    values = np.array([*found, None], dtype=object)[place]
    wrong = np.array([*problems, ""], dtype=object)[place]
    dtype = DTYPES.get(kind, "str")
    typed = pd.Series(values, index=text.index, dtype=object)
    typed = pd.to_datetime(typed).astype(dtype) if kind == "date" else typed.astype(dtype)
    return typed, {
        problem: pd.Series(wrong == problem, text.index) for problem in sorted(set(wrong) - {""})
    }


def _number(written: str) -> float | None:
    if _PLAIN.fullmatch(written):  # nearly all are, and need no folding
        return float(written)
    found = cells.number(written, strict=True)
    return found[0] if found else None


def _integer(written: str) -> float | None:
    value = _number(written)
    return None if value is None or value != int(value) else value


READERS: dict[str, Callable[[str], object]] = {
    "village_code": lambda text: cells.code(text, CODE_DIGITS["village_code"]),
    "township_code": lambda text: cells.code(text, CODE_DIGITS["township_code"]),
    "integer": _integer,
    "number": _number,
    "share": _number,
    "flag": cells.flag,
    "date": lambda text: dates.date(text, strict=True),
    "month": dates.month,
    "period": dates.period,
}


def _terms(kind: str, many: bool) -> Callable[[str], str | None]:
    def read(written: str) -> str | None:
        found, unknown = cells.terms(kind, written, many=many, strict=True)
        return None if unknown or not found else ";".join(found)

    return read


def _problem(kind: str, written: str) -> str:
    """The ``[problem.…]`` of a cell that was not understood."""
    if kind in ("term", "terms"):
        return "unknown_term"
    if kind in CODE_DIGITS and cells.lost_digits(written):
        return "lost_digits"
    return "not_number" if kind == "share" else f"not_{kind}"

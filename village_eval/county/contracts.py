"""The input tables as pandera schemas, built from ``contracts.toml``, the one description of their
columns; what they hold is said in each language's ``contracts.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from village_eval.words.catalogue import words

if TYPE_CHECKING:
    import pandera.pandas as pa

CONTRACTS: dict[str, dict] = tomllib.loads(
    files(__package__).joinpath("contracts.toml").read_text("utf-8")
)
CODE_DIGITS = {"village_code": 12, "township_code": 9}
NUMBERS = ("integer", "number", "share")
DATES = ("date", "month")
DTYPES = dict.fromkeys(NUMBERS, "float64") | {
    "flag": "Int64",
    "date": "datetime64[ns]",
    "month": "period[M]",
}
"""pandas types after reading; everything else is ``str``. Whole numbers are floats because a cell
may be blank."""


def columns(contract: str) -> dict[str, dict]:
    """The columns of a contract (``villages``, ``petitions_register``, ``petitions_counts`` …), in
    order."""
    return CONTRACTS[contract]["columns"]


def meaning(contract: str, column: str, lang: str) -> str:
    """What a column holds, in words."""
    return words(lang, "contracts")[contract]["columns"][column]


def contract_of(table: str, names) -> str:
    """The contract that a table with these columns follows; petitions are counts when they have a
    month and no date."""
    if table != "petitions":
        return table
    return "petitions_counts" if "month" in names and "date" not in names else "petitions_register"


def vocabulary_kind(column: dict) -> str | None:
    """The kind of vocabulary that a column's cells come from, or None."""
    kind, _, terms = column["type"].partition(":")
    return terms if kind in ("term", "terms") else None


@cache
def schema(contract: str) -> pa.DataFrameSchema:
    """The pandera schema of a typed table: required columns, types, blanks, ranges.

    Each check bears the name of the ``[problem.…]`` that it raises. Codes, terms and dates are
    parsed before, by ``sources.convert``; what could not be parsed is blank here and already
    reported.
    """
    import pandera.pandas as pa

    spec = CONTRACTS[contract]
    typed = {name: _column(contract, name, column) for name, column in spec["columns"].items()}
    title = words("en", "contracts")[contract]["title"]
    return pa.DataFrameSchema(typed, name=contract, description=title, strict=False)


def _column(contract: str, name: str, column: dict) -> pa.Column:
    import pandera.pandas as pa

    checks = []
    if column["type"] == "share":
        checks.append(pa.Check.in_range(column["min"], column["max"], error="not_share"))
    else:
        if "min" in column:
            checks.append(pa.Check.ge(column["min"], error="below"))
        if "max" in column:
            checks.append(pa.Check.le(column["max"], error="above"))
    return pa.Column(
        DTYPES.get(column["type"], "str"),
        checks,
        nullable=column.get("blank", True) is not False,
        required=column.get("required", False),
        description=meaning(contract, name, "en"),
        metadata=column,
    )

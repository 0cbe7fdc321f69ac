"""The input tables as ``contracts.toml`` declares them, the one description of tables and columns.

Contract and what was known on a day. Their words are in each language's contracts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from village_eval.words.catalogue import words

CODE_DIGITS = {"village_code": 12, "township_code": 9}
NUMBERS = ("integer", "number", "share")
DTYPES = dict.fromkeys(NUMBERS, "float64") | {
    "flag": "Int64",
    "date": "datetime64[ns]",
    "month": "period[M]",
}
"""pandas types after reading; everything else is ``str``. Whole numbers are floats because a cell
may be blank."""


@dataclass(frozen=True)
class Column:
    """A column; ``contracts.toml`` says what each field means."""

    type: str
    example: str
    required: bool = False
    blank: bool | str = True
    once: str | None = None
    empty: int | None = None
    not_before: str | None = None
    else_blank: bool = False
    at_most: str | None = None
    min: float | None = None
    max: float | None = None
    usual: tuple[float, float] | None = None
    unit: str | None = None

    @property
    def kind(self) -> str:
        """The type without the name of a vocabulary, such as text, date or term."""
        return self.type.partition(":")[0]

    @property
    def vocabulary(self) -> str | None:
        """The kind of vocabulary that the cells come from, or None."""
        return self.type.partition(":")[2] or None


@dataclass(frozen=True)
class Known:
    """What of a table was known on a day: rows ``dated`` no later, periods that were ``over``.

    The columns in ``later[date]`` are blank until that date. ``rule`` names one of as_of.py.
    """

    dated: str | None = None
    over: str | None = None
    later: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rule: str | None = None


@dataclass(frozen=True)
class Contract:
    """The columns of a table, in order, and what holds for the table as a whole."""

    file: str
    columns: dict[str, Column]
    known: Known
    required: bool = False
    unique: tuple[str, ...] = ()


def _contract(name: str, declared: dict[str, Any]) -> Contract:
    known = declared["known"]
    known = known | {"later": {k: tuple(v) for k, v in known.get("later", {}).items()}}
    columns = {
        column: Column(**about | ({"usual": tuple(about["usual"])} if "usual" in about else {}))
        for column, about in declared["columns"].items()
    }
    return Contract(
        declared.get("file", name),
        columns,
        Known(**known),
        declared.get("required", False),
        tuple(declared.get("unique", ())),
    )


CONTRACTS: dict[str, Contract] = {
    name: _contract(name, declared)
    for name, declared in tomllib.loads(
        files(__package__).joinpath("contracts.toml").read_text("utf-8")
    ).items()
}
TABLES = tuple(dict.fromkeys(contract.file for contract in CONTRACTS.values()))
"""Every table of a county folder, in order; a new one is a section of contracts.toml and its words
in each language."""
REQUIRED_TABLES = tuple(
    t for t in TABLES if any(c.required for c in CONTRACTS.values() if c.file == t)
)


def columns(contract: str) -> dict[str, Column]:
    """The columns of a contract, in order.

    Contracts are ``villages``, ``petitions_register``, ``petitions_counts`` …
    """
    return CONTRACTS[contract].columns


def title(contract: str, lang: str) -> str:
    """What a table holds, in words."""
    told: str = words(lang, "contracts")[contract]["title"]
    return told


def meaning(contract: str, column: str, lang: str) -> str:
    """What a column holds, in words."""
    told: str = words(lang, "contracts")[contract]["columns"][column]
    return told


def contract_of(table: str, names: Collection[str]) -> str:
    """The contract that a table with these columns follows.

    Petitions are counts when they have a month and no date.
    """
    if table != "petitions":
        return table
    return "petitions_counts" if "month" in names and "date" not in names else "petitions_register"

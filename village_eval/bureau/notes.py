"""What an import has to say: problems that stop it, warnings, ledger lines.

Texts are made last, when all names are known.

A value is quoted only when it cannot be a person: numbers of persons, known names and what looks
like a name stay behind.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pandas as pd

from village_eval.county import privacy
from village_eval.county.ledger import ledger
from village_eval.county.problems import EXAMPLES, MOST_ROWS, Problem
from village_eval.words.said import Said

Places = list[tuple[int | None, object]]
"""Rows and values."""
Where = tuple[str, str, str | None, str | None, tuple[tuple[str, object], ...]]
"""Kind, file, sheet, column and details: what makes several places one sentence."""
_PLACE = re.compile(r"[一-鿿]{1,20}(?:省|市|县|区|旗|乡|镇|街道|村|社区|居委会|村委会)")
"""A text that ends so is no name of a person."""


@dataclass
class Notes:
    """Collects what an import has to say.

    ``names`` are the persons' names seen so far in the delivery; none of them is ever shown.
    ``unknown_headers`` are (kind of table, header), ``unknown_terms`` (kind of term, as written).
    """

    names: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    unknown_headers: list[tuple[str, str]] = field(default_factory=list)
    unknown_terms: Counter[tuple[str, object]] = field(default_factory=Counter)
    guess: Callable[[str, str | None, str | None, Places], Said | None] = lambda *_: None
    _problems: dict[Where, Places] = field(default_factory=dict)
    _warnings: dict[Where, Places] = field(default_factory=dict)
    _lines: list[tuple[str, str, int, str, dict[str, object]]] = field(default_factory=list)
    _stopping: set[str] = field(default_factory=set)
    _made: tuple[tuple[int, int], re.Pattern[str] | None] | None = None

    def problem(
        self,
        kind: str,
        file: str,
        *,
        sheet: str | None = None,
        row: int | None = None,
        column: str | None = None,
        value: object = None,
        **details: object,
    ) -> None:
        """Something the user has to put right.

        The same kind in one column of one sheet becomes one sentence.
        """
        where = (kind, file, sheet, column, tuple(details.items()))
        self._problems.setdefault(where, []).append((row, value))

    def warn(
        self,
        kind: str,
        file: str,
        *,
        sheet: str | None = None,
        row: int | None = None,
        column: str | None = None,
        value: object = None,
        **details: object,
    ) -> None:
        """Something the user should look at; the import goes on."""
        where = (kind, file, sheet, column, tuple(details.items()))
        self._warnings.setdefault(where, []).append((row, value))

    def unknown_term(self, kind: str, written: object, stops: bool) -> None:
        """A term that nobody knows; whether it stops the import."""
        self.unknown_terms[kind, written] += 1
        if stops:
            self._stopping.add(kind)

    def stops(self, kind: str) -> bool:
        """Whether an unknown term of a kind stops the import."""
        return kind in self._stopping

    def line(self, source: str, step: str, rows: int, reason: str, **details: object) -> None:
        """A ledger line; ``reason`` is a key of ``[reason]``."""
        self._lines.append((source, step, rows, reason, details))

    def shown(self, value: object) -> str:
        """A value as it may be quoted."""
        if isinstance(value, tuple):
            return "".join(self.shown(part) for part in value if part)
        text = " ".join(str(value).split())
        if text in self.places:
            return text
        return privacy.quotable(text, self.pattern())

    def pattern(self) -> re.Pattern[str] | None:
        """The names that may not be shown, as one pattern.

        Made anew when names came to be known.
        """
        size = (len(self.names), len(self.places))
        if self._made is None or self._made[0] != size:
            # What an address names beside a person, 青石镇王家村, is a place.
            persons = {n for n in self.names - self.places if not _PLACE.fullmatch(n)}
            self._made = (size, privacy.names_pattern(persons))
        return self._made[1]

    def forget(self, kind: str) -> None:
        """Take back the problems of one kind."""
        self._problems = {where: at for where, at in self._problems.items() if where[0] != kind}

    def used_after_all(self, source: str, headers: set[str]) -> None:
        """Take back that columns of a source are unknown: another table of it reads them."""
        self.unknown_headers = [known for known in self.unknown_headers if known[1] not in headers]
        lines = []
        for named, step, rows, reason, details in self._lines:
            if named == source and reason == "unknown_columns":
                left = tuple(c for c in details["columns"] if c not in headers)  # type: ignore
                if not left:
                    continue
                details = details | {"columns": left}
            lines.append((named, step, rows, reason, details))
        self._lines = lines

    def sources(self) -> list[str]:
        """What the ledger speaks of, a name for each line."""
        return [source for source, *_ in self._lines]

    def lines_of(self, source: str) -> list[tuple[str, int, str, dict[str, object]]]:
        """Step, rows, reason and details of a source's ledger lines."""
        return [
            (step, rows, reason, self._all(details))
            for named, step, rows, reason, details in self._lines
            if named == source
        ]

    @property
    def has_problems(self) -> bool:
        """Whether something stops the import."""
        return bool(self._problems)

    def problems(self) -> list[Problem]:
        """What the user has to put right, in the order found."""
        columns: dict[tuple[str, str, str | None, str | None], Places] = {}
        for key, where in self._problems.items():
            columns.setdefault(key[:4], []).extend(where)
        return [
            replace(
                self._told("problem", key, where), probably=self.guess(*key[1:4], columns[key[:4]])
            )
            for key, where in self._problems.items()
        ]

    def warnings(self) -> list[Problem]:
        """What deserves a look, in the order found."""
        return [self._told("warning", key, where) for key, where in self._warnings.items()]

    def ledger(self) -> pd.DataFrame:
        """The lines with LEDGER_COLUMNS."""
        return ledger(
            (self.named(source), step, rows, Said(f"importing.reason.{reason}", self._all(details)))
            for source, step, rows, reason, details in self._lines
        )

    def named(self, name: str) -> str:
        """A file's or sheet's name as it may be quoted."""
        return privacy.quotable(name, self.pattern())

    def _all(self, details: dict[str, object]) -> dict[str, object]:
        return {name: self._detail(detail) for name, detail in details.items()}

    def _detail(self, detail: object) -> object:
        """A detail as it may be quoted; sentences are ours, numbers nobody's."""
        if isinstance(detail, tuple):
            return type(detail)(self._detail(part) for part in detail)
        return detail if isinstance(detail, Said | int) else self.shown(detail)

    def _told(self, part: str, key: Where, where: Places) -> Problem:
        kind, file, sheet, column, details = key
        shown = [
            (row, None if value is None else self.shown(value)) for row, value in where[:MOST_ROWS]
        ]
        row, value = shown[0]
        rows = tuple((row, value) for row, value in shown if row is not None)
        return Problem(
            self.named(file),
            Said(f"importing.{part}.{kind}", self._all(dict(details))),
            row,
            None if column is None else self.shown(column),
            value,
            None if sheet is None else self.named(sheet),
            len(where),
            rows[:EXAMPLES],
            rows=rows,
        )

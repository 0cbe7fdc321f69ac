"""What an import has to say: problems that stop it, warnings, ledger lines. Texts are made last,
when all names are known.

A value is quoted only when it cannot be a person: numbers of persons, known names and what looks
like a name stay behind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pandas as pd

from village_eval.county import privacy
from village_eval.county.county import LEDGER_COLUMNS
from village_eval.county.problems import EXAMPLES, Problem
from village_eval.words.catalogue import in_each, words


def reason_in(text: str, lang: str) -> str:
    """A ledger reason in ``lang``, whichever language it was written in; as it is when no text of
    ``[reason]`` is like it."""
    for reasons in in_each("importing", "reason").values():
        for reason, written in reasons.items():
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(written))
            if found := re.fullmatch(pattern, text):
                return words(lang, "importing")["reason"][reason].format(**found.groupdict())
    return text


@dataclass
class Notes:
    """Collects. ``names`` are the persons' names seen so far in the delivery; none of them is ever
    shown."""

    lang: str = "zh"
    names: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    _problems: dict[tuple, list[tuple]] = field(default_factory=dict)
    _warnings: dict[tuple, list[tuple]] = field(default_factory=dict)
    _lines: list[tuple] = field(default_factory=list)
    _made: tuple | None = None

    def problem(
        self, kind: str, file: str, *, sheet=None, row=None, column=None, value=None, **details
    ) -> None:
        """Something the user has to put right; the same kind in one column of one sheet becomes one
        sentence."""
        self._problems.setdefault((kind, file, sheet, column, tuple(details.items())), []).append(
            (row, value)
        )

    def warn(
        self, kind: str, file: str, *, sheet=None, row=None, column=None, value=None, **details
    ) -> None:
        """Something the user should look at; the import goes on."""
        self._warnings.setdefault((kind, file, sheet, column, tuple(details.items())), []).append(
            (row, value)
        )

    def line(self, source: str, step: str, rows: int, reason: str, **details) -> None:
        """A ledger line; ``reason`` is a key of ``[reason]``."""
        self._lines.append((source, step, rows, reason, details))

    def shown(self, value: object) -> str:
        """A value as it may be quoted."""
        if isinstance(value, tuple):
            return "".join(self.shown(part) for part in value if part)
        text = " ".join(str(value).split())
        if text in self.places:
            return text
        if privacy.is_name_like(text):
            return privacy.BLANK
        return privacy.redact(text, self.pattern())

    def pattern(self) -> re.Pattern | None:
        """The names that may not be shown, as one pattern; made anew when names came to be
        known."""
        size = (len(self.names), len(self.places))
        if self._made is None or self._made[0] != size:
            self._made = (size, privacy.names_pattern(self.names - self.places))
        return self._made[1]

    @property
    def has_problems(self) -> bool:
        return bool(self._problems)

    def problems(self) -> list[Problem]:
        return [self._sentence("problem", key, where) for key, where in self._problems.items()]

    def warnings(self) -> tuple[str, ...]:
        return tuple(
            str(self._sentence("warning", key, where)) for key, where in self._warnings.items()
        )

    def ledger(self) -> pd.DataFrame:
        """The lines with LEDGER_COLUMNS."""
        rows = [
            (
                self._file(source),
                step,
                rows,
                words(self.lang, "importing")["reason"][reason].format(**self._details(details)),
            )
            for source, step, rows, reason, details in self._lines
        ]
        return pd.DataFrame(rows, columns=LEDGER_COLUMNS)

    def _file(self, name: str | None) -> str | None:
        return None if name is None else privacy.redact(name, self.pattern())

    def _details(self, details: dict) -> dict:
        return {k: f"{v:,}" if isinstance(v, int) else self.shown(v) for k, v in details.items()}

    def _sentence(self, part: str, key: tuple, where: list[tuple]) -> Problem:
        kind, file, sheet, column, details = key
        texts = words(self.lang, "importing")[part][kind]
        shown = self._details(dict(details))
        text = {
            p: texts[p].format(**shown) if p in texts else ""
            for p in ("what", "expected", "action")
        }
        examples = tuple(
            (r, None if v is None else self.shown(v)) for r, v in where[:EXAMPLES] if r is not None
        )
        row, value = where[0]
        value, column = (None if v is None else self.shown(v) for v in (value, column))
        return Problem(
            self._file(file),
            row,
            column,
            value,
            text["expected"],
            text["action"],
            text["what"],
            self._file(sheet),
            len(where),
            examples,
            self.lang,
            kind,
        )

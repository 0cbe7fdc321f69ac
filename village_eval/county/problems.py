"""What is wrong with the user's input: every problem at once, each a sentence for the person who
must act."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from village_eval.county.privacy import redact
from village_eval.words import wording
from village_eval.words.catalogue import words
from village_eval.words.messages import locale_lang, message

EXAMPLES = 3
"""So many rows are named for one kind of problem in one column; the rest are counted."""
LONGEST_VALUE = 40


def shorten(value: object) -> str:
    """A cell's value as a message may show it: one line, not long, identity and telephone numbers
    blanked."""
    text = redact(" ".join(str(value).split()))
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


@dataclass(frozen=True)
class Problem:
    """One thing the user has to put right. Texts are in ``lang`` already; rows are counted as a
    clerk sees them (header = row 1).

    ``examples`` are (row, value) of the first places where the same problem occurs, ``count`` says
    of how many.
    """

    file: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    expected: str = ""
    action: str = ""
    what: str = ""
    sheet: str | None = None
    count: int = 1
    examples: tuple[tuple[int, str | None], ...] = ()
    lang: str = field(default_factory=locale_lang)
    kind: str = ""

    def __str__(self) -> str:
        sentences = [
            self.what or message("form.not_allowed", self.lang),
            self.expected,
            self.action,
        ]
        return self._where() + wording.sentences(sentences, self.lang)

    def _where(self) -> str:
        place = [self.file]
        if self.sheet:
            place.append(message("form.sheet", self.lang, sheet=self.sheet))
        if self.column:
            place.append(message("form.column", self.lang, column=self.column))
        examples = self.examples or (((self.row, self.value),) if self.row is not None else ())
        if examples:
            named = [self._example(row, value) for row, value in examples]
            place.append(message("form.join", self.lang).join(named))
            if self.count > len(examples):
                place.append(message("form.more", self.lang, more=self.count - len(examples)))
        elif self.value is not None:
            place.append(message("form.value", self.lang, value=shorten(self.value)))
        return message("form.comma", self.lang).join(place) + message("form.colon", self.lang)

    def _example(self, row: int, value: str | None) -> str:
        if value is None:
            return message("form.row", self.lang, row=str(row))
        return message("form.row_value", self.lang, row=str(row), value=shorten(value))


def problem(
    kind: str,
    file: str,
    lang: str,
    *,
    section: str = "problem",
    column: str | None = None,
    sheet: str | None = None,
    places: Iterable[tuple] = (),
    count: int | None = None,
    value: str | None = None,
    **details: object,
) -> Problem:
    """A Problem with the texts of ``[problem.<kind>]`` (or ``[warning.<kind>]``); ``places`` are
    (row, value), all or the first."""
    places = list(places)
    texts = words(lang, "messages")[section][kind]
    shown = {k: f"{v:,}" if isinstance(v, int) else v for k, v in details.items()}

    def text(part: str) -> str:
        return texts[part].format(**shown) if part in texts else ""

    examples = tuple((int(r), None if v is None else str(v)) for r, v in places[:EXAMPLES])
    row, first = examples[0] if examples else (None, value)
    return Problem(
        file,
        row,
        column,
        first,
        text("expected"),
        text("action"),
        text("what"),
        sheet,
        count if count is not None else max(len(places), 1),
        examples,
        lang,
        kind,
    )


class InputError(ValueError):
    """The input cannot be used as it is; ``problems`` says everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """All sentences, a line each."""
        return "\n".join(str(p) for p in self.problems)

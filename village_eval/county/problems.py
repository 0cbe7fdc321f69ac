"""What is wrong with the user's input.

Every problem at once, each a sentence for the person who must act, worded when it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from village_eval.county.privacy import redact
from village_eval.words import wording
from village_eval.words.catalogue import words
from village_eval.words.messages import locale_lang, message
from village_eval.words.plain import plain
from village_eval.words.said import Said

EXAMPLES = 3
"""So many rows are named for one kind of problem in one column; the rest are counted."""
MOST_ROWS = 2000
"""So many rows of one problem are kept for those who mark them in a copy."""
APART = 3
"""So many problems of a kind that differ in what they say stand apart; more become one."""
LONGEST_VALUE = 40
PARTS = ("what", "expected", "action")


def shorten(value: object) -> str:
    """A cell's value as a message may show it.

    One line, not long, identity and telephone numbers blanked.
    """
    text = redact(plain(str(value)))
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


@dataclass(frozen=True)
class Problem:
    """One thing the user has to put right, or to look at.

    Rows are counted as a clerk sees them (header = row 1).

    ``said`` names a section of the words (``messages.problem.no_folder``) with the sentences what,
    expected, action. ``examples`` are (row, value) of the first places where the same problem
    occurs, ``count`` says of how many, ``rows`` are all of them up to MOST_ROWS. ``elsewhere`` is
    the same in other columns, sheets and files (``by_kind``), ``probably`` what the cause may be.
    ``lang`` is for ``str``; by default the locale's.
    """

    file: str
    said: Said
    row: int | None = None
    column: str | None = None
    value: str | None = None
    sheet: str | None = None
    count: int = 1
    examples: tuple[tuple[int, str | None], ...] = ()
    lang: str | None = None
    rows: tuple[tuple[int, str | None], ...] = ()
    elsewhere: tuple[Problem, ...] = ()
    probably: Said | None = None

    @property
    def kind(self) -> str:
        """Its name in the words."""
        return self.said.key.rpartition(".")[2]

    def text(self, lang: str) -> str:
        """Where it is, what it is, what is expected and what to do, in one language."""
        return self._places(lang) + self.sentence(lang)

    def sentence(self, lang: str) -> str:
        """The same without the place."""
        catalogue, *path = self.said.key.split(".")
        section = words(lang, catalogue)
        for name in path:
            section = section[name]
        told = [Said(f"{self.said.key}.{p}", self.said.details) for p in PARTS if p in section]
        sentences = [part.text(lang) for part in told]
        if self.probably is not None:
            sentences.append(self.probably.text(lang))
        if any(other.said.details != self.said.details for other in self.elsewhere):
            sentences.insert(0, message("form.first_of_all", lang))
        return wording.sentences(sentences, lang)

    def __str__(self) -> str:
        return self.text(self.lang or locale_lang())

    @property
    def everywhere(self) -> tuple[Problem, ...]:
        """Itself and the same elsewhere, one for each column of a sheet."""
        return (replace(self, elsewhere=()), *self.elsewhere)

    def _places(self, lang: str) -> str:
        """Where it is, the first places of all."""
        named = [each._where(lang) for each in self.everywhere[:EXAMPLES]]
        if rest := self.elsewhere[EXAMPLES - 1 :]:
            count = sum(each.count for each in rest)
            named.append(message("form.more_places", lang, places=count, columns=len(rest)))
        return message("form.semicolon", lang).join(named) + message("form.colon", lang)

    def _where(self, lang: str) -> str:
        place = [plain(self.file)]
        if self.sheet:
            place.append(message("form.sheet", lang, sheet=plain(self.sheet)))
        if self.column:
            place.append(message("form.column", lang, column=plain(self.column)))
        examples = self.examples or (((self.row, self.value),) if self.row is not None else ())
        if examples:
            named = [_example(row, value, lang) for row, value in examples]
            place.append(message("form.join", lang).join(named))
            if self.count > len(examples):
                place.append(message("form.more", lang, more=self.count - len(examples)))
        elif self.value is not None:
            place.append(message("form.value", lang, value=shorten(self.value)))
        return message("form.comma", lang).join(place)


def _example(row: int, value: str | None, lang: str) -> str:
    if value is None:
        return message("form.row", lang, row=str(row))
    return message("form.row_value", lang, row=str(row), value=shorten(value))


def problem(
    kind: str,
    file: str,
    lang: str | None = None,
    *,
    section: str = "problem",
    column: str | None = None,
    sheet: str | None = None,
    places: Iterable[tuple[int, str | None]] = (),
    count: int | None = None,
    value: str | None = None,
    **details: object,
) -> Problem:
    """A Problem with the words of ``[problem.<kind>]`` (or ``[warning.<kind>]``).

    ``places`` are (row, value), all or the first.
    """
    places = list(places)
    rows = tuple((int(r), None if v is None else str(v)) for r, v in places[:MOST_ROWS])
    examples = rows[:EXAMPLES]
    row, first = examples[0] if examples else (None, value)
    return Problem(
        file,
        Said(f"messages.{section}.{kind}", details),
        row,
        column,
        first,
        sheet,
        count if count is not None else max(len(places), 1),
        examples,
        lang,
        rows,
    )


def shown_in(lang: str | None, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems whose ``str`` is in a language."""
    return tuple(replace(found, lang=found.lang or lang) for found in problems)


def by_kind(problems: Iterable[Problem]) -> list[Problem]:
    """One problem a kind: the same in several columns, sheets and files becomes one.

    A few that differ in what they say stay apart.
    """
    kinds: dict[str, dict[tuple[tuple[str, object], ...], list[Problem]]] = {}
    for found in problems:
        said = tuple(sorted(found.said.details.items()))
        kinds.setdefault(found.said.key, {}).setdefault(said, []).append(found)
    merged = []
    for alike in kinds.values():
        groups = list(alike.values())
        if len(groups) > APART:
            groups = [_by_column(found for group in groups for found in group)]
        merged += [replace(first, elsewhere=tuple(rest)) for first, *rest in groups]
    return merged


def _by_column(problems: Iterable[Problem]) -> list[Problem]:
    """Problems of one kind, those in one column of a sheet as one with all their rows."""
    columns: dict[tuple[str, str | None, str | None], list[Problem]] = {}
    for found in problems:
        columns.setdefault((found.file, found.sheet, found.column), []).append(found)
    whole = []
    for first, *more in columns.values():
        places = {place: None for each in (first, *more) for place in each.rows}
        rows = sorted(places, key=lambda place: place[0])[:MOST_ROWS]
        count = sum(each.count for each in (first, *more))
        examples = tuple(rows[:EXAMPLES]) or first.examples
        whole.append(replace(first, rows=tuple(rows), examples=examples, count=count))
    return whole


class InputError(ValueError):
    """The input cannot be used as it is; ``problems`` says everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """All sentences, a line each."""
        return "\n".join(map(str, self.problems))

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the sentences alone (IPython asks for this).

        Where in the program a wrong input was noticed helps nobody to put it right.
        """
        return [f"{type(self).__name__}: {line}" for line in str(self).split("\n")]

    def text(self, lang: str) -> str:
        """All sentences in one language, a line each."""
        return "\n".join(found.text(lang) for found in self.problems)

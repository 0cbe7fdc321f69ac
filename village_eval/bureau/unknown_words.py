"""Headers and terms that nobody knows: once for the whole delivery, ready for words.toml."""

from __future__ import annotations

import difflib
import json
from collections import Counter
from collections.abc import Iterable

from village_eval.bureau import own_words
from village_eval.bureau.headers import ALIASES
from village_eval.bureau.notes import Notes
from village_eval.bureau.values import COLUMNS
from village_eval.county import privacy
from village_eval.folder.cells import fold
from village_eval.words import vocabulary
from village_eval.words.said import Lines, Said

LONGEST = 20
"""A longer text is a story and no term."""
NEAREST, LIKE = 3, 0.4
EXCHANGED = ("channel", "level", "village_type", "measure", "measure_group")
"""Kinds of terms whose columns are taken for each other when headers are exchanged."""
MOST = 40
"""So many words are listed; a column of stories must not fill the screen."""


def tell_unknown_words(notes: Notes) -> None:
    """One problem, or one warning where all was read without them; none where all is known."""
    headers = Counter(header for _, header in notes.unknown_headers)
    kinds = {header: kind for kind, header in notes.unknown_headers}
    terms = Counter(
        {
            (kind, shown): times
            for (kind, written), times in notes.unknown_terms.items()
            if len(shown := notes.shown(written)) <= LONGEST
            and privacy.BLANK not in shown
            and not _of_another_kind(kind, written)
        }
    )
    if not headers and not terms:
        return
    lines: list[Said | str] = []
    if headers:
        lines.append("[headers]")
        lines += [
            _line(header, times, [standard(kinds[header], c) for c in _columns(header, kinds)])
            for header, times in headers.most_common(MOST)
        ]
    for kind in dict.fromkeys(kind for kind, _ in terms):
        lines.append(f"[terms.{kind}]")
        own = Counter({written: n for (k, written), n in terms.items() if k == kind})
        lines += [
            _line(written, times, _near(written, own_words.allowed_in(kind), kind))
            for written, times in own.most_common(MOST)
        ]
    say = notes.problem if any(notes.stops(kind) for kind, _ in terms) else notes.warn
    say(
        "unknown_words",
        own_words.FILE,
        headers=len(headers),
        terms=len(terms),
        lines=Lines(lines),
    )


def _of_another_kind(kind: str, written: object) -> bool:
    """Whether it is a term of another column: then the headers are wrong, and not the words."""
    return any(other != kind and vocabulary.lookup(other, written) for other in EXCHANGED)


def _line(written: str, times: int, near: Iterable[str]) -> Said:
    near = tuple(near)
    kind = "near" if near else "alone"
    details = {"written": json.dumps(written, ensure_ascii=False), "times": times, "near": near}
    return Said(f"importing.words_line.{kind}", details)


def _columns(header: str, kinds: dict[str, str]) -> list[str]:
    """Columns whose ways of writing come near a header, the nearest first."""
    known = ALIASES[kinds[header]].spelled
    near = difflib.get_close_matches(fold(header).lower(), known, 3 * NEAREST, LIKE)
    return list(dict.fromkeys(known[alias][0] for alias in near))[:NEAREST]


def standard(kind: str, column: str) -> str:
    """The usual header of a column."""
    return (COLUMNS["columns"].get(kind, {}) | COLUMNS["columns"]["any"])[column][0]


def _near(written: str, allowed: tuple[str, ...], kind: str) -> list[str]:
    """The names whose own ways of writing come nearest; all where they are few."""
    if len(allowed) <= NEAREST or kind not in vocabulary.TERMS:
        return list(allowed)
    spelled = vocabulary.normalise(written).lower()

    def likeness(key: str) -> float:
        return max(
            difflib.SequenceMatcher(None, spelled, vocabulary.normalise(way).lower()).ratio()
            for way in vocabulary.ways(kind, key)
        )

    keys = sorted(vocabulary.keys(kind), key=likeness, reverse=True)[:NEAREST]
    return [vocabulary.name(kind, key) for key in keys if likeness(key) >= LIKE] or list(allowed)

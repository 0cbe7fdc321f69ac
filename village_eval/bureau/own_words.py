"""A county's own headers and terms: ``words.toml`` in the delivery.

``[headers]`` "受理时间" = "登记日期"; ``[terms.channel]`` "领导信箱" = "online".
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from village_eval.bureau import headers
from village_eval.bureau.notes import Notes
from village_eval.bureau.values import COLUMNS, FLAGS, own_flags, words
from village_eval.county import privacy
from village_eval.folder.cells import fold
from village_eval.folder.raw import decode
from village_eval.folder.toml_lines import read_toml
from village_eval.words import vocabulary

FILE = "words.toml"
Terms = dict[str, dict[str, str]]


@dataclass(frozen=True)
class OwnWords:
    """Folded headers to folded standard ones, terms by kind to keys, flags to words of a kind."""

    headers: dict[str, str] = field(default_factory=dict)
    terms: Terms = field(default_factory=dict)
    flags: Terms = field(default_factory=dict)


@contextmanager
def used(own: OwnWords) -> Iterator[None]:
    """Everything read inside knows the county's own words too."""
    with headers.also(own.headers), vocabulary.also(own.terms), own_flags(own.flags):
        yield


def read_words(content: bytes | None, notes: Notes) -> OwnWords:
    """The words of a words.toml; what is wrong in it becomes problems.

    A right side that is blank says nothing yet; 不用 says that the column is not needed.
    """
    if content is None:
        return OwnWords()
    decoded = decode(content)
    if decoded is None:
        notes.problem("encoding", FILE)
        return OwnWords()
    written, wrong = read_toml(decoded[0])
    for line in wrong:
        notes.problem("words_toml", FILE, row=line.line)
    for part in set(written) - {"headers", "terms"}:
        notes.problem("words_section", FILE, value=part)
    own = OwnWords()
    _headers(_texts(written.get("headers", {}), "headers", notes), own, notes)
    kinds = written.get("terms", {})
    if not isinstance(kinds, dict):
        notes.problem("words_value", FILE, value="terms")
        kinds = {}
    for kind, terms in kinds.items():
        _terms(kind, _texts(terms, f"terms.{kind}", notes), own, notes)
    return own


def _texts(table: object, name: str, notes: Notes) -> dict[str, str]:
    """The pairs of a section that say something."""
    if not isinstance(table, dict):
        notes.problem("words_value", FILE, value=name)
        return {}
    for written, meant in table.items():
        if not isinstance(meant, str):
            notes.problem("words_value", FILE, value=written)
    return {w: m.strip() for w, m in table.items() if isinstance(m, str) and m.strip()}


def _headers(pairs: dict[str, str], own: OwnWords, notes: Notes) -> None:
    tables = [*headers.ALIASES.values(), headers.PERSON]
    for written, meant in pairs.items():
        new, standard = fold(written).lower(), fold(meant).lower()
        if standard in words("not_needed"):
            own.headers[new] = headers.NOT_NEEDED
        elif privacy.is_personal_header(written) and standard not in headers.PERSON:
            notes.problem("words_person", FILE, value=written)
        elif any(standard in known for known in tables):
            own.headers[new] = standard
        else:
            spelled = {way for known in tables for way in known.spelled}
            near = difflib.get_close_matches(standard, spelled, 3, 0.5)
            value = f"{written} = {meant}"
            if near:
                notes.problem("words_no_header_near", FILE, value=value, near=tuple(near))
            else:
                notes.problem("words_no_header", FILE, value=value)


def _terms(kind: str, pairs: dict[str, str], own: OwnWords, notes: Notes) -> None:
    if kind not in vocabulary.TERMS and kind not in FLAGS:
        allowed = (*(k for k in vocabulary.TERMS if k != "income_source"), *FLAGS)
        notes.problem("words_no_kind", FILE, value=kind, allowed=allowed)
        return
    for written, meant in pairs.items():
        new = vocabulary.normalise(written).lower()
        if kind in FLAGS:
            group = next((g for g in FLAGS[kind] if fold(meant).lower() in words(g)), None)
            if group:
                own.flags.setdefault(group, {})[fold(written).lower()] = group
                continue
        elif key := vocabulary.lookup(kind, meant):
            own.terms.setdefault(kind, {})[new] = key
            continue
        notes.problem("words_no_term", FILE, value=f"{written} = {meant}", allowed=allowed_in(kind))


def allowed_in(kind: str) -> tuple[str, ...]:
    """What may stand on the right side for a kind of terms: the names that Chinese readers see."""
    if kind in FLAGS:
        return tuple(COLUMNS["words"][group][0] for group in FLAGS[kind])
    return tuple(vocabulary.name(kind, key) for key in vocabulary.keys(kind))

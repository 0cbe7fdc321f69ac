"""The terms of the subject.

Their keys, order and aliases are in ``vocabulary.toml``, their names in each language's folder;
this module looks them up.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from village_eval.words.catalogue import DEFAULT, LANGUAGES, entry
from village_eval.words.patterns import is_pattern, written_out

TERMS: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(
    files(__package__).joinpath("vocabulary.toml").read_text("utf-8")
)

MEASURES: list[str] = list(TERMS["measure"])
MEASURE_GROUPS: list[str] = list(TERMS["measure_group"])
GROUP_OF_MEASURE: dict[str, str] = {key: term["group"] for key, term in TERMS["measure"].items()}
INCOME_SOURCES: list[str] = list(TERMS["income_source"])
SKIP_LEVELS = ("city", "province", "national")
"""Levels above the county: a petition taken there is 越级, skip-level."""


def keys(kind: str) -> list[str]:
    """The keys of one kind, in the order of the vocabulary.

    Kinds are ``"measure"``, ``"cause"``, ``"village_type"`` …
    """
    return list(TERMS[kind])


def name(kind: str, key: str, lang: str = DEFAULT) -> str:
    """What a reader sees for a key: ``name("level", "city", "en") == "city"``."""
    return entry(lang, f"vocabulary.{kind}.{key}")


def ways(kind: str, key: str) -> list[str]:
    """The usual ways of writing a term: key, names in every language, aliases; no patterns."""
    names = (name(kind, key, lang) for lang in LANGUAGES)
    return list(dict.fromkeys([key, *names, *aliases(kind, key)]))


def aliases(kind: str, key: str) -> list[str]:
    """The other ways of writing a term that are written out one by one."""
    return [way for way in TERMS[kind][key]["aliases"] if not is_pattern(way)]


def normalise(text: object) -> str:
    """Fold what bureaus vary without meaning it: full-width forms, blanks, quotation marks."""
    return re.sub(r"[\s\"'“”‘’「」]", "", unicodedata.normalize("NFKC", str(text)))


@cache
def _aliases(kind: str) -> dict[str, str]:
    table: dict[str, str] = {}
    for key in TERMS[kind]:
        for written in ways(kind, key):
            table.setdefault(normalise(written).lower(), key)
    for key, term in TERMS[kind].items():
        for written in written_out(filter(is_pattern, term["aliases"])):
            table.setdefault(normalise(written).lower(), key)
    return table


_OWN: ContextVar[Mapping[str, Mapping[str, str]]] = ContextVar(
    "own terms", default=MappingProxyType({})
)


@contextmanager
def also(own: Mapping[str, Mapping[str, str]]) -> Iterator[None]:
    """Inside, ``lookup`` knows further terms: by kind from what is written, normalised, to keys."""
    before = _OWN.set(own)
    try:
        yield
    finally:
        _OWN.reset(before)


def lookup(kind: str, written: object) -> str | None:
    """The key for a term as somebody wrote it, or None when the vocabulary does not know it."""
    text = normalise(written).lower()
    return _OWN.get().get(kind, {}).get(text) or _aliases(kind).get(text)


def lookup_many(kind: str, written: object) -> tuple[list[str], list[str]]:
    """Keys and unknown parts of a cell that lists several terms (、，；; or /).

    The whole cell is tried first.
    """
    whole = lookup(kind, written)
    if whole:
        return [whole], []
    found, unknown = [], []
    for part in re.split(r"[、,，;；/]", unicodedata.normalize("NFKC", str(written))):
        if not part.strip():
            continue
        key = lookup(kind, part)
        if key is None:
            unknown.append(part.strip())
        elif key not in found:
            found.append(key)
    return found, unknown

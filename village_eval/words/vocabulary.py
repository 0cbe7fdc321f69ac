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
from village_eval.words.patterns import Ways, is_pattern, with_parts


def _read() -> dict[str, dict[str, dict[str, Any]]]:
    table = tomllib.loads(files(__package__).joinpath("vocabulary.toml").read_text("utf-8"))
    terms: dict[str, dict[str, dict[str, Any]]] = with_parts(table, table.pop("parts"))
    return terms


TERMS = _read()

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
    return re.sub(r"[\s\"'“”‘’「」《》]", "", unicodedata.normalize("NFKC", str(text)))


def _plain(text: object) -> str:
    return normalise(text).lower().replace("帐", "账").replace("其它", "其他")


@cache
def _aliases(kind: str) -> Ways[str]:
    every = {key: [*ways(kind, key), *term["aliases"]] for key, term in TERMS[kind].items()}
    return Ways(((way, key) for key, written in every.items() for way in written), _plain)


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


_NUMBER = re.compile(r"^(?:\(?[一二三四五六七八九十]+[)、.]|\(?\d{1,2}[)、.])(?=\D)")
"""1.土地征收 is 土地征收."""
_LEVELS = re.compile(r"[_>→|\\—–-]+")
"""城乡建设_征地拆迁: a class and the class within it."""
_PLACE = re.compile(r"^[一-鿿]{2,6}?(?=县|区|市|旗|乡|镇|街道)")
"""丙川县民政局 is 县民政局."""
_OF_VILLAGES = re.compile(r"^(?:农村|农民|村民|村级|涉农|基层)|等$")
LONGEST = 20
_PARTS = re.compile(r"[、,;/]")
_BRACKET = re.compile(r"\(([^()]*)\)|\[([^]]*)\]|【([^】]*)】")
_QUALIFIES = re.compile(r"\([^()]*(?:不|非|未|除|部分|待|拟|原|前|否)[^()]*\)")
"""已撤并(未批复) is not 已撤并."""


def lookup(kind: str, written: object) -> str | None:
    """The key for a term as somebody wrote it, or None when the vocabulary does not know it.

    What only numbers a term is passed over, so is a bracket that says nothing else; of a class
    and the one within it the finer counts; several words for one thing are that one.
    """
    text = _plain(written)
    if key := _whole(kind, text):
        return key
    text = _NUMBER.sub("", text).rstrip("。.;,:")
    if key := _whole(kind, text):
        return key
    if kind == "category":
        if len(parts := [p for p in _LEVELS.split(text) if p]) > 1:
            return _finest([_whole(kind, part) for part in parts])
        if key := _put_together(_OF_VILLAGES.sub("", text)):
            return key
    if kind == "department":
        text = _PLACE.sub("", text)
        if key := _whole(kind, text):
            return key
    parts = [p for p in _PARTS.split(text) if p]
    if len(parts) > 1 and len(keys := {_whole(kind, part) for part in parts}) == 1:
        return keys.pop()
    return _without_bracket(kind, text)


def _whole(kind: str, text: str) -> str | None:
    return _OWN.get().get(kind, {}).get(text) or _aliases(kind).get(text)


def _finest(keys: list[str | None]) -> str | None:
    """The last class; 其他 within 国土资源 is of 国土资源."""
    return next((key for key in reversed(keys) if key != "other"), "other")


def _put_together(text: str) -> str | None:
    """What classes put together say where all are one class: 环保生态, but not 土地环境."""
    ends: dict[int, set[str]] = {0: set()}
    for end in range(2, min(len(text), LONGEST) + 1):
        for begin in [b for b in ends if end - b >= 2]:
            if key := _whole("category", text[begin:end]):
                ends.setdefault(end, set()).update(ends[begin] | {key})
    keys = ends.get(len(text), set())
    return keys.pop() if len(keys) == 1 else None


def _without_bracket(kind: str, text: str) -> str | None:
    """What stands outside brackets, unless what stands within is another term."""
    key = _whole(kind, _BRACKET.sub("", text)) if _BRACKET.search(text) else None
    if key is None or _QUALIFIES.search(text):
        return None
    within = (_whole(kind, next(filter(None, m), "")) for m in _BRACKET.findall(text))
    return key if all(found in (None, key, "other") for found in within) else None


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

"""Many ways of writing in one: ``{整改,整治}{措施,举措}`` stands for four whole ones.

A pattern names whole headers and terms, so nothing is taken by likeness. Choices may hold choices;
``<time>`` stands for a part that several patterns share.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Generic, TypeVar

T = TypeVar("T")
_PART = re.compile(r"<(\w+)>")
_TOKEN = re.compile(r"[{},]|[^{},]+")
_AS_REGEX = {"{": "(?:", "}": ")", ",": "|"}


def is_pattern(way: str) -> bool:
    """Whether a way of writing stands for several."""
    return "{" in way


def with_parts(table: Any, parts: Mapping[str, str]) -> Any:
    """A table of ways of writing with every ``<name>`` replaced by what ``parts`` says."""
    if isinstance(table, str):
        while _PART.search(table):
            table = _PART.sub(lambda match: parts[match[1]], table)
        return table
    if isinstance(table, list):
        return [with_parts(each, parts) for each in table]
    if isinstance(table, dict):
        return {key: with_parts(each, parts) for key, each in table.items()}
    return table


def written_out(ways: Iterable[str]) -> list[str]:
    """All that the ways stand for, single ones first, each once.

    A comma separates the choices; an empty one leaves the place out.
    """
    ways = list(ways)
    every = [way for way in ways if not is_pattern(way)]
    for pattern in filter(is_pattern, ways):
        every += _choices(_TOKEN.findall(pattern))[0]
    return [way for way in dict.fromkeys(every) if way]


def _choices(tokens: list[str]) -> tuple[list[str], list[str]]:
    """What the tokens up to the brace that closes them stand for, and the tokens after it."""
    whole: list[str] = []
    made = [""]
    while tokens:
        token, *tokens = tokens
        if token == "{":
            inner, tokens = _choices(tokens)
            made = [before + after for before in made for after in inner]
        elif token == "}":
            break
        elif token == ",":
            whole, made = whole + made, [""]
        else:
            made = [before + token for before in made]
    return whole + made, tokens


class Ways(Generic[T]):
    """Ways of writing and what each means, those written one by one before what patterns make.

    Of two that say the same the first counts. Patterns are matched whole and not written out:
    they may stand for millions.
    """

    def __init__(
        self,
        ways: Iterable[tuple[str, T]],
        plain: Callable[[str], str],
        common: Ways[T] | None = None,
    ):
        own: dict[str, T] = {}
        self._made: dict[str, T] = {}
        for way, meant in ways:
            way = plain(way)
            (self._made if is_pattern(way) else own).setdefault(way, meant)
        self.spelled: dict[str, T] = {**(common.spelled if common else {}), **own}
        self._common: Ways[T] | None = common
        self._found: dict[str, T | None] = {}

    def get(self, text: str) -> T | None:
        """What a whole text means, None where nothing says it; ``common`` is asked last."""
        found = self.spelled.get(text)
        if found is not None:
            return found
        if text not in self._found:
            if len(self._found) > MOST_REMEMBERED:
                self._found.clear()
            self._found[text] = self._by_pattern(text)
        return self._found[text]

    def __contains__(self, text: str) -> bool:
        return self.get(text) is not None

    def _by_pattern(self, text: str) -> T | None:
        match = self._pattern.fullmatch(text)
        if match and match.lastindex and text:
            return self._meant[match.lastindex - 1]
        return self._common.get(text) if self._common else None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Compiled when it is first asked: tables of other kinds may never come."""
        return re.compile("|".join(f"({_regex(way)})" for way in self._made) or r"(?!)")

    @cached_property
    def _meant(self) -> list[T]:
        return list(self._made.values())


MOST_REMEMBERED = 2**14


def _regex(pattern: str) -> str:
    return "".join(_AS_REGEX.get(token) or re.escape(token) for token in _TOKEN.findall(pattern))

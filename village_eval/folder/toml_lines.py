"""A TOML file read statement by statement: all lines that are wrong at once, and what the rest say.

A parser stops at the first slip and speaks English; clerks write full-width quotation marks,
2023.3.1 and 100天, and several of them in one file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any, NamedTuple

from village_eval.words.said import Lines, Said

_KEY = re.compile(r"""\s*["'“”]?([A-Za-z_][\w.-]*)["'“”]?\s*[=＝:：]""")
_BEGINS = re.compile(r"\s*(?:\[{1,2}[\w.]+\]{1,2}\s*(?:#.*)?$|[^#=\[\]]+=)")
UNREADABLE = (ValueError, RecursionError)
"""Of TOMLDecodeError's kind, and what tomllib says of numbers and nesting without end."""
LONGEST_LINE, LONGEST_STATEMENT, MOST_LOOKED_AT = 20_000, 100, 100
"""Characters, lines, wrong lines: a file of another kind must not take hours."""
MOST = 20
"""So many wrong lines are listed; a file of another kind must not fill the screen."""


class Wrong(NamedTuple):
    """A line that cannot be read, counted from one, and the key that stands in it."""

    line: int
    key: str | None


def read_toml(text: str) -> tuple[dict, list[Wrong]]:
    """What a file says, and its wrong lines; what depends on a wrong section is left out."""
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > LONGEST_LINE:
            return {}, [Wrong(number, None)]
    try:
        return tomllib.loads(text), []
    except UNREADABLE as error:
        first = re.search(r"line (\d+)", str(error))
    wrong: list[Wrong] = []
    lines = text.splitlines()
    at = 0
    while at < len(lines) and len(wrong) < MOST_LOOKED_AT:
        end = _statement(lines, at)
        if end is None:
            key = _KEY.match(lines[at])
            wrong.append(Wrong(at + 1, key[1] if key else None))
            lines[at] = ""
            end = at + 1
        at = end
    try:
        return tomllib.loads("\n".join(lines)), wrong
    except UNREADABLE:  # each line alone is right: a key or a section stands twice
        return {}, wrong or [Wrong(int(first[1]) if first else len(lines), None)]


def _statement(lines: list[str], at: int) -> int | None:
    """Where the statement that begins in a line ends; None where it is none."""
    for end in range(at + 1, min(len(lines), at + LONGEST_STATEMENT) + 1):
        if end > at + 1 and _BEGINS.match(lines[end - 1]):
            return None
        try:
            tomllib.loads("\n".join(lines[at:end]))
        except UNREADABLE:
            continue
        return end
    return None


def told(wrong: list[Wrong], examples: Mapping[str, str]) -> dict[str, Any]:
    """The details of the sentence bad_toml: a line for each wrong one, with what it should be."""
    lines = [
        Said("messages.toml_line.known", {"line": str(w.line), "example": examples[w.key]})
        if w.key is not None and w.key in examples
        else Said("messages.toml_line.other", {"line": str(w.line)})
        for w in wrong[:MOST]
    ]
    return {"wrong": len(wrong), "lines": Lines(lines)}

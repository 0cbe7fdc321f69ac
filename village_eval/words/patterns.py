"""Many ways of writing in one: ``{整改,整治}{措施,举措}`` stands for four whole ones.

A pattern names whole headers and terms, so nothing is taken by likeness.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import product

_CHOICE = re.compile(r"\{([^{}]*)\}")


def is_pattern(way: str) -> bool:
    """Whether a way of writing stands for several."""
    return "{" in way


def written_out(ways: Iterable[str]) -> list[str]:
    """All that the ways stand for, single ones first, each once.

    A comma separates the choices; an empty one leaves the place out.
    """
    ways = list(ways)
    every = [way for way in ways if not is_pattern(way)]
    for pattern in filter(is_pattern, ways):
        pieces = _CHOICE.split(pattern)  # text, choices, text, choices, …
        choices = [p.split(",") if i % 2 else [p] for i, p in enumerate(pieces)]
        every += map("".join, product(*choices))
    return [way for way in dict.fromkeys(every) if way]

"""One of a few: whoever asks for something by name hears at once what there is."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def one_of(value: str, allowed: Iterable[str], what: str) -> str:
    """``value`` itself if it is allowed; else ValueError with the nearest and all that are."""
    known = list(allowed)
    if value in known:
        return value
    near = get_close_matches(value, known, n=1)
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    raise ValueError(f"unknown {what} {value!r}{hint}; known: {', '.join(known)}")

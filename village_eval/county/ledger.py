"""The ledger: what happened to how many rows of which file, and why.

A line is worded only when somebody reads it, so that one ledger can be read in any language.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import pandas as pd

from village_eval.words.said import Said

LEDGER_COLUMNS = ["source", "step", "rows", "key", "details"]
"""A line: which file, what happened (read, dropped, merged, filled, kept, converted), to how many
rows, and why: a key of the words and its details as JSON."""
READ_COLUMNS = ["source", "step", "rows", "reason"]
"""A line as it is read."""
Line = tuple[str | None, str, int, Said]


def ledger(lines: Iterable[Line]) -> pd.DataFrame:
    """The lines as a frame with LEDGER_COLUMNS."""
    rows = [
        (source, step, rows, said.key, json.dumps(plain(said.details), ensure_ascii=False))
        for source, step, rows, said in lines
    ]
    return pd.DataFrame(rows, columns=LEDGER_COLUMNS)


def worded(lines: pd.DataFrame, lang: str) -> pd.DataFrame:
    """A ledger with READ_COLUMNS in a language.

    Lines without a key, which an earlier version wrote, keep the reason that they were given; so
    do those whose key or details somebody changed into what says nothing.
    """
    reasons = [_reason(line, lang) for line in lines.to_dict("records")]
    return lines.assign(reason=pd.Series(reasons, lines.index, dtype=object))[READ_COLUMNS]


def _reason(line: dict[Hashable, Any], lang: str) -> object:
    given, key, details = (line.get(name) for name in ("reason", "key", "details"))
    if not isinstance(key, str) or not isinstance(details, str):
        return given
    try:
        return Said(key, unplain(json.loads(details))).text(lang)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return given


def plain(detail: object) -> object:
    """A detail as JSON holds it; sentences inside it are dictionaries with a key."""
    if isinstance(detail, Said):
        return {"said": detail.key, "details": plain(detail.details)}
    if isinstance(detail, Mapping):
        return {str(name): plain(part) for name, part in detail.items()}
    if isinstance(detail, tuple | list):
        return [plain(part) for part in detail]
    return detail if isinstance(detail, int | float | str) else str(detail)


def unplain(read: object) -> dict[str, object]:
    """Details as they were before ``plain``."""
    return {name: _unplain(part) for name, part in read.items()} if isinstance(read, dict) else {}


def _unplain(read: object) -> object:
    if isinstance(read, dict):
        return Said(read["said"], unplain(read["details"]))
    return tuple(map(_unplain, read)) if isinstance(read, list) else read

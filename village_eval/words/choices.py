"""Names that only some values can have.

Refused at the door, with what is allowed and the nearest.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from village_eval.words.messages import message


def one_of(value: str, allowed: Iterable[str], what: str) -> str:
    """``value`` if it is allowed.

    ``what`` is the key of what it names (``choice`` in messages.toml).

    Raises ValueError that says what is allowed, and which of it is nearest.
    """
    known = list(allowed)
    if value in known:
        return value
    near = difflib.get_close_matches(value, known, 1)
    said = message("choice.unknown", what=message(f"choice.{what}"), value=value)
    nearest = message("form.suggestion", key=near[0]) if near else ""
    raise ValueError(f"{said} {nearest}{message('form.allowed', keys=', '.join(known))}")

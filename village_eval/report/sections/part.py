"""A part of the report under its heading."""

from __future__ import annotations

from village_eval.report.fragment import Fragment, Shown, box, heading
from village_eval.words import wording as w


def part(key: str, lang: str, *parts: Shown | None) -> Fragment:
    """The section of a key in the words' ``[section]``, under its heading, with an anchor."""
    return box("part", heading(2, w.words(lang, "report")["section"][key], key), *parts)

"""The words of each language: a folder of this room a language, with the same keys in each.

A language is found by its folder, so a new one is a folder (``fr/``) and nothing else.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

_HERE = files(__package__)
DEFAULT = "zh"
"""The language that comes first, and that a report is in when nobody asks for another."""
LANGUAGES: tuple[str, ...] = tuple(
    sorted(
        (place.name for place in _HERE.iterdir() if place.joinpath("sentences.toml").is_file()),
        key=lambda lang: (lang != DEFAULT, lang),
    )
)
"""Every language that has a folder, DEFAULT first."""
BOTH = ("zh", "en")
"""What ``--lang both`` means, and the languages of a page that holds two (the codebook)."""


@cache
def words(lang: str, name: str = "sentences") -> dict[str, Any]:
    """The catalogue ``<lang>/<name>.toml``. Raises ValueError for a language without a folder."""
    if lang not in LANGUAGES:
        raise ValueError(f"lang must be one of {', '.join(LANGUAGES)}, not {lang!r}")
    return tomllib.loads(_HERE.joinpath(lang, f"{name}.toml").read_text("utf-8"))


def in_each(kind: str, name: str) -> dict[str, dict[str, Any]]:
    """One section of a catalogue in every language: ``in_each("contracts", "villages")``."""
    return {lang: words(lang, kind)[name] for lang in LANGUAGES}

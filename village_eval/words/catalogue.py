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
OTHERWISE = "en"
"""For a machine that speaks a language without a folder."""
BOTH = ("zh", "en")
"""What ``--lang both`` means, and the languages of a page that holds two (the codebook)."""


class UnknownLanguage(ValueError):
    """A language without a folder; a notebook shows the sentence alone."""

    def __init__(self, lang: object):
        super().__init__(f"lang must be one of {', '.join(LANGUAGES)}, not {lang!r}")

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


@cache
def words(lang: str, name: str = "sentences") -> dict[str, Any]:
    """The catalogue ``<lang>/<name>.toml``.

    Raises UnknownLanguage for one without a folder, UnknownWords for a name that is no catalogue's:
    a ledger's key comes from a file, and must not lead to another file.
    """
    if lang not in LANGUAGES:
        raise UnknownLanguage(lang)
    file = _HERE.joinpath(lang, f"{name}.toml")
    if not name.isidentifier() or not file.is_file():
        raise UnknownWords(f"no catalogue {name!r}")
    return tomllib.loads(file.read_text("utf-8"))


class UnknownWords(ValueError):
    """No catalogue has words for a key; raised instead of showing the key to a reader."""


def entry(lang: str, key: str) -> str:
    """The text of a dotted key whose first part is the catalogue: ``sentences.verdict.pass``.

    Raises UnknownWords when there is none.
    """
    name, *path = key.split(".")
    return look_up(words(lang, name), path, f"{lang}/{name}.toml")


def look_up(tree: dict[str, Any], path: list[str], where: str = "the catalogue") -> str:
    """The text at the end of ``path`` in ``tree``. Raises UnknownWords when there is none."""
    found: Any = tree
    for part in path:
        found = found.get(part) if isinstance(found, dict) else None
    if not isinstance(found, str):
        raise UnknownWords(f"{where} has no words for {'.'.join(path)!r}")
    return found

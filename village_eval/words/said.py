"""A sentence that nobody has read yet: its key and what its places hold.

It is worded last, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from village_eval.words import wording
from village_eval.words.catalogue import entry
from village_eval.words.plain import on_one_line


@dataclass(frozen=True)
class Said:
    """``key`` is the catalogue and the dotted key in it (``messages.ledger.read``).

    A place holds a text that is no language's (a file's name, a cell), a number, another sentence,
    or several.

    Two are equal when they say the same, whatever the language.
    """

    key: str
    details: Mapping[str, object] = field(default_factory=dict, hash=False)

    def text(self, lang: str) -> str:
        """The sentence in one language. Raises UnknownWords when the catalogue has no such key."""
        template = entry(lang, self.key)
        return template.format(**{name: shown(x, lang) for name, x in self.details.items()})


class Lines(tuple[object, ...]):
    """Several that stand below a sentence, a line each."""


def said(key: str, /, **details: object) -> Said:
    """``said("messages.ledger.read", rows=1200)``."""
    return Said(key, details)


def shown(detail: object, lang: str) -> str:
    """One detail as the sentence shows it: thousands separated, several joined as a list."""
    if isinstance(detail, Said):
        return detail.text(lang)
    if isinstance(detail, Lines):
        return "\n".join(["", *(shown(part, lang) for part in detail)])
    if isinstance(detail, (tuple, list)):
        return wording.several([shown(part, lang) for part in detail], lang)
    if isinstance(detail, int) and not isinstance(detail, bool):
        return wording.number(detail, lang)
    return on_one_line(str(detail))

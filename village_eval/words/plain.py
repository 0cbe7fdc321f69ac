"""Text that others wrote, as one line of what can be seen.

Names of villages, files and counties come through many hands. A control character in one can move
a terminal's cursor, forge a line of a log, turn the reading direction round, or be refused by a
workbook; nobody who wrote a name meant it.
"""

from __future__ import annotations

import re

UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069"
    "\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control characters, marks of direction, zero widths, halves of characters, tags, what is no
character at all. What parts words (tabs, line ends) is not among them, nor what joins emoji."""
BETWEEN_LINES = re.compile("[\t-\r\x1c-\x1f\x85\u2028\u2029]+")
_HALVES = re.compile("[\ud800-\udfff]")


def on_one_line(text: str) -> str:
    """``text`` as a sentence may hold it: nothing unseen, no line of its own."""
    return BETWEEN_LINES.sub(" ", UNSEEN.sub("", as_written(text)))


def as_written(name: str) -> str:
    """A file's name as text.

    One that is no UTF-8 (a zip packed on Chinese Windows) is read as GB18030, and never refused.
    """
    if not _HALVES.search(name):
        return name
    try:
        return name.encode("utf-8", "surrogateescape").decode("gb18030")
    except UnicodeError:
        return _HALVES.sub("", name)


def is_text(name: str) -> bool:
    """Whether a file's name is text, which some libraries want of every path."""
    return not _HALVES.search(name)


def plain(text: str) -> str:
    """``text`` without UNSEEN characters, blanks and line ends as single blanks."""
    return " ".join(UNSEEN.sub("", as_written(text)).split())

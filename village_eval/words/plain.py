"""Text that others wrote, as one line of what can be seen.

Names of villages, files and counties come through many hands. A control character in one can move
a terminal's cursor, forge a line of a log, turn the reading direction round, or be refused by a
workbook; nobody who wrote a name meant it.
"""

from __future__ import annotations

import re

UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control characters, marks of direction, zero widths, halves of characters, tags. What parts words
(tabs, line ends) is not among them, nor what joins emoji."""


def plain(text: str) -> str:
    """``text`` without UNSEEN characters, blanks and line ends as single blanks."""
    return " ".join(UNSEEN.sub("", text).split())

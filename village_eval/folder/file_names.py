"""What somebody called a county, or a file in an archive, as a name that every system takes."""

from __future__ import annotations

import re

from village_eval.words.plain import plain

NOT_IN_NAMES = re.compile(r'[/\\:*?"<>|]')
DEVICE = re.compile(r"(?i)con|prn|aux|nul|(?:com|lpt)\d")
LONGEST = 200
"""Bytes; systems take 255, and endings and numbers follow."""


def file_name(written: str) -> str:
    """One name, no path: never empty, hidden, a device's or too long.

    The end of a long one is kept, it tells more: folders stand before it.
    """
    name = NOT_IN_NAMES.sub("_", plain(written)).strip(" .") or "_"
    name = f"_{name}" if DEVICE.fullmatch(name.partition(".")[0]) else name
    while len(name.encode()) > LONGEST:
        name = name[1:]
    return name.strip(" .") or "_"

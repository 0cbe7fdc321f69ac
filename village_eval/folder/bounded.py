"""What reading may cost: as much as the content, never as much as a file claims to hold.

An archive is measured before it is opened, cells that are only formatted are taken out of a large
workbook before it is read, and what is beyond a limit is not opened: the message names the limit.
"""

from __future__ import annotations

import io
import re
import time
import zipfile
from dataclasses import dataclass, field

from village_eval.words.said import Said

MOST_UNPACKED, MOST_RATIO, SMALL = 500_000_000, 300, 20_000_000
"""Bytes that a delivery's archives and workbooks may unpack to in all, and how many times its own
size a file beyond 20 MB."""
MOST_CELLS, MOST_SHEETS = 6_000_000, 500
"""Filled cells (300,000 petitions with twenty columns) and sheets of a workbook."""
MOST_FILES, DEEPEST = 5_000, 3
"""Files of a delivery, and archives in archives."""
MINUTES = 30.0
"""So long the files of a delivery may take to read, unless ``import --limit`` says otherwise."""
_LARGE = 3_000_000
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_EMPTY_CELL = re.compile(rb"<c\b[^<>]*(?:/>|></c>)")
_EMPTY_ROW = re.compile(rb"<row\b(?![^<>]*\bhidden=)[^<>]*(?:/>|>\s*</row>)")
_FILLED = re.compile(rb"<(?:v|is)[ >]")
_BEYOND = re.compile(rb"\br\s*=\s*['\"][A-Za-z]{0,3}\d{8,}['\"]")
"""A row of eight digits: a workbook ends at the 1,048,576th."""


@dataclass
class Budget:
    """What a delivery has cost so far."""

    unpacked: int = 0
    files: int = 0
    minutes: float = MINUTES
    begun: float = field(default_factory=lambda: time.monotonic())

    @property
    def late(self) -> bool:
        """Whether reading has taken longer than it may; asked before each file and each sheet."""
        return time.monotonic() - self.begun > 60 * self.minutes

    def opens(self, content: bytes) -> dict | None:
        """Counts what an archive or a workbook unpacks to; what is too much, for a message."""
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                infos = archive.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            return None  # its reader says that it is damaged
        size = sum(info.file_size for info in infos)
        if len(infos) > MOST_FILES:
            return {
                "unit": Said("importing.unit.files"),
                "found": f"{len(infos):,}",
                "limit": f"{MOST_FILES:,}",
            }
        sheets = sum(bool(_SHEET.fullmatch(info.filename)) for info in infos)
        if sheets > MOST_SHEETS:
            return {
                "unit": Said("importing.unit.sheets"),
                "found": f"{sheets:,}",
                "limit": f"{MOST_SHEETS:,}",
            }
        if size > max(MOST_RATIO * len(content), SMALL) or self.unpacked + size > MOST_UNPACKED:
            found, limit = (f"{n / 1e6:,.0f}" for n in (self.unpacked + size, MOST_UNPACKED))
            return {
                "unit": Said("importing.unit.megabytes"),
                "found": found,
                "limit": limit,
            }
        self.unpacked += size
        return None


def lean(content: bytes) -> tuple[bytes, bool, int]:
    """A workbook without empty cells and rows, whether it has formulas, and its filled cells.

    Small ones come back as they are. Hidden rows stay, for they are said to be hidden.

    Raises ValueError for a cell where no workbook has one.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        infos = archive.infolist()
        sheets = {i.filename: archive.read(i) for i in infos if _SHEET.fullmatch(i.filename)}
        if any(_BEYOND.search(xml) for xml in sheets.values()):
            raise ValueError("a row beyond the last")
        formulas = any(b"<f" in xml for xml in sheets.values())
        filled = sum(len(_FILLED.findall(xml)) for xml in sheets.values())
        if max(map(len, sheets.values()), default=0) < _LARGE:
            return content, formulas, filled
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as out:
            for info in infos:
                xml = sheets.get(info.filename)
                if xml is None:
                    out.writestr(info.filename, archive.read(info))
                else:
                    out.writestr(info.filename, _EMPTY_ROW.sub(b"", _EMPTY_CELL.sub(b"", xml)))
    return made.getvalue(), formulas, filled

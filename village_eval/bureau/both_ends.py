"""Both ends of a time in one cell: 2023年3月1日至6月8日, 3月1日-20日, 4—6月, 2023.3-2023.6."""

from __future__ import annotations

import re
from dataclasses import replace

from village_eval.bureau.layout import Block
from village_eval.bureau.measure_dates import DATES, reader
from village_eval.bureau.values import words
from village_eval.county.campaign import Campaign
from village_eval.folder.cells import fold

_MARK = re.compile(r"至|到|[-—–~]+")
_MONTH_OF_YEAR = re.compile(r"(\d{4})[-./](\d{1,2})")
_MONTHS_ALONE = re.compile(r"(\d{1,2})[-—–~](\d{1,2})")
_HOLDING = (
    ("from_to", *DATES[:2]),
    *((column, *DATES[:2]) for column in DATES[:2]),
    *((column, *DATES[2:]) for column in DATES[2:]),
)
"""Columns that may hold both ends, and the two that they become."""


def with_both_ends(block: Block, campaign: Campaign) -> Block:
    """起止时间, and a beginning or a deadline that holds both ends, as two columns.

    A cell of another kind stays one date: a beginning, or an end in a column of ends.
    """
    for column, first, last in _HOLDING:
        there = set(block.cells)
        if column not in there or {first, last} - {column} <= there or first in there - {column}:
            continue
        ends = [_ends(cell, column, first, last, campaign) for cell in block.cells[column]]
        if column != "from_to" and not any(ends):
            continue
        alone = [(None, c) if column == last else (c, None) for c in block.cells[column]]
        both = [found or single for found, single in zip(ends, alone, strict=True)]
        made = {first: [begin for begin, _ in both], last: [end for _, end in both]}
        if last in there - {column}:
            del made[last]
        headers = block.headers | dict.fromkeys(made, block.headers[column])
        block = replace(block, cells=block.cells.assign(**made), headers=headers)
    return block


def _ends(
    cell: object, column: str, first: str, last: str, campaign: Campaign
) -> tuple[str, str | None] | None:
    text = fold(cell) if isinstance(cell, str) else ""
    begins, ends = (reader(campaign, name, old_mac=False) for name in (first, last))
    if column == "from_to" and (months := _MONTHS_ALONE.fullmatch(text)):
        text = f"{months[1]}月-{months[2]}月"
    for mark in _MARK.finditer(text):
        begin, end = _completed(text[: mark.start()], text[mark.end() :])
        if begins(begin) is None:
            continue
        if end == "今" or end in words("pending"):
            return begin, None
        if ends(end) is not None:
            return begin, end
    return None


def _completed(begin: str, end: str) -> tuple[str, str]:
    """What one end leaves to the other: 3月1日-20日, 4-6月, 2023年3-5月, 2022年12月-2月."""
    if re.fullmatch(r"(?:\d{4}年)?\d{1,2}", begin) and re.match(r"\d{1,2}月", end):
        begin += "月"
    begin, end = (
        _MONTH_OF_YEAR.sub(r"\1年\2月", t) if _MONTH_OF_YEAR.fullmatch(t) else t
        for t in (begin, end)
    )
    if re.fullmatch(r"\d{1,2}[日号]", end) and (month := re.match(r".*?\d{1,2}月", begin)):
        return begin, month[0] + end
    known = re.match(r"(\d{4})年(\d{1,2})月", begin)
    if known and (month := re.match(r"(\d{1,2})月", end)):
        end = f"{int(known[1]) + (int(month[1]) < int(known[2]))}年{end}"
    return begin, end

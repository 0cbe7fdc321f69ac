"""When a measure began and ended, as its register writes it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from village_eval.bureau.layout import Block
from village_eval.bureau.years import near_campaign, since_1904
from village_eval.county.campaign import Campaign
from village_eval.folder.cells import fold
from village_eval.folder.dates import date as date_in

DATES = ("start_date", "end_date", "planned_start", "planned_end")


def with_both_ends(block: Block, campaign: Campaign) -> Block:
    """起止时间, both days in one cell, as two columns; a cell of another kind stays one date."""
    if "from_to" not in block.cells or "start_date" in block.cells:
        return block
    parse = date_of(campaign, block.sheet.since_1904)
    ends = [_both_ends(cell, parse) for cell in block.cells["from_to"]]
    cells = block.cells.assign(start_date=[first for first, _ in ends])
    header = block.headers["from_to"]
    headers = block.headers | {"start_date": header}
    if "end_date" not in cells:
        cells = cells.assign(end_date=[last for _, last in ends])
        headers |= {"end_date": header}
    return replace(block, cells=cells, headers=headers)


def _both_ends(cell: object, parse) -> tuple[object, object]:
    text = fold(cell) if isinstance(cell, str) else ""
    for mark in re.finditer(r"至|到|[-—–~]+", text):
        first, last = text[: mark.start()], text[mark.end() :]
        if re.fullmatch(r"\d{1,2}[日号]", last) and (month := re.match(r".*?\d{1,2}月", first)):
            last = month[0] + last
        if parse(first) is not None and parse(last) is not None:
            return first, last
    return cell, None


def date_of(campaign: Campaign, old_mac: bool, deadline: bool = False):
    """What reads a cell as a day; ``deadline``: 5月20日前完成 is one, too."""

    def parse(cell: object) -> dt.date | None:
        if deadline and isinstance(cell, str):
            cell = re.sub(r"(?:之前|以前|前)(?:完成|销号|办结)?$", "", fold(cell))
        date = date_in(since_1904(cell) if old_mac else cell, strict=False)
        return None if date is None else near_campaign(date, campaign.start, campaign.end)

    return parse

"""How far a measure was carried out: shares, per cent, or a column that mixes them."""

from __future__ import annotations

from village_eval.bureau.columns import parsed
from village_eval.bureau.layout import Block
from village_eval.bureau.notes import Notes
from village_eval.bureau.values import parse_number
from village_eval.county import privacy


def doses(block: Block, notes: Notes) -> list[float | None]:
    """The column as shares from 0 to 1.

    A column is in per cent when its header says so or one of its numbers is above one; 45% is
    always 0.45.
    """
    numbers = parsed(
        block,
        "dose",
        lambda c: None if privacy.is_number_of_person(c) else parse_number(c),
        "bad_share",
        notes,
    )
    plain = [n for n, unit in (n for n in numbers if n) if unit == ""]
    hundredths = any(n > 1 for n in plain)
    if plain and "dose" in block.percent and not hundredths and any(plain):
        notes.warn("shares_under_percent", **block.at, column=block.headers["dose"])
    shares: list[float | None] = []
    for row, number in zip(block.cells.index, numbers, strict=True):
        if number is None:
            shares.append(None)
            continue
        value, unit = number
        mixed = hundredths and 0 < value <= 1 and unit == "" and "dose" not in block.percent
        if mixed:
            notes.warn(
                "mixed_shares",
                **block.at,
                row=row,
                column=block.headers["dose"],
                value=f"{value:g}",
            )
        share = (
            round(value / 100, 6)
            if unit == "%" or (unit == "" and hundredths and not mixed)
            else value
        )
        if not 0 <= share <= 1 or unit not in ("", "%"):
            notes.problem(
                "bad_share",
                **block.at,
                row=row,
                column=block.headers["dose"],
                value=f"{value:g}{unit}",
            )
        shares.append(share)
    return shares

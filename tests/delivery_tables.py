"""What all tables of a composed delivery share: headers, totals, places, numbers, days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import groupby

import delivery_facts as facts
from delivery_sheets import AVERAGES, OF_THESE, TOTALS, Choices, Sheet, around
from delivery_words import WAYS


def heads_of(c: Choices, table: str, keys: list[str]) -> dict[str, str]:
    """How each column is headed."""
    known = WAYS["any"] | WAYS[table]
    return {k: c.one(f"{table}.{k} headed", *known[k]) if k in known else k for k in keys}


def _body(
    c: Choices,
    name: str,
    keys: list[str],
    records: list[dict],
    sums: dict[str, Callable] | None = None,
    numbers: list[dict] | None = None,
):
    """Cells of the records with totals and the like; areas merged, relative to the first row.

    ``sums``: how a sum is written, by column; ``numbers``: what is added up.
    """
    merged: list[tuple[int, int, int, int]] = []
    grouped = [
        list(g) for _, g in groupby(range(len(records)), lambda i: records[i].get("township"))
    ]
    whole = len({records[g[0]].get("township") for g in grouped}) == len(grouped)
    once = "each"
    if "township" in keys and whole and len(grouped) > 1:
        once = c.one(f"{name} township written", "each", "once", "merged")
    rows: list[list] = []

    def noise(label: str, of: list[int], mean: bool = False) -> list:
        at = c.one(f"{name} label in", keys[0], *(k for k in ("township", "village") if k in keys))
        cells: list = [None] * len(keys)
        for k, write in (sums or {}).items():
            if k in keys:
                amount = sum(numbers[i][k] for i in of)
                cells[keys.index(k)] = write(amount / len(of) if mean else amount)
        cells[keys.index(at)] = label
        return cells

    everything = list(range(len(records)))
    total = c.one(f"{name} total", "none", "below", "above")
    label = c.one(f"{name} total called", *TOTALS).format(township="全县")
    if total == "above":
        rows.append(noise(label, everything))
    if c.one(f"{name} average", False, True):
        rows.append(noise(c.one(f"{name} average called", *AVERAGES), everything, True))
    subtotals = whole and len(grouped) > 1 and c.one(f"{name} subtotals", False, True)
    of_these = c.one(f"{name} 其中 row", False, True)
    for group in grouped:
        first = len(rows)
        for n, i in enumerate(group):
            cells = [records[i].get(k) for k in keys]
            if once != "each" and n:
                cells[keys.index("township")] = None
            rows.append(cells)
        if once == "merged" and len(group) > 1:
            place = keys.index("township")
            merged.append((first, place, len(rows) - 1, place))
        if subtotals:
            called = c.one(
                f"{name} subtotal called", "小计", "{township}小计", "{township}合计", "{township}"
            )
            rows.append(noise(called.format(township=records[group[0]]["township"]), group))
            if of_these:
                rows.append(noise(c.one(f"{name} 其中", *OF_THESE), group[:1]))
    if total == "below":
        rows.append(noise(label, everything))
        if of_these and not subtotals:
            rows.append(noise(c.one(f"{name} 其中", *OF_THESE), everything[:3]))
    return rows, merged


def table_of(
    c: Choices,
    name: str,
    table: str,
    sheet: str,
    title: str,
    keys: list[str],
    records: list[dict],
    *,
    unit: str = "",
    heads: dict[str, str] | None = None,
    above: dict[str, str] | None = None,
    sums: dict[str, Callable] | None = None,
    numbers: list[dict] | None = None,
    fixed: bool = False,
) -> Sheet:
    """A sheet of one table. ``above``: upper header by column; ``fixed``: no further columns."""
    heads = heads or heads_of(c, table, keys)
    keys = c.order(f"{name} columns", keys)
    extra = {}
    if not fixed:
        if c.one(f"{name} 序号", True, False):
            keys = ["#", *keys]
            extra["#"] = "序号"
        if c.one(f"{name} 备注", False, True):
            keys = [*keys, "remark"]
            extra["remark"] = "备注"
    restart = c.one(f"{name} 序号 restarts", len(records) or 1, 4)
    records = [
        {**r, "#": n % restart + 1, "remark": "已核" if n == 2 else None}
        for n, r in enumerate(records)
    ]
    texts = {**heads, **extra}
    header = [[above[k], texts[k]] if above and k in above else [texts[k]] for k in keys]
    body, merged = _body(c, name, keys, records, sums, numbers)
    made = around(c, name, sheet, title, unit, header, body, merged)
    made.hidden = bool(c.one(f"{name} sheet hidden", False, True))
    return made


def numbers_written(c: Choices, name: str) -> Callable:
    """How a number is typed: the same way in all of a table's cells."""
    way = c.one(
        f"{name} numbers", "number", "text", "1,234.5", "full width", "blank after", "¥", "'1"
    )

    def write(number: float, zero: object = 0):
        if number is None:
            return None
        if number == 0:
            return zero
        number = int(number) if float(number).is_integer() else round(number, 6)
        if way == "number":
            return number
        text = f"{number:,}" if way == "1,234.5" else str(number)
        if way == "full width":
            text = "".join(chr(ord(x) + 0xFEE0) if "!" <= x <= "~" else x for x in text)
        return (
            f"{text} "
            if way == "blank after"
            else f"¥{text}"
            if way == "¥" and number > 0
            else f"'{text}"
            if way == "'1"
            else text
        )

    return write


def days_written(c: Choices, name: str, options=()) -> Callable:
    way = c.one(
        f"{name} dates",
        *("2021-03-04", "2021/3/4", "2021年3月4日", "2021.3.4", "cell", "20210304", "serial"),
        *("2021/3/4 10:15", "21/3/4", "2021-03-04 00:00:00", "２０２１－３－４"),
        *options,
    )

    def write(day: dt.date | None):
        if day is None:
            return None
        y, m, d = day.year, day.month, day.day
        return {
            "2021-03-04": f"{day}",
            "2021/3/4": f"{y}/{m}/{d}",
            "2021年3月4日": f"{y}年{m}月{d}日",
            "2021.3.4": f"{y}.{m}.{d}",
            "cell": dt.datetime(y, m, d),
            "20210304": f"{day:%Y%m%d}",
            "serial": (day - dt.date(1899, 12, 30)).days,
            "2021/3/4 10:15": f"{y}/{m}/{d} 10:{d:02}",
            "21/3/4": f"{y % 100}/{m}/{d}",
            "2021-03-04 00:00:00": f"{day} 00:00:00",
            "２０２１－３－４": "".join(chr(ord(x) + 0xFEE0) for x in f"{y}-{m}-{d}"),
            "3月4日": f"{m}月{d}日",
        }[way]

    return write


def place_of(c: Choices, name: str, keys: list[str]) -> tuple[list[str], list[dict]]:
    """Columns that say where, and their cells by village."""
    how = c.one(f"{name} place", "township+village", "code too", "code alone", "in one cell")
    code = c.one(f"{name} codes", str, int, float, lambda x: f"'{x}", lambda x: f"{x} ")
    suffix = c.one(f"{name} village written", "", "委会", "村民委员会", " ", "short")
    cells = []
    for v in facts.villages():
        village = v["village_name"]
        if suffix == "short":
            village = village.removesuffix("村").removesuffix("社区")
        elif suffix == "村民委员会":
            village = village.removesuffix("村") + suffix if village.endswith("村") else village
        else:
            village += suffix if village.endswith("村") else ""
        if how == "in one cell":
            village = v["township_name"] + village
        cells.append(
            {"township": v["township_name"], "village": village, "code": code(v["village_code"])}
        )
    columns = {
        "township+village": ["township", "village"],
        "code too": ["township", "village", "code"],
        "code alone": ["code"],
        "in one cell": ["village"],
    }[how]
    if how == "code alone":
        cells = [{k: v for k, v in x.items() if k != "township"} for x in cells]
    return [*columns, *keys], cells


def stacked(name: str, sheets: list[Sheet]) -> Sheet:
    rows: list[list] = []
    merged, hidden, struck = [], [], []
    for sheet in sheets:
        at = len(rows)
        merged += [(t + at, x, b + at, y) for t, x, b, y in sheet.merged]
        hidden += [r + at for r in sheet.hidden_rows]
        struck += [r + at for r in sheet.struck_rows]
        rows += sheet.rows
    return Sheet(name, rows, merged, hidden, struck)

"""The income of a composed delivery, in the forms in which bureaus keep it."""

from __future__ import annotations

from pathlib import Path

import delivery_facts as facts
from delivery_facts import Lacking
from delivery_sheets import FORMATS, MANY_SHEETS, Choices, Sheet, save, save_parts
from delivery_tables import heads_of, numbers_written, place_of, stacked, table_of
from delivery_words import UNITS

MONTHS = ("{}月", "{}", "{}月份")


def write_income(folder: Path, c: Choices, lacking: Lacking) -> None:
    form = c.one(
        "income",
        *("a sheet a year", "long", "stacked by year", "stacked by township", "side by side"),
        "a sheet a township and year",
        *("years across", "years across in one row", "last year beside", "a file a year"),
        *("quarters", "cumulative quarters", "half years", "months", "parts in a column", "none"),
        "months in a column",
    )
    if form == "none":
        lacking.add(("income", ""))
        return
    unit = c.one("income unit", *UNITS)
    at = c.one("income unit at", "line", "title", "headers", "below headers", "cells")
    zero = c.one("income zero", 0, "-", "—", "无", "0.00", None, "/", "——", "零", "0.00元")
    write = numbers_written(c, "income")
    negative = c.one("income negative", "-1", "(1)", "（1）", "−1", "－1", "△1", "负1")
    keys, cells = place_of(c, "income", list(facts.SOURCES))
    total = c.one("income total", "after", "none", "before")
    if zero is None and total == "none":
        zero = 0
    if total != "none":
        at_ = len(keys) if total == "after" else keys.index("operating")
        keys.insert(at_, "total")
    heads = heads_of(c, "income", keys)
    units = dict.fromkeys((*facts.SOURCES, "total"), unit)
    if at == "headers":
        other = c.one("income one column's unit", unit, *UNITS)
        units[c.one("income column", *facts.SOURCES)] = other
        for k in units:
            if k in heads:
                heads[k] += f"（{units[k]}）"
    line = f"单位：{unit}" if at == "line" else ""
    stated = f"（单位：{unit}）" if at == "title" else ""
    amounts = facts.income()

    def cell(amount: float, factor: float, tail: str):
        number = round(amount / factor, 6)
        if number < 0 and negative != "-1":
            return negative.replace("1", f"{-number:g}")
        written = write(number, zero)
        return written if not tail or number == 0 else f"{str(written).strip()}{tail}"

    def factor(column: str, own: str) -> float:
        return UNITS[units[column] if own == unit else own]

    def part(amount: int, n: int, of: int) -> int:
        """An amount's part: whole hundreds, the rest in the last."""
        each = int(amount / of / 100) * 100
        return each if n < of - 1 else amount - each * (of - 1)

    def records(year: int, own: str = unit, n: int = 0, of: int = 1, upto: bool = False):
        made, sums = [], []
        tail = own if at == "cells" else ""
        for v in range(12):
            of_sources = {
                s: sum(part(a, k, of) for k in range(n + 1)) if upto else part(a, n, of)
                for s, a in amounts[v, year].items()
            }
            numbers = {**of_sources, "total": sum(of_sources.values())}
            sums.append(numbers)
            made.append(
                {**cells[v], **{k: cell(a, factor(k, own), tail) for k, a in numbers.items()}}
            )
        return made, sums

    def sheet(name: str, title: str, made, own: str = unit, columns=keys, **more) -> Sheet:
        rows, sums = made
        tail = own if at == "cells" else ""
        sums_ = {k: lambda a, k=k: cell(a, factor(k, own), tail) for k in (*facts.SOURCES, "total")}
        made_ = table_of(
            c,
            "income",
            "income",
            name,
            f"{title}{stated.replace(unit, own)}",
            columns,
            rows,
            unit=line.replace(unit, own),
            heads=heads | more.pop("heads", {}),
            sums=sums_,
            numbers=sums,
            above=above,
            **more,
        )
        if at == "below headers":
            _units_below(made_, heads, own)
        return made_

    above = {}
    if c.one("income sources under 其中", False, True):
        above = dict.fromkeys(facts.SOURCES, "其中")
    years, file = facts.YEARS, c.one("income called", "村集体经济收入", "附件3", "收入（2024年报）")
    kind = c.one("income file", *FORMATS)
    called = c.one("income title", "{}年度村集体经济收入统计表", "元氏县{}年度村集体经济收入")
    if form == "a sheet a year":
        sheets = [sheet(f"{y}年", called.format(y), records(y)) for y in years]
        save_parts(folder, c, file, kind, sheets)
    elif form == "a sheet a township and year":
        columns = [k for k in keys if k != "township"]
        sheets = []
        for y in years:
            made, sums = records(y)
            for n, t in enumerate(facts.PLACES):
                own = slice(4 * n, 4 * n + 4)
                part_ = (made[own], sums[own])
                sheets.append(sheet(f"{t}{y}年", called.format(y), part_, columns=columns))
        save(folder, file, kind if kind in ("xlsx", "xls") else "xlsx", sheets)
    elif form == "a file a year":
        for y in years:
            save(folder, f"{y}年收入", kind, [sheet("Sheet1", called.format(y), records(y))])
    elif form in ("long", "parts in a column", "months in a column"):
        rows, sums = [], []
        parts = ["第一季度", "二季度", "3季度", "四季度"] if form != "long" else [None]
        if form == "months in a column":
            parts = c.one("months written", *([w.format(m) for m in range(1, 13)] for w in MONTHS))
        for y in years:
            for n, p in enumerate(parts):
                made, numbers = records(y, unit, n, len(parts))
                shown = c.one("income year written", y, f"{y}年", f"{y}年度")
                rows += [{**r, "period": shown, "part": p} for r in made]
                sums += numbers
        more = ["period"] if form == "long" else ["period", "part"]
        extra = heads_of(c, "income", more)
        extra["part"] = "月份" if form == "months in a column" else "季度"
        columns = [*more, *keys]
        made_ = sheet("收入", "村集体经济收入", (rows, sums), columns=columns, heads=extra)
        save(folder, file.replace("（2024年报）", ""), kind, [made_])
    elif form == "stacked by year":
        whole = [sheet(f"{y}年", called.format(y), records(y), fixed=True) for y in years]
        save(folder, file, kind, [stacked("收入", whole)])
    elif form == "stacked by township":
        other = c.one("income other unit", unit, *UNITS)
        sheets = []
        for y in years:
            pieces = []
            for t in range(3):
                own = other if t == 1 else unit
                made, sums = records(y, own)
                rows = (made[4 * t : 4 * t + 4], sums[4 * t : 4 * t + 4])
                title = f"{list(facts.PLACES)[t]}{y}年度村集体经济收入"
                pieces.append(sheet(f"{y}年", title, rows, own, fixed=True))
            sheets.append(stacked(f"{y}年", pieces))
        save(folder, file, kind if kind in MANY_SHEETS else "xlsx", sheets)
    elif form == "side by side":
        sheets = []
        for y in years:
            made, _ = records(y)
            half = [[r.get(k) for k in keys] for r in made]
            head = [heads[k] for k in keys]
            rows = [[f"{y}年度村集体经济收入（单位：{unit}）"], head * 2]
            rows += [half[i] + half[i + 6] for i in range(6)]
            sheets.append(Sheet(f"{y}年", rows))
        save(folder, file, kind if kind in MANY_SHEETS else "xlsx", sheets)
    elif form in ("years across", "years across in one row", "last year beside"):
        _across(folder, c, form, file, kind, keys, heads, records, unit, cells)
    else:
        names = {
            "quarters": ["第一季度", "第二季度", "第三季度", "第四季度"],
            "cumulative quarters": ["1-3月", "1-6月", "1-9月", "1-12月"],
            "half years": ["上半年", "下半年"],
            "months": [f"{m}月" for m in range(1, 13)],
        }[form]
        these = years if form != "months" else years[-1:]
        if form == "months":
            lacking.add(("income", "only the last year"))
        sheets = [
            sheet(
                f"{y}年{p}",
                f"{y}年{p}村集体经济收入",
                records(y, unit, n, len(names), form == "cumulative quarters"),
                fixed=True,
            )
            for y in these
            for n, p in enumerate(names)
        ]
        save(folder, file, kind if kind in MANY_SHEETS else "xlsx", sheets)


def _units_below(made: Sheet, heads: dict[str, str], unit: str) -> None:
    rows = [[str(c).replace("\n", "") for c in r] for r in made.rows]
    row = next(i for i, r in enumerate(rows) if heads["operating"] in r)
    amounts = {heads[k] for k in (*facts.SOURCES, "total") if k in heads}
    line = [unit if text in amounts else None for text in rows[row]]
    made.rows.insert(row + 1, line)
    made.merged = [(t + (t > row), x, b + (b > row), y) for t, x, b, y in made.merged]
    made.hidden_rows = [r + 1 for r in made.hidden_rows]
    made.struck_rows = [r + 1 for r in made.struck_rows]


def _across(folder, c, form, file, kind, keys, heads, records, unit, cells) -> None:
    places = [k for k in keys if k in ("township", "village", "code")]
    amounts = [k for k in keys if k not in places]
    years = facts.YEARS
    made = {y: records(y)[0] for y in years}
    if form == "last year beside":
        pairs = [(2021, 2022), (None, 2023)]
        sheets = []
        for before, now in pairs:
            words = c.one("income this year", ("上年数", "本年数"), ("去年", "当年"))
            head = [heads[k] for k in places]
            columns = [(y, k) for y in ((before, now) if before else (now,)) for k in amounts]
            head += [f"{heads[k]}（{words[y == now]}）" if before else heads[k] for y, k in columns]
            rows = [[f"{now}年度村集体经济收入（单位：{unit}）"], head]
            for v in range(12):
                row = [cells[v].get(k) for k in places]
                rows.append([*row, *(made[y][v][k] for y, k in columns)])
            sheets.append(Sheet(f"{now}年", rows))
        save(folder, "收入", kind if kind in MANY_SHEETS else "xlsx", sheets)
        return
    order = c.one("income years", "rising", "falling")
    shown = years if order == "rising" else years[::-1]
    columns = [(y, k) for y in shown for k in amounts]
    rows: list[list] = [[f"村集体经济收入汇总表（单位：{unit}）"]]
    merged = []
    if form == "years across":
        rows.append([*(heads[k] for k in places), *(None for _ in columns)])
        rows.append([*(None for _ in places), *(heads[k] for _, k in columns)])
        for p in range(len(places)):
            merged.append((1, p, 2, p))
        for n, y in enumerate(shown):
            first = len(places) + n * len(amounts)
            rows[1][first] = c.one("income year over", f"{y}年", f"{y}", y, f"{y}年度")
            merged.append((1, first, 1, first + len(amounts) - 1))
    else:
        rows.append([*(heads[k] for k in places), *(f"{y}年{heads[k]}" for y, k in columns)])
    for v in range(12):
        row = [cells[v].get(k) for k in places]
        rows.append([*row, *(made[y][v][k] for y, k in columns)])
    save(folder, "收入汇总", kind, [Sheet("Sheet1", rows, merged)])

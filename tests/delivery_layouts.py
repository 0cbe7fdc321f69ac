"""One delivery of the facts of tests/delivery_facts.py, composed from what bureaus do with tables.

``deliver(folder, choices)`` writes it and gives the (table, column) pairs that it does not carry.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import delivery_facts as facts
from delivery_sheets import (
    AVERAGES,
    FORMATS,
    MANY_SHEETS,
    OF_THESE,
    TOTALS,
    Choices,
    Sheet,
    around,
    save,
)

CAMPAIGN = (
    'county = "元氏县"\nstart = 2023-03-01\ndays = 100\nlisting_window = ["2022-03", "2023-02"]\n'
)
UNITS = {"元": 1.0, "万元": 1e4, "千元": 1e3, "百元": 100.0}
WAYS: dict[str, dict[str, tuple[str, ...]]] = {
    "any": {
        "township": ("乡镇", "所在乡镇", "乡镇（街道）", "镇街", "所属乡（镇）", "乡镇名称"),
        "village": ("村名", "行政村", "村（社区）", "村庄名称", "村居", "行 政 村 名 称"),
        "code": ("统计用区划代码", "行政区划代码", "村代码", "代码", "统计用区划代码（12位）"),
    },
    "villages": {
        "population": ("人口", "户籍人口", "总人口（人）", "年末总人口", "人口数"),
        "households": ("户数", "总户数", "农户数", "户数（户）"),
        "party_members": ("党员人数", "党员数", "党员"),
        "listing_score": ("年度考核扣分", "考核扣分", "扣分", "2022年度考核扣分"),
    },
    "list": {
        "type": ("后进类型", "类型", "整顿类型", "后进类别"),
        "problems": ("主要问题", "存在问题"),
    },
    "income": {
        "operating": ("经营收入", "经营性收入", "1.经营收入", "一、经营收入", "集体经营收入"),
        "contracting": ("发包及上交收入", "发包收入", "发包和上交收入", "二、发包及上交收入"),
        "investment": ("投资收益", "投资收入", "三、投资收益"),
        "subsidy": ("补助收入", "上级补助", "财政补助", "补助收入（含转移支付）", "四、补助收入"),
        "other": ("其他收入", "其它收入", "其他", "五、其他收入"),
        "total": ("合计", "收入合计", "总收入", "小计", "收入总计"),
        "period": ("年度", "年份", "统计年度"),
        "part": ("季度", "月份"),
    },
    "measures": {
        "measure": ("具体措施", "整治措施", "措施名称"),
        "department": ("责任单位", "牵头单位"),
        "start_date": ("开始日期", "启动时间"),
        "end_date": ("完成日期", "销号时间", "完成时间"),
        "dose": ("落实程度", "完成率", "进度"),
        "funds": ("投入资金", "投入金额"),
        "completed": ("是否销号", "销号情况", "是否完成"),
    },
    "petitions": {
        "petition_id": ("登记编号", "信访编号", "编号", "工单编号"),
        "date": ("登记日期", "登记时间", "信访日期", "受理时间", "来访日期"),
        "who": ("信访人", "信访人姓名", "姓名", "来访人"),
        "identity": ("身份证号", "证件号码", "身份证号码"),
        "telephone": ("联系电话", "电话", "手机号码"),
        "channel": ("信访形式", "信访方式", "渠道"),
        "level": ("信访去向", "信访层级", "去向"),
        "repeat": ("初访重访", "初重访", "初次重复", "初信初访"),
        "persons": ("人数", "信访人数", "人次", "涉及人数"),
        "category": ("问题类别", "信访类别", "事项类别", "内容分类"),
        "resolved_date": ("办结日期", "办结时间", "答复日期"),
        "satisfied": ("满意度", "是否满意", "群众满意度评价"),
        "pieces": ("件数", "信访件数"),
    },
}
SPOKEN = {
    "channel": {"visit": "来访", "letter": "来信", "online": "网上信访", "phone": "来电"},
    "level": {"village": "到村", "county": "到县", "city": "到市"},
    "repeat": {0: "初访", 1: "重访"},
    "category": {
        "land": "土地纠纷",
        "village_finance": "村级财务",
        "elections": "换届选举",
        "welfare": "低保救助",
    },
    "satisfied": {1: "满意", 0: "不满意", None: None},
    "completed": {1: "是", 0: "否"},
    "department": facts.DEPARTMENTS,
    "measure": facts.MEASURES,
}
Lacking = set[tuple[str, str]]


def deliver(folder: Path, c: Choices) -> Lacking:
    """Write a delivery; what it does not carry."""
    folder.mkdir(parents=True)
    (folder / "campaign.toml").write_text(CAMPAIGN, "utf-8")
    lacking: Lacking = set()
    _roster(folder, c, lacking)
    _income(folder, c, lacking)
    _measures(folder, c, lacking)
    _register(folder, c, lacking)
    _strangers(folder, c)
    return lacking


# --- what all tables share -----------------------------------------------------------------------


def _heads(c: Choices, table: str, keys: list[str]) -> dict[str, str]:
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
            called = c.one(f"{name} subtotal called", "小计", "{township}小计", "{township}合计")
            rows.append(noise(called.format(township=records[group[0]]["township"]), group))
            if of_these:
                rows.append(noise(c.one(f"{name} 其中", *OF_THESE), group[:1]))
    if total == "below":
        rows.append(noise(label, everything))
        if of_these and not subtotals:
            rows.append(noise(c.one(f"{name} 其中", *OF_THESE), everything[:3]))
    return rows, merged


def _table(
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
    heads = heads or _heads(c, table, keys)
    keys = c.order(f"{name} columns", keys)
    extra = {}
    if not fixed:
        if c.one(f"{name} 序号", True, False):
            keys = ["#", *keys]
            extra["#"] = "序号"
        if c.one(f"{name} 备注", False, True):
            keys = [*keys, "remark"]
            extra["remark"] = "备注"
    records = [
        {**r, "#": n + 1, "remark": "已核" if n == 2 else None} for n, r in enumerate(records)
    ]
    texts = {**heads, **extra}
    header = [[above[k], texts[k]] if above and k in above else [texts[k]] for k in keys]
    body, merged = _body(c, name, keys, records, sums, numbers)
    made = around(c, name, sheet, title, unit, header, body, merged)
    made.hidden = bool(c.one(f"{name} sheet hidden", False, True))
    return made


def _numbers_written(c: Choices, name: str) -> Callable:
    """How a number is typed: the same way in all of a table's cells."""
    way = c.one(f"{name} numbers", "number", "text", "1,234.5", "full width", "blank after", "¥")

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
            else text
        )

    return write


def _days(c: Choices, name: str, options=()) -> Callable:
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


def _place(c: Choices, name: str, keys: list[str]) -> tuple[list[str], list[dict]]:
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


# --- the tables ----------------------------------------------------------------------------------


def _roster(folder: Path, c: Choices, lacking: Lacking) -> None:
    keys = ["township", "village", "code"]
    optional = ["households", "population", "party_members", "listing_score"]
    gone = c.one("roster lacks", None, *optional)
    keys += [k for k in optional if k != gone]
    if gone:
        lacking.add(("villages", gone))
    write = _numbers_written(c, "roster")
    code = c.one("roster codes", str, int, float, lambda x: f"'{x}", lambda x: f" {x}")
    unit = c.one("roster unit in cell", "", "人")
    brackets = str.maketrans("()", c.one("roster brackets", "（）", "()"))
    blank, not_listed = c.one("roster blank after name", "", " "), c.one("not listed", "否", None)
    rows = facts.villages()
    records = [
        {
            "township": v["township_name"],
            "village": v["village_name"].translate(brackets) + blank,
            "code": code(v["village_code"]),
            **{k: write(v[k]) for k in optional},
            "type": facts.TYPES.get(v["village_type"]),
            "listed": "是" if v["village_type"] else not_listed,
        }
        for v in rows
    ]
    if unit:
        for r in records:
            r["population"] = f"{r['population']}{unit}"
    kind = c.one("roster file", *FORMATS, "zip")
    listed = c.one("list", "apart", "in roster", "type in roster")
    if listed == "in roster":
        keys += ["listed", "type"]
    heads = _heads(c, "villages", [k for k in keys if k not in ("listed", "type")])
    heads |= {"listed": "是否后进村", "type": "后进类型"}
    above = {}
    if kind in MANY_SHEETS and c.one("roster two rows", False, True):
        above = {k: "人口情况" for k in ("population", "households") if k in keys}
    args = {"sums": {k: write for k in optional[:3]}, "numbers": rows}
    if c.one("roster side by side", False, True):
        half = [[r.get(k) for k in keys] for r in records]
        cells = [["村级基本情况"], [heads[k] for k in keys] * 2]
        cells += [half[i] + half[i + 6] for i in range(6)]
        sheets = [Sheet("村情", cells)]
    elif kind in MANY_SHEETS and c.one("roster sheets", "one", "a township") == "a township":
        names = list(dict.fromkeys(r["township"] for r in records))
        inner = [k for k in keys if k != "township"]
        sheets = []
        for t in names:
            of = [i for i, r in enumerate(records) if r["township"] == t]
            own = {"sums": args["sums"], "numbers": [rows[i] for i in of]}
            part = [records[i] for i in of]
            sheets.append(
                _table(c, "roster", "villages", t, "村级基本情况", inner, part, heads=heads, **own)
            )
    else:
        title = c.one("roster title", "全县村级基本情况统计表", "", "基本情况（2023年）")
        sheets = [
            _table(
                c,
                "roster",
                "villages",
                "村情",
                title,
                keys,
                records,
                heads=heads,
                above=above,
                **args,
            )
        ]
    save(folder, c.one("roster called", "村庄基本情况", "附件1", "报送 (终稿)"), kind, sheets)
    if listed != "in roster":
        _list(folder, c)


def _list(folder: Path, c: Choices) -> None:
    keys, cells = _place(c, "list", ["type"])
    keys += c.one("list problems", [], ["problems"])
    talk = {"petitions": "历史遗留土地纠纷", "economy": "集体经济空壳", "disunity": "班子软弱涣散"}
    records = [
        {**cells[i], "type": facts.TYPES[v["village_type"]], "problems": talk[v["village_type"]]}
        for i, v in enumerate(facts.villages())
        if v["village_type"]
    ]
    kind = c.one("list file", *FORMATS)
    title = c.one("list title", "后进村名单", "2023年后进村“百日集中整治”对象名单", "")
    parts = [("名单", records)]
    if kind == "xlsx" and c.one("list sheets", "one", "a township") == "a township":
        towns = [v["township_name"] for v in facts.villages() if v["village_type"]]
        parts = [(t, [r]) for t, r in zip(towns, records, strict=True)]
    sheets = [_table(c, "list", "list", n, title, keys, r) for n, r in parts]
    save(folder, "后进村名单", kind, sheets)


def _income(folder: Path, c: Choices, lacking: Lacking) -> None:
    form = c.one(
        "income",
        *("a sheet a year", "long", "stacked by year", "stacked by township", "side by side"),
        "a sheet a township and year",
        *("years across", "years across in one row", "last year beside", "a file a year"),
        *("quarters", "cumulative quarters", "half years", "months", "parts in a column", "none"),
    )
    if form == "none":
        lacking.add(("income", ""))
        return
    unit = c.one("income unit", *UNITS)
    at = c.one("income unit at", "line", "title", "headers", "below headers", "cells")
    zero = c.one("income zero", 0, "-", "—", "无", "0.00", None)
    write = _numbers_written(c, "income")
    negative = c.one("income negative", "-1", "(1)")
    keys, cells = _place(c, "income", list(facts.SOURCES))
    total = c.one("income total", "after", "none", "before")
    if zero is None and total == "none":
        zero = 0
    if total != "none":
        at_ = len(keys) if total == "after" else keys.index("operating")
        keys.insert(at_, "total")
    heads = _heads(c, "income", keys)
    if at == "headers":
        for k in (*facts.SOURCES, "total"):
            if k in heads:
                heads[k] += f"（{unit}）"
    line = f"单位：{unit}" if at == "line" else ""
    stated = f"（单位：{unit}）" if at == "title" else ""
    amounts = facts.income()

    def cell(amount: float, factor: float, tail: str):
        number = round(amount / factor, 6)
        if number < 0 and negative == "(1)":
            return f"({-number:g})"
        written = write(number, zero)
        return written if not tail or number == 0 else f"{str(written).strip()}{tail}"

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
            made.append({**cells[v], **{k: cell(a, UNITS[own], tail) for k, a in numbers.items()}})
        return made, sums

    def sheet(name: str, title: str, made, own: str = unit, columns=keys, **more) -> Sheet:
        rows, sums = made
        tail = own if at == "cells" else ""
        sums_ = {k: lambda a: cell(a, UNITS[own], tail) for k in (*facts.SOURCES, "total")}
        made_ = _table(
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
            **more,
        )
        if at == "below headers":
            _units_below(made_, heads, own)
        return made_

    years, file = facts.YEARS, c.one("income called", "村集体经济收入", "附件3", "收入（2024年报）")
    kind = c.one("income file", *FORMATS)
    called = c.one("income title", "{}年度村集体经济收入统计表", "元氏县{}年度村集体经济收入")
    if form == "a sheet a year":
        sheets = [sheet(f"{y}年", called.format(y), records(y)) for y in years]
        kind = kind if kind in MANY_SHEETS or at != "none" else "xlsx"
        save(folder, file, kind, sheets)
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
    elif form in ("long", "parts in a column"):
        rows, sums = [], []
        parts = ["第一季度", "二季度", "3季度", "四季度"] if form != "long" else [None]
        for y in years:
            for n, p in enumerate(parts):
                made, numbers = records(y, unit, n, len(parts))
                shown = c.one("income year written", y, f"{y}年", f"{y}年度")
                rows += [{**r, "period": shown, "part": p} for r in made]
                sums += numbers
        more = ["period"] if form == "long" else ["period", "part"]
        extra = _heads(c, "income", more)
        extra["part"] = "季度"
        columns = [*more, *keys]
        made_ = sheet("收入", "村集体经济收入", (rows, sums), columns=columns, heads=extra)
        save(folder, file.replace("（2024年报）", ""), kind, [made_])
    elif form == "stacked by year":
        whole = [sheet(f"{y}年", called.format(y), records(y), fixed=True) for y in years]
        save(folder, file, kind, [_stacked("收入", whole)])
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
            sheets.append(_stacked(f"{y}年", pieces))
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
    row = next(i for i, r in enumerate(made.rows) if heads["operating"] in r)
    width = len(made.rows[row])
    amounts = {heads[k] for k in (*facts.SOURCES, "total") if k in heads}
    line = [unit if made.rows[row][k] in amounts else None for k in range(width)]
    made.rows.insert(row + 1, line)
    made.merged = [(t + (t > row), x, b + (b > row), y) for t, x, b, y in made.merged]
    made.hidden_rows = [r + 1 for r in made.hidden_rows]
    made.struck_rows = [r + 1 for r in made.struck_rows]


def _stacked(name: str, sheets: list[Sheet]) -> Sheet:
    rows: list[list] = []
    merged, hidden, struck = [], [], []
    for sheet in sheets:
        at = len(rows)
        merged += [(t + at, x, b + at, y) for t, x, b, y in sheet.merged]
        hidden += [r + at for r in sheet.hidden_rows]
        struck += [r + at for r in sheet.struck_rows]
        rows += sheet.rows
    return Sheet(name, rows, merged, hidden, struck)


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


def _measures(folder: Path, c: Choices, lacking: Lacking) -> None:
    form = c.one("measures", "long", "none", "wide", "stacked by village", "a sheet a village")
    if form == "none":
        lacking.add(("measures", ""))
        return
    done = facts.measures()
    keys, cells = _place(
        c,
        "measures",
        ["measure", "department", "start_date", "end_date", "dose", "funds", "completed"],
    )
    day = _days(c, "measures", ("3月4日",))
    share = c.one("doses", "share", "22%", "22 under %")
    unit = c.one("funds", "万元", "元", "千元")
    kind = c.one("measures file", *FORMATS)
    if form == "wide":
        lacking |= {("measures", k) for k in ("start_date", "end_date", "funds", "department")}
        lacking.add(("measures", "completed"))
        places = [k for k in keys if k in ("township", "village", "code")]
        head = [WAYS["any"][k][0] for k in places]
        rows = [["整治措施一览表"], [*head, *(f"{m}（%）" for m in facts.MEASURES.values())]]
        for v in dict.fromkeys(m["village"] for m in done):
            doses = {m["measure"]: m["dose"] for m in done if m["village"] == v}
            row = [cells[v].get(k) for k in places]
            row += [round(doses[m] * 100) if m in doses else None for m in facts.MEASURES]
            rows.append(row)
        save(folder, "措施", kind, [Sheet("措施", rows)])
        return
    records = [
        {
            **cells[m["village"]],
            "measure": facts.MEASURES[m["measure"]],
            "department": SPOKEN["department"][m["department"]],
            "start_date": day(m["start_date"]),
            "end_date": day(m["end_date"]),
            "dose": {
                "share": m["dose"],
                "22%": f"{round(m['dose'] * 100)}%",
                "22 under %": round(m["dose"] * 100),
            }[share],
            "funds": round(m["funds"] / UNITS[unit], 6),
            "completed": SPOKEN["completed"][m["completed"]],
        }
        for m in done
    ]
    heads = _heads(c, "measures", keys)
    heads["funds"] += f"（{unit}）"
    heads["dose"] += "（%）" if share == "22 under %" else ""
    if form == "long":
        sheets = [
            _table(c, "measures", "measures", "台账", "整治措施台账", keys, records, heads=heads)
        ]
    else:
        pieces = []
        for v in dict.fromkeys(m["village"] for m in done):
            own = [r for r, m in zip(records, done, strict=True) if m["village"] == v]
            name = f"村{v}"
            pieces.append(
                _table(
                    c, "measures", "measures", name, "整治台账", keys, own, heads=heads, fixed=True
                )
            )
        sheets = [_stacked("台账", pieces)] if form == "stacked by village" else pieces
    save(folder, "整治措施台账", kind, sheets)


def _register(folder: Path, c: Choices, lacking: Lacking) -> None:
    form = c.one(
        "register",
        *("one table", "a sheet a year", "a file a year", "a sheet a township", "a sheet a month"),
        *("a row a person", "counts", "months across", "delivered twice"),
    )
    place, cells = _place(c, "register", [])
    kind = c.one("register file", *FORMATS[1:], FORMATS[0], "zip")
    if form in ("counts", "months across"):
        lacking.add(("petitions", "counts"))
        _counts(folder, c, form, place, cells, kind)
        return
    rows = sorted(facts.petitions(), key=lambda p: (p["date"], p["petition_id"]))
    if "township" in place and c.one("register sorted", "by date", "by township") == "by township":
        rows.sort(key=lambda p: p["village"] // 4)
    options = ("3月4日",) if form in ("a sheet a year", "a file a year") else ()
    day = _days(c, "register", options)
    keys = ["petition_id", "date", *place, "who", "identity", "telephone", "channel", "level"]
    keys += ["repeat", "persons", "category", "resolved_date", "satisfied"]
    gone = c.one(
        "register lacks", None, "petition_id", "who", "level", "satisfied", "resolved_date"
    )
    keys = [k for k in keys if k != gone and (gone != "who" or k not in ("identity", "telephone"))]
    if gone:
        lacking.add(("petitions", {"who": "case_id"}.get(gone, gone)))
    if form == "a row a person":
        lacking.add(("petitions", "case_id"))
    shown = c.one("register persons", "1", "1人")
    blank = c.one("not rated", None, "未评价", "-")
    records = []
    for p in rows:
        name, identity, telephone = facts.person(p["who"])
        record = {
            **cells[p["village"]],
            **{k: SPOKEN[k][p[k]] for k in ("channel", "level", "repeat", "category", "satisfied")},
            "petition_id": p["petition_id"],
            "date": day(p["date"]),
            "resolved_date": day(p["resolved_date"]),
            "persons": f"{p['persons']}人" if shown == "1人" else p["persons"],
            "who": name,
            "identity": identity,
            "telephone": telephone,
            "_year": p["date"].year,
            "_month": p["date"].month,
        }
        record["satisfied"] = record["satisfied"] or blank
        records.append(record)
    if form == "a row a person":
        records = _persons(c, records, rows)
    heads = _heads(c, "petitions", keys)
    parts: list[tuple[str, list[dict]]] = [("台账", records)]
    drop: list[str] = []
    if form in ("a sheet a year", "a file a year"):
        parts = [(f"{y}年", [r for r in records if r["_year"] == y]) for y in facts.YEARS]
    elif form == "a sheet a month":
        months = sorted({(r["_year"], r["_month"]) for r in records})
        parts = [
            (f"{y}年{m}月", [r for r in records if (r["_year"], r["_month"]) == (y, m)])
            for y, m in months
        ]
    elif form == "a sheet a township" and "township" in keys:
        parts = [(t, [r for r in records if r["township"] == t]) for t in facts.PLACES]
        drop = ["township"]
    keys = [k for k in keys if k not in drop]
    sheets = [
        _table(
            c,
            "register",
            "petitions",
            n,
            f"{n if n != '台账' else ''}信访登记台账",
            keys,
            r,
            heads=heads,
        )
        for n, r in parts
    ]
    if form == "a file a year":
        for made in sheets:
            save(folder, f"{made.name}信访台账", kind, [made])
    else:
        save(folder, "信访登记台账", kind if len(sheets) == 1 or kind != "zip" else "xlsx", sheets)
    if form == "delivered twice":
        save(folder, "信访登记台账 - 副本", c.one("copy", kind, "xlsx"), sheets)


def _persons(c: Choices, records: list[dict], rows: list[dict]) -> list[dict]:
    """A row for each person of a petition."""
    numbered = c.one("further persons' number", "blank", "again")
    repeated = c.one("further persons' persons", "again", "blank")
    made = []
    for n, (record, petition) in enumerate(zip(records, rows, strict=True)):
        for k in range(petition["persons"]):
            own = dict(record)
            if k:
                own["who"], own["identity"], own["telephone"] = facts.person(50 + (n * 3 + k) % 40)
                own["petition_id"] = record["petition_id"] if numbered == "again" else None
                own["persons"] = record["persons"] if repeated == "again" else None
            made.append(own)
    return made


def _counts(folder, c, form, place, cells, kind) -> None:
    counted: dict[tuple[int, int, int], int] = {}
    for p in facts.petitions():
        key = (p["village"], p["date"].year, p["date"].month)
        counted[key] = counted.get(key, 0) + 1
    if form == "counts":
        month = c.one("count month", "2021-03", "2021年3月", "day")
        records = [
            {
                **cells[v],
                "month": {
                    "2021-03": f"{y}-{m:02}",
                    "2021年3月": f"{y}年{m}月",
                    "day": f"{y}-{m}-1",
                }[month],
                "pieces": n,
            }
            for (v, y, m), n in sorted(counted.items())
        ]
        heads = {k: WAYS["any"][k][0] for k in place}
        heads |= {"month": "日期" if month == "day" else "月份", "pieces": "信访件数"}
        made = _table(
            c, "register", "petitions", "统计", "信访件数统计表", [*place, "month", "pieces"], records,
            heads=heads, sums={"pieces": int}, numbers=[{"pieces": r["pieces"]} for r in records],
        )  # fmt: skip
        save(folder, "信访统计", kind, [made])
        return
    sheets = []
    for y in facts.YEARS:
        head = [WAYS["any"][k][0] for k in place]
        rows = [[f"{y}年信访件数统计表"], [*head, *(f"{m}月" for m in range(1, 13)), "合计"]]
        for v in range(12):
            of = [counted.get((v, y, m), 0) for m in range(1, 13)]
            rows.append([*(cells[v].get(k) for k in place), *of, sum(of)])
        if c.one("months total", False, True):
            rows.append(
                [
                    *(None for _ in place),
                    *(sum(r[len(place) + m] for r in rows[2:14]) for m in range(13)),
                ]
            )
            rows[-1][0] = c.one("months total called", "合计", "全县", "总计")
        sheets.append(Sheet(f"{y}年", rows))
    save(folder, "信访月报", kind if kind in MANY_SHEETS else "xlsx", sheets)


def _strangers(folder: Path, c: Choices) -> None:
    """Files that are no tables of facts."""
    what = c.one("beside", None, "empty sheet", "letter", "lock file")
    if what == "letter":
        (folder / "关于报送材料的说明.docx").write_bytes(b"PK")
    elif what == "lock file":
        (folder / "~$村庄基本情况.xlsx").write_bytes(b"x")
    elif what == "empty sheet":
        save(folder, "空表", "xlsx", [Sheet("Sheet1", [])])

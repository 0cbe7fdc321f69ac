"""One delivery of the facts of tests/delivery_facts.py, composed from what bureaus do with tables.

``deliver(folder, choices)`` writes it and gives the (table, column) pairs that it does not carry.
"""

from __future__ import annotations

from pathlib import Path

import delivery_facts as facts
from delivery_facts import Lacking
from delivery_income import write_income
from delivery_register import write_register
from delivery_sheets import FORMATS, MANY_SHEETS, Choices, Sheet, save, save_parts
from delivery_tables import days_written, heads_of, numbers_written, place_of, stacked, table_of
from delivery_words import CAMPAIGN, SPOKEN, UNITS, WAYS


def deliver(folder: Path, c: Choices) -> Lacking:
    """Write a delivery; what it does not carry."""
    folder.mkdir(parents=True)
    (folder / "campaign.toml").write_text(CAMPAIGN, "utf-8")
    lacking: Lacking = set()
    write_roster(folder, c, lacking)
    write_income(folder, c, lacking)
    write_measures(folder, c, lacking)
    write_register(folder, c, lacking)
    write_strangers(folder, c)
    return lacking


def write_roster(folder: Path, c: Choices, lacking: Lacking) -> None:
    keys = ["township", "village", "code"]
    optional = ["households", "population", "party_members", "listing_score"]
    gone = c.one("roster lacks", None, *optional)
    keys += [k for k in optional if k != gone]
    if gone:
        lacking.add(("villages", gone))
    write = numbers_written(c, "roster")
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
    heads = heads_of(c, "villages", [k for k in keys if k not in ("listed", "type")])
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
                table_of(
                    c, "roster", "villages", t, "村级基本情况", inner, part, heads=heads, **own
                )
            )
    else:
        title = c.one("roster title", "全县村级基本情况统计表", "", "基本情况（2023年）")
        sheets = [
            table_of(
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
    save_parts(
        folder, c, c.one("roster called", "村庄基本情况", "附件1", "报送 (终稿)"), kind, sheets
    )
    if listed != "in roster":
        _list(folder, c)


def _list(folder: Path, c: Choices) -> None:
    keys, cells = place_of(c, "list", ["type"])
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
    sheets = [table_of(c, "list", "list", n, title, keys, r) for n, r in parts]
    save_parts(folder, c, "后进村名单", kind, sheets)


def write_measures(folder: Path, c: Choices, lacking: Lacking) -> None:
    form = c.one("measures", "long", "none", "wide", "stacked by village", "a sheet a village")
    if form == "none":
        lacking.add(("measures", ""))
        return
    done = facts.measures()
    keys, cells = place_of(
        c,
        "measures",
        ["measure", "department", "start_date", "end_date", "dose", "funds", "completed"],
    )
    day = days_written(c, "measures", ("3月4日",))
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
    heads = heads_of(c, "measures", keys)
    heads["funds"] += f"（{unit}）"
    heads["dose"] += "（%）" if share == "22 under %" else ""
    if form == "long":
        sheets = [
            table_of(c, "measures", "measures", "台账", "整治措施台账", keys, records, heads=heads)
        ]
    else:
        pieces = []
        for v in dict.fromkeys(m["village"] for m in done):
            own = [r for r, m in zip(records, done, strict=True) if m["village"] == v]
            name = f"村{v}"
            pieces.append(
                table_of(
                    c, "measures", "measures", name, "整治台账", keys, own, heads=heads, fixed=True
                )
            )
        sheets = [stacked("台账", pieces)] if form == "stacked by village" else pieces
    save_parts(folder, c, "整治措施台账", kind, sheets)


def write_strangers(folder: Path, c: Choices) -> None:
    """Files that are no tables of facts."""
    what = c.one("beside", None, "empty sheet", "letter", "lock file")
    if what == "letter":
        (folder / "关于报送材料的说明.docx").write_bytes(b"PK")
    elif what == "lock file":
        (folder / "~$村庄基本情况.xlsx").write_bytes(b"x")
    elif what == "empty sheet":
        save(folder, "空表", "xlsx", [Sheet("Sheet1", [])])

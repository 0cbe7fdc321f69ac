"""The petitions of a composed delivery: one row a petition, one a person, or counts."""

from __future__ import annotations

from pathlib import Path

import delivery_facts as facts
from delivery_facts import Lacking
from delivery_sheets import FORMATS, MANY_SHEETS, Choices, Sheet, save
from delivery_tables import days_written, heads_of, place_of, table_of
from delivery_words import SPOKEN, WAYS


def write_register(folder: Path, c: Choices, lacking: Lacking) -> None:
    form = c.one(
        "register",
        *("one table", "a sheet a year", "a file a year", "a sheet a township", "a sheet a month"),
        *("a row a person", "counts", "months across", "delivered twice"),
    )
    place, cells = place_of(c, "register", [])
    kind = c.one("register file", *FORMATS[1:], FORMATS[0], "zip")
    if form in ("counts", "months across"):
        lacking.add(("petitions", "counts"))
        _counts(folder, c, form, place, cells, kind)
        return
    rows = sorted(facts.petitions(), key=lambda p: (p["date"], p["petition_id"]))
    if "township" in place and c.one("register sorted", "by date", "by township") == "by township":
        rows.sort(key=lambda p: p["village"] // 4)
    options = ("3月4日",) if form in ("a sheet a year", "a file a year") else ()
    day = days_written(c, "register", options)
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
    heads = heads_of(c, "petitions", keys)
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
        table_of(
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
        made = table_of(
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

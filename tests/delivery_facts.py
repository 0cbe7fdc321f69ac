"""The facts that tests/delivery_layouts.py and the modules beside it lay out, and whether a tidy folder holds just these.

Every figure differs from every other of its kind, so that an exchange of columns, rows, years or
units shows.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

SOURCES = ["operating", "contracting", "investment", "subsidy", "other"]
PLACES = {
    "青石镇": ["王家村", "李庄村", "(石玄)步村", "大沟村"],
    "注沟镇": ["王家村", "孙店村", "元家村", "吴桥村"],
    "红旗街道": ["郑湾社区", "冯屯村", "陈寨村", "统一村"],
}
YEARS = (2021, 2022, 2023)
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈", "明亮文静远航小玲建国"
TYPES = {"disunity": "班子不团结", "economy": "经济薄弱", "petitions": "信访突出"}
MEASURES = {
    "dispute_mediation": "矛盾纠纷调解机制",
    "online_services": "互联网+政务服务",
    "cadre_training": "村干部教育培训",
    "affairs_disclosure": "村务公开",
    "infrastructure": "农村基础设施建设",
    "self_governance": "健全村民自治制度",
}
DEPARTMENTS = {
    "organization": "县委组织部",
    "civil_affairs": "县民政局",
    "agriculture_water": "县农业局、水利局",
}
Lacking = set[tuple[str, str]]
"""The (table, column) pairs that a delivery does not carry."""


def villages() -> list[dict]:
    made = []
    for t, (township, names) in enumerate(PLACES.items()):
        for v, name in enumerate(names):
            i = len(made)
            made.append(
                {
                    "village_code": f"371324{100 + t}{201 + v}",
                    "township_name": township,
                    "village_name": name,
                    "population": 903 + 37 * i,
                    "households": 251 + 11 * i,
                    "party_members": 21 + i,
                    "listing_score": round(0.25 * i - 0.5, 2),
                    "village_type": {0: "petitions", 5: "economy", 10: "disunity"}.get(i),
                }
            )
    return made


def petitions() -> list[dict]:
    channels, levels = ["visit", "letter", "online", "phone"], ["village", "county", "city"]
    kinds, made = ["land", "village_finance", "elections", "welfare"], []
    for i in range(45):
        date = dt.date(2021 + i // 15, 1 + (i * 7) % 12, 1 + (i * 11) % 28)
        made.append(
            {
                "petition_id": f"X{20210000 + i}",
                "village": (i * 5) % 12,
                "date": date,
                "channel": channels[i % 4],
                "level": levels[i % 3],
                "repeat": int(i % 5 == 0),
                "persons": 1 + i % 3,
                "category": kinds[(i // 2) % 4],
                "resolved_date": date + dt.timedelta(days=3 + i % 30) if i % 7 else None,
                "satisfied": None if i % 4 == 3 else int(i % 4 != 1),
                "who": i % 40,  # five come again
            }
        )
    return made


def income() -> dict[tuple[int, int], dict[str, int]]:
    """Yuan by village and year, some zero and one negative."""
    return {
        (v, y): {
            s: 0
            if (v + k) % 5 == 0
            else (-1500 if (v, k) == (3, 1) else 1)
            * (100 * (11 + 7 * v + 90 * k + 1000 * (y - 2020)) if (v, k) != (3, 1) else 1)
            for k, s in enumerate(SOURCES)
        }
        for v in range(12)
        for y in YEARS
    }


def measures() -> list[dict]:
    made = []
    for i, (village, measure) in enumerate(
        [(0, m) for m in list(MEASURES)[:4]]
        + [(5, m) for m in list(MEASURES)[2:5]]
        + [(10, m) for m in list(MEASURES)[3:]]
    ):
        start = dt.date(2023, 3, 3) + dt.timedelta(days=6 * i)
        made.append(
            {
                "village": village,
                "measure": measure,
                "start_date": start,
                "end_date": start + dt.timedelta(days=24 + i) if i % 3 else None,
                "dose": round(0.22 + 0.07 * i, 2),
                "funds": 4400 + 700 * i,
                "department": list(DEPARTMENTS)[i % 3],
                "completed": int(i % 3 != 0),
            }
        )
    return made


def person(i: int) -> tuple[str, str, str]:
    """Name, identity number and telephone of a petitioner who is nobody."""
    name = SURNAMES[i % 10] + GIVEN[(i // 3) % 10] + GIVEN[(i * 7) % 10]
    return name, f"37132419{60 + i % 30}0{1 + i % 9}1{i % 9}{100 + i}X", f"1381234{5000 + i}"


def _table(folder: Path, name: str) -> list[dict] | None:
    path = folder / f"{name}.csv"
    if not path.exists():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _same(expected: object, got: str | None) -> bool:
    if expected is None or got in (None, ""):
        return expected is None and got in (None, "")
    if isinstance(expected, int | float):
        return abs(float(got) - expected) < 0.006
    return str(expected) == got


def _compare(table: str, rows, key, expected: dict, columns, lacking) -> list[str]:
    found: dict = {}
    for row in rows:
        found.setdefault(tuple(row[k] for k in key), []).append(row)
    told = [f"{table}: twice {k}" for k, r in found.items() if len(r) > 1]
    told += [f"{table}: lost {k}" for k in expected if k not in found]
    told += [f"{table}: invented {k}" for k in found if k not in expected]
    for k in (k for k in expected if k in found):
        for c in columns:
            want, got = expected[k].get(c), found[k][0].get(c)
            if (table, c) not in lacking and not _same(want, got):
                told.append(f"{table}.{c} {k}: {want!r} became {got!r}")
    return told


def other_facts(folder: Path, lacking: set[tuple[str, str]]) -> list[str]:
    """What a tidy folder says otherwise. ``lacking``: (table, column) that were not delivered, or
    (table, "") for a whole table; (petitions, "counts") for counts by month."""
    places = villages()
    code = [v["village_code"] for v in places]
    wanted = {
        (v["village_code"],): v | {"listed": int(v["village_type"] is not None)} for v in places
    }
    columns = [*places[0], "listed"]
    told = _compare(
        "villages", _table(folder, "villages"), ["village_code"], wanted, columns, lacking
    )
    told += _petitions(folder, code, lacking)
    if ("income", "") in lacking:
        told += ["income: invented"] if _table(folder, "income") else []
    else:
        years = YEARS[-1:] if ("income", "only the last year") in lacking else YEARS
        wanted = {(code[v], str(y)): s for (v, y), s in income().items() if y in years}
        rows = _by_year(_table(folder, "income") or [])
        told += _compare("income", rows, ["village_code", "period"], wanted, SOURCES, lacking)
    if ("measures", "") in lacking:
        told += ["measures: invented"] if _table(folder, "measures") else []
    else:
        wanted = {(code[m["village"]], m["measure"]): m for m in measures()}
        columns = ["start_date", "end_date", "dose", "funds", "department", "completed"]
        rows = _table(folder, "measures") or []
        told += _compare("measures", rows, ["village_code", "measure"], wanted, columns, lacking)
    return told


def _petitions(folder: Path, code: list[str], lacking) -> list[str]:
    rows = _table(folder, "petitions")
    if rows is None:
        return ["petitions: lost"]
    if ("petitions", "counts") in lacking:
        counted: dict = {}
        for p in petitions():
            key = (code[p["village"]], f"{p['date']:%Y-%m}")
            counted[key] = {"petitions": counted.get(key, {"petitions": 0})["petitions"] + 1}
        return _compare("petitions", rows, ["village_code", "month"], counted, ["petitions"], ())
    key = ["village_code", "date"] if ("petitions", "petition_id") in lacking else ["petition_id"]
    wanted = {}
    for p in petitions():
        p = p | {"village_code": code[p["village"]], "date": p["date"].isoformat()}
        wanted[tuple(p[k] for k in key)] = p
    columns = [k for k in petitions()[0] if k not in ("village", "who", "petition_id")]
    told = _compare("petitions", rows, key, wanted, [*columns, "village_code"], lacking)
    if ("petitions", "case_id") not in lacking and not told:
        pairs = {(r["case_id"], wanted[tuple(r[k] for k in key)]["who"]) for r in rows}
        if len(pairs) != len({c for c, _ in pairs}) or len(pairs) != len({w for _, w in pairs}):
            told.append("petitions.case_id: other persons")
    return told


def _by_year(rows: list[dict]) -> list[dict]:
    """Quarters summed to their years."""
    years: dict = {}
    for row in rows:
        key = (row["village_code"], row["period"][:4])
        whole = years.setdefault(
            key, {"village_code": key[0], "period": key[1], **dict.fromkeys(SOURCES, 0.0)}
        )
        for s in SOURCES:
            whole[s] += float(row[s] or 0)
        years[key] = whole
    parts: dict = {}
    for row in rows:
        parts.setdefault((row["village_code"], row["period"][:4]), []).append(row["period"][4:])
    for key, got in parts.items():
        if sorted(got) not in ([""], ["Q1", "Q2", "Q3", "Q4"]):
            years[key]["period"] = f"{key[1]}:{got}"
    return [{k: str(v) for k, v in r.items()} for r in years.values()]


def blanks(folder: Path) -> int:
    """Cells of income.csv that are blank."""
    return sum(not r[s] for r in _table(folder, "income") or [] for s in SOURCES)

"""Counties as nobody would wish for: small, lopsided, extreme, empty, misspelt, hostile.

A county is a shape and a list of twists (``TWISTS``), each a function that changes rows, campaign
or files by a random number generator, so that a seed or Hypothesis can name any of them.
"""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass, field
from pathlib import Path

import tomli_w

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    r"$\frac{1}{0}$ \input{x}",
    "5$村",
    "{{ 7*7 }}{% raw %}",
    "{0} {county} %s %(x)d",
    '=HYPERLINK("http://x","y")',
    "@SUM(1)",
    "\x1b[2J王村\x07",
    "王村\nERROR: lost\r",
    "\u202eleahcir",
    "\uffff\ufffe村",
    "\u2028村\u0085",
    "👩‍👩‍👧村🏚",
    "长" * 3000,
    "a" * 400,
    "../../etc",
    "C:\\CON",
    "nan",
    "None",
    "-",
    "0",
    "&lt;b&gt;",
    "村\u0301\u0301\u0301",
)
SOURCES = ("operating", "contracting", "investment", "subsidy", "other")
MEASURES = ("dispute_mediation", "affairs_disclosure", "infrastructure", "cadre_training")
TYPES = ("disunity", "economy", "petitions")
Rng = random.Random


@dataclass
class Odd:
    """A county in the making: rows by table, what campaign.toml says, other files as bytes."""

    villages: int = 12
    townships: int = 3
    first: int = 2018
    months: int = 78
    rate: float = 0.4
    rows: dict[str, list[dict]] = field(default_factory=dict)
    campaign: dict = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    encoding: str = "utf-8"

    @property
    def codes(self) -> list[str]:
        return [v["village_code"] for v in self.rows["villages"]]

    def every(self, table: str, **cells) -> None:
        """The same cells in every row of a table; a function is asked for each row."""
        for row in self.rows.get(table, ()):
            row.update({k: v(row) if callable(v) else v for k, v in cells.items()})

    def write(self, folder: Path) -> Path:
        folder.mkdir(parents=True)
        (folder / "campaign.toml").write_text(tomli_w.dumps(self.campaign), "utf-8")
        for name, rows in self.rows.items():
            (folder / f"{name}.csv").write_bytes(_csv(rows).encode(self.encoding))
        for name, content in self.files.items():
            (folder / name).write_bytes(content)
        return folder


def _csv(rows: list[dict]) -> str:
    out = io.StringIO()
    names = list(dict.fromkeys(k for row in rows for k in row))
    writer = csv.DictWriter(out, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(row for row in rows if not row.get("#header only"))
    return out.getvalue()


SHAPES = {
    "usual": {"villages": 24, "townships": 4},
    "tiny": {"villages": 2, "townships": 1},
    "one": {"villages": 1, "townships": 1},
    "three": {"villages": 3, "townships": 3},
    "one township": {"villages": 14, "townships": 1},
    "each its own": {"villages": 10, "townships": 10},
    "short": {"villages": 12, "townships": 3, "first": 2022, "months": 20},
    "long": {"villages": 10, "townships": 3, "first": 2009, "months": 186},
    "busy": {"villages": 10, "townships": 2, "rate": 4.0},
    "quiet": {"villages": 16, "townships": 3, "rate": 0.01},
}


def county(shape: str, twists: list[str], seed: int) -> Odd:
    """The county of a shape with its twists, in their order."""
    rng, odd = Rng(seed), Odd(**SHAPES[shape])
    _plain(odd, rng)
    for name in twists:
        TWISTS[name](odd, rng)
    return odd


def of_seed(seed: int) -> tuple[str, list[str], int]:
    """Shape, twists and seed by one number."""
    rng = Rng(f"county {seed}")
    shape = rng.choice(["usual", "usual", *SHAPES])
    return shape, rng.sample(sorted(TWISTS), rng.choice([0, 1, 1, 2, 2, 3, 3, 4, 6, 9])), seed


def _plain(odd: Odd, rng: Rng) -> None:
    villages, petitions, income, measures = [], [], [], []
    for i in range(odd.villages):
        township = i % odd.townships
        code, listed = f"371324{101 + township}{201 + i // odd.townships}", int(i % 4 == 0)
        villages.append(
            {
                "village_code": code,
                "village_name": f"王{i}村",
                "township_code": code[:9],
                "township_name": f"青石{township}镇",
                "population": 500 + 31 * i,
                "listed": listed,
                "village_type": TYPES[i % 3] if listed else "",
            }
        )
        for m in range(odd.months):
            year, month = odd.first + m // 12, m % 12 + 1
            n = sum(rng.random() < odd.rate * (1 + listed) / 4 for _ in range(4))
            n += int(max(0, odd.rate - 1) * rng.random() * 2)
            petitions += [
                {
                    "petition_id": f"P{len(petitions) + k:06d}",
                    "village_code": code,
                    "date": f"{year}-{month:02d}-{rng.randint(1, 28):02d}",
                    "level": rng.choice(["township", "county", "city"]),
                    "repeat": int(rng.random() < 0.2),
                }
                for k in range(n)
            ]
        for year in range(odd.first, odd.first + (odd.months + 11) // 12):
            amounts = {s: round(rng.lognormvariate(10, 0.5)) for s in SOURCES}
            income.append({"village_code": code, "period": str(year), **amounts})
        if listed:
            measures += [
                {
                    "village_code": code,
                    "measure": measure,
                    "start_date": "2023-03-05",
                    "end_date": "",
                    "dose": round(rng.random(), 2),
                    "funds": 1000 * rng.randint(0, 50),
                    "department": "organization",
                    "completed": 1,
                }
                for measure in rng.sample(MEASURES, rng.randint(1, 4))
            ]
    odd.rows = {
        "villages": villages,
        "petitions": petitions,
        "income": income,
        "measures": measures,
    }
    last = odd.first + (odd.months - 1) // 12, (odd.months - 1) % 12 + 1
    import datetime as dt

    odd.campaign = {
        "county": "奇县",
        "start": dt.date(2023, 3, 1),
        "days": 100,
        "observed": [f"{odd.first}-01", f"{last[0]}-{last[1]:02d}"],
        "synthetic": True,
    }


TWISTS = {}


def twist(function):
    TWISTS[function.__name__.replace("_", " ")] = function
    return function


# --- villages --------------------------------------------------------------------------------------


@twist
def none_listed(odd, rng):
    odd.every("villages", listed=0, village_type="")


@twist
def all_listed(odd, rng):
    odd.every("villages", listed=1, village_type="economy")


@twist
def one_listed(odd, rng):
    odd.every("villages", listed=0, village_type="")
    rng.choice(odd.rows["villages"])["listed"] = 1


@twist
def all_but_one_listed(odd, rng):
    odd.every("villages", listed=1)
    rng.choice(odd.rows["villages"])["listed"] = 0


@twist
def a_whole_township_listed(odd, rng):
    code = rng.choice(odd.rows["villages"])["township_code"]
    odd.every("villages", listed=lambda v: int(v["township_code"] == code))


@twist
def listed_at_random(odd, rng):
    odd.every("villages", listed=lambda v: rng.randint(0, 1), village_type="")


@twist
def no_types(odd, rng):
    odd.every("villages", village_type="")


@twist
def types_of_all(odd, rng):
    odd.every("villages", village_type=lambda v: rng.choice(TYPES))


@twist
def one_name(odd, rng):
    odd.every("villages", village_name="王村", township_name="镇")


@twist
def hostile_names(odd, rng):
    odd.every("villages", village_name=lambda v: rng.choice(HOSTILE))
    odd.every("villages", township_name=lambda v: HOSTILE[int(v["township_code"][-2:]) % 20])


@twist
def hostile_county_name(odd, rng):
    odd.campaign["county"] = rng.choice(HOSTILE)


@twist
def townships_of_two_names(odd, rng):
    odd.every("villages", township_name=lambda v: rng.choice(["甲镇", "乙镇"]))


@twist
def population(odd, rng):
    choices = [0, "", 1, 100_000, 99_999_999, 1e15, 1e300, 123]
    odd.every("villages", population=lambda v: rng.choice(choices))


@twist
def no_population(odd, rng):
    odd.every("villages", population=rng.choice([0, ""]))


@twist
def huge_population(odd, rng):
    odd.every("villages", population=rng.choice([1e9, 1e15, 1e300]))


@twist
def optional_columns(odd, rng):
    odd.every(
        "villages",
        households=lambda v: rng.choice(["", 0, 10, 1e12]),
        party_members=lambda v: rng.choice(["", 0, 5, 1e12]),
        team_state=lambda v: rng.choice(["", "strong", "weak", "paralysed"]),
        causes=lambda v: rng.choice(["", "debt", "debt;weak_economy", "land_disputes;debt;debt"]),
    )


@twist
def one_place(odd, rng):
    lon, lat = rng.choice([(117.0, 34.0), (-180, -90), (180, 90), (0, 0)])
    odd.every("villages", lon=lon, lat=lat)


@twist
def places(odd, rng):
    odd.every("villages", lon=lambda v: rng.choice(["", 117 + rng.random(), 180, -180]))
    odd.every("villages", lat=lambda v: rng.choice(["", 34 + rng.random(), 90, -90]))


@twist
def listing_score(odd, rng):
    how = rng.choice(["same", "random", "huge", "sparse", "sharp", "negative"])
    score = {
        "same": lambda v: 50,
        "random": lambda v: rng.random(),
        "huge": lambda v: rng.choice([1e300, -1e300, 0]),
        "sparse": lambda v: rng.choice(["", "", "", 3, 5]),
        "sharp": lambda v: v["listed"] * 10 + rng.random(),
        "negative": lambda v: -rng.random() * 1e-9,
    }[how]
    odd.every("villages", listing_score=score)


@twist
def other_provinces(odd, rng):
    new = {c: f"{rng.choice(['11', '65', '00', '99'])}{c[2:]}" for c in odd.codes}
    for rows in odd.rows.values():
        for row in rows:
            if row.get("village_code") in new:
                row["village_code"] = new[row["village_code"]]


@twist
def extra_columns(odd, rng):
    names = ["<b>", "=1+1", "row", "estimate", "level_0", "index", "x" * 300, "王村", "{0}", "2022"]
    for table in list(odd.rows):
        chosen = rng.sample(names, 3)
        odd.every(table, **{name: lambda r: rng.choice(HOSTILE) for name in chosen})


# --- petitions -------------------------------------------------------------------------------------


@twist
def one_petition(odd, rng):
    odd.rows["petitions"] = odd.rows["petitions"][:1]


@twist
def no_petition_rows(odd, rng):
    odd.every("petitions", **{"#header only": "1"})


@twist
def all_in_one_village(odd, rng):
    odd.every("petitions", village_code=rng.choice(odd.codes))


@twist
def only_the_listed_petition(odd, rng):
    listed = {v["village_code"] for v in odd.rows["villages"] if v["listed"]}
    odd.rows["petitions"] = [p for p in odd.rows["petitions"] if p["village_code"] in listed]


@twist
def only_the_unlisted_petition(odd, rng):
    listed = {v["village_code"] for v in odd.rows["villages"] if v["listed"]}
    odd.rows["petitions"] = [p for p in odd.rows["petitions"] if p["village_code"] not in listed]


@twist
def all_on_one_day(odd, rng):
    day = rng.choice(["2023-03-01", "2022-12-31", "2019-02-28", "2024-05-01"])
    odd.every("petitions", date=day)


@twist
def only_before(odd, rng):
    odd.rows["petitions"] = [p for p in odd.rows["petitions"] if p.get("date", "") < "2023-03"]


@twist
def only_since(odd, rng):
    odd.rows["petitions"] = [p for p in odd.rows["petitions"] if p.get("date", "9") >= "2023-03"]


@twist
def months_missing(odd, rng):
    gone = {f"{m:02d}" for m in rng.sample(range(1, 13), 6)}
    odd.rows["petitions"] = [p for p in odd.rows["petitions"] if p.get("date", "")[5:7] not in gone]


@twist
def a_year_missing(odd, rng):
    year = str(rng.randint(odd.first, 2024))
    odd.rows["petitions"] = [p for p in odd.rows["petitions"] if p.get("date", "")[:4] != year]


@twist
def dates_at_the_edges(odd, rng):
    for row in rng.sample(odd.rows["petitions"], min(3, len(odd.rows["petitions"]))):
        row["date"] = rng.choice(["1900-01-01", "2100-12-31", "1970-01-01", "2024-02-29"])


@twist
def bare_register(odd, rng):
    for row in odd.rows["petitions"]:
        row.pop("level", None), row.pop("repeat", None)


@twist
def full_register(odd, rng):
    odd.every(
        "petitions",
        channel=lambda p: rng.choice(["visit", "letter", "online", "phone", ""]),
        level=lambda p: rng.choice(["village", "national", "city", ""]),
        repeat=lambda p: rng.choice([0, 1, ""]),
        persons=lambda p: rng.choice([1, 5, 1e9, ""]),
        category=lambda p: rng.choice(["land", "other", ""]),
        resolved_date=lambda p: rng.choice(["", p.get("date", ""), "2100-01-01", "1900-01-01"]),
        satisfied=lambda p: rng.choice([0, 1, ""]),
        case_id=lambda p: rng.choice(["", "a", "b", rng.choice(HOSTILE[:5])]),
    )


@twist
def one_kind_of_petition(odd, rng):
    odd.every(
        "petitions", level=rng.choice(["national", "village"]), repeat=rng.choice([0, 1]), persons=9
    )


@twist
def hostile_petition_ids(odd, rng):
    for i, row in enumerate(odd.rows["petitions"]):
        row["petition_id"] = f"{rng.choice(HOSTILE[:10])}{i}"


@twist
def counts(odd, rng):
    found: dict[tuple, int] = {}
    for p in odd.rows["petitions"]:
        if "date" in p:
            key = p["village_code"], p["date"][:7]
            found[key] = found.get(key, 0) + 1
    rows = [{"village_code": v, "month": m, "petitions": n} for (v, m), n in found.items()]
    odd.rows["petitions"] = rows or [
        {"village_code": odd.codes[0], "month": "2023-03", "petitions": 0}
    ]
    if rng.random() < 0.5:
        odd.every("petitions", repeat=lambda p: rng.choice(["", 0, p["petitions"]]))
    if rng.random() < 0.5:
        odd.every("petitions", skip_level=0, group=lambda p: p["petitions"], resolved="")


@twist
def huge_counts(odd, rng):
    counts(odd, rng)
    top = rng.choice([500, 10**6, 2**31 - 1, 2**31, 10**15, 1e300])
    odd.every("petitions", petitions=lambda p: rng.choice([0, 1, top]))


@twist
def zero_counts(odd, rng):
    counts(odd, rng)
    odd.every("petitions", petitions=0, repeat=0)


# --- income ----------------------------------------------------------------------------------------


@twist
def no_income(odd, rng):
    odd.rows.pop("income", None)


@twist
def income_without_rows(odd, rng):
    odd.every("income", **{"#header only": "1"})


@twist
def income_of_zero(odd, rng):
    odd.every("income", **dict.fromkeys(SOURCES, 0))


@twist
def income_below_zero(odd, rng):
    odd.every("income", **dict.fromkeys(SOURCES, lambda r: -rng.randint(0, 10**6)))


@twist
def extreme_income(odd, rng):
    big = rng.choice([1e9, 1e15, 1e300, -1e300, 1.7e308])
    odd.every("income", **dict.fromkeys(SOURCES, lambda r: rng.choice([0, 1e-300, big, 5000])))


@twist
def constant_income(odd, rng):
    odd.every("income", **dict.fromkeys(SOURCES, rng.choice([1, 30_000, 0.01])))


@twist
def blank_income(odd, rng):
    odd.every("income", **dict.fromkeys(SOURCES, lambda r: rng.choice(["", "", 100])))


@twist
def all_income_blank(odd, rng):
    odd.every("income", **dict.fromkeys(SOURCES, ""))


@twist
def income_of_one_year(odd, rng):
    year = rng.choice(["2022", "2023", "2024", "1900", "2100"])
    first = {r["village_code"]: r for r in odd.rows.get("income", ())}
    odd.rows["income"] = [r | {"period": year} for r in first.values()]


@twist
def income_of_one_village(odd, rng):
    odd.rows["income"] = [
        r for r in odd.rows.get("income", ()) if r["village_code"] == odd.codes[0]
    ]
    odd.rows["income"] = odd.rows["income"] or [{"village_code": odd.codes[0], "period": "2023"}]


@twist
def income_by_quarter(odd, rng):
    odd.rows["income"] = [
        r | {"period": f"{r['period'][:4]}Q{q}"}
        for r in odd.rows.get("income", ())
        for q in rng.sample([1, 2, 3, 4], rng.choice([4, 4, 3, 1]))
    ]


@twist
def only_subsidy(odd, rng):
    odd.every("income", operating=0, contracting=0, investment=0, other=0)


@twist
def new_accounts(odd, rng):
    odd.every("income", contracting=lambda r: 0 if r["period"] >= "2023" else r["contracting"])


# --- measures --------------------------------------------------------------------------------------


@twist
def no_measures(odd, rng):
    odd.rows.pop("measures", None)


@twist
def measures_without_rows(odd, rng):
    odd.every("measures", **{"#header only": "1"})


@twist
def measures_of_all_villages(odd, rng):
    for code in odd.codes:
        odd.rows.setdefault("measures", []).append(_measure(code, rng))


@twist
def the_same_measure_many_times(odd, rng):
    odd.rows["measures"] = [_measure(odd.codes[0], rng) for _ in range(40)]


@twist
def odd_doses(odd, rng):
    choices = rng.choice([[0], [1], [1e-300], ["", 0.5], [0, 1], [""], [0.3, 1e-9]])
    odd.every("measures", dose=lambda r: rng.choice(choices))


@twist
def odd_funds(odd, rng):
    odd.every("measures", funds=lambda r: rng.choice(["", 0, 1e300, 1.7e308, 0.01]))


@twist
def measures_at_other_times(odd, rng):
    for row in odd.rows.get("measures", ()):
        row["start_date"] = rng.choice(["1900-01-01", "2023-03-01", "2023-06-08", "2100-01-01"])
        row["end_date"] = rng.choice(["", row["start_date"], "2100-12-31"])


@twist
def measures_only_planned(odd, rng):
    odd.every("measures", start_date="", planned_start="2023-03-01", planned_end="2023-05-01")
    odd.every("measures", dose="", completed=0, end_date="")


@twist
def one_measure(odd, rng):
    odd.every("measures", measure="dispute_mediation")
    seen, kept = set(), []
    for row in odd.rows.get("measures", ()):
        if row["village_code"] not in seen:
            kept.append(row)
        seen.add(row["village_code"])
    odd.rows["measures"] = kept


@twist
def odd_words_of_measures(odd, rng):
    odd.every(
        "measures",
        department=lambda r: rng.choice(["", "organization;finance", "other;other"]),
        actor=lambda r: rng.choice(["", "media", "villagers;media"]),
        completed=lambda r: rng.choice(["", 0, 1]),
    )


def _measure(code: str, rng: Rng) -> dict:
    return {
        "village_code": code,
        "measure": rng.choice(MEASURES),
        "start_date": f"2023-0{rng.randint(3, 6)}-01",
        "end_date": "",
        "dose": rng.choice([0, 0.5, 1]),
        "funds": "",
        "department": "",
        "completed": 0,
    }


# --- other tables ----------------------------------------------------------------------------------


@twist
def mergers(odd, rng):
    how, codes = (
        rng.choice(["all into one", "chain", "new", "circle", "itself", "split"]),
        odd.codes,
    )
    old = [f"37132499920{i}" for i in range(4)]
    pairs = {
        "all into one": [(c, codes[0]) for c in codes[1:]],
        "chain": list(zip(old, [*old[1:], codes[0]], strict=True)),
        "new": [(o, rng.choice(codes)) for o in old],
        "circle": [(old[0], old[1]), (old[1], old[0])],
        "itself": [(codes[0], codes[0])],
        "split": [(old[0], codes[0]), (old[1], codes[-1])],
    }[how]
    kinds = ["merged", "renamed", "recoded", "split"]
    odd.rows["village_changes"] = [
        {
            "old_code": a,
            "new_code": b,
            "date": rng.choice(["1900-01-01", "2020-05-01", "2023-03-01", "2100-01-01"]),
            "kind": rng.choice(kinds),
        }
        for a, b in pairs
    ] or [{"old_code": old[0], "new_code": codes[0], "date": "2020-01-01", "kind": "merged"}]
    for row in rng.sample(odd.rows["petitions"], min(5, len(odd.rows["petitions"]))):
        row["village_code"] = rng.choice([a for a, _ in pairs] or codes)


@twist
def earlier_lists(odd, rng):
    days = ["2021-03-01", "2019-01-01", "2023-03-01", "1900-01-01"]
    chosen = rng.sample(odd.codes, max(1, len(odd.codes) // 2))
    odd.rows["earlier_lists"] = [{"village_code": c, "start": rng.choice(days)} for c in chosen]


@twist
def mechanisms(odd, rng):
    odd.rows["mechanisms"] = [
        {"village_code": rng.choice(odd.codes), "mechanism": "self_governance", "start_date": day}
        for day in ("2023-06-15", "1900-01-01", "2100-12-31", "2023-03-01")
    ]


@twist
def township_actions(odd, rng):
    townships = sorted({v["township_code"] for v in odd.rows["villages"]})
    odd.rows["township_actions"] = [
        {
            "township_code": t,
            "action": rng.choice(["leading_group", "plan", "wall_chart"]),
            "due_date": rng.choice(["", "2023-03-10", "1900-01-01"]),
            "done_date": rng.choice(["", "2023-03-08", "2100-01-01"]),
        }
        for t in townships
    ]


@twist
def satisfaction(odd, rng):
    scores = rng.choice([[50], [0, 100], [86.5, 1e-300], [100]])
    periods = rng.choice([["2022", "2023"], ["2022Q1", "2023Q4"], ["1900"], ["2023"]])
    odd.rows["satisfaction"] = [
        {"village_code": c, "period": p, "score": rng.choice(scores)}
        for c in odd.codes
        for p in periods
    ]


@twist
def own_outcomes(odd, rng):
    kind = rng.choice(["count", "share", "mean"])
    values = {"count": [0, 5, 1e9], "share": [0, 0.5, 1], "mean": [-1e300, 0, 1e9, 1e300]}[kind]
    years = rng.choice([range(2018, 2025), range(2023, 2024), range(2022, 2024)])
    key = rng.choice(["assemblies", "petitions", "income", "长", "x" * 40, "operating_income", "_"])
    label = rng.choice([*HOSTILE, ""])
    odd.campaign["outcomes"] = {key: {"kind": kind, "better": "more", "zh": label, "en": label}}
    odd.rows["outcomes"] = [
        {"village_code": c, "outcome": key, "period": str(y), "value": rng.choice(values)}
        for c in odd.codes
        for y in years
    ]


@twist
def an_outcome_without_rows(odd, rng):
    odd.campaign["outcomes"] = {"assemblies": {"kind": "mean", "better": "fewer"}}


@twist
def an_outcome_from_a_column(odd, rng):
    column = rng.choice(["score", "operating", "dose", "nowhere", "petitions", "<b>"])
    own = {"kind": rng.choice(["mean", "share", "count"]), "better": "fewer", "column": column}
    odd.campaign["outcomes"] = {"k": own}


@twist
def rows_of_an_outcome_nobody_declared(odd, rng):
    odd.rows["outcomes"] = [
        {"village_code": odd.codes[0], "outcome": "x.y<b>", "period": "2022", "value": 1e300}
    ]


# --- the campaign ----------------------------------------------------------------------------------


@twist
def days(odd, rng):
    odd.campaign["days"] = rng.choice([1, 2, 30, 365, 3660])


@twist
def start(odd, rng):
    import datetime as dt

    odd.campaign["start"] = rng.choice(
        [
            dt.date(odd.first, 1, 1),
            dt.date(2024, 6, 30),
            dt.date(2023, 12, 31),
            dt.date(2024, 2, 29),
            dt.date(odd.first + 1, 1, 1),
            dt.date(1, 1, 1),
            dt.date(9999, 12, 31),
            dt.datetime(2023, 3, 1, 23, 59, tzinfo=dt.UTC),
        ]
    )


@twist
def listing_window(odd, rng):
    odd.campaign["listing_window"] = rng.choice(
        [
            ["2023-02", "2023-02"],
            ["1900-01", "1900-12"],
            [f"{odd.first}-01", "2023-02"],
            ["2022-01", "2022-06"],
            ["0001-01", "2023-02"],
        ]
    )


@twist
def observed(odd, rng):
    odd.campaign["observed"] = rng.choice(
        [
            ["2023-03", "2023-03"],
            ["2022-03", "2023-02"],
            ["1950-01", "2100-12"],
            ["2023-01", "2024-06"],
            ["2018-01", "2023-03"],
            ["0001-01", "9999-12"],
            ["0000-01", "2024-01"],
            ["２０１８-01", "2024-06"],
        ]
    )


@twist
def nothing_observed_is_said(odd, rng):
    odd.campaign.pop("observed")


@twist
def earlier_campaigns(odd, rng):
    import datetime as dt

    years = rng.choice([[2021], [2018, 2019, 2020, 2021, 2022], [1900], [1]])
    odd.campaign["earlier_campaigns"] = [dt.date(y, 3, 1) for y in years]


@twist
def unusual(odd, rng):
    odd.campaign["unusual"] = rng.choice(
        [
            [["2018-01", "2024-06"]],
            [["1900-01", "2100-12"]],
            [["2023-03", "2023-03"]],
            [["2020-01", "2022-12"], ["2021-01", "2021-02"]],
            [],
            [["0001-01", "9999-12"]],
        ]
    )


@twist
def unknown_keys(odd, rng):
    odd.campaign |= {"<b>": rng.choice(HOSTILE), "deep": {"a": {"b": [1, 2, {"c": "{0}"}]}}}


@twist
def toml_of_another_kind(odd, rng):
    odd.campaign[rng.choice(["county", "days", "unusual", "outcomes", "ignore", "source"])] = (
        rng.choice([{}, [], 1, "x", True, float("nan"), float("inf"), {"a": 1}, [[]], 10**30])
    )


# --- files -----------------------------------------------------------------------------------------


@twist
def gb18030(odd, rng):
    odd.encoding = "gb18030"


@twist
def optional_files_without_a_byte(odd, rng):
    odd.files[f"{rng.choice(['income', 'measures', 'satisfaction'])}.csv"] = b""


@twist
def optional_files_of_a_header(odd, rng):
    heads = {
        "mechanisms": "village_code,mechanism,start_date\n",
        "satisfaction": "village_code,period,score\n",
        "outcomes": "village_code,outcome,period,value\n",
        "earlier_lists": "village_code,start\n",
        "township_actions": "township_code,action,due_date,done_date\n",
        "village_changes": "old_code,new_code,date,kind\n",
    }
    odd.files |= {f"{name}.csv": head.encode() for name, head in heads.items()}


@twist
def an_odd_ledger(odd, rng):
    odd.files["ledger.csv"] = rng.choice(
        [
            b"",
            b"\n",
            b"\xff\xfe\x00",
            b"a,b\n1\n2,3,4\n",
            b"source\nx\n",
            b'"',
            b"source,step,rows,reason,key,details\nx,read,many,{0},messages.ledger.read,{}\n",
            b"source,step,rows,reason,key,details\nx,read,1,r,no.such.key,{\n",
        ]
    )


@twist
def an_odd_plan(odd, rng):
    odd.files["plan"] = b"no folder"


@twist
def strangers_files(odd, rng):
    odd.files |= {"truth.json": b"{", "=1.txt": b"", "<b>.csv": b"a", "报告.docx": b"PK"}

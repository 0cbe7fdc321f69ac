"""Twists of income and of measures."""

from __future__ import annotations

from hostile_county import MEASURES, SOURCES, Rng, twist


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

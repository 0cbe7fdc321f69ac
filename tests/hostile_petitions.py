"""Twists of the register of petitions."""

from __future__ import annotations

from hostile_county import HOSTILE, twist


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

"""Twists of the roster."""

from __future__ import annotations

from hostile_county import HOSTILE, TYPES, twist


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

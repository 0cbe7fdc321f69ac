"""Twists of the other tables, of campaign.toml and of files."""

from __future__ import annotations

import datetime as dt

from hostile_county import HOSTILE, twist


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


@twist
def days(odd, rng):
    odd.campaign["days"] = rng.choice([1, 2, 30, 365, 3660])


@twist
def start(odd, rng):
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

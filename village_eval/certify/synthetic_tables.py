"""The tables that a simulated county delivers."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from village_eval.certify.rates import unusual_months
from village_eval.certify.simulate import Simulated
from village_eval.county.campaign import Campaign
from village_eval.words.vocabulary import GROUP_OF_MEASURE, INCOME_SOURCES, MEASURES, keys

_TWO_EACH = (
    "青石柳溪双桥白塔河湾龙泉枣林石门云台杨集大营南坪"
    "清水马鞍新安东岭桃园望山沙河古城花园三岔平原高岗"
)
TOWNSHIPS = [_TWO_EACH[i : i + 2] for i in range(0, len(_TWO_EACH), 2)]
SURNAMES = tuple("赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许何吕张孔曹严金魏陶姜谢邹苏潘范彭鲁马方任袁柳")
ENDINGS = ["庄", "屯", "寨", "湾", "店", "沟", "岭", "营", "坡", "楼", "坊", "集"]
DEPARTMENT = {
    "party": ["organization"],
    "cadres": ["organization", "finance"],
    "institutions": ["civil_affairs"],
    "services": ["agriculture_water"],
}
OWN_DEPARTMENT = {
    "dispute_mediation": "public_security_justice",
    "financial_management": "finance",
    "affairs_disclosure": "civil_affairs",
    "cadre_training": "publicity",
    "online_services": "other",
}
CATEGORY_SHARES = {
    "land": 0.27,
    "village_finance": 0.15,
    "cadre_conduct": 0.15,
    "welfare": 0.13,
    "construction": 0.10,
    "environment": 0.08,
    "other": 0.07,
    "elections": 0.05,
}
FORTY = 40
"""One person files forty petitions in two years: every county has one."""


def county_tables(county: Simulated) -> tuple[Campaign, dict[str, pd.DataFrame]]:
    """The campaign and the tidy tables of a simulated county.

    The same seed gives the same tables.
    """
    rng = np.random.default_rng([county.seed, 2])
    changes = _changes(county, rng)
    tables = {
        "villages": _villages(county, rng),
        "petitions": _register(county, rng, changes),
        "income": _income(county, rng, changes),
        "measures": _measures(county, rng),
        "mechanisms": _mechanisms(county, rng),
        "township_actions": _township_actions(county, rng),
        "satisfaction": _satisfaction(county, rng),
        "village_changes": changes,
    }
    earlier = [
        pd.DataFrame(
            {
                "village_code": county.panel.villages.loc[listed, "village_code"],
                "start": month.start_time,
            }
        )
        for month, listed in county.panel.earlier_lists.items()
    ]
    if earlier:
        tables["earlier_lists"] = pd.concat(earlier, ignore_index=True)
    campaign = dataclasses.replace(
        county.campaign, county="示范县（模拟数据）", unusual=unusual_months()
    )
    return campaign, tables


def _villages(county: Simulated, rng) -> pd.DataFrame:
    v, township = county.panel.villages, county.panel.township
    n = len(v)
    names, used = [], set()
    for g in township:
        while (g, name := f"{rng.choice(SURNAMES)}{rng.choice(ENDINGS)}村") in used:
            pass
        used.add((g, name))
        names.append(name)
    centre = rng.uniform([115.0, 34.0], [115.8, 34.7], (township.max() + 1, 2))
    place = centre[township] + rng.normal(0, 0.03, (n, 2))
    listed = county.panel.listed
    kind = v["village_type"].to_numpy(str)
    cause = {
        "petitions": ["land_disputes", "complex_conditions"],
        "economy": ["weak_economy", "debt"],
        "disunity": ["temporary_mindset", "fear_of_difficulty"],
    }
    causes = [
        ";".join(sorted(rng.choice(cause[k], rng.integers(1, 3), replace=False))) if k else ""
        for k in kind
    ]
    state = np.where(
        listed,
        rng.choice(["weak", "half_paralysed", "paralysed"], n, p=[0.8, 0.15, 0.05]),
        np.where(rng.random(n) < 0.03, "strong", ""),
    )
    population = v["population"].astype("Int64").where(rng.random(n) > 0.003)
    return v.assign(
        village_name=names,
        township_name=[
            TOWNSHIPS[g % len(TOWNSHIPS)] + "镇" + ("" if g < len(TOWNSHIPS) else str(g))
            for g in township
        ],
        population=population,
        households=(v["population"] / 3.4).round().astype(int),
        party_members=(v["population"] * 0.03).round().astype(int),
        lon=place[:, 0].round(5),
        lat=place[:, 1].round(5),
        team_state=state,
        listing_score=county.score.round(4),
        causes=causes,
    )


def _changes(county: Simulated, rng) -> pd.DataFrame:
    """Three villages absorbed a neighbour in 2021."""
    quiet = np.flatnonzero(~county.panel.listed)
    chosen = rng.choice(quiet, min(3, len(quiet)), replace=False)
    new = county.panel.villages["village_code"].to_numpy(str)[chosen]
    old = [code[:9] + str(900 + i) for i, code in enumerate(new)]
    return pd.DataFrame(
        {"old_code": old, "new_code": new, "date": pd.Timestamp("2021-01-01"), "kind": "merged"}
    )


def _register(county: Simulated, rng, changes: pd.DataFrame) -> pd.DataFrame:
    p = county.panel
    counts = p.petitions.copy()
    listed = p.listed
    # The person who files forty petitions: in a village that is not listed, in the two years before
    # the start.
    start = p.month_index(county.campaign.start_month)
    one = int(rng.choice(np.flatnonzero(~listed))) if (~listed).any() else 0
    months_of_one = rng.integers(max(start - 24, 0), max(start, 1), FORTY)
    np.add.at(counts, (one, months_of_one), 1)
    row, column = np.nonzero(counts)
    repeat = counts[row, column]
    order = np.concatenate([np.arange(r) for r in repeat]) if len(repeat) else np.zeros(0, int)
    row, column = np.repeat(row, repeat), np.repeat(column, repeat)
    n = len(row)
    skips = order < p.parts["skip_level"][row, column]
    level = np.where(
        skips,
        rng.choice(["city", "province", "national"], n, p=[0.70, 0.22, 0.08]),
        rng.choice(["village", "township", "county"], n, p=[0.15, 0.44, 0.41]),
    )
    first_day = p.months[column].start_time
    date = first_day + pd.to_timedelta(
        (rng.random(n) * p.months[column].days_in_month).astype(int), unit="D"
    )
    resolved = date + pd.to_timedelta(rng.gamma(2.2, 17, n).round().astype(int) + 3, unit="D")
    again = rng.random(n) < 0.30
    # Who files again in a village is likely the one who filed there before.
    case = np.array([f"C{i:06d}" for i in rng.permutation(n)])
    for i in np.flatnonzero(again):
        if i and row[i - 1] == row[i]:
            case[i] = case[i - 1]
    table = pd.DataFrame(
        {
            "village_code": p.villages["village_code"].to_numpy(str)[row],
            "date": date,
            "channel": rng.choice(
                ["visit", "online", "letter", "phone"], n, p=[0.45, 0.20, 0.20, 0.15]
            ),
            "level": level,
            "repeat": again.astype(int),
            "persons": np.where(
                rng.random(n) < 0.12, rng.integers(5, 30, n), rng.integers(1, 4, n)
            ),
            "category": rng.choice(list(CATEGORY_SHARES), n, p=list(CATEGORY_SHARES.values())),
            "resolved_date": resolved,
            "satisfied": (rng.random(n) < 0.7).astype(int),
            "case_id": case,
        }
    )
    slots = (
        pd.DataFrame({"row": np.full(FORTY, one), "column": months_of_one})
        .groupby(["row", "column"])
        .size()
    )
    for (r, c), k in slots.items():
        where = np.flatnonzero((row == r) & (column == c))[-k:]
        table.loc[where, ["case_id", "repeat", "category", "persons"]] = ["C999999", 1, "land", 1]
    table.loc[table["resolved_date"] > p.months[-1].end_time.normalize(), "resolved_date"] = pd.NaT
    table.loc[table["resolved_date"].isna(), "satisfied"] = pd.NA
    table["satisfied"] = table["satisfied"].astype("Int64")
    old = dict(zip(changes["new_code"], changes["old_code"], strict=True))
    before = (
        (table["date"] < "2021-01-01")
        & table["village_code"].isin(old.keys())
        & (rng.random(n) < 0.4)
    )
    table.loc[before, "village_code"] = table.loc[before, "village_code"].map(old)
    table = table.sort_values(["date", "village_code"], kind="stable", ignore_index=True)
    table.insert(0, "petition_id", [f"P{i + 1:07d}" for i in range(n)])
    return table


def _income(county: Simulated, rng, changes: pd.DataFrame) -> pd.DataFrame:
    p = county.panel
    assert p.income is not None and p.income_periods is not None  # simulated: it is there
    v, k, _ = p.income.shape
    table = pd.DataFrame(p.income.reshape(v * k, 5), columns=INCOME_SOURCES).astype(int)
    table.insert(0, "period", np.tile(p.income_periods.year.astype(str), v))
    table.insert(0, "village_code", np.repeat(p.villages["village_code"].to_numpy(str), k))
    table = table[rng.random(len(table)) > 0.001]
    old = dict(zip(changes["new_code"], changes["old_code"], strict=True))
    merged = table[table["village_code"].isin(old.keys()) & (table["period"] < "2021")]
    part = (merged[INCOME_SOURCES] * 0.4).round().astype(int)
    table.loc[merged.index, INCOME_SOURCES] -= part
    moved = merged.assign(
        village_code=merged["village_code"].map(old), **{c: part[c] for c in INCOME_SOURCES}
    )
    return pd.concat([table, moved], ignore_index=True).sort_values(
        ["village_code", "period"], ignore_index=True
    )


def _measures(county: Simulated, rng) -> pd.DataFrame:
    row, measure = np.nonzero(county.doses > 0)
    n, start = len(row), pd.Timestamp(county.campaign.start)
    name = np.array(MEASURES)[measure]
    planned = start + pd.to_timedelta(rng.integers(0, 55, n), unit="D")
    begun = planned + pd.to_timedelta(np.maximum(rng.poisson(2, n) - 1, 0), unit="D")
    due = pd.Series(planned + pd.to_timedelta(rng.integers(20, 45, n), unit="D")).clip(
        upper=pd.Timestamp(county.campaign.end)
    )
    due = np.maximum(due, planned)
    done = begun + pd.to_timedelta(rng.integers(14, 50, n), unit="D")
    completed = rng.random(n) < 0.94
    group = [GROUP_OF_MEASURE[m] for m in name]
    department = [
        OWN_DEPARTMENT.get(m) or ";".join(DEPARTMENT[g]) for m, g in zip(name, group, strict=True)
    ]
    funds = (
        (np.exp(rng.normal(9.3, 0.9, n)) * np.where(name == "infrastructure", 8, 1))
        .round(-1)
        .astype(int)
    )
    return pd.DataFrame(
        {
            "village_code": county.panel.villages["village_code"].to_numpy(str)[row],
            "measure": name,
            "start_date": begun,
            "end_date": pd.Series(done).where(completed),
            "dose": county.doses[row, measure].round(2),
            "funds": funds,
            "department": department,
            "completed": completed.astype(int),
            "planned_start": planned,
            "planned_end": due,
            "actor": np.where(rng.random(n) < 0.25, rng.choice(keys("actor"), n), ""),
        }
    )


def _mechanisms(county: Simulated, rng) -> pd.DataFrame:
    codes = county.panel.villages.loc[county.panel.listed, "village_code"].to_numpy(str)
    rows = [
        (c, m, pd.Timestamp(county.campaign.end) + pd.Timedelta(int(rng.integers(-30, 90)), "D"))
        for c in codes
        for m in keys("mechanism")
        if rng.random() < 0.5
    ]
    return pd.DataFrame(rows, columns=["village_code", "mechanism", "start_date"])


def _township_actions(county: Simulated, rng) -> pd.DataFrame:
    listed = county.panel.villages[county.panel.listed]
    start = pd.Timestamp(county.campaign.start)
    due_days = {
        "leading_group": 7,
        "plan": 14,
        "task_list": 21,
        "wall_chart": 28,
        "supervision": 60,
    }
    rows = []
    for code in sorted(listed["township_code"].unique()):
        for action, days in due_days.items():
            done = (
                start + pd.Timedelta(days + int(rng.integers(-6, 9)), "D")
                if rng.random() < 0.95
                else pd.NaT
            )
            rows.append((code, action, start + pd.Timedelta(days, "D"), done))
    return pd.DataFrame(rows, columns=["township_code", "action", "due_date", "done_date"])


def _satisfaction(county: Simulated, rng) -> pd.DataFrame:
    codes, listed = county.panel.villages["village_code"].to_numpy(str), county.panel.listed
    level = rng.normal(78, 6, len(codes)) - 9 * listed
    years = [y for y in range(county.panel.months[0].year, county.panel.months[-1].year + 1)]
    start = county.campaign.start.year
    frames = [
        pd.DataFrame(
            {
                "village_code": codes,
                "period": str(y),
                "score": np.clip(
                    level + rng.normal(0, 4, len(codes)) + 3 * listed * (y >= start), 0, 100
                ).round(1),
            }
        )
        for y in years
    ]
    return pd.concat(frames, ignore_index=True)

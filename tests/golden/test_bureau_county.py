"""The delivery of a whole county, 20,991 register rows, comes out with the counts that were
published with it."""

import re
from pathlib import Path

import pandas as pd
import pytest

from village_eval.bureau.importing import import_folder

DELIVERY = Path(__file__).resolve().parents[3] / "shared" / "bureau_county"
pytestmark = pytest.mark.skipif(
    not DELIVERY.is_dir(),
    reason="the county's delivery is not beside the repository (../shared/bureau_county)",
)


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    out = tmp_path_factory.mktemp("county") / "out"
    return import_folder(DELIVERY, out), out


def raw_registers() -> pd.DataFrame:
    return pd.concat(
        [pd.read_csv(p, encoding="gb18030", dtype=str) for p in sorted(DELIVERY.glob("*.csv"))]
    )


def test_counts(imported):
    county, _ = imported
    assert len(county.villages) == 1012
    assert (
        county.villages["township_code"].nunique()
        == county.villages["township_name"].nunique()
        == 19
    )
    assert county.villages["listed"].sum() == 68
    assert len(county.petitions) == 20_943 and county.petitions["petition_id"].is_unique
    assert len(county.measures) == 437
    assert len(county.income) == 7_084
    assert county.villages["listing_score"].notna().all()
    assert (county.villages["village_code"].str[:9] == county.villages["township_code"]).all()


def test_every_petition_is_in_its_village_and_month(imported):
    county, _ = imported
    raw = raw_registers().drop_duplicates("登记编号").set_index("登记编号")
    merged = (
        county.petitions.merge(county.villages, on="village_code")
        .set_index("petition_id")
        .loc[raw.index]
    )
    assert (merged["village_name"] == raw["村名"].str.strip()).all() and (
        merged["township_name"] == raw["乡镇"]
    ).all()
    plain = raw["登记日期"].str.extract(r"(\d{4})\D(\d{1,2})\D(\d{1,2})").dropna().astype(int)
    dates = pd.to_datetime({"year": plain[0], "month": plain[1], "day": plain[2]})
    assert len(plain) > 20_000 and (merged.loc[plain.index, "date"] == dates).all()
    assert (merged["resolved_date"] == pd.to_datetime(raw["办结日期"])).all()
    same_person = raw.groupby("身份证号").ngroup()
    assert (
        merged.groupby(same_person)["case_id"].nunique().eq(1).all()
        and merged["case_id"].nunique() == raw["身份证号"].nunique()
    )


def test_totals_of_income_are_those_of_the_bureau(imported):
    county, _ = imported
    totals = (
        county.income.groupby("period")[
            ["operating", "contracting", "investment", "subsidy", "other"]
        ]
        .sum()
        .sum(axis=1)
    )
    assert totals["2018"] == pytest.approx(8873.67e4, abs=1) and totals["2019"] == pytest.approx(
        92_416_338, abs=1
    )
    assert totals["2023"] == pytest.approx(110_529_754, abs=1)


def test_the_ledger_adds_up_file_by_file(imported):
    county, _ = imported
    moves = county.ledger[county.ledger["step"].isin(["read", "kept", "dropped"])]
    table = moves.pivot_table(
        index="source", columns="step", values="rows", aggfunc="sum", fill_value=0
    )
    assert (table["read"] == table["kept"] + table["dropped"]).all()
    registers = table[table.index.str.contains("信访")]
    assert registers.sum().to_dict() == {"dropped": 48, "kept": 20_943, "read": 20_991}


def test_no_person_is_in_any_byte(imported):
    county, out = imported
    written = "\n".join(p.read_text("utf-8") for p in out.rglob("*") if p.is_file())
    written = re.sub(r"\b[0-9a-f]{64}\b", "", written)  # a digest may hold eleven digits by chance
    said = written + "\n".join(map(str, county.warnings)) + county.ledger.to_csv()
    raw = raw_registers()
    tokens = set(re.findall(r"[\w*×]+", said))
    for column in ("信访人", "身份证号", "联系电话"):
        assert not tokens & set(raw[column])
    assert not re.search(r"(?<!\d)(?:\d{17}[\dX]|1[3-9]\d{9})(?!\d)", said)
    assert "某" not in said and "××" not in said


def test_nothing_is_left_to_ask(imported):
    county, _ = imported
    assert county.warnings == ()
    listed = county.villages[county.villages["listed"] == 1]
    assert listed["village_type"].value_counts().to_dict() == {
        "petitions": 46,
        "economy": 15,
        "disunity": 7,
    }
    assert (listed["causes"].notna() | (listed["team_state"] == "weak")).all()

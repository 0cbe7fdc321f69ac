"""Rows become arrays in one place; nothing is lost without a line in the ledger."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from village_eval.county.ledger import worded
from village_eval.county.panel import build_panel
from village_eval.folder.reading import read_county


@pytest.fixture
def county(county_folder):
    return read_county(county_folder)


def test_every_petition_is_counted_once(county):
    panel = build_panel(county)
    inside = county.petitions["date"].dt.to_period("M").between(*county.campaign.observed).sum()
    assert panel.petitions.sum() == inside
    assert panel.petitions.shape == (len(county.villages), len(panel.months))
    one = county.petitions.iloc[0]
    row = panel.villages.index[panel.villages["village_code"] == one["village_code"]][0]
    month = one["date"].to_period("M")
    same = (county.petitions["village_code"] == one["village_code"]) & (
        county.petitions["date"].dt.to_period("M") == month
    )
    assert panel.petitions[row, panel.month_index(month)] == same.sum()


def test_parts_add_up(county):
    panel = build_panel(county)
    channels = [a for name, a in panel.parts.items() if name.startswith("channel_")]
    assert np.array_equal(sum(channels), panel.petitions)
    assert (panel.parts["skip_level"] + panel.parts["local"] <= panel.petitions).all()


def test_counts_and_register_give_the_same_panel(county):
    panel = build_panel(county)
    counts = panel.to_frame()[["village_code", "month", "petitions"]]
    again = build_panel(replace(county, petitions=counts[counts["petitions"] > 0]))
    assert np.array_equal(again.petitions, panel.petitions)


def test_as_of_knows_only_whole_months_before_the_day(county):
    panel = build_panel(county, as_of="2023-06-15")
    assert panel.months[-1] == pd.Period("2023-05", "M")
    assert panel.income_periods[-1].year == 2022
    assert worded(panel.ledger, "en")["reason"].str.contains("2023-06-15").any()


def test_a_merged_village_carries_its_past(county):
    old, new = county.villages["village_code"].iloc[0], county.villages["village_code"].iloc[1]
    before = build_panel(county)
    changes = pd.DataFrame(
        {
            "old_code": [old],
            "new_code": [new],
            "date": [pd.Timestamp("2020-01-01")],
            "kind": ["merged"],
        }
    )
    after = build_panel(replace(county, village_changes=changes))
    assert len(after.villages) == len(before.villages) - 1
    assert np.array_equal(after.petitions[0], before.petitions[0] + before.petitions[1])
    assert np.allclose(after.income[0], before.income[0] + before.income[1])
    assert (after.ledger["step"] == "merged").any()
    assert after.population[0] == before.population[0] + before.population[1]
    recoded = build_panel(replace(county, village_changes=changes.assign(kind="recoded")))
    assert recoded.population[0] == before.population[1]


def test_an_unreported_year_stays_missing(county):
    gone = county.income[
        ~(
            (county.income["period"] == "2020")
            & (county.income["village_code"] == county.villages["village_code"].iloc[0])
        )
    ]
    panel = build_panel(replace(county, income=gone))
    years, income = panel.annual_income
    assert np.isnan(income[0, list(years).index(2020)]).all()
    assert np.isfinite(income[0, list(years).index(2019)]).all()
    assert np.isnan(panel.income).sum() == 5


def test_quarters_add_up_to_whole_years(county):
    year = county.income[county.income["period"] == "2022"]
    numbers = ["operating", "contracting", "investment", "subsidy", "other"]
    quarters = pd.concat(
        [year.assign(period=f"2022Q{q}", **{n: year[n] / 4 for n in numbers}) for q in (1, 2, 3, 4)]
    )
    panel = build_panel(
        replace(
            county,
            income=pd.concat(
                [quarters, quarters[quarters["period"] == "2022Q1"].assign(period="2023Q1")]
            ),
        )
    )
    years, income = panel.annual_income
    assert list(years) == [2022, 2023]
    assert np.allclose(income[:, 0].sum(), year[numbers].to_numpy().sum())
    assert np.isnan(income[:, 1]).all()  # one quarter is not a year


def test_whole_numbers_with_gaps_are_filled_with_a_median_between_two(county):
    numbers = pd.array(1000 + 37 * np.arange(len(county.villages)) // 2, dtype="Int64")
    villages = county.villages.assign(population=numbers)
    villages.loc[0, "population"] = pd.NA
    assert build_panel(replace(county, villages=villages)).population[0] == 1388.5

"""An outcome from a table in memory is asked about like one in a folder, and refused in sentences."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import village_eval as ve
from village_eval.words import names


@pytest.fixture(scope="module")
def county():
    return ve.simulate("plain", seed=3, n_villages=160, n_townships=8, n_listed=20).county()


@pytest.fixture(scope="module")
def meetings(county):
    """Twice as many in the listed villages from 2023 on."""
    rng = np.random.default_rng(3)
    codes, years = county.villages["village_code"], range(2018, 2025)
    level = rng.gamma(20, 0.2, len(codes))[:, None] * rng.gamma(50, 0.02, (len(codes), len(years)))
    more = np.outer(county.villages["listed"] == 1, np.array(years) >= 2023)
    wide = pd.DataFrame(level * np.where(more, 2.0, 1.0), index=codes, columns=years)
    long = wide.rename_axis("village_code").reset_index()
    return long.melt("village_code", var_name="period")


def test_its_effect_is_found_and_the_county_is_left_as_it_was(county, meetings):
    own = county.with_outcome("village_meetings", meetings, zh="村民会议次数", en="meetings")
    assert county.outcomes is None and not county.campaign.outcomes
    panel = ve.Panel.of(own)
    asked = ve.designs.setting(panel, own.campaign, "village_meetings")
    found = ve.quiet_year_did(panel, own.campaign, given=asked)
    assert found.id == "village_meetings.first_year"
    assert found.ci_low < np.log(2) < found.ci_high and found.ci_low > 0
    assert names.outcome("village_meetings", "zh", asked.series.outcome.label) == "村民会议次数"
    again = own.with_outcome("village_meetings", meetings.iloc[:5])
    assert len(again.outcomes) == 5
    assert len(own.with_outcome("other", meetings).outcomes) == 2 * len(meetings)


def test_designs_take_it_by_name_and_as_a_table(county, meetings):
    own = county.with_outcome("village_meetings", meetings)
    panel, campaign = ve.Panel.of(own), own.campaign
    for design in (ve.quiet_year_did, ve.designs.did, ve.designs.before_after):
        by_name = design(panel, campaign, outcome="village_meetings")
        as_table = design(ve.Panel.of(county), county.campaign, outcome=meetings)
        assert as_table.value == by_name.value and as_table.id == "own_outcome.first_year"
    with pytest.raises(ve.InputError, match="closest is village_meetings"):
        ve.designs.did(panel, campaign, outcome="village_meeting")
    with pytest.raises(ve.InputError, match="DataFrame"):
        ve.designs.did(panel, campaign, outcome=7)
    with pytest.raises(ve.InputError, match="has village"):
        ve.designs.did(panel, campaign, outcome=pd.DataFrame({"village": []}))


@pytest.mark.parametrize("written", ["text", "date", "period"])
def test_months_are_asked_about_by_month(county, written):
    """Twice as many in the listed villages in the first year, half as many in the year after."""
    panel = ve.Panel.of(county)
    codes, months = panel.villages["village_code"], panel.months
    start = panel.month_index(county.campaign.start_month)
    wide = np.random.default_rng(3).gamma(50, 0.2, (len(codes), 1)) * np.ones(len(months))
    wide[panel.listed, start : start + 12] *= 2
    wide[panel.listed, start + 12 :] *= 0.5
    period = {
        "text": months.astype(str),
        "date": months.to_timestamp(),
        "period": months,
    }[written]
    table = pd.DataFrame(
        {
            "village_code": np.repeat(codes, len(months)),
            "period": np.tile(period, len(codes)),
            "value": wide.ravel(),
        }
    )
    first = ve.quiet_year_did(panel, county.campaign, outcome=table)
    assert first.value == pytest.approx(np.log(2), abs=0.02)
    after = ve.quiet_year_did(panel, county.campaign, outcome=table, window="after_13_24")
    assert after.value is None or after.value < 0
    path = ve.designs.event_study(panel, county.campaign, outcome=table).by_month
    assert path.set_index("month").loc[3, "estimate"] == pytest.approx(np.log(2), abs=1e-6)
    own = ve.Panel.of(county.with_outcome("hours", table)).further["hours"]
    assert own.monthly and np.allclose(own.values, wide)


def test_years_and_months_in_one_table_are_refused(county):
    code = county.villages["village_code"].iloc[0]
    table = pd.DataFrame({"village_code": code, "period": ["2023-01", "2022"], "value": 1.0})
    with pytest.raises(ve.InputError, match="months such as 2023-04 in all rows"):
        county.with_outcome("hours", table)


def test_an_evaluation_asks_about_a_table(county, meetings):
    result = ve.evaluate(county, draws=9, outcomes={"village_meetings": meetings})
    found = result["village_meetings.first_year"]
    assert found.conclusion == "rose" and found.grade in "BC"


def test_a_share_is_refused_by_designs_of_sums(county):
    panel, campaign = ve.Panel.of(county), county.campaign
    for design in ve.designs.DESIGNS:
        found = ve.designs.estimate_of(design.function(panel, campaign, outcome="resolved_share"))
        assert found.value is None or abs(found.value) < 0.2, design.name
    assert ve.designs.event_study(panel, campaign, outcome="resolved_share").by_month is None


def test_what_cannot_be_read_is_said_all_at_once(county, meetings, monkeypatch):
    monkeypatch.setenv("VILLAGE_EVAL_LANG", "en")
    spoilt = meetings.astype(object)
    spoilt.loc[0, "village_code"] = "1"
    spoilt.loc[1, "period"] = "2023-04"
    spoilt.loc[2, "value"] = "many"
    spoilt.loc[3] = spoilt.loc[4]
    with pytest.raises(ve.InputError) as refused:
        county.with_outcome("Meetings", spoilt)
    kinds = [p.kind.removeprefix("own_outcome_") for p in refused.value.problems]
    assert kinds == ["village_code", "period", "value", "twice", "name"]
    assert "row 2 'many'" in str(refused.value)
    for lang in ("zh", "en"):
        assert len(refused.value.text(lang).splitlines()) == 5
    with pytest.raises(ve.InputError, match="has village, year"):
        county.with_outcome("meetings", pd.DataFrame({"village": [], "year": []}))
    with pytest.raises(ve.InputError, match="closest is mean"):
        county.with_outcome("meetings", meetings, kind="means")
    with pytest.raises(ve.InputError, match="value"):
        county.with_outcome("meetings", meetings.assign(value=2.0), kind="share")


@pytest.mark.parametrize("kind", ["count", "mean", "share"])
def test_a_year_is_known_once_all_its_quarters_are(county, kind):
    """Three quarters of a year, added up, would read as a fall by a quarter."""
    codes = county.villages["village_code"]
    quarters = [f"{year}Q{q}" for year in range(2018, 2024) for q in (1, 2, 3, 4)] + ["2024Q1"]
    pairs = pd.MultiIndex.from_product([codes, quarters], names=["village_code", "period"])
    table = pairs.to_frame(index=False).assign(value=0.5)
    whole = 2.0 if kind == "count" else 0.5
    own = county.with_outcome("meetings", table, kind=kind)
    held = ve.Panel.of(own).further["meetings"]
    assert (held.values[:, :6] == whole).all() and np.isnan(held.values[:, 6]).all()
    early = ve.Panel.of(own, as_of="2023-11-15").further["meetings"]
    assert np.isnan(early.values[:, -1]).all() and (early.values[:, :5] == whole).all()
    found = ve.quiet_year_did(ve.Panel.of(own, "2023-11-15"), own.campaign, outcome="meetings")
    assert found.value is None and found.reason == "window_not_observed"
    lacking = table[(table["village_code"] != codes[0]) | (table["period"] != "2022Q3")]
    one = ve.Panel.of(county.with_outcome("meetings", lacking, kind=kind)).further["meetings"]
    assert np.isnan(one.values[0, 4]) == (kind == "count")
    assert (one.values[1:, :6] == whole).all()
    both = pd.concat([table[table["period"] > "2023"], table[:1].assign(period="2022")])
    mixed = ve.Panel.of(county.with_outcome("meetings", both, kind=kind)).further["meetings"]
    assert mixed.values[0, 0] == 0.5 and mixed.values[0, 1] == whole


NO_NUMBERS = {
    "days": lambda t: t.assign(value=pd.Timestamp("2023-01-01")),
    "times": lambda t: t.assign(value=pd.Timedelta(days=3)),
    "without end": lambda t: t.assign(value=np.inf),
    "complex": lambda t: t.assign(value=1j),
    "words": lambda t: t.assign(value="many"),
    "lists": lambda t: t.assign(value=[[1]] * len(t)),
    "two columns of one name": lambda t: pd.concat([t, t["value"]], axis=1),
    "names of several levels": lambda t: t.set_axis(pd.MultiIndex.from_product([["a"], t]), axis=1),
}


@pytest.mark.parametrize("wrong", NO_NUMBERS)
def test_what_is_no_number_is_refused_and_not_made_one(county, meetings, wrong):
    """A day, too, has a number for a computer."""
    with pytest.raises(ve.InputError):
        county.with_outcome("village_meetings", NO_NUMBERS[wrong](meetings.iloc[:20]))


@pytest.mark.parametrize("name", [3, None, b"meetings", "", "a.b", "<b>", "x" * 41, "petitions"])
def test_what_may_not_name_an_outcome_is_refused(county, meetings, name):
    with pytest.raises(ve.InputError):
        county.with_outcome(name, meetings.iloc[:20])

"""An outcome from a table in memory is asked about like one in a folder, and refused in sentences."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import village_eval as ve
from village_eval.county.panel import build_panel
from village_eval.expectation.other_outcomes import settings as other_settings
from village_eval.expectation.other_outcomes import yearly_values
from village_eval.expectation.panel_settings import Settings
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
    panel = build_panel(own)
    family = Settings(panel, own.campaign)
    (asked,) = [
        s
        for s in other_settings(family, yearly_values(own, panel))
        if s.series.outcome.name == "village_meetings"
    ]
    found = ve.quiet_year_did(panel, own.campaign, given=asked)
    assert found.id == "village_meetings.first_year"
    assert found.ci_low < np.log(2) < found.ci_high and found.ci_low > 0
    assert names.outcome("village_meetings", "zh", asked.series.outcome.label) == "村民会议次数"
    again = own.with_outcome("village_meetings", meetings.iloc[:5])
    assert len(again.outcomes) == 5
    assert len(own.with_outcome("other", meetings).outcomes) == 2 * len(meetings)


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

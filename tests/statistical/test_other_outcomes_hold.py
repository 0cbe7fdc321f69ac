"""Further outcomes in counties where the campaign does nothing: no bias to speak of, intervals that
hold zero, few alarms."""

import pandas as pd
import pytest

from village_eval.certify.scenarios import SCENARIOS
from village_eval.certify.simulate import simulate
from village_eval.checks import Case
from village_eval.checks.leave_one_township_out import leave_one_township_out
from village_eval.designs import quiet_year_did
from village_eval.expectation.listing import learn_rule
from village_eval.expectation.other_outcomes import settings
from village_eval.expectation.panel_settings import Settings

COUNTIES = 60


@pytest.mark.slow
def test_nothing_is_seen_where_nothing_was_done():
    rows = []
    for seed in range(COUNTIES):
        county = simulate(SCENARIOS["null_years"], seed=5000 + seed)
        rule = learn_rule(county.panel, county.campaign)
        for s in settings(Settings(county.panel, county.campaign, rule)):
            e = quiet_year_did(county.panel, county.campaign, window="first_year", given=s)
            alarm = leave_one_township_out(Case(s, e)).verdict in ("weak", "fail")
            rows.append((s.series.name, e.value, e.se, e.ci_low <= 0 <= e.ci_high, alarm))
    found = (
        pd.DataFrame(rows, columns=["outcome", "value", "se", "holds", "alarm"])
        .groupby("outcome")
        .mean()
    )
    assert len(found) == 6
    assert (found["value"].abs() < 0.3 * found["se"]).all()
    assert (found["holds"] >= 0.90).all()
    assert (found["alarm"] <= 0.05).all()

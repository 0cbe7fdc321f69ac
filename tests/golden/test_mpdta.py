"""Published numbers: teen employment and minimum wages in 500 US counties (Callaway & Sant'Anna
2021)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from village_eval.designs.staggered import callaway_santanna, imputation

FILE = Path(__file__).parents[2].parent / "shared" / "real" / "mpdta.csv"
pytestmark = pytest.mark.skipif(
    not FILE.exists(), reason="shared/real/mpdta.csv is not on this machine"
)
COLUMNS = {"outcome": "lemp", "unit": "countyreal", "time": "year", "cohort": "first.treat"}


@pytest.fixture(scope="module")
def mpdta():
    return pd.read_csv(FILE)


def test_callaway_santanna_gives_the_published_event_study(mpdta):
    estimate = callaway_santanna(mpdta, **COLUMNS)
    published = {
        -3: 0.0305,
        -2: -0.0006,
        -1: -0.0245,
        0: -0.0199,
        1: -0.0510,
        2: -0.1373,
        3: -0.1008,
    }
    events = estimate.by_month.set_index("month")["estimate"]
    assert {k: round(v, 4) for k, v in events.items()} == published
    assert estimate.value == pytest.approx(-0.0400, abs=5e-5)
    assert (estimate.n_treated, estimate.n_control) == (191, 309)
    assert estimate.ci_low < estimate.value < estimate.ci_high


def test_imputation_gives_the_published_att(mpdta):
    assert imputation(mpdta, **COLUMNS).value == pytest.approx(-0.0477, abs=5e-5)


def test_the_order_of_rows_does_not_matter(mpdta):
    shuffled = mpdta.sample(frac=1, random_state=1)
    assert np.isclose(
        callaway_santanna(shuffled, **COLUMNS).value,
        callaway_santanna(mpdta, **COLUMNS).value,
        atol=1e-12,
    )

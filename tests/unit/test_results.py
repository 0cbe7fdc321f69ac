"""An estimate gives the number that it has, and says so when it has none."""

import pytest

from village_eval.expectation.between_years import t_error
from village_eval.expectation.outcomes import question
from village_eval.expectation.results import Estimate

ASKED = question("petitions.first_year")


def test_an_estimate_gives_its_answer_and_both_ends():
    estimate = Estimate(ASKED, "quiet_year_did", -0.2, t_error(0.1))
    assert estimate.answer == -0.2
    assert estimate.ends == pytest.approx((-0.2 - 0.196, -0.2 + 0.196), abs=1e-4)


def test_a_number_that_is_not_there_is_an_error_that_names_the_finding():
    refused = Estimate(ASKED, "quiet_year_did", reason="window_not_observed")
    with pytest.raises(ValueError, match=r"petitions\.first_year has no number"):
        _ = refused.answer
    without_error = Estimate(ASKED, "no_interval", 0.5)
    assert without_error.answer == 0.5
    with pytest.raises(ValueError, match=r"petitions\.first_year has no interval"):
        _ = without_error.ends

"""Cost: a ratio with its interval where the benefit is sure, a lower bound where it is not, nothing
where there is none."""

import fixtures_evaluation as made
import numpy as np
import pandas as pd
import pytest

from village_eval.findings.cost import cost, costs


def finding(value, se, grade="B", outcome="petitions"):
    return made.finding(made.estimate(outcome, value=value, se=se, actual=200.0), grade)


def test_funds_over_petitions_averted():
    told = cost(1e6, finding(-0.2, 0.05))
    averted = [200 * (np.exp(b) - 1) for b in (0.2, 0.2 + 1.96 * 0.05, 0.2 - 1.96 * 0.05)]
    assert told.verdict == "known"
    assert (told.value, told.low, told.high) == pytest.approx([1e6 / a for a in averted], rel=1e-4)


def test_a_benefit_that_may_be_nothing_gives_a_lower_bound_only():
    told = cost(1e6, finding(-0.05, 0.05))
    assert told.verdict == "at_least" and told.value is None and told.high is None
    assert told.low == pytest.approx(1e6 / (200 * (np.exp(0.05 + 1.96 * 0.05) - 1)), rel=1e-4)


def test_income_counts_the_other_way():
    told = cost(1e6, finding(0.2, 0.05, outcome="earned_income"))
    assert (
        told.value == pytest.approx(1e6 / (200 * (1 - np.exp(-0.2))))
        and told.low < told.value < told.high
    )


@pytest.mark.parametrize(
    ("value", "grade", "funds", "verdict"),
    [(0.3, "B", 1e6, "none"), (-0.3, "X", 1e6, "refused"), (-0.3, "B", 0.0, "refused")],
)
def test_what_cannot_be_divided_is_not(value, grade, funds, verdict):
    told = cost(funds, finding(value, 0.05, grade))
    assert (
        told.verdict == verdict
        and told.value is None
        and (told.reason is not None) == (verdict == "refused")
    )


def test_every_question_is_answered():
    measures = pd.DataFrame({"funds": [100.0, np.nan, 50.0]})
    told = costs(measures, [finding(-0.2, 0.05), finding(0.2, 0.05, outcome="earned_income")])
    assert [(c.finding, c.funds) for c in told] == [
        ("petitions.first_year", 150.0),
        ("earned_income.first_year", 150.0),
    ]
    assert [c.reason for c in costs(None, [finding(-0.2, 0.05)])] == ["no_funds"]

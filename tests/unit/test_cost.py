"""Cost: a ratio with its interval and what hedges it, of a benefit that was found; else a refusal."""

from dataclasses import replace

import fixtures_evaluation as made
import numpy as np
import pandas as pd
import pytest

from village_eval.findings.cost import bought, cost, costs
from village_eval.report.cost_words import bought_sentence, ratio_sentences
from village_eval.words import wording as w


def finding(value, se, grade="B", outcome="petitions"):
    conclusion = "fell" if value < 0 else "rose"
    return made.finding(made.estimate(outcome, value=value, se=se, actual=200.0), grade, conclusion)


def test_funds_over_petitions_averted_with_what_hedges_it():
    told = cost(1e6, finding(-0.3, 0.05))
    averted = [200 * (np.exp(b) - 1) for b in (0.3, 0.3 + 1.96 * 0.05, 0.3 - 1.96 * 0.05)]
    assert told.verdict == "known"
    assert (told.value, told.low, told.high) == pytest.approx([1e6 / a for a in averted], rel=1e-4)
    assert told.detectable_percent == -20.4 and told.exaggeration == 1.4
    for lang, least in (("zh", "20%"), ("en", "20%")):
        (said,) = ratio_sentences([told], lang)
        assert least in said and w.ratio(1.4, lang) in said


@pytest.mark.parametrize(("se", "verdict"), [(0.09, "known"), (0.11, "refused"), (0.2, "refused")])
def test_a_range_over_more_than_a_factor_of_five_is_refused(se, verdict):
    told = cost(1e6, finding(-0.3, se))
    assert told.verdict == verdict
    if verdict == "known":
        assert told.high < 5 * told.low
    else:
        assert told.reason == "too_wide" and told.value is None


def test_a_benefit_that_was_not_found_has_no_cost():
    for conclusion in ("none_seen", "unclear", "not_asked"):
        told = cost(1e6, made.finding(made.estimate(value=-0.3, se=0.05), "A", conclusion))
        assert told.verdict == "refused" and told.reason == "not_found"


def test_what_the_money_also_bought_is_listed_apart():
    measures = pd.DataFrame(
        {
            "measure": ["infrastructure", "infrastructure", "grassroots_visits", "public_services"],
            "funds": [3e6, 2e6, 1e6, 0.0],
        }
    )
    assert bought(measures) == {"infrastructure": 5e6}
    story = made.worked()
    spent = replace(story, county=replace(story.county, measures=measures))
    assert "500.0万元" in bought_sentence(spent, "zh") and "infrastructure" in bought_sentence(
        spent, "en"
    )
    none = replace(story, county=replace(story.county, measures=None))
    assert bought(None) == {} and bought_sentence(none, "en") == ""


def test_income_counts_the_other_way():
    told = cost(1e6, finding(0.2, 0.05, outcome="earned_income"))
    assert (
        told.value == pytest.approx(1e6 / (200 * (1 - np.exp(-0.2))))
        and told.low < told.value < told.high
    )


@pytest.mark.parametrize(
    ("value", "grade", "funds", "reason"),
    [(0.3, "B", 1e6, "not_found"), (-0.3, "X", 1e6, "misleading"), (-0.3, "B", 0.0, "no_funds")],
)
def test_what_cannot_be_divided_is_not(value, grade, funds, reason):
    told = cost(funds, finding(value, 0.05, grade))
    assert told.verdict == "refused" and told.value is None and told.reason == reason


def test_every_question_is_answered():
    measures = pd.DataFrame({"funds": [100.0, np.nan, 50.0]})
    told = costs(measures, [finding(-0.2, 0.05), finding(0.2, 0.05, outcome="earned_income")])
    assert [(c.finding, c.funds) for c in told] == [
        ("petitions.first_year", 150.0),
        ("earned_income.first_year", 150.0),
    ]
    assert [c.reason for c in costs(None, [finding(-0.2, 0.05)])] == ["no_funds"]

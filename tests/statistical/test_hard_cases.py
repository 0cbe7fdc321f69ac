"""Short and spoilt histories, odd lists and books: the grade that goes with each, or a refusal with
its reason."""

from pathlib import Path

import pytest

from village_eval.certify.hard_cases import HARD_CASES
from village_eval.findings.assessment import assess

# petitions and earned income: the best grade that is allowed, or the reason of a refusal
EXPECTED = {
    "two_quiet_years": ("B", "B"),
    "one_quiet_year": ("C", "C"),
    "no_quiet_year": ("C", "C"),
    "lists_known": ("B", "B"),
    "lists_known_nothing_done": ("B", "B"),
    "lists_unknown": ("C", "C"),
    "unusual_years": ("B", "B"),
    "by_score": ("A", "A"),
    "by_rate": ("A", "A"),
    "by_decree": ("A", "A"),
    "short_window": ("A", "A"),
    "quarterly_income": ("A", "A"),
    "no_income": ("A", "no_income_table"),
    "some_income": ("A", "A"),
    "no_population": ("A", "A"),
    "late_townships": ("A", "A"),
    "recording_for_all": ("A", "A"),
    "recording_online": ("C", "A"),
    "all_listed": ("all_listed", "all_listed"),
    "three_listed": ("too_few_listed", "too_few_listed"),
    "one_township": ("one_township", "one_township"),
    "two_townships": ("too_few_listed", "C"),
}


def test_every_case_is_told_of():
    text = (Path(__file__).parents[2] / "docs" / "hard_cases.md").read_text("utf-8")
    assert set(EXPECTED) == set(HARD_CASES)
    assert [
        case.en for case in HARD_CASES.values() if f"\n## {case.en} · {case.zh}\n" not in text
    ] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", HARD_CASES)
def test_the_answer_is_as_good_as_the_case_allows(name):
    panel, campaign, _ = HARD_CASES[name].make(11)
    findings = {f.id: f for f in assess(panel, campaign, draws=199).findings}
    for key, best in zip(
        ("petitions.first_year", "earned_income.first_year"), EXPECTED[name], strict=True
    ):
        f = findings[key]
        if len(best) > 1:
            assert (f.grade, f.estimate.reason) == ("D", best) and f.conclusion is None
        else:
            assert best <= f.grade <= "C" and f.estimate.value is not None

"""Villages: probabilities, ranges and counts hang together, and mean what they say on counties of
known truth."""

import dataclasses

import fixtures_evaluation as made
import numpy as np
import pytest

from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import simulate
from village_eval.certify.villages import certify_villages, summarise_villages
from village_eval.designs import quiet_year_did
from village_eval.expectation.panel_settings import setting
from village_eval.findings.may_say import villages
from village_eval.findings.villages import COLUMNS, _count_distribution, turnaround, village_table
from village_eval.report.village_words import village_sentences


@pytest.fixture(scope="module")
def told():
    county = simulate(dataclasses.replace(PLAIN, effect=-0.4, n_villages=500), 3, parts=False)
    s = setting(county.panel, county.campaign)
    estimate = quiet_year_did(county.panel, county.campaign, given=s)
    return s, estimate, village_table(s, estimate), turnaround(s, estimate)


def test_the_table_agrees_with_the_headline(told):
    s, estimate, table, _ = told
    assert list(table) == COLUMNS and len(table) == s.panel.listed.sum()
    assert np.log(table["actual"].sum() / table["expected"].sum()) == pytest.approx(estimate.value)
    assert (table["ratio_low"] < table["ratio"]).all() and (
        table["ratio"] < table["ratio_high"]
    ).all()
    raw = table["actual"] / table["expected"]
    assert table["ratio"].std() < raw.std(), "luck is removed"


def test_the_count_is_what_the_probabilities_add_up_to(told):
    s, _, table, many = told
    assert many.improved == pytest.approx(table["probability_improved"].sum())
    assert (
        many.low < many.improved < many.high
        and many.sure == (table["probability_improved"] >= 0.9).sum()
    )
    last_year = s.series.last_year(0, "first_year")[s.panel.listed]
    assert (
        many.before_after
        == (s.series.target(0, "first_year")[s.panel.listed] < 0.9 * last_year).sum()
    )


def test_quiet_years_have_such_villages_too(told):
    _, estimate, _, many = told
    assert list(many.quiet["year"]) == list(estimate.quiet["year"])
    assert (many.quiet["improved"] > 10).all() and (many.quiet["sure"] < many.sure).all()
    assert many.quiet["improved"].mean() < many.improved


def test_the_answer_is_what_goes_beyond_quiet_years(told):
    *_, many = told
    value, low, high = many.excess
    quiet = many.quiet["improved"]
    assert value == pytest.approx(many.improved - quiet.mean())
    assert low < many.low - quiet.mean() and many.high - quiet.mean() < high
    error = 1.96 * quiet.std() / np.sqrt(len(quiet))
    assert value - low == pytest.approx(np.hypot(many.improved - many.low, error), rel=1e-4)
    assert dataclasses.replace(many, quiet=many.quiet[:1]).excess is None


@pytest.mark.parametrize(
    ("improved", "grade", "form"),
    [(30.0, "B", "more"), (9.0, "B", "unclear"), (1.0, "B", "fewer"), (30.0, "X", "misleading")],
)
def test_villages_are_told_by_their_excess(improved, grade, form):
    story = made.worked()
    quiet = story.turnaround.quiet.assign(improved=[9.0, 9.5, 8.5, 9.0])
    low, high = max(round(improved) - 3, 0), round(improved) + 3
    many = dataclasses.replace(
        story.turnaround, listed=40, improved=improved, low=low, high=high, quiet=quiet
    )
    head = dataclasses.replace(story.findings[0], grade=grade)
    story = dataclasses.replace(story, turnaround=many, findings=[head, *story.findings[1:]])
    assert villages(many, head) == form
    for lang in ("zh", "en"):
        said = village_sentences(story, lang)
        first = {
            "more": ("多21个", "21 more"),
            "unclear": ("说不清", "cannot be told"),
            "fewer": ("少8个", "8 fewer"),
            "misleading": ("不据此判断", "no village is judged"),
        }[form][lang == "en"]
        assert first in said[0] and "{" not in " ".join(said)
        assert form != "misleading" or len(said) == 1


def test_without_quiet_years_no_village_is_credited():
    story = made.worked()
    alone = dataclasses.replace(story.turnaround, quiet=story.turnaround.quiet[:0])
    assert villages(alone, story.findings[0]) == "no_quiet"
    said = village_sentences(dataclasses.replace(story, turnaround=alone), "en")
    assert "cannot be told" in said[0] and "not what the campaign did" in said[1]


def test_counts_of_independent_events():
    p = np.array([0.2, 0.5, 0.9])
    chance = _count_distribution(p)
    assert chance.sum() == pytest.approx(1) and chance @ np.arange(4) == pytest.approx(p.sum())
    assert chance[3] == pytest.approx(0.09) and chance[0] == pytest.approx(0.04)


def test_nothing_without_an_estimate(told):
    s, estimate, *_ = told
    blank = dataclasses.replace(estimate, value=None)
    assert turnaround(s, blank) is None and village_table(s, blank).empty


@pytest.mark.slow
def test_nine_in_ten_of_those_called_improved_are():
    table = summarise_villages(certify_villages(40)).set_index(["scenario", "probability"])
    sure = table.xs("at least 0.9", level="probability").drop("serial")
    assert (sure["true"] > 0.88).all()
    count = table.xs("count in a county", level="probability")
    assert (count["covered"] > 0.85).all()
    assert count.loc["null", "said"] == pytest.approx(count.loc["null", "quiet"], abs=3)
    beyond = table.xs("excess over quiet years", level="probability")
    assert (beyond["covered"] > 0.9).all() and (
        beyond.loc[["null", "null_years"], "told"] == 0
    ).all()

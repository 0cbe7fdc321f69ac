"""The map of disagreement: pairs, what counts as material, and explanations that point to the side
seen."""

from dataclasses import replace

import fixtures_evaluation as made
import pytest

from village_eval.expectation.between_years import t_error
from village_eval.expectation.outcomes import question
from village_eval.expectation.results import Estimate
from village_eval.report.disagreement import (
    PUSH,
    TRAITS,
    design_name,
    disagreement,
    explained,
    sentences,
)
from village_eval.report.figures.disagreement import disagreement as draw
from village_eval.words.wording import words

HEADLINE = made.finding(made.estimate(value=-0.2, se=0.08))


def other(design, value):
    return Estimate(question("petitions.first_year"), design, value, t_error(0.1))


def why(design, value):
    row = disagreement(HEADLINE, [other(design, value)]).iloc[0]
    return [trait for _, trait in row["why"]] if row["material"] else None


def test_only_differences_beyond_the_headlines_error_are_explained():
    assert why("did", -0.27) is None
    assert why("did", -0.5) == ["returns"]
    assert why("matching", 0.1) == ["matched"]
    assert why("callaway_santanna", -0.5) == ["returns"]
    assert (
        why("regression_discontinuity", 0.0) == why("regression_discontinuity", -0.4) == ["cut_off"]
    )


def test_what_lies_on_the_side_that_no_known_error_leads_to_is_said_to_be_unexplained():
    assert why("did", 0.1) == [] and why("matching", -0.6) == []
    for lang in ("zh", "en"):
        (told,) = sentences(HEADLINE, [other("did", 0.1)], lang)
        assert words(lang)["disagreement"]["unexplained"] in told


def test_two_others_differ_by_what_only_one_of_them_has():
    pairs = disagreement(
        HEADLINE, [other("did", -0.5), other("before_after", -0.8), other("matching", 0.2)]
    )
    found = {(r.a, r.b): [t for _, t in r.why] for r in pairs.itertuples()}
    assert len(found) == 6
    assert found["before_after", "did"] == ["no_control"]
    assert found["did", "matching"] == ["returns", "matched"]


def test_unused_quiet_years_push_to_where_these_quiet_years_lay():
    # expected_from_history is the headline before the quiet years' mean (+0.03 here) is taken off
    assert HEADLINE.estimate.quiet_years.mean > 0
    assert why("expected_from_history", 0.0) == ["quiet_years_unused"]
    assert why("expected_from_history", -0.5) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_trait_has_its_words_and_every_design_its_traits(lang):
    t = words(lang)
    known = {trait for traits in TRAITS.values() for trait in traits or ()}
    assert set(words(lang, "designs")["trait"]) == known | set(PUSH)
    others = [other(d, -1 + 0.15 * i) for i, d in enumerate(TRAITS) if d != "quiet_year_did"]
    told = sentences(HEADLINE, others, lang)
    headline = design_name(HEADLINE.estimate, lang)
    against = [e for e in explained(HEADLINE, others, lang) if e["other"] == headline]
    assert len(told) == len(against)
    assert all("{" not in s and s.endswith(t["disagreement"]["stop"]) for s in told)


def test_where_it_is_not_declared_how_a_design_departs_no_county_is_said_to_be_special():
    mine = replace(other("mine", -0.6), label={"zh": "自己的", "en": "mine"})
    assert disagreement(HEADLINE, [mine]).iloc[0]["why"] is None
    for lang in ("zh", "en"):
        (told,) = sentences(HEADLINE, [mine], lang)
        t = words(lang)["disagreement"]
        assert t["undeclared"] in told and t["unexplained"] not in told
    with pytest.raises(ValueError, match="no words"):
        sentences(HEADLINE, [other("mine", -0.6)], "en")


def test_the_picture_counts_pairs_and_needs_two():
    assert draw(HEADLINE, []) is None
    picture = draw(HEADLINE, [other("did", -0.5), other("imputation", -0.22)], "en")
    assert "2 pairs" in picture.alt and "−39%" in picture.alt

"""How many villages, or counties, the next round needs: the formula, and the words that tell it."""

import math

import fixtures_evaluation as made
import pytest

from village_eval.next_round.needed import counties_without_lot, floor_without_lot, needed
from village_eval.report.plan_words import advice_sentence, one_detectable, without_lot
from village_eval.words.catalogue import LANGUAGES


def test_four_times_the_villages_show_half_the_effect():
    assert needed(-0.4, 68, -0.4) == needed(-0.4, 68, 0.4)
    assert needed(-0.4, 68, -0.4).villages == 68 and needed(-0.4, 68, -0.4).counties == 1
    half = needed(-0.4, 68, -0.2)
    assert (half.villages, half.counties) == (4 * 68, 4)
    assert needed(-0.4, 68, -0.19).counties == 5, "a county more, never one too few"
    assert needed(-0.2, 68, -0.4).counties == 1
    with pytest.raises(ValueError, match="effect of 0"):
        needed(-0.4, 68, 0.0)


def test_without_a_lot_villages_leave_what_years_differ_by():
    est = made.estimate(value=-0.2, se=0.1, between_sd=0.05)
    least = floor_without_lot(est)
    # Of a normal error (many degrees of freedom): 1.96 + 0.84 of its standard error.
    assert least == pytest.approx(-2.8 * 0.05 * math.sqrt(1 + 1 / 4), rel=0.01)
    assert floor_without_lot(made.estimate(between_sd=None)) is None
    assert counties_without_lot(est, -0.281) == 1 and counties_without_lot(est, -0.141) == 4
    assert counties_without_lot(made.estimate(error=None), -0.2) is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_advice_says_what_the_effect_found_needs(lang):
    rows = made.next_rounds()
    missed = advice_sentence(rows, lang, math.log(0.8))
    n = needed(math.log1p(-0.39), 12, math.log(0.8))
    assert "20%" in missed and str(n.villages) in missed and str(n.counties) in missed
    seen = advice_sentence(rows, lang, math.log(0.5))
    assert "50%" in seen and {"zh": "可以看出", "en": "is enough"}[lang] in seen
    nothing = advice_sentence(rows, lang)
    assert "20%" in nothing and {"zh": "本轮", "en": "as found"}[lang] not in nothing


@pytest.mark.parametrize("lang", LANGUAGES)
def test_two_numbers_for_one_thing_are_explained(lang):
    head = made.finding(made.estimate(), "B", "fell")
    said = one_detectable(made.next_rounds(), head, lang)
    assert "20%" in said and "33%" in said
    assert one_detectable([], head, lang) == "" == one_detectable(made.next_rounds(), None, lang)
    told = without_lot(head, lang)
    assert "18%" in told and "{" not in told
    assert without_lot(made.nothing("petitions", "first_year", None), lang) == ""

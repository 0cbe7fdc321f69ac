"""A researcher's own check and own design beside the built-in ones, plain and declared, and what is
refused at the door."""

from __future__ import annotations

from pathlib import Path

import pytest

from village_eval import evaluate
from village_eval.certify.synthetic_county import simulate_to_folder
from village_eval.checks import DeclaredCheck
from village_eval.designs import DeclaredDesign
from village_eval.expectation.numbers import Number
from village_eval.expectation.results import Drawn
from village_eval.report import tables
from village_eval.report.check_words import check_sentence
from village_eval.report.disagreement import disagreement, sentences
from village_eval.report.figures.check import check as draw
from village_eval.words.wording import LANGUAGES


def few_months(case):
    """Does the register hold at least five years?"""
    return case.answer("weak" if case.setting.panel.petitions.shape[1] < 600 else "pass")


def _quiet(case):
    share = float((case.setting.panel.petitions == 0).mean())
    return case.answer("fail", {"share": Number(share, "share")}, misleads=False)


QUIET = DeclaredCheck(
    "quiet_villages",
    _quiet,
    of=lambda question: question.id == "petitions.first_year",
    figure=Drawn((("share",),)),
    words={
        lang: {
            "name": f"quiet villages {lang}",
            "share": "months without a petition",
            **{v: f"{v}: {{share}} of village-months" for v in ("pass", "weak", "fail")},
        }
        for lang in LANGUAGES
    },
)


def half_of_it(panel, campaign, *, outcome, window, given):
    refits = given.change(0, window, "last_year")
    return given.from_refits(refits / 2, window, "whatever", "mine")


FOUR = DeclaredDesign(
    "four_times",
    lambda panel, campaign, *, outcome, window, given: given.from_refits(
        4 * given.change(0, window, "last_year"), window, "x", "mine"
    ),
    traits=("returns",),
    label={"zh": "四倍", "en": "four times"},
)


@pytest.fixture(scope="module")
def county(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("own") / "county"
    simulate_to_folder(folder, seed=3, villages=160, townships=10, listed=24)
    return folder


@pytest.fixture(scope="module")
def evaluation(county: Path):
    return evaluate(
        county, draws=99, checks=[few_months, QUIET], designs=[half_of_it, FOUR], cache=False
    )


def test_own_checks_count_and_read_in_every_language(evaluation) -> None:
    finding = evaluation["petitions.first_year"]
    own = {c.name: c for c in finding.checks if c.words}
    assert set(own) == {"few_months", "quiet_villages"}
    assert finding.grade in "CDX"  # a fail counts
    for lang in LANGUAGES:
        assert (
            check_sentence(own["few_months"], lang) == "Does the register hold at least five years?"
        )
        told = check_sentence(own["quiet_villages"], lang)
        assert told.startswith("fail: ") and told.endswith("% of village-months")
        named = set(tables.checks(evaluation, lang).formatted().iloc[:, 0])
        assert {"few months", f"quiet villages {lang}"} <= named
        assert draw(own["quiet_villages"], finding, lang) is not None
    others = [c.name for c in evaluation["earned_income.first_year"].checks if c.words]
    assert others == ["few_months"]


def test_own_designs_stand_beside_the_others(evaluation) -> None:
    finding = evaluation["petitions.first_year"]
    of_it = {e.design: e for e in evaluation.sensitivity if e.id == finding.id}
    assert of_it["half_of_it"].value == pytest.approx(of_it["did"].value / 2)
    assert of_it["four_times"].value == pytest.approx(of_it["did"].value * 4)
    told = {(r.a, r.b): r.why for r in disagreement(finding, evaluation.sensitivity).itertuples()}
    assert told["four_times", "quiet_year_did"] == (("four_times", "returns"),)
    for lang, name in (("zh", "四倍"), ("en", "four times")):
        assert name in set(tables.designs(evaluation, lang).formatted().iloc[:, 0])
        said = sentences(finding, evaluation.sensitivity, lang)
        assert any(name in s for s in said), said


def test_a_design_without_traits_is_said_to_have_none_and_no_county_is_special(evaluation) -> None:
    finding = evaluation["petitions.first_year"]
    far = [e for e in evaluation.sensitivity if e.design == "half_of_it" and e.id == finding.id]
    pairs = disagreement(finding, evaluation.sensitivity)
    mine = pairs[(pairs["a"] == "half_of_it") | (pairs["b"] == "half_of_it")]
    assert far and mine["material"].any() and mine.loc[mine["material"], "why"].isna().all()


def test_what_has_no_words_or_a_name_that_there_is_is_refused(county: Path) -> None:
    with pytest.raises(ValueError, match="no words"):
        evaluate(county, checks=[lambda case: case.answer("pass")])
    with pytest.raises(ValueError, match="no words"):
        evaluate(county, checks=[DeclaredCheck("bare", few_months)])
    with pytest.raises(ValueError, match="already"):
        evaluate(county, checks=[DeclaredCheck("bunching", _quiet, words=QUIET.words)])
    with pytest.raises(ValueError, match="already"):
        evaluate(county, designs=[DeclaredDesign("did", half_of_it)])
    with pytest.raises(TypeError, match="not a Check"):
        evaluate(county, draws=9, checks=[no_check], cache=False)


def no_check(case):
    """Gives no check."""
    return None

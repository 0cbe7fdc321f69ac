"""Pictures of the specification curve and of checks: titles by evidence, every check drawn or
refused, words without gaps."""

import re
from dataclasses import replace

import fixtures_evaluation as made
import numpy as np
import pandas as pd
import pytest

from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import simulate
from village_eval.findings.assessment import assess
from village_eval.findings.specification import COLUMNS, specification_curve, summary
from village_eval.report import sections, tables
from village_eval.report.amounts import signed
from village_eval.report.figures.check import check as draw_check
from village_eval.report.figures.specification_curve import specification_curve as draw

BAD = re.compile(r"None|nan|inf\b|\{|\}")


@pytest.fixture(scope="module")
def county():
    return simulate(
        replace(PLAIN, n_villages=240, n_townships=8, n_listed=24, subsidy=60_000), seed=4
    )


@pytest.fixture(scope="module")
def assessed(county):
    return assess(county.panel, county.campaign, draws=19)


@pytest.fixture(scope="module")
def curve(county):
    return specification_curve(county.panel, county.campaign)


def shifted(curve, by):
    return curve.assign(**{c: curve[c] + by for c in ("estimate", "ci_low", "ci_high")})


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_picture_tells_the_spread_and_no_share_of_ways(curve, lang):
    at = curve.loc[curve["headline"], "estimate"].iloc[0]
    for value in (-2.0, 0.0, 2.0):
        est = made.estimate(value=value, se=0.1)
        moved = shifted(curve, value - at)
        picture = draw(moved, made.finding(est), lang)
        title = picture.figure.get_suptitle().replace("\n", "")
        answers = summary(moved).answers
        for end in ("low", "high", "headline"):
            assert signed(answers[end], "log_ratio", lang) in title
        assert not re.search(r"占|指向|有\d+%|\d+% (say|have)", title + picture.alt)
        assert not BAD.search(picture.alt + picture.note)


def test_misleading_findings_say_that_no_other_way_mends_them(curve):
    x = made.finding(made.estimate(), "X", "misleading")
    assert (
        "同一本台账" in draw(curve, x, "zh").note and "same register" in draw(curve, x, "en").note
    )


def test_without_a_curve_there_is_no_picture_and_a_sentence():
    nothing = replace(made.worked(), specifications=pd.DataFrame(columns=list(COLUMNS)))
    assert draw(nothing.specifications, nothing.findings[0]) is None
    assert tables.specifications(nothing, "zh") is None
    assert "<p>" in sections.specifications(nothing, "zh").html


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_check_has_its_picture(assessed, lang):
    drawn = set()
    for finding in assessed.findings:
        if finding.id not in ("petitions.first_year", "total_income.first_year"):
            continue
        for check in finding.checks:
            picture = draw_check(check, finding, lang)
            nothing = check.verdict == "not_applicable" or check.value("touched") == 0
            assert (picture is None) == nothing
            if picture:
                drawn.add(check.name)
                assert not BAD.search(picture.alt)
    assert drawn >= {
        "quiet_year_stability",
        "pre_trend",
        "suppression",
        "leave_one_township_out",
        "placebo_time",
        "placebo_space",
        "placebo_outcome",
        "seasonality",
        "displacement",
        "spillover",
        "subsidy",
        "bunching",
    }


def test_a_check_that_was_not_asked_says_so():
    said = sections.check(made.nothing_seen(), "suppression", "en").html
    assert "<figure" not in said and "<p>" in said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sections_and_tables_of_a_whole_county(county, assessed, curve, lang):
    whole = replace(
        made.worked(),
        panel=county.panel,
        findings=assessed.findings,
        sensitivity=assessed.sensitivity,
        specifications=curve,
    )
    parts = [sections.robustness(whole, lang), sections.other_outcomes(whole, lang)]
    text = re.sub(
        r"<[^>]*>", " ", re.sub(r'src="[^"]*"', "", " ".join(p.__html__() for p in parts))
    )
    assert not BAD.search(text)
    assert len(tables.other_outcomes(whole, lang).frame) == 12
    assert tables.specifications(whole, lang).frame.iloc[:, 2].gt(0).all()
    assert np.isin(
        ["specifications", "other_outcomes"], [t.name for t in tables.everything(whole, lang)]
    ).all()

"""Nothing is declared by half: checks, designs, outcomes and measures have words in every language,
the picture that they promise and the certification that they claim; what a check computes is
shown."""

from __future__ import annotations

import csv
import string
from dataclasses import replace
from pathlib import Path

import pytest

from village_eval.certify.counties import DESIGNS as CERTIFIED
from village_eval.certify.counties import LIBRARY
from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import simulate
from village_eval.checks import CHECKS
from village_eval.designs import DESIGNS
from village_eval.expectation.outcomes import OUTCOMES
from village_eval.expectation.results import Check
from village_eval.findings.assessment import Assessment, assess
from village_eval.report.disagreement import PUSH
from village_eval.report.figures.check import check as draw
from village_eval.words.vocabulary import GROUP_OF_MEASURE, MEASURE_GROUPS, MEASURES, ways
from village_eval.words.vocabulary import name as term
from village_eval.words.wording import LANGUAGES, words

DATA = Path(__file__).parents[2] / "data"
IN_THE_TABLE = {"p_value"}
IN_THE_METHOD = {"breakdown"}


@pytest.fixture(scope="module")
def assessed() -> Assessment:
    made = simulate(replace(PLAIN, n_villages=300, n_townships=10, n_listed=30), seed=3)
    return assess(made.panel, made.campaign, draws=99)


@pytest.fixture(scope="module")
def answers(assessed: Assessment) -> list[Check]:
    return [c for f in assessed.findings for c in f.checks]


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def placeholders(texts: dict[str, str]) -> set[str]:
    """The numbers that a check's sentences ask for."""
    return {
        field for text in texts.values() for _, field, *_ in string.Formatter().parse(text) if field
    }


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.name)
def test_a_check_has_words(check, lang: str) -> None:
    t = words(lang, "checks")[check.name]
    assert t["name"]
    for verdict in ("pass", "weak", "fail"):
        assert t.get(f"{verdict}_plain"), verdict
    assert check.figure and (check.figure.rows or check.figure.label)
    for key, *_ in check.figure.rows:
        assert t["row"][key]


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.name)
def test_a_check_is_certified_on_clean_counties_and_on_its_threats(check) -> None:
    done = {(r["threat"], r["check"]) for r in rows("certification_checks")}
    assert check.threats and ("nothing wrong", check.name) in done
    for threat in check.threats:
        assert (threat.name, check.name) in done, threat.name
        sizes = {r["size"] for r in rows("certification_checks") if r["threat"] == threat.name}
        assert {float(s) for s in sizes} == set(map(float, threat.sizes))


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.name)
def test_a_check_is_asked_of_something_and_answers(check, answers: list[Check]) -> None:
    assert any(check.of(q) for o in OUTCOMES for q in o.questions())
    assert any(a.name == check.name and a.verdict != "not_applicable" for a in answers)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_number_of_a_check_is_worded_drawn_or_tabled(answers: list[Check], lang: str) -> None:
    for check in answers:
        forms = words(lang, "checks")[check.name]
        worded = placeholders({k: v for k, v in forms.items() if isinstance(v, str)})
        drawn = {key for row in check.figure.rows for key in row}
        unseen = set(check.numbers) - worded - drawn - IN_THE_TABLE - IN_THE_METHOD
        assert not unseen, f"{check.name} computes {unseen}, and nobody sees it"
    assert placeholders(words(lang, "report")["method"]) >= IN_THE_METHOD
    assert set(words(lang, "tables")["checks"]["columns"]) >= {"p"}


def test_every_check_that_found_something_is_drawn(assessed: Assessment) -> None:
    drawn = set()
    for finding in assessed.findings:
        if finding.id in ("petitions.first_year", "total_income.first_year"):
            drawn |= {c.name for c in finding.checks if draw(c, finding, "en")}
    assert drawn == {c.name for c in CHECKS} - {"mergers"}  # here no village was merged


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("design", DESIGNS, ids=lambda d: d.name)
def test_a_design_has_words_traits_and_a_certification(design, lang: str) -> None:
    t = words(lang, "designs")
    assert t[design.name]["name"] and t[design.name]["short"]
    assert design.traits is not None
    for trait in design.traits:
        assert "{design}" in t["trait"][trait]
    if design.beside != "none":
        known = {r["design"] for f in ("certification", "certification_library") for r in rows(f)}
        assert design.name in known and design.name in CERTIFIED | LIBRARY
    assert set(PUSH) <= {trait for d in DESIGNS for trait in d.traits or ()}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda o: o.name)
def test_an_outcome_that_is_asked_about_has_words(outcome, lang: str) -> None:
    t = words(lang)
    for question in outcome.questions():
        assert t["outcome"][outcome.name]
        assert "{outcome}" in t["variant"][question.statistic]
        assert question.window in t["window"]
        assert t["lead"][outcome.family]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("measure", MEASURES)
def test_a_measure_has_a_name_and_a_group(measure: str, lang: str) -> None:
    assert term("measure", measure, lang) and GROUP_OF_MEASURE[measure] in MEASURE_GROUPS
    assert term("measure", measure, lang) in ways("measure", measure)

"""Nothing is declared by half: what a check computes is worded, drawn or tabled."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest

from village_eval.certify.simulate import PLAIN, simulate
from village_eval.expectation.results import Check
from village_eval.findings.assessment import assess
from village_eval.report.figures.check import ROWS
from village_eval.words.wording import LANGUAGES, words

IN_THE_TABLE = {"p_value"}
IN_THE_METHOD = {"breakdown"}


@pytest.fixture(scope="module")
def checks() -> list[Check]:
    made = simulate(replace(PLAIN, n_villages=300, n_townships=10, n_listed=30), seed=3)
    findings = assess(made.panel, made.campaign, draws=99).findings
    return [c for f in findings for c in f.checks]


def placeholders(texts: dict[str, str], start: str = "") -> set[str]:
    """The numbers that a check's sentences ask for."""
    return {
        field
        for key, text in texts.items()
        if key.startswith(start)
        for _, field, *_ in string.Formatter().parse(text)
        if field
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_number_of_a_check_is_worded_drawn_or_tabled(checks: list[Check], lang: str) -> None:
    assert len({c.name for c in checks}) >= 13
    for check in checks:
        worded = placeholders(words(lang)["check"][check.name])
        worded |= placeholders(words(lang)["misleads"], check.name)
        drawn = {key for row in ROWS.get(check.name, ()) for key in row}
        unseen = set(check.numbers) - worded - drawn - IN_THE_TABLE - IN_THE_METHOD
        assert not unseen, f"{check.name} computes {unseen}, and nobody sees it"
    assert placeholders(words(lang, "report")["method"]) >= IN_THE_METHOD
    assert set(words(lang, "tables")["checks"]["columns"]) >= {"p"}

"""Questions and outcomes: one place makes and reads their ids, what there is not is refused at the
door, and results are compared as they can be."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import pkgutil
from dataclasses import replace
from pathlib import Path

import fixtures_evaluation as made
import numpy as np
import pytest

import village_eval
from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import simulate
from village_eval.checks import Case
from village_eval.checks.suppression import suppression
from village_eval.designs import DESIGNS, quiet_year_did, setting
from village_eval.expectation.other_outcomes import settings as further
from village_eval.expectation.outcomes import (
    EARNED_INCOME,
    OUTCOMES,
    PETITIONS,
    SKIP_LEVEL,
    Question,
    outcome,
    question,
)
from village_eval.expectation.panel_settings import Settings

HOLD_ARRAYS = (
    "ndarray",
    "Panel",
    "DataFrame",
    "Estimate",
    "Finding",
    "Refits",
    "QuietYears",
    "Mixture",
)
PACKAGE = Path(village_eval.__file__).parent


@pytest.fixture(scope="module")
def county():
    return simulate(replace(PLAIN, n_villages=120, n_townships=6, n_listed=16), seed=2)


@pytest.mark.parametrize("asked", [q for o in OUTCOMES for q in o.questions()], ids=str)
def test_an_id_is_read_as_it_is_made(asked: Question) -> None:
    assert question(asked.id) == asked and hash(question(asked.id)) == hash(asked)
    assert asked.id.endswith(asked.statistic) != asked.total


def test_an_outcome_knows_what_it_is_of() -> None:
    assert (PETITIONS.unit, PETITIONS.favourable, PETITIONS.by_year) == ("petitions", -1, False)
    assert (EARNED_INCOME.unit, EARNED_INCOME.favourable, EARNED_INCOME.by_year) == (
        "yuan",
        1,
        True,
    )
    assert Question(EARNED_INCOME, statistic="share_earning").scale == "share"
    assert Question(outcome("resolved_share")).scale == "share"
    assert Question(EARNED_INCOME, statistic="typical").scale == "log_ratio"


@pytest.mark.parametrize(
    ("ask", "nearest"),
    [
        (lambda c: question("petitions.first_yaer"), "first_year"),
        (lambda c: question("earned_incom.first_year"), "earned_income"),
        (lambda c: question("earned_income.first_year.typicl"), "typical"),
        (lambda c: outcome("petitons"), "petitions"),
        (lambda c: setting(c.panel, c.campaign, "earned_income:typicl"), "typical"),
        (lambda c: setting(c.panel, c.campaign, "petitons"), "petitions"),
        (lambda c: setting(c.panel, c.campaign, "petitions:typical"), "total"),
        (lambda c: made.worked()["petitions.first_yaer"], "petitions.first_year"),
        *[
            (lambda c, d=d: d.function(c.panel, c.campaign, window="first_yaer"), "first_year")
            for d in DESIGNS
        ],
        *[
            (lambda c, d=d: d.function(c.panel, c.campaign, outcome="petitons"), "petitions")
            for d in DESIGNS
        ],
    ],
)
def test_what_there_is_not_is_refused_with_the_nearest(county, ask, nearest: str) -> None:
    with pytest.raises(ValueError, match=nearest):
        ask(county)


def test_an_evaluation_is_asked_by_question_or_id() -> None:
    evaluation = made.worked()
    finding = evaluation["petitions.first_year"]
    assert evaluation.find(Question(PETITIONS)) is finding
    assert evaluation.find("petitions.first_year") is finding
    assert evaluation.find("petitions.after_13_24") is None


def test_skip_level_petitions_are_one_outcome(county) -> None:
    """A column that was kept from a later month on says nothing of those before, for the check of
    suppression as for the finding."""
    late = county.panel.parts["skip_level"].copy()
    late[:, :9] = 0
    late[0, 9] += 1
    panel = replace(county.panel, parts=county.panel.parts | {"skip_level": late})
    settings = Settings(panel, county.campaign)
    by_part, by_name = settings.of("skip_level"), settings.of(SKIP_LEVEL.name)
    (found,) = (s for s in further(settings) if s.series.outcome == SKIP_LEVEL)
    for series in (by_part.series, by_name.series):
        assert series.outcome == SKIP_LEVEL
        assert np.isnan(series.values[:, :9]).all()
        np.testing.assert_array_equal(series.values, found.series.values)
    setting_ = settings.of("petitions")
    estimate = quiet_year_did(panel, county.campaign, given=setting_)
    told = suppression(Case(setting_, estimate)).value("skip_level_ratio")
    above = quiet_year_did(panel, county.campaign, given=found)
    assert told == pytest.approx(np.exp(above.value))


def _modules():
    for room in ("expectation", "designs", "checks", "findings", "measures"):
        package = importlib.import_module(f"village_eval.{room}")
        for found in pkgutil.iter_modules(package.__path__):
            yield importlib.import_module(f"village_eval.{room}.{found.name}")


def test_what_holds_arrays_is_compared_by_identity_and_the_rest_by_value() -> None:
    seen = 0
    for module in _modules():
        for kind in vars(module).values():
            if not dataclasses.is_dataclass(kind) or kind.__module__ != module.__name__:
                continue
            types = [str(f.type) for f in dataclasses.fields(kind)]
            held = " ".join(t for t in types if not t.startswith("Callable"))
            arrays = any(word in held for word in HOLD_ARRAYS)
            seen += arrays
            assert kind.__dataclass_params__.eq != arrays, f"{kind.__module__}.{kind.__name__}"
    assert seen > 10
    one, other = made.estimate(), made.estimate()
    assert one == one and one != other


def test_a_seed_that_is_asked_for_is_read() -> None:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.FunctionDef):
                continue
            arguments = {a.arg for a in [*node.args.args, *node.args.kwonlyargs]}
            read = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
            if "seed" in arguments:
                assert "seed" in read, f"{path.name}: {node.name} does not read its seed"

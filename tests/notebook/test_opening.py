"""How notebooks open their evaluation: parameters before anything is computed, a result without
computing."""

from dataclasses import replace

import pytest
from conftest import write_folder

from village_eval.county.problems import InputError
from village_eval.findings import evaluation as module
from village_eval.findings.evaluation import evaluate
from village_eval.report.findings_json import findings_json
from village_eval.report.opening import open_evaluation

WRONG = {
    "lang": ["fr_FR", "", None],
    "audience": ["everybody"],
    "draws": [0, -1, 1.5, "99", True],
    "seed": [-1, "1", None],
    "as_of": ["yesterday", "2024-13-01", 2024],
}


@pytest.mark.parametrize("name", WRONG)
def test_parameters_are_checked_before_anything_is_computed(name, monkeypatch):
    monkeypatch.setattr("village_eval.report.opening.evaluate", lambda *_, **__: pytest.fail())
    for given in WRONG[name]:
        with pytest.raises(InputError) as refused:
            open_evaluation(**{"lang": "en"} | {name: given})
        assert [p.file for p in refused.value.problems] == [name]


def test_all_wrong_parameters_are_named_at_once():
    with pytest.raises(InputError) as refused:
        open_evaluation("county", "result", lang="en", seed=-1, draws=0, audience="x")
    names = [p.file for p in refused.value.problems]
    assert names == ["audience", "draws", "seed", "county"]
    assert "adviser, researcher, public" in str(refused.value)


def test_a_result_is_read_and_nothing_is_computed(tmp_path, monkeypatch):
    made = evaluate(write_folder(tmp_path / "county"), draws=99, cache=False)
    made.save(tmp_path / "result")
    monkeypatch.setattr(module, "assess", lambda *_: pytest.fail("computed again"))
    opened = open_evaluation(result=tmp_path / "result", lang="en", audience="public")
    assert opened.audience == "public"
    assert findings_json(opened.shown_to("adviser")) == findings_json(made)


def test_a_result_that_was_written_anew_is_read_anew(tmp_path):
    """A notebook that stays open must not show the answer of before."""
    made = evaluate(write_folder(tmp_path / "county"), draws=99, cache=False)
    made.save(tmp_path / "result")
    first = open_evaluation(result=tmp_path / "result", lang="en")
    assert open_evaluation(result=tmp_path / "result", lang="en") is first
    replace(made, options=made.options | {"seed": 7}).save(tmp_path / "result")
    assert open_evaluation(result=tmp_path / "result", lang="en").options["seed"] == 7

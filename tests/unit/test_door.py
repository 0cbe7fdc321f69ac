"""What is asked for is checked at the door: everything wrong at once, with what is allowed and the
nearest, before anything is computed; and a notebook shows the sentences, not where they arose."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from fixtures_evaluation import worked
from IPython.core.interactiveshell import InteractiveShell

import village_eval as ve
from village_eval.certify.demo_province import open_province
from village_eval.county.door import RULES, day_of, wrong
from village_eval.findings import evaluation as module
from village_eval.report.opening import open_evaluation, refuse_unknown
from village_eval.words.catalogue import LANGUAGES

WRONG = {
    "lang": ["english", "", None, 1],
    "audience": ["everybody", None],
    "draws": [0, -1, 1.5, "99", True, None],
    "seed": [-1, "1", None, 1.0],
    "counties": [0, "40"],
    "workers": [0, "2"],
    "as_of": ["yesterday", "2024-13-01", "2024-2-1", "20240201", 2024, "2024-06"],
    "county": [5, "", b"x"],
    "result": [5, ""],
    "out": [5, ""],
}
FITS = {
    "lang": ["zh", "en"],
    "audience": ["public"],
    "draws": [99, np.int64(99)],
    "seed": [0, 1],
    "counties": [1],
    "workers": [None, 2],
    "as_of": [None, "2024-02-01", dt.date(2024, 2, 1), pd.Timestamp(2024, 2, 1)],
}


@pytest.fixture(autouse=True)
def in_english(monkeypatch):
    monkeypatch.setenv("VILLAGE_EVAL_LANG", "en")


@pytest.mark.parametrize("name", RULES)
def test_each_rule_refuses_what_does_not_fit_and_takes_what_does(name):
    for value in WRONG[name]:
        (found,) = wrong({name: value})
        for lang in LANGUAGES:
            assert name in found.text(lang) and repr(value) in found.text(lang)
    assert all(wrong({name: value}) == [] for value in FITS.get(name, ()))


def test_a_day_is_written_one_way():
    days = ["2024-02-01", dt.date(2024, 2, 1), dt.datetime(2024, 2, 1, 13), pd.Timestamp("2024-02")]
    assert {day_of(day) for day in days} == {"2024-02-01"}
    assert day_of(None) is None


def test_the_nearest_is_offered_in_each_language():
    (found,) = wrong({"audience": "advisor"})
    assert "The closest is adviser. Allowed: adviser, researcher, public." in found.text("en")
    assert "最接近的是adviser。可用：adviser, researcher, public。" in found.text("zh")
    (found,) = wrong({"drws": 99})
    assert "no such parameter. The closest is draws." in found.text("en")


def test_everything_wrong_is_said_at_once_and_nothing_is_computed(monkeypatch):
    monkeypatch.setattr(module, "read_county", lambda *_, **__: pytest.fail("read"))
    with pytest.raises(ve.InputError) as refused:
        ve.evaluate("data/demo_county", draws="99", seed=-1, as_of="2024-2-1")
    assert [p.file for p in refused.value.problems] == ["draws", "seed", "as_of"]


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: ve.evaluate("no_such_county"), "no such folder"),
        (lambda: ve.evaluate(None), "county: the parameter cannot be NoneType"),
        (lambda: ve.read_county(5), "folder: the parameter cannot be int"),
        (lambda: ve.quiet_year_did("data/demo_county", None), r"ve\.Panel\.of\(county\)"),
        (lambda: ve.Panel.of("data/demo_county"), r"ve\.read_county\(folder\)"),
        (lambda: ve.examine(ve.quiet_year_did, counties="40"), "counties: .* '40'"),
        (lambda: ve.examine(ve.quiet_year_did, 1, ["nul"]), "no scenario 'nul'.*closest is null"),
        (lambda: ve.examine(5), "design: the parameter cannot be int"),
        (lambda: ve.examine([ve.quiet_year_did, "did"]), "design: the parameter cannot be str"),
        (lambda: ve.pool([worked()]), "folder: the parameter cannot be list"),
        (lambda: ve.write_report(worked(), None), "out: the parameter cannot be NoneType"),
        (lambda: ve.write_report(worked(), "x", formats="pdv"), "no format 'pdv'.*closest is pdf"),
        (lambda: ve.tables.findings("my_county"), r"ve\.evaluate\(.my_county.\)"),
        (lambda: ve.figures.quiet_years(ve.demo_county()), "evaluation: .* County"),
        (lambda: ve.simulate("plain", n_vilages=3), "closest is n_villages"),
        (lambda: ve.simulate(seed="1"), "seed"),
    ],
)
def test_the_likely_slips_are_sentences(ask, said):
    with pytest.raises(ve.InputError, match=said):
        ask()


def test_a_notebook_shows_the_sentence_and_no_traceback(capsys):
    shell = InteractiveShell.instance()
    ran = shell.run_cell("import village_eval as ve\nve.evaluate('no_such_county')")
    assert isinstance(ran.error_in_exec, ve.InputError)
    shown = capsys.readouterr().out.strip()
    assert shown == "InputError: no_such_county: there is no such folder. Check the path."


def test_pictures_and_tables_say_which_languages_there_are(capsys):
    shell = InteractiveShell.instance()
    shell.user_ns["evaluation"] = worked()
    shell.run_cell("import village_eval as ve\nve.figures.quiet_years(evaluation, 'english')")
    assert capsys.readouterr().out.strip() == (
        "UnknownLanguage: lang must be one of zh, en, not 'english'"
    )
    shell.run_cell("ve.tables.findings(evaluation)")  # in this machine's language
    shown = capsys.readouterr().out
    assert "All findings" in shown and "信访量" not in shown
    shell.run_cell("ve.tables.findings(evaluation, 'zh')")
    shown = capsys.readouterr().out
    assert "信访量" in shown and "dtype" not in shown and len(shown.splitlines()) < 40


def test_a_picture_that_asks_for_no_evaluation_takes_its_language():
    assert ve.figures.no_data("en") is not None


def test_a_parameter_that_only_papermill_knows_is_refused(monkeypatch):
    """papermill warns and goes on; its own cell in the notebook gives it away."""
    shell = InteractiveShell.instance()
    monkeypatch.setattr(module, "read_county", lambda *_, **__: pytest.fail("read"))
    injected = '# Parameters\nlang = "en"\nlangauge = "zh"\naudiense = "public"\n'
    monkeypatch.setitem(shell.user_ns, "In", ["", "x = 1", injected])
    with pytest.raises(ve.InputError) as refused:
        open_evaluation(lang="english")
    told = [(p.file, p.kind) for p in refused.value.problems]
    assert told == [
        ("lang", "parameter"),
        ("langauge", "no_parameter"),
        ("audiense", "no_parameter"),
    ]
    assert "The closest is audience." in str(refused.value)


def test_parameters_of_a_notebooks_own_are_known_and_others_are_not(monkeypatch):
    """What papermill puts in is compared with the cell of parameters that has run before."""
    shell = InteractiveShell.instance()
    monkeypatch.setattr(module, "read_county", lambda *_, **__: pytest.fail("read"))
    own, injected = 'delivery = None\nlang = "zh"', '# Parameters\ndelivery = "x"\nresult = "y"\n'
    monkeypatch.setitem(shell.user_ns, "In", ["", own, injected])
    with pytest.raises(ve.InputError) as refused:
        open_evaluation(lang="en")
    assert [p.file for p in refused.value.problems] == ["result"]


def test_the_notebook_on_many_counties_refuses_the_same(monkeypatch):
    shell = InteractiveShell.instance()
    monkeypatch.setattr(
        "village_eval.certify.demo_province._simulated", lambda *_: pytest.fail("computed")
    )
    monkeypatch.setitem(shell.user_ns, "In", ["", '# Parameters\naudiense = "public"\n'])
    with pytest.raises(ve.InputError) as refused:
        open_province("counties", "result", lang="english", draws=0)
    assert [p.file for p in refused.value.problems] == ["lang", "draws", "audiense", "county"]


def test_a_notebook_with_parameters_of_its_own_refuses_others(monkeypatch):
    shell = InteractiveShell.instance()
    monkeypatch.setitem(shell.user_ns, "In", ["", "# Parameters\nname = 1\nseed = -1\n"])
    with pytest.raises(ve.InputError) as refused:
        refuse_unknown("en", "names", seed=-1)
    assert [p.file for p in refused.value.problems] == ["seed", "name"]
    assert "The closest is names. Allowed are: lang, seed, names." in str(refused.value)

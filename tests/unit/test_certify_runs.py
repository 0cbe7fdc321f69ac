"""Runs of an examination are resumed while the code is the same, and never once it is another."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from village_eval.certify import runs
from village_eval.certify.runs import PACKAGE, ROOMS, code_key, examined, monte_carlo_error

JOBS = [(name, seed) for seed in (1, 2) for name in ("null", "plain")]
NAMES = ("scenario", "seed")


@pytest.fixture
def copy(tmp_path):
    """The package's rooms, without what no run reads."""
    ignored = shutil.ignore_patterns("__pycache__", "*.ttf", "*.otf", "*.woff2")
    return Path(shutil.copytree(PACKAGE, tmp_path / "village_eval", ignore=ignored))


def test_a_touched_file_in_any_room_changes_the_key(copy):
    before = code_key(package=copy)
    assert before == code_key(package=copy) == code_key()
    seen = {before}
    for room in ROOMS:
        files = [p for p in sorted((copy / room).rglob("*")) if p.suffix in (".py", ".toml")]
        assert files, room
        files[-1].write_bytes(files[-1].read_bytes() + b"\n")
        seen.add(code_key(package=copy))
    words = next(p for p in sorted((copy / "words").rglob("*.toml")))
    words.write_bytes(words.read_bytes() + b"\n")
    seen.add(code_key(package=copy))
    assert len(seen) == len(ROOMS) + 2


def test_every_room_that_certification_imports_is_in_the_key():
    """What certify may import by the contract of the rooms, less what shows and starts things."""
    text = (PACKAGE.parent / "pyproject.toml").read_text("utf-8")
    order = re.findall(r'"village_eval\.(\w+)"', text.split("layers = [")[1].split("]")[0])
    below = order[order.index("certify") :]
    assert set(ROOMS) == set(below) - {"report", "many"}


def test_a_new_version_of_a_library_changes_the_key(monkeypatch):
    before = code_key()
    monkeypatch.setattr(runs.importlib.metadata, "version", lambda name: "0.0")
    assert code_key() != before


def test_a_design_of_ones_own_changes_the_key_with_its_file(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    file = tmp_path / "mine_for_the_key.py"
    file.write_text("def design():\n    return 1\n")
    import mine_for_the_key as mine

    before = code_key([mine.design])
    assert before == code_key([mine.design]) != code_key()
    file.write_text("def design():\n    return 2\n")
    assert code_key([mine.design]) != before
    typed_in = eval("lambda: 1", {"__name__": "no_such_module"})
    assert code_key([typed_in]) != code_key([typed_in])


made = []


def one(job):
    made.append(job)
    name, seed = job
    values = [seed + 1 / 3, np.nan] if name == "plain" else [np.pi]
    return pd.DataFrame({"value": values}).assign(scenario=name, seed=seed, told="A")


def run(file, code, jobs=JOBS):
    made.clear()
    return examined(one, jobs, NAMES, file=file, code=code, workers=1), list(made)


def test_resumed_runs_are_those_of_an_uninterrupted_one(tmp_path):
    whole, _ = run(None, "a")
    assert list(whole["scenario"]) == ["null", "null", "plain", "plain", "plain", "plain"]
    file = tmp_path / "runs.csv"
    run(file, "a", JOBS[:2])
    again, fresh = run(file, "a")
    assert fresh == JOBS[2:]
    pd.testing.assert_frame_equal(whole, again[whole.columns])
    nothing_new, fresh = run(file, "a")
    assert fresh == []
    pd.testing.assert_frame_equal(whole, nothing_new[whole.columns])


def test_runs_of_other_code_are_made_anew(tmp_path):
    file = tmp_path / "runs.csv"
    run(file, "a")
    _, fresh = run(file, "b")
    assert fresh == JOBS
    assert set(runs.read_csv(file)["code"]) == {"b"}


def test_a_job_whose_last_line_was_cut_off_is_made_again(tmp_path):
    file = tmp_path / "runs.csv"
    whole, _ = run(file, "a")
    file.write_text(file.read_text()[:-3])
    again, fresh = run(file, "a")
    assert fresh == JOBS[-1:]
    pd.testing.assert_frame_equal(whole, again[whole.columns])


def test_a_file_of_something_else_is_not_resumed(tmp_path):
    file = tmp_path / "runs.csv"
    file.write_text("a,b\n1,2\n")
    assert run(file, "a")[1] == JOBS


def test_monte_carlo_error():
    values = pd.Series([0.0, 1.0, 1.0, 0.0, 1.0, 1.0])
    assert monte_carlo_error(values) == pytest.approx(values.sem())
    assert monte_carlo_error(values.astype(bool)) == pytest.approx(values.sem())
    clusters = pd.Series([1, 1, 1, 2, 2, 2])
    assert monte_carlo_error(values, clusters) == pytest.approx(0)  # both have two of three
    pairs = pd.Series([1, 1, 2, 2, 3, 3])
    sums = (values - values.mean()).groupby(pairs).sum()
    assert monte_carlo_error(values, pairs) == pytest.approx(np.sqrt((sums**2).sum() * 3 / 2) / 6)
    assert np.isnan(monte_carlo_error(values[:1]))
    assert np.isnan(monte_carlo_error(values, pd.Series([1] * 6)))


def test_an_eighteenth_measure_is_simulated(copy):
    """A line in the vocabulary (and its words) is all that it takes."""
    for path in (copy / "words").rglob("*.toml"):
        text = path.read_text("utf-8")
        added = re.sub(r"(?m)^online_services( = .*)$", r"online_services\1\neighteenth\1", text)
        path.write_text(added, "utf-8")
    code = (
        "from village_eval.certify.attribution import true_effects\n"
        "from village_eval.certify.simulate import simulate\n"
        "from village_eval.words.vocabulary import MEASURES\n"
        "county = simulate()\n"
        "listed = county.doses[county.panel.listed]\n"
        "print(MEASURES[-1], listed.shape[1], (listed[:, -1] > 0).sum() > 5)\n"
        "print(round((listed @ true_effects(county, listed)).mean() / county.scenario.effect, 1))\n"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code],
        cwd=copy.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.split("\n")[0] == "eighteenth 18 True"
    assert 0.8 <= float(shown.stdout.split("\n")[1]) <= 1.2

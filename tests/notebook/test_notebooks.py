"""The notebooks: clean as committed, thin, and each runs alone in both languages."""

import ast
import json

import nbformat
import pytest
from fixtures_report import shared_report

from village_eval.cli.main import main
from village_eval.county.resources import notebooks_dir
from village_eval.report.run import NotebookFailed, run_notebook

NAMES = (
    "00_data",
    "01_diagnosis",
    "02_campaign",
    "03_effects",
    "04_measures",
    "05_robustness",
    "06_persistence",
    "07_planning",
    "report",
)
MANY = "09_many_counties"
"""No part of a county's report; its county is a folder of them."""
PARAMETERS = ("county", "result", "out", "lang", "seed", "draws", "as_of", "audience")


@pytest.mark.parametrize("name", [*NAMES, MANY])
def test_committed_clean_and_thin(name):
    notebook = json.loads((notebooks_dir() / f"{name}.ipynb").read_text("utf-8"))
    code = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    assert all(not c["outputs"] and c["execution_count"] is None for c in code)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    tagged = [c for c in code if "parameters" in c["metadata"].get("tags", [])]
    given = {t.id for node in ast.parse("".join(tagged[0]["source"])).body for t in node.targets}
    assert len(tagged) == 1 and given == set(PARAMETERS)
    for cell in code:
        for node in ast.walk(ast.parse("".join(cell["source"]))):
            assert not isinstance(
                node, (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Lambda)
            )
    kinds = [c["cell_type"] for c in notebook["cells"]]
    assert kinds.count("markdown") >= kinds.count("code") - 3, "every idea is explained"


@pytest.mark.parametrize("name", [*NAMES[:-1], "report.zh", "report.en"])
def test_every_cell_shows_something(name, tmp_path_factory):
    executed = nbformat.read(
        shared_report(tmp_path_factory) / "notebooks" / f"{name}.ipynb", as_version=4
    )
    code = [c for c in executed.cells if c.cell_type == "code"][
        4:
    ]  # after both cells of parameters, imports and the evaluation
    assert len(code) >= 4
    assert all(len(c.outputs) == 1 and c.outputs[0].data["text/html"].strip() for c in code)


def test_a_failed_cell_is_named(tmp_path):
    cells = [
        nbformat.v4.new_code_cell("x = 1", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("# why\nx / 0"),
    ]
    nbformat.write(
        nbformat.v4.new_notebook(cells=cells, metadata={"language_info": {"name": "python"}}),
        tmp_path / "broken.ipynb",
    )
    with pytest.raises(NotebookFailed) as failed:
        run_notebook("broken", tmp_path / "out.ipynb", {"x": 2}, folder=tmp_path, lang="zh")
    assert failed.value.line == "x / 0" and "ZeroDivisionError" in failed.value.message
    assert "broken.ipynb" in str(failed.value) and "第" in str(failed.value)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_runs_alone_under_papermill(name, county_folder, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    given = {
        "county": str(county_folder),
        "out": None,
        "lang": "zh",
        "seed": 1,
        "draws": 99,
        "as_of": None,
        "audience": "adviser",
    }
    assert run_notebook(name, tmp_path / "executed.ipynb", given) > 0


@pytest.mark.slow
def test_the_command_makes_a_report(county_folder, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert (
        main(
            [
                "report",
                str(county_folder),
                "--out",
                str(tmp_path / "report"),
                "--lang",
                "zh",
                "--draws",
                "99",
            ]
        )
        == 0
    )
    assert (tmp_path / "report" / "report.zh.html").stat().st_size > 100_000
    assert len(list((tmp_path / "report" / "figures").iterdir())) >= 12


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_many_counties_runs_alone(lang, tmp_path):
    given = {"county": None, "result": None, "out": None, "lang": lang, "seed": 1, "draws": 99}
    assert run_notebook(MANY, tmp_path / "executed.ipynb", given) > 0
    shown = nbformat.read(tmp_path / "executed.ipynb", as_version=4)
    code = [c for c in shown.cells if c.cell_type == "code"][4:]
    assert all(len(c.outputs) == 1 and c.outputs[0].data["text/html"].strip() for c in code)

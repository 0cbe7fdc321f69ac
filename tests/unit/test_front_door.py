"""`import village_eval as ve` is the front door: which names it has, that each is found by whoever
asks (a person, tab completion, a type checker), and what they do for somebody at a notebook."""

import ast
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

import village_eval as ve
from village_eval.county.panel import build_panel
from village_eval.folder.reading import read_county
from village_eval.folder.writing import fill_folder

NAMES = {
    *("read_county", "demo_county", "County", "Panel"),
    *("evaluate", "Evaluation", "Estimate", "quiet_year_did", "designs", "checks"),
    *("tables", "figures", "write_report", "simulate", "examine", "pool", "InputError"),
}


def test_the_front_door_has_these_names():
    assert set(ve.__all__) == NAMES
    assert set(dir(ve)) == NAMES | {"__version__"}
    for name in NAMES:
        assert getattr(ve, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'evaluat'"):
        ve.evaluat  # noqa: B018
    assert ve.designs.quiet_year_did is ve.quiet_year_did


def test_type_checkers_are_told_the_same_names():
    stub = ast.parse(Path(ve.__file__).with_suffix(".pyi").read_text("utf-8"))
    told = {a.asname for n in stub.body if isinstance(n, ast.ImportFrom) for a in n.names}
    listed = next(n for n in stub.body if isinstance(n, ast.Assign))
    assert told == set(ast.literal_eval(listed.value)) == NAMES


@pytest.mark.parametrize("by_jedi", [True, False])
def test_tab_shows_them_before_any_was_used(by_jedi):
    shell = InteractiveShell.instance()
    shell.run_cell("import village_eval as door")
    shell.Completer.use_jedi = by_jedi
    with provisionalcompleter():
        found = {c.text.lstrip(".") for c in shell.Completer.completions("door.", 5)}
    assert found == NAMES


@pytest.mark.parametrize("by_jedi", [True, False])
@pytest.mark.parametrize("room", ["designs", "checks", "tables", "figures"])
def test_tab_below_it_shows_what_is_of_use_and_nothing_else(room, by_jedi):
    shell = InteractiveShell.instance()
    shell.run_cell("import village_eval as door")
    shell.Completer.use_jedi = by_jedi
    with provisionalcompleter():
        asked = f"door.{room}."
        found = {c.text.lstrip(".") for c in shell.Completer.completions(asked, len(asked))}
    assert found == set(getattr(ve, room).__all__)


def test_importing_it_imports_nothing_heavy():
    code = "import sys, village_eval as ve; dir(ve); print(*sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "pandas", "scipy"} & set(shown.stdout.split())


USER = """
import village_eval as ve

panel: ve.Panel = ve.simulate("plain", seed=3).panel
value: float | None = ve.quiet_year_did(panel, ve.demo_county().campaign).value
wrong: int = ve.evaluate("county")
ve.evalute("county")
"""


@pytest.mark.slow
@pytest.mark.ci
def test_a_users_type_checker_knows_the_types(tmp_path):
    (tmp_path / "user.py").write_text(USER, "utf-8")
    shown = subprocess.run(
        [sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path / "cache"), "user.py"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    said = [line for line in shown.stdout.splitlines() if ": error:" in line]
    assert len(said) == 2, shown.stdout
    assert 'expression has type "Evaluation"' in said[0] and 'no attribute "evalute"' in said[1]


@pytest.mark.slow
@pytest.mark.ci
def test_a_simulated_county_is_a_county(tmp_path):
    made = ve.simulate("plain", seed=3, n_villages=160, n_townships=8, n_listed=20)
    county = made.county()
    fill_folder(tmp_path, county.campaign, county.tables())
    again = read_county(tmp_path)
    for name, table in again.tables().items():
        assert list(county.tables()[name]) == list(table), name
    ours, read = build_panel(county), build_panel(again)
    assert np.array_equal(ours.petitions, read.petitions) and ours.listed.sum() == 20
    with pytest.raises(ValueError, match="n_villages"):
        ve.simulate(villages=3)
    with pytest.raises(ValueError, match="closest is plain"):
        ve.simulate("plane")


@pytest.mark.slow
@pytest.mark.ci
def test_a_design_of_a_notebooks_cell_is_examined():
    """In worker processes too, which have never seen the cell."""
    shell = InteractiveShell.instance()
    cell = """
import village_eval as ve

factor = 0.5

def mine(panel, campaign, *, outcome, window, given):
    return given.from_refits(factor * given.change(0, window, "last_year"), window, "mine", "")

table = ve.examine(mine, 2, ["null"], workers=2)
"""
    ran = shell.run_cell(cell)
    assert ran.success, ran.error_in_exec
    table = shell.user_ns["table"].set_index("design")
    assert set(table.index) == {"mine", "quiet_year_did"} and (table["counties"] == 2).all()


def test_what_is_no_design_is_said():
    with pytest.raises(ValueError, match=r"gave float; a village_eval\.Estimate is expected"):
        ve.examine(lambda panel, campaign, *, outcome, window, given: 0.1, 1)

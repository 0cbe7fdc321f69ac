"""Every notebook on counties that differ from the usual one: no cell fails, and no sentence or
table shows a hole."""

import ast
import re
from dataclasses import replace

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from village_eval.certify.scenarios import SCENARIOS
from village_eval.certify.simulate import simulate
from village_eval.certify.synthetic_tables import county_tables
from village_eval.county.resources import notebooks_dir
from village_eval.folder.writing import write_county

HOLE = re.compile(
    r"\bnan\b|\bNaN\b|\bNone\b(?! of)|[{}]|\binf\b|  +[a-z]|\ufffd|。。|，，|,,|\.\.(?!\.)| ,| \.(?!\d)"
)
OTHERS = ("09_many_counties", "my_county")
"""Their county is a folder of counties, and one that is made of a delivery."""
SMALL = {"n_villages": 260, "n_townships": 9, "n_listed": 26}
OPTIONAL = ("income", "measures", "mechanisms", "township_actions", "satisfaction")


def bare(folder):
    for name in OPTIONAL:
        (folder / f"{name}.csv").unlink(missing_ok=True)
    for name, kept in (
        ("petitions", ["petition_id", "village_code", "date"]),
        ("villages", list(VILLAGE)),
    ):
        change(folder, name, lambda t, kept=kept: t[kept])


VILLAGE = (
    "village_code",
    "village_name",
    "township_code",
    "township_name",
    "population",
    "listed",
    "village_type",
)


def change(folder, name, how):
    """Rewrite a table of the folder, all cells as text."""
    path = folder / f"{name}.csv"
    how(pd.read_csv(path, dtype=str, keep_default_na=False)).to_csv(path, index=False)


def monthly_counts(folder):
    def count(t):
        keys = [t["village_code"], t["date"].str[:7].rename("month")]
        return t.groupby(keys).size().rename("petitions").reset_index()

    change(folder, "petitions", count)


def by_quarter(folder):
    def split(t):
        amounts = t.columns.drop(["village_code", "period"])
        each = [
            t.assign(period=t["period"] + f"Q{q}", **{c: pd.to_numeric(t[c]) / 4 for c in amounts})
            for q in range(1, 5)
        ]
        return pd.concat(each)

    change(folder, "income", split)


def no_doses(folder):
    change(
        folder,
        "measures",
        lambda t: t.assign(dose="", funds="", department="", completed="", end_date=""),
    )


CASES = {
    **{name: (name, {}, None, {}) for name in SCENARIOS},
    "bare": ("plain", {}, bare, {}),
    "monthly counts": ("plain", {}, monthly_counts, {}),
    "income by quarter": ("plain", {}, by_quarter, {}),
    "no doses": ("plain", {}, no_doses, {}),
    "while it runs": ("plain", {}, None, {"as_of": "2023-04-15"}),
    "just after": ("plain", {}, None, {"as_of": "2023-09-20"}),
    "public": ("plain", {}, None, {"audience": "public"}),
    "researcher": ("plain", {}, None, {"audience": "researcher"}),
    "six listed": ("plain", {"n_villages": 60, "n_townships": 4, "n_listed": 6}, None, {}),
    "three listed": ("plain", {"n_villages": 60, "n_townships": 4, "n_listed": 3}, None, {}),
    "suppression": ("plain", {"suppression": 0.5}, None, {}),
    "subsidy": ("null", {"subsidy": 80_000}, None, {}),
    "thirty days": ("plain", {"days": 30}, None, {}),
    "strong, fading": ("plain", {"effect": -0.9, "fade_halflife": 3.0}, None, {}),
    "harm": ("plain", {"effect": 0.6, "income_effect": 0.5}, None, {}),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_no_cell_fails_and_no_text_has_a_hole(name, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    scenario, over, edit, options = CASES[name]
    folder = tmp_path / "county"
    write_county(folder, *county_tables(simulate(replace(SCENARIOS[scenario], **SMALL | over), 7)))
    if edit is not None:
        edit(folder)
    for notebook in sorted(p for p in notebooks_dir().glob("*.ipynb") if p.stem not in OTHERS):
        for lang in ("zh", "en"):
            given = {
                "county": str(folder),
                "out": None,
                "lang": lang,
                "seed": 1,
                "draws": 99,
                **options,
            }
            for cell, shown in run(notebook, given):
                hole = HOLE.search(shown)
                assert hole is None, (
                    f"{notebook.stem} ({lang}), {cell}: …{shown[max(hole.start() - 80, 0) : hole.end() + 80]}…"
                )


def run(notebook, given):
    """(first line, text) of every cell that shows something, with ``given`` in place of the
    notebook's parameters."""
    names = {}
    for cell in nbformat.read(notebook, 4).cells:
        if cell.cell_type != "code":
            continue
        *body, last = ast.parse(cell.source).body
        exec(compile(ast.Module(body, []), notebook.name, "exec"), names)
        if not isinstance(last, ast.Expr):
            exec(compile(ast.Module([last], []), notebook.name, "exec"), names)
        else:
            shown = eval(compile(ast.Expression(last.value), notebook.name, "eval"), names)
            yield cell.source.splitlines()[0], text_of(shown)
        if "parameters" in cell.metadata.get("tags", []):
            names |= given


def text_of(shown) -> str:
    """The words of a cell's output, pictures by their alternatives."""
    page = BeautifulSoup(
        (shown._repr_html_() if hasattr(shown, "_repr_html_") else None) or "", "html.parser"
    )
    for hidden in page(["style", "script", "svg"]):
        hidden.decompose()
    for image in page.find_all("img"):
        image.replace_with(f" {image.get('alt') or ''} ")
    return page.get_text("\n")

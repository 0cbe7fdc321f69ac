"""The notebooks: clean as committed, thin, and each runs alone in both languages."""

import ast
import json
import re

import nbformat
import pytest
from fixtures_report import shared_report

from village_eval.cli.main import main
from village_eval.county.problems import InputError
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


WORKPLACE = ("00_start", "08_textbook", "my_county")
"""For a researcher at work; no part of a report."""
ALL = (*NAMES, MANY, *WORKPLACE)
OTHER_PARAMETERS = {"my_county": {*PARAMETERS, "delivery"} - {"result"}}


def code_of(name) -> list[dict]:
    """The code cells of a committed notebook."""
    cells = json.loads((notebooks_dir() / f"{name}.ipynb").read_text("utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def source(cell) -> str:
    return "".join(cell["source"])


def said(cell) -> dict[str, str] | None:
    """What a cell says by language, where it does nothing else."""
    body = ast.parse(source(cell)).body
    call = body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None
    if getattr(getattr(call, "func", None), "id", "") != "say":
        return None
    return {k.arg: ast.literal_eval(k.value) for k in call.keywords}


@pytest.mark.parametrize("name", ALL)
def test_committed_clean_and_thin(name):
    notebook = json.loads((notebooks_dir() / f"{name}.ipynb").read_text("utf-8"))
    code = code_of(name)
    assert all(not c["outputs"] and c["execution_count"] is None for c in code)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    tagged = [c for c in code if "parameters" in c["metadata"].get("tags", [])]
    given = {t.id for node in ast.parse(source(tagged[0])).body for t in node.targets}
    assert len(tagged) == 1 and given == OTHER_PARAMETERS.get(name, set(PARAMETERS))
    for cell in code:
        for node in ast.walk(ast.parse(source(cell))):
            assert not isinstance(
                node, (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Lambda)
            )


@pytest.mark.parametrize("name", ALL)
def test_every_parameter_says_what_it_may_be_in_both_languages(name):
    tagged = next(c for c in code_of(name) if "parameters" in c["metadata"].get("tags", []))
    comments = ""
    for line in source(tagged).splitlines():
        if line.startswith("#"):
            comments += line
            continue
        assert re.search(r"[\u4e00-\u9fff]", comments) and re.search(r"[a-z]{3}", comments), line
        comments = ""


@pytest.mark.parametrize("name", ALL)
def test_texts_are_in_both_languages_under_the_same_headings(name):
    texts = [text for cell in code_of(name) if (text := said(cell)) is not None]
    shown = [c for c in code_of(name) if isinstance(ast.parse(source(c)).body[-1], ast.Expr)]
    assert len(texts) >= len(shown) / 3, "every idea is explained"
    for text in texts:
        assert set(text) == {"zh", "en"}
        assert re.search(r"[\u4e00-\u9fff]", text["zh"])
        plain = re.sub(r"```.*?```", "", text["en"], flags=re.DOTALL)
        assert not re.search(r"[\u4e00-\u9fff]", plain)
        levels = [re.findall(r"(?m)^#+(?= )", text[lang]) for lang in ("zh", "en")]
        assert levels[0] == levels[1]
    titles = [text for text in texts if text["en"].strip().startswith("# ")]
    assert len(titles) == (name != "report")


@pytest.mark.parametrize("name", ALL)
def test_what_is_shown_is_what_out_gets(name):
    """The last cell writes each table and picture that the cells before it show."""
    *cells, last = [ast.parse(source(c)) for c in code_of(name) if said(c) is None]
    assert last.body[-1].value.func.id == "write"

    def calls(tree):
        made = {"tables", "gallery", "figures"}
        return {
            ast.unparse(n)
            for n in ast.walk(tree)
            if isinstance(n, ast.Call)
            and (
                getattr(getattr(n.func, "value", None), "id", "") in made
                or getattr(n.func, "attr", "").endswith("_table")
            )
            and n.func.attr != "no_data"
        }

    shown = set().union(*(calls(tree) for tree in cells))
    assert shown <= calls(last), "what is shown and not written"


@pytest.mark.parametrize("name", [*NAMES[:-1], "report.zh", "report.en"])
def test_every_cell_shows_something(name, tmp_path_factory):
    executed = nbformat.read(
        shared_report(tmp_path_factory) / "notebooks" / f"{name}.ipynb", as_version=4
    )
    code = [c for c in executed.cells if c.cell_type == "code"]
    shown = [c for c in code if isinstance(ast.parse(c.source).body[-1], ast.Expr)]
    shown = [c for c in shown if not c.source.startswith(("# Parameters", "evaluation ="))]
    assert len(shown) >= 8
    for cell in shown:
        assert len(cell.outputs) == 1, cell.source
        data = cell.outputs[0].data
        rich = data.get("text/html", data.get("text/markdown", "")).strip()
        assert rich or 0 < len(data["text/plain"]) < 400, cell.source


@pytest.mark.parametrize("name", NAMES[:-1])
def test_an_executed_notebook_speaks_one_language(name, tmp_path_factory):
    """The report's notebooks here are those of its first language, Chinese."""
    executed = nbformat.read(
        shared_report(tmp_path_factory) / "notebooks" / f"{name}.ipynb", as_version=4
    )
    told = [
        o.data["text/markdown"]
        for c in executed.cells
        if c.cell_type == "code"
        for o in c.outputs
        if "text/markdown" in o.get("data", {})
    ]
    assert told and all(re.search(r"[\u4e00-\u9fff]", text) for text in told)


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
@pytest.mark.parametrize("name", [*NAMES, *WORKPLACE])
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
    monkeypatch.chdir(tmp_path)
    if name == "my_county":  # it makes its county of a delivery, here of the example
        given["county"] = str(tmp_path / "my_county")
    assert run_notebook(name, tmp_path / "executed.ipynb", given) > 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_out_gets_files_and_only_files_of_ours_are_replaced(lang, tmp_path):
    from village_eval.report.tables.made import made
    from village_eval.report.workplace import write

    table = made("revisit", [], lang)
    out = tmp_path / "out"
    assert "out" in write(None, lang, table).markdown
    write(out, lang, table, None)
    assert [p.name for p in out.glob("*.csv")] == [f"revisit.{lang}.csv"]
    write(out, lang, table)
    (out / f"revisit.{lang}.csv").write_text("mine", "utf-8")
    with pytest.raises(InputError):
        write(out, lang, table)
    assert (out / f"revisit.{lang}.csv").read_text("utf-8") == "mine"
    with pytest.raises(InputError):
        write(out / f"revisit.{lang}.csv", lang, table)


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
    assert all(len(c.outputs) == 1 for c in code)


def test_braces_in_a_path_are_no_format_and_no_path_stays_in_the_notebook(tmp_path):
    place = tmp_path / "{x} {lang.__class__}"
    place.mkdir()
    cells = [
        nbformat.v4.new_code_cell("lang = county = None", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("len(county)"),
    ]
    made = nbformat.v4.new_notebook(cells=cells)
    made.metadata.kernelspec = {"name": "python3", "language": "python", "display_name": "x"}
    nbformat.write(made, place / "small.ipynb")
    given = {"lang": "zh", "county": str(tmp_path / "home" / "甲县")}
    run_notebook("small", place / "out.ipynb", given, folder=place)
    made = (place / "out.ipynb").read_text("utf-8")
    assert str(tmp_path) not in made and ("甲县" in made or "7532" in made)
    assert str(len(given["county"])) in made, "it ran with the whole path"

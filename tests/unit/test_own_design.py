"""A researcher's own design, as docs/designs.md tells it, from a folder of the researcher's."""

import re
import sys
from pathlib import Path

import pytest

from village_eval.certify.command import load_design
from village_eval.certify.counties import DESIGNS, certify

DOCS = Path(__file__).parents[2] / "docs" / "designs.md"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    example = re.search(r"```python\n(import numpy.*?)```", DOCS.read_text("utf-8"), flags=re.S)[1]
    (tmp_path / "mine_in_docs.py").write_text(example + BAD, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [p for p in sys.path if p])  # as a command has it
    yield tmp_path
    sys.modules.pop("mine_in_docs", None)


BAD = """

def asks_for_more(panel, campaign, *, outcome, window, given, bandwidth):
    return None


def a_number(panel, campaign, *, outcome, window, given):
    return 0.1


def no_interval(panel, campaign, *, outcome, window, given):
    return given.estimate(window, 0.5)
"""


def test_the_example_of_the_documentation_is_examined(folder):
    designs = {"quiet_year_did": DESIGNS["quiet_year_did"]}
    designs |= {
        name: load_design(f"mine_in_docs:{name}") for name in ("three_years", "no_interval")
    }
    table = certify(2, ["plain"], designs=designs, outcomes=["petitions"], workers=1).set_index(
        "design"
    )
    assert (table["counties"] == 2).all()
    own, bare = table.loc["three_years"], table.loc["no_interval"]
    assert abs(own["bias"]) < 0.5 and own["width"] > 0 and 0 <= own["coverage"] <= 1
    assert (
        bare["bias"] == pytest.approx(0.5 - bare["truth"])
        and bare[["coverage", "claims", "width"]].isna().all()
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no_such_module:design", "importable from here"),
        ("mine_in_docs:no_such_design", "importable from here"),
        ("mine_in_docs:asks_for_more", "raised TypeError.*bandwidth"),
        ("mine_in_docs:a_number", "gave float"),
    ],
)
def test_what_cannot_be_examined_is_said_in_a_sentence(folder, name, said):
    with pytest.raises(ValueError, match=said):
        load_design(name)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def f(:", "SyntaxError"),
        ("raise RuntimeError('no')", "RuntimeError: no"),
        ("import sys; sys.exit(3)", "SystemExit"),
        ("def design(*a, **b): raise SystemExit(5)", "SystemExit"),
    ],
)
def test_a_module_that_is_none_is_its_writers_to_mend(tmp_path, monkeypatch, text, said):
    (tmp_path / "mine_that_is_none.py").write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "mine_that_is_none", raising=False)
    with pytest.raises(ValueError, match=said):
        load_design("mine_that_is_none:design")


def test_a_name_without_a_package_is_said():
    with pytest.raises(ValueError, match="importable from here"):
        load_design(".x:y")

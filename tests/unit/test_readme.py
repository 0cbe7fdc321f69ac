"""README and docs/ are short, run, and say what the committed certification says; links lead
somewhere."""

import re
from pathlib import Path

import pytest
from fixtures_evaluation import worked

import village_eval
from tools.evidence import FILES, MADE, written

ROOT = Path(__file__).parents[2]
READMES = [ROOT / "README.md", ROOT / "README.zh.md"]
PAGES = [
    *READMES,
    *(ROOT / name for name in ("CONTRIBUTING.md", "data/README.md", "benchmarks/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_tables_are_those_of_the_data(path):
    text = path.read_text("utf-8")
    assert written(text) == text, "run: python -m tools.evidence"


def test_every_table_is_on_a_page_once():
    text = "".join(path.read_text("utf-8") for path in FILES)
    assert sorted(re.findall(r"<!-- (?!end)(\w+) -->", text)) == sorted(MADE)


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_readme_is_at_most_a_hundred_lines(readme):
    assert len(readme.read_text("utf-8").splitlines()) <= 100


def test_both_readmes_say_the_same():
    """The same commands, the same lines of Python, pictures, tables and parts."""
    english, chinese = (path.read_text("utf-8") for path in READMES)
    for pattern in (r"(?m)^(?:\.venv/bin/)?(?:make|village-eval) ?\S+", r"(?m)^#+ ", r"(?m)^!\["):
        assert len(re.findall(pattern, english)) == len(re.findall(pattern, chinese))
    lines = [
        re.findall(r"(?m)^(?:result|petitions|import)[^#\n]*", text) for text in (english, chinese)
    ]
    assert [line.strip() for line in lines[0]] == [line.strip() for line in lines[1]]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\((?!http)([^)#]+)", page.read_text("utf-8"))
    assert not [link for link in links if not (page.parent / link).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_paths_that_are_named_exist(page):
    """Files of this repository written in backquotes or in a sentence, such as
    tests/golden/freeze.py."""
    named = re.findall(
        r"(?<![\w/.])((?:village_eval|tests|tools|docs|benchmarks|notebooks)/[\w/.-]*\w)",
        page.read_text("utf-8"),
    )
    assert not [name for name in set(named) if not (ROOT / name).exists()]


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_lines_for_a_notebook_run(readme, monkeypatch):
    text = readme.read_text("utf-8")
    lines = re.search(r"```python\n(.*?)```", text, flags=re.S)[1]
    assert 'evaluate("data/demo_county")' in lines and len(lines.strip().splitlines()) <= 10
    monkeypatch.setattr(village_eval, "evaluate", lambda folder: worked(), raising=False)
    exec(lines, {})


def test_the_types_of_the_spine_are_where_architecture_says():
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rows = re.findall(r"(?m)^\| (`[A-Z].*?) \| .* \| (`[\w/]+\.py`.*?) \|$", page)
    assert len(rows) > 5
    for types, files in rows:
        text = "".join(
            (ROOT / "village_eval" / name).read_text("utf-8")
            for name in re.findall(r"`([\w/]+\.py)`", files)
        )
        for name in re.findall(r"`([A-Z]\w+)", types):
            assert re.search(rf"(?m)^class {name}\b", text), f"{name} is not in {files}"


def test_architecture_draws_the_rooms_of_the_contract():
    contract = (ROOT / "pyproject.toml").read_text("utf-8").split("layers = [")[1].split("]")[0]
    rooms = re.findall(r'"village_eval\.(\w+)"', contract)[::-1]
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    assert " < ".join(rooms) in page
    assert re.findall(r"(?m)^\| (\w+) \| ", page.split("**The rule**")[0])[1:] == rooms

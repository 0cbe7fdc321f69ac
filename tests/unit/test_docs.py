"""What the documentation says runs: its Python, its commands, its campaign.toml; its pages are on the
site, and its tables of keys are those of the code."""

import argparse
import doctest
import re
import shlex
import shutil
import sys
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from fixtures_evaluation import worked

import village_eval
from village_eval.cli.arguments import parser_in
from village_eval.expectation.outcomes import WINDOWS
from village_eval.folder.campaign_file import read_campaign
from village_eval.report.findings_json import findings_json
from village_eval.words.catalogue import words

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
SAID = tomllib.loads((DOCS / "words.toml").read_text("utf-8"))
WITH_READMES = [*PAGES, ROOT / "README.md", ROOT / "README.zh.md"]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def blocks(page: Path, language: str) -> list[str]:
    """The page's fenced blocks of a language ("" for those without)."""
    text = page.read_text("utf-8")
    found = re.findall(r"(?ms)^( *)```(.*?)\n(.*?)^\1```", text)
    return [re.sub(f"(?m)^{space}", "", body) for space, kind, body in found if kind == language]


def with_blocks(*languages: str) -> list[Path]:
    return [page for page in WITH_READMES if any(blocks(page, each) for each in languages)]


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.parametrize("page", with_blocks("python", "{code-cell}"), ids=name)
def test_python_on_a_page_runs(page, monkeypatch, tmp_path):
    """In order and in one namespace; the evaluation is an invented one, the module of one's own is
    what the page says, and notebooks are not executed."""
    monkeypatch.setattr(village_eval, "evaluate", lambda *given, **options: worked(), raising=False)
    monkeypatch.setattr("papermill.execute_notebook", lambda *given, **options: None)
    monkeypatch.setattr("village_eval.certify.counties.certify", lambda *given, **options: None)
    monkeypatch.setattr("village_eval.certify.one_design.certify", lambda *given, **options: None)
    names = {}
    for number, code in enumerate([*blocks(page, "python"), *blocks(page, "{code-cell}")]):
        if "mine.py" in page.read_text("utf-8") and not number:
            (tmp_path / "mine.py").write_text(code, "utf-8")
            monkeypatch.syspath_prepend(tmp_path)
            monkeypatch.delitem(sys.modules, "mine", raising=False)
        exec(compile(code, f"{name(page)}, block {number + 1}", "exec"), names)


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.parametrize(
    "page", ["README.md", "docs/howto/own_design.md", "docs/howto/own_check.md"]
)
def test_python_on_a_page_runs_on_the_embedded_county(page, monkeypatch):
    """As it stands there; its last line shows something."""
    monkeypatch.chdir(ROOT)
    names: dict = {}
    codes = blocks(ROOT / page, "python")
    for code in codes:
        exec(code, names)
    last = codes[-1].strip().splitlines()[-1].split("#")[0]
    assert len(eval(last, names)) > 0


@pytest.mark.slow
@pytest.mark.ci
def test_an_outcome_of_ones_own_is_evaluated_as_the_page_says(tmp_path):
    """The page's declaration and its table, its villages and years made those of the embedded
    county."""
    page = DOCS / "howto" / "own_outcome.md"
    county = tmp_path / "county"
    shutil.copytree(ROOT / "data" / "demo_county", county)
    declared = blocks(page, "toml")[0].partition("[outcomes")
    with (county / "campaign.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + "".join(declared[1:]))
    header, example = blocks(page, "text")[0].splitlines()[:2]
    villages = pd.read_csv(county / "villages.csv", dtype=str)["village_code"]
    key = example.split(",")[1]
    rows = [
        f"{code},{key},{year},{3 + (i + year) % 4}"
        for i, code in enumerate(villages)
        for year in range(2019, 2024)
    ]
    (county / "outcomes.csv").write_text("\n".join([header, *rows]), "utf-8")
    result = village_eval.evaluate(county, draws=99, cache=False)
    finding = result[f"{key}.first_year"]
    assert finding.estimate.value is not None and finding.grade >= "B"


def commands(page: Path) -> list[str]:
    """Lines of the page's blocks that call the program, without what follows in a comment."""
    lines = "".join(blocks(page, "") + blocks(page, "sh")).replace("\\\n", " ").splitlines()
    found = (re.search(r"(?:^|/|\s)village-eval (.*)", line) for line in lines)
    return [re.split(r"\s+#|>>|\s->", m[1])[0] for m in found if m]


@pytest.mark.parametrize("page", [p for p in WITH_READMES if commands(p)], ids=name)
def test_commands_on_a_page_are_understood(page):
    wrong = []
    for line in commands(page):
        typed = shlex.split(line.replace(" …", "").replace(" [--annotate DIR]", ""))
        try:
            parser_in("en").parse_args(typed)
        except (SystemExit, argparse.ArgumentError):
            wrong.append(line)
    assert not wrong


@pytest.mark.parametrize("page", with_blocks("toml"), ids=name)
def test_toml_on_a_page_is_toml_and_a_whole_campaign_is_read(page):
    for text in blocks(page, "toml"):
        if {"county", "start"} <= set(tomllib.loads(text)):
            _, problems, warnings = read_campaign(text.encode())
            assert not problems and not warnings, [str(p) for p in (*problems, *warnings)]


@pytest.mark.parametrize("source", [DOCS, DOCS / "zh"], ids=["en", "zh"])
def test_every_page_is_in_a_table_of_contents(source):
    pages = {p for p in source.rglob("*.md") if source.name == "zh" or DOCS / "zh" not in p.parents}
    listed = {source / "index.md"}
    for page in pages:
        for block in blocks(page, "{toctree}"):
            entries = [line for line in block.splitlines() if line and not line.startswith(":")]
            listed |= {(page.parent / f"{entry}.md").resolve() for entry in entries}
    assert listed == pages


def test_both_languages_have_words_for_the_same_keys():
    english, chinese = SAID["en"], SAID["zh"]
    assert {k: set(v) for k, v in english.items()} == {k: set(v) for k, v in chinese.items()}


def test_keys_that_are_explained_are_those_of_the_code():
    told = findings_json(worked())
    assert list(SAID["en"]["json_top"]) == list(told)
    assert list(SAID["en"]["json_finding"]) == list(told["findings"][0])
    assert set(told["checks"][0]) == set(SAID["en"]["json_check"])
    assert list(SAID["en"]["window"]) == list(WINDOWS)
    assert list(SAID["en"]["grade"]) == list(words("en")["grade"])
    known = set(words("en", "index")["conclusion"]) - {"refused"} | {"null"}
    assert set(SAID["en"]["conclusion"]) == known


@pytest.mark.parametrize("page", [p for p in WITH_READMES if "zh" in name(p)], ids=name)
def test_chinese_pages_have_chinese_punctuation(page):
    prose = re.sub(
        r"(?ms)^( *)```.*?^\1```|`[^`\n]*`|\]\([^)]*\)|<!--.*?-->", "", page.read_text("utf-8")
    )
    assert not re.findall(r"[\u4e00-\u9fff][,;:!?](?!\w)|[\u4e00-\u9fff]\.(?=\s|$)", prose)


def test_examples_in_docstrings_hold():
    """Of the package and of the site's own extensions."""
    sys.path.insert(0, str(DOCS / "_ext"))
    try:
        import chinese_search
    finally:
        sys.path.remove(str(DOCS / "_ext"))
    asked = doctest.testmod(chinese_search)
    assert asked.attempted and not asked.failed
    with_examples = [
        path
        for path in (ROOT / "village_eval").rglob("*.py")
        if re.search(r"(?m)^\s*>>> ", path.read_text("utf-8"))
    ]
    for path in with_examples:
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        __import__(module)
        assert not doctest.testmod(sys.modules[module]).failed, module

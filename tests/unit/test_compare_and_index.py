"""Two results side by side, and a page over many: what changed and why, what is there, what is
missing."""

import json
import re
from pathlib import Path

import fixtures_evaluation as made
import pytest

from village_eval.cli.main import main
from village_eval.county.problems import InputError
from village_eval.report import sentences
from village_eval.report.compare import (
    changes,
    checks,
    finding_name,
    in_language,
    read_result,
    reasons,
)
from village_eval.report.findings_json import findings_json
from village_eval.report.index import results
from village_eval.words.wording import LANGUAGES

MANIFEST = {
    "made": "2024-07-01T00:00:00+00:00",
    "inputs": {"petitions.csv": "a", "income.csv": "b"},
    "parameters": {"draws": 9999, "seed": 1, "as_of": None, "lang": "zh"},
    "versions": {"village-eval": "0.1.0"},
}


def result(folder, evaluation, **manifest):
    folder.mkdir(parents=True)
    (folder / "findings.json").write_text(json.dumps(findings_json(evaluation)), "utf-8")
    (folder / "manifest.json").write_text(json.dumps(MANIFEST | manifest), "utf-8")
    return folder


@pytest.fixture
def pair(tmp_path):
    new = {
        "inputs": {"petitions.csv": "c", "measures.csv": "d"},
        "parameters": {"draws": 99, "seed": 1, "as_of": None, "lang": "en"},
    }
    return result(tmp_path / "old", made.worked()), result(
        tmp_path / "new", made.nothing_seen(), **new
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_why_names_files_and_options_and_not_the_language(pair, lang):
    read = [
        [json.loads((folder / f"{n}.json").read_text("utf-8")) for n in ("findings", "manifest")]
        for folder in pair
    ]
    (before, made_before), (after, made_after) = read
    text = "\n".join(reasons(before, after, made_before, made_after, lang))
    assert all(
        name in text for name in ("petitions.csv", "measures.csv", "income.csv", "9999", "99")
    )
    assert "seed" not in text and "lang" not in text
    same = reasons(before, before, made_before, made_before, lang)
    assert (
        len(same) == 1
        and changes(before, before, lang).empty
        and checks(before, before, lang) == []
    )
    rows = changes(before, after, lang).set_index("id")
    assert (
        "petitions.first_year" in rows.index
        and rows.loc["petitions.first_year", "old"] != rows.loc["petitions.first_year", "new"]
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_findings_are_called_as_their_report_calls_them(lang):
    """By the names that travel with the result, a county's own outcomes too."""
    story = made.worked()
    held = findings_json(story)["findings"]
    for finding, row in zip(story.findings, held, strict=True):
        called = finding_name(row, lang)
        assert called == sentences.finding_name(finding, lang) and finding.id not in called
    own = held[0] | {"id": "assemblies.first_year", "label": {"zh": "会议次数", "en": "meetings"}}
    assert own["label"][lang] in finding_name(own, lang)
    assert in_language({"zh": "会议次数", "en": "meetings"}, "fr") == "会议次数"


def test_a_result_without_names_is_refused(pair):
    result, _ = pair
    held = json.loads((result / "findings.json").read_text("utf-8"))
    for row in held["findings"]:
        del row["label"]
    (result / "findings.json").write_text(json.dumps(held), "utf-8")
    with pytest.raises(InputError, match="another version"):
        read_result(result, "en")


def test_a_form_that_nobody_knows_is_refused(pair):
    result, _ = pair
    held = json.loads((result / "findings.json").read_text("utf-8"))
    (result / "findings.json").write_text(
        json.dumps(held | {"schema": "village-eval/findings/9"}), "utf-8"
    )
    with pytest.raises(InputError, match="another version"):
        read_result(result, "en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_result_of_the_first_form_is_still_read(tmp_path, capsys, lang):
    """findings/1: no precision, no gate; the rules have changed since, which is said."""
    stored = (Path(__file__).parents[1] / "golden" / "findings_1.json").read_text("utf-8")
    old = tmp_path / "results" / "old"
    new = result(tmp_path / "results" / "new", made.nothing_seen())
    old.mkdir()
    (old / "findings.json").write_text(stored, "utf-8")
    (old / "manifest.json").write_text(json.dumps(MANIFEST), "utf-8")
    assert json.loads(stored)["schema"] == "village-eval/findings/1"
    page = ["compare", str(old), str(new), "--out", str(tmp_path / "page"), "--lang", lang]
    assert main(page) == 0
    html = (tmp_path / "page" / f"compare.{lang}.html").read_text("utf-8")
    assert {"zh": "判定规则不同", "en": "The rules differ"}[lang] in html
    assert {"zh": "B，精度：", "en": "B, precision: "}[lang] in html, "of the new one"
    assert main(["index", str(tmp_path / "results"), "--lang", lang]) == 0
    rows = (tmp_path / "results" / "index.html").read_text("utf-8")
    assert rows.count("<tr>") == 3 and {"zh": "下降", "en": "fell"}[lang] in rows


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_is_one_file_without_a_script(pair, tmp_path, capsys, lang):
    assert main(["compare", *map(str, pair), "--out", str(tmp_path / "page"), "--lang", lang]) == 0
    html = (tmp_path / "page" / f"compare.{lang}.html").read_text("utf-8")
    assert "<script" not in html and "http" not in re.sub(r"http-equiv|xmlns[^ ]*", "", html)
    assert not re.search(
        r"\bnan\b|\bNone\b|[{]\w+[}]", re.sub(r"<style>.*?</style>", "", html, flags=re.S)
    )
    assert "petitions.csv" in html and "<table" in html


def test_a_folder_without_a_result_is_refused_in_words(tmp_path, capsys):
    assert (
        main(
            ["compare", str(tmp_path), str(tmp_path), "--out", str(tmp_path / "o"), "--lang", "en"]
        )
        == 2
    )
    assert main(["index", str(tmp_path), "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert (
        "findings.json and manifest.json are expected" in said
        and "no result of an evaluation below" in said
    )


def test_the_index_lists_what_is_done_and_what_is_not(tmp_path, capsys):
    result(tmp_path / "many" / "a", made.worked())
    (result(tmp_path / "many" / "deep" / "b", made.nothing_seen()) / "report.zh.html").write_text(
        "x", "utf-8"
    )
    (tmp_path / "many" / "failed").mkdir()
    (tmp_path / "many" / "failed" / "run.log").write_text("x", "utf-8")
    for name, findings in (("odd", "[]"), ("cut", '{"county": "x"'), ("bare", "{}")):
        (tmp_path / "many" / name).mkdir()
        (tmp_path / "many" / name / "findings.json").write_text(findings, "utf-8")
        (tmp_path / "many" / name / "manifest.json").write_text('{"made": 1.5}', "utf-8")
    names = ["a", "bare", "cut", "b", "failed", "odd"]
    assert [p.name for p in results(tmp_path / "many")] == names
    assert main(["index", str(tmp_path / "many"), "--lang", "zh"]) == 0
    html = (tmp_path / "many" / "index.html").read_text("utf-8")
    assert (
        html.count("<tr>") == 7
        and 'href="deep/b/report.zh.html"' in html
        and "未完成" in html
        and "只有数字" in html
    )
    assert "script-src 'sha256-" in html and html.count("<script>") == 1

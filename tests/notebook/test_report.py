"""The report's folder: complete, all or nothing, never over something else."""

import hashlib
import json

import pytest
from conftest import write_folder
from fixtures_report import shared_report

from village_eval.county.problems import InputError
from village_eval.findings.evaluation import evaluate
from village_eval.folder.overwriting import LIST, write_list
from village_eval.report import gallery
from village_eval.report import writing as reporting
from village_eval.report.findings_json import findings_json


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return shared_report(tmp_path_factory)


def test_everything_is_there(made):
    assert sorted(p.name for p in made.iterdir()) == [
        ".gitignore",
        LIST,
        "figures",
        "findings.json",
        "manifest.json",
        "notebooks",
        "report.en.html",
        "report.zh.html",
        "run.log",
        "tables",
    ]
    assert len(list(made.rglob("*.html"))) == 2
    assert len(list((made / "notebooks").iterdir())) == len(reporting.NOTEBOOKS) + 2
    assert {p.suffix for p in (made / "figures").iterdir()} == {".svg", ".png"}
    assert {p.suffix for p in (made / "tables").iterdir()} == {".csv", ".xlsx"}


def test_findings_have_sentences_and_no_nan(made):
    text = (made / "findings.json").read_text("utf-8")
    content = json.loads(text, parse_constant=lambda c: pytest.fail(c))
    assert content["schema"] == "village-eval/findings/2"
    for row in content["findings"] + content["checks"]:
        assert set(row["sentence"]) == {"zh", "en"} and all(row["sentence"].values())


def test_manifest_knows_inputs_and_outputs(made):
    manifest = json.loads((made / "manifest.json").read_text("utf-8"))
    county = made.parent / "测试县"
    for name, digest in manifest["inputs"].items():
        assert hashlib.sha256((county / name).read_bytes()).hexdigest() == digest
    assert {"villages.csv", "campaign.toml"} <= set(manifest["inputs"])
    assert "report.zh.html" in manifest["outputs"] and manifest["parameters"]["seed"] == 1
    assert str(county.parent) not in json.dumps(manifest)


def test_html_is_self_contained(made):
    for lang in ("zh", "en"):
        html = (made / f"report.{lang}.html").read_text("utf-8")
        assert len(html.encode()) < 2_000_000
        assert "<script" not in html and "evaluate(" not in html and "@import" not in html
        outside = (
            html.replace("http://www.w3.org/", "")
            .replace("http%3A//www.w3.org/", "")
            .replace("http://www.w3.org", "")
        )
        assert "http://" not in outside and "https://" not in outside


def test_two_runs_agree(made, tmp_path):
    county, given = (
        made.parent / "测试县",
        json.loads((made / "manifest.json").read_text("utf-8"))["parameters"],
    )
    again = evaluate(county, draws=given["draws"], seed=given["seed"], cache=False)
    assert findings_json(again) == json.loads((made / "findings.json").read_text("utf-8"))
    assert gallery.quiet_years(again, "zh").svg == (
        made / "figures" / "quiet_years.zh.svg"
    ).read_text("utf-8")


@pytest.mark.slow
@pytest.mark.ci
def test_a_failed_run_leaves_the_old_report(tmp_path, monkeypatch):
    folder = write_folder(tmp_path / "county")
    out = tmp_path / "report"
    out.mkdir()
    (out / "report.zh.html").write_text("old")
    write_list(out)

    def fails_late(name, output, parameters, **more):
        if name == "report":
            raise reporting.NotebookFailed(name, 3, "x / 0", "ZeroDivisionError: division by zero")
        output.write_text("{}")
        return 0.0

    monkeypatch.setattr(reporting, "run_notebook", fails_late)
    monkeypatch.setattr(gallery, "save_all", lambda *_: None)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with pytest.raises(reporting.NotebookFailed, match="cell 3"):
        reporting.report(folder, out, draws=99)
    assert (out / "report.zh.html").read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["cache", "county", "report"], (
        "no half report is left"
    )


def test_a_folder_with_other_files_is_not_touched(tmp_path):
    folder = write_folder(tmp_path / "county")
    with pytest.raises(InputError):
        reporting.report(folder, folder)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError):
        reporting.report(folder, tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine" and (folder / "villages.csv").exists()

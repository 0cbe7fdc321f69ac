"""Many counties into one folder: one that fails stops no other, and a second run does only what is
left or has changed."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import as_told
import pandas as pd
import pytest
from conftest import write_folder

from village_eval.cli.main import main
from village_eval.county.problems import InputError
from village_eval.findings import kept
from village_eval.many import batch, jobs, local
from village_eval.many.batch import Stopped, run_batch
from village_eval.many.state import State, left_out, results, write_whole

MAIN = "village_eval.cli.main"
QUICK = {"draws": 19, "lang": "en", "workers": 1}


@pytest.fixture
def told(monkeypatch):
    """Batches whose counties do as they are told."""
    monkeypatch.setattr(batch, "work", as_told.work)
    monkeypatch.setattr(batch, "pool_results", as_told.no_pool)
    return lambda folders, out, **about: run_batch(folders, out, **QUICK | about)


def findings(out: Path) -> dict[str, bytes]:
    """What does not depend on the clock: the tables, and every county's findings."""
    files = [*out.glob("counties.*"), *out.glob("*/findings.json"), *out.glob("*/tables/*")]
    return {str(path.relative_to(out)): path.read_bytes() for path in files}


def log(out: Path) -> str:
    return (out / "batch.log").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.ci
def test_each_county_that_fails_is_named_with_its_reason_and_stops_no_other(told, tmp_path):
    orders = ("ok", "kill", "raise", "out_of_memory", "eat_memory", "exit", "ok")
    made = told(as_told.counties(tmp_path / "in", *orders), tmp_path / "out", workers=2)
    assert (made.done, made.kept) == (2, 0)
    kinds = {name: failure.kind for name, failure in made.failed.items()}
    assert kinds == {"b": "killed", "c": "fault", "d": "memory", "e": "memory", "f": "fault"}
    assert "signal 9" in made.failed["b"].text["en"] and "信号9" in made.failed["b"].text["zh"]
    assert "as told" in made.failed["c"].text["en"] and "status 7" in made.failed["f"].text["en"]
    table = pd.read_csv(tmp_path / "out" / "counties.csv")
    assert dict(zip(table["county"], table["status"], strict=True)) == {
        **{name: "failed" for name in "bcdef"},
        **{name: "done" for name in "ag"},
    }
    assert "signal 9" in table.set_index("county")["reason"]["b"]
    assert [one["county"] for one in left_out(tmp_path / "out")] == list("bcdef")
    assert list(results(tmp_path / "out")) == ["a", "g"]
    assert sorted(p.name for p in (tmp_path / "out").glob("?")) == ["a", "g"]
    told_of = log(tmp_path / "out")
    assert "b: failed" in told_of and "remaining 0" in told_of


@pytest.mark.slow
@pytest.mark.ci
def test_a_second_run_does_only_what_is_left_or_has_changed(told, tmp_path):
    folders, out = as_told.counties(tmp_path / "in", "ok", "ok", "kill", "ok"), tmp_path / "out"
    told(folders, out)
    when = {name: (out / name / "manifest.json").read_bytes() for name in "abd"}
    as_told.county(folders[1], "ok", "changed")
    as_told.county(folders[2], "ok")
    (out / "d" / "findings.json").unlink()
    made = told(folders, out)
    assert (made.done, made.kept, made.failed) == (3, 1, {})
    assert (out / "a" / "manifest.json").read_bytes() == when["a"]
    assert (out / "b" / "manifest.json").read_bytes() != when["b"]
    for line in ("a: unchanged", "b: done again", "its data have changed", "had failed before"):
        assert line in log(out)
    assert "its result was not whole" in log(out)
    again = told(folders, out)
    assert (again.done, again.kept) == (0, 4)


@pytest.mark.slow
@pytest.mark.ci
def test_other_options_and_another_program_are_reasons_to_compute_and_are_said(
    told, tmp_path, monkeypatch
):
    folders, out = as_told.counties(tmp_path / "in", "ok", "ok"), tmp_path / "out"
    told(folders, out)
    assert told(folders, out, lang="zh").kept == 2  # what is said is no option of what is computed
    assert told(folders, out, seed=2).done == 2
    assert "the options have changed" in log(out)
    state = State(out)
    for name in "ab":
        content = state.read(name)
        content["key"]["program"] = "an earlier one"
        state.write(name, content)
    assert told(folders, out, seed=2).done == 2
    assert "changed since the last run: 2 counties" in log(out)


def test_a_worker_with_another_program_computes_nothing(told, tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "program", lambda: "another one")
    made = told(as_told.counties(tmp_path / "in", "ok", "ok"), tmp_path / "out")
    assert {failure.kind for failure in made.failed.values()} == {"input"}
    assert "not the one that the run was started with" in made.failed["a"].text["en"]


@pytest.mark.slow
@pytest.mark.ci
def test_a_result_that_somebody_changed_is_left_alone(told, tmp_path):
    folders, out = as_told.counties(tmp_path / "in", "ok", "ok"), tmp_path / "out"
    told(folders, out)
    (out / "a" / "findings.json").write_text("mine")
    made = told(folders, out)
    assert list(made.failed) == ["a"] and made.kept == 1
    assert (out / "a" / "findings.json").read_text() == "mine"


def test_counties_of_one_name_are_told_apart_by_the_path_below_their_common_parent(tmp_path):
    given = [tmp_path / place for place in ("js/nj/鼓楼区", "fj/鼓楼区", "js/沛县", "js/state")]
    assert list(jobs.names_of(given, "en").values()) == [
        "js_nj_鼓楼区",
        "fj_鼓楼区",
        "沛县",
        "js_state",
    ]
    with pytest.raises(InputError, match="same name"):
        jobs.names_of([tmp_path / "a_b" / "c", tmp_path / "a" / "b" / "c", tmp_path / "b_c"], "en")


@pytest.mark.slow
@pytest.mark.ci
def test_a_county_that_is_told_apart_later_keeps_its_result(told, tmp_path):
    first, second = tmp_path / "x" / "county", tmp_path / "y" / "county"
    as_told.county(first), as_told.county(second)
    told([first], tmp_path / "out")
    made = told([second], tmp_path / "out")
    assert (made.done, list(results(tmp_path / "out"))) == (1, ["x_county", "y_county"])
    made = told([first, second], tmp_path / "out")
    assert (made.done, made.kept) == (0, 2)


@pytest.mark.slow
@pytest.mark.ci
def test_a_folder_of_counties_that_moved_is_the_same_counties(told, tmp_path):
    as_told.counties(tmp_path / "in", "ok", "ok")
    told(sorted((tmp_path / "in").iterdir()), tmp_path / "out")
    (tmp_path / "in").rename(tmp_path / "elsewhere")
    made = told(sorted((tmp_path / "elsewhere").iterdir()), tmp_path / "out")
    assert (made.kept, list(results(tmp_path / "out"))) == (2, ["a", "b"])


@pytest.mark.slow
@pytest.mark.ci
def test_a_result_that_was_taken_away_is_not_in_the_table(told, tmp_path):
    folders, out = as_told.counties(tmp_path / "in", "ok", "ok"), tmp_path / "out"
    told(folders, out)
    (out / "b").rename(tmp_path / "b")
    told(folders[:1], out)
    assert set(pd.read_parquet(out / "counties.parquet")["county"]) == {"a"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_text_file_lists_counties_from_where_it_lies(tmp_path, encoding):
    lines = "# 第一批\n县/甲\n\n县/乙  # 补报\n县/甲\n"
    (tmp_path / "list.txt").write_bytes(lines.encode(encoding))
    found = jobs.folders_of([tmp_path / "list.txt", tmp_path / "县" / "丙"], "en")
    assert found == [tmp_path / "县" / name for name in ("甲", "乙", "丙")]


def test_what_is_no_list_and_an_empty_one_are_refused(tmp_path):
    (tmp_path / "picture").write_bytes(b"\x89PNG\0\0\xff\xff")
    (tmp_path / "empty.txt").write_text("# none yet\n")
    for name, why in (("picture", "neither a county folder"), ("empty.txt", "no county")):
        with pytest.raises(InputError, match=why):
            jobs.folders_of([tmp_path / name], "en")


def test_a_place_that_holds_something_else_is_left_alone(told, tmp_path):
    folders, out = as_told.counties(tmp_path / "in", "ok"), tmp_path / "out"
    (out / "state").mkdir(parents=True)
    (out / "state" / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="state"):
        told(folders, out)
    (out / "state" / "notes.txt").unlink()
    (out / "counties.csv").write_text("mine")
    with pytest.raises(InputError, match="did not write"):
        told(folders, out)
    assert (out / "counties.csv").read_text() == "mine" and not (out / "a").exists()
    with pytest.raises(InputError, match="input"):
        told(folders, tmp_path / "in")


def test_a_second_run_into_a_folder_at_work_is_refused_and_names_the_first(told, tmp_path):
    folders, out = as_told.counties(tmp_path / "in", "ok"), tmp_path / "out"
    with State(out).held("en"), pytest.raises(InputError, match=f"process {os.getpid()}, since"):
        told(folders, out)
    assert told(folders, out).done == 1


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.parametrize("why", ["no_room", "read_only"])
def test_a_full_disk_stops_the_run_and_keeps_what_was_done(told, tmp_path, why):
    folders, out = as_told.counties(tmp_path / "in", "ok", why, "ok"), tmp_path / "out"
    with pytest.raises(Stopped):
        told(folders, out)
    assert list(results(out)) == ["a"] and not left_out(out)
    as_told.county(folders[1], "ok")
    made = told(folders, out)
    assert (made.done, made.kept) == (2, 1)


@pytest.mark.slow
@pytest.mark.ci
def test_a_process_that_grew_makes_place_for_a_new_one(told, tmp_path, monkeypatch):
    folders = as_told.counties(tmp_path / "in", "ok", "ok", "ok")
    told(folders, tmp_path / "one")
    assert len({(folder / "begun").read_text() for folder in folders}) == 1
    monkeypatch.setattr(local, "SWOLLEN", 1)
    assert told(folders, tmp_path / "many").done == 3
    assert len({(folder / "begun").read_text() for folder in folders}) == 3


@pytest.mark.slow
@pytest.mark.ci
def test_a_county_that_hangs_is_stopped_after_its_time(told, tmp_path):
    folders = as_told.counties(tmp_path / "in", "sleep", "ok")
    made = told(folders, tmp_path / "out", limit=3)
    assert made.failed["a"].kind == "slow" and made.done == 1


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    write_whole(tmp_path / "x", b"before")

    def no_room(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "x", b"after")
    assert [p.read_bytes() for p in tmp_path.iterdir()] == [b"before"]


def test_workers_end_with_the_loop_that_uses_them(tmp_path):
    folder = as_told.county(tmp_path / "a", "sleep")
    quick = as_told.county(tmp_path / "b")
    options = {"draws": 19, "seed": 1, "as_of": None, "lang": "en"}
    given = [
        jobs.Job(f.name, f, tmp_path / "out" / f.name, options, kept.program())
        for f in (folder, quick)
    ]
    (tmp_path / "out").mkdir()
    began = time.monotonic()
    for _job, ended in local.LocalWorkers(2).run(as_told.work, given):
        assert ended.status == "done"
        break
    assert time.monotonic() - began < 30
    assert not list((tmp_path / "out").glob(".*"))  # the one that slept cleared up behind itself


@pytest.mark.slow
@pytest.mark.ci
def test_the_command_has_the_exit_status_of_the_worst(told, tmp_path, capsys, monkeypatch):
    def status(*orders):
        folders = as_told.counties(tmp_path / "-".join(orders), *orders)
        out = tmp_path / "-".join(orders) / "out"
        return main(["batch", *map(str, folders), "--out", str(out), "--workers", "1"])

    monkeypatch.setenv("VILLAGE_EVAL_LANG", "en")
    assert status("ok") == 0
    assert status("ok", "kill") == 2
    assert status("kill", "raise") == 1
    assert status("no_room") == 2
    assert "Make room" in capsys.readouterr().err
    assert (
        main(["batch", str(tmp_path / "none"), "--out", str(tmp_path / "o"), "--lang", "en"]) == 2
    )
    assert "there is no such folder" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.ci
def test_real_counties_and_the_findings_of_evaluate(tmp_path):
    for name in ("east", "west"):
        write_folder(tmp_path / name)
    out = tmp_path / "out"
    words = ["--draws", "19", "--lang", "en"]
    (tmp_path / "list.txt").write_text("east\nwest\n")
    shown = subprocess.run(
        [sys.executable, "-m", MAIN, "batch", tmp_path / "list.txt", "--out", out, *words],
        capture_output=True,
        text=True,
    )
    assert shown.returncode == 0, shown.stderr
    assert "remaining 0" in shown.stderr and "2 counties computed" in log(out)
    alone = tmp_path / "alone"
    assert main(["evaluate", str(tmp_path / "east"), "--out", str(alone), *words]) == 0
    found = (out / "east" / "findings.json").read_bytes()
    assert found == (alone / "east" / "findings.json").read_bytes()
    table = pd.read_parquet(out / "counties.parquet")
    ids = [f["id"] for f in json.loads(found)["findings"]]
    assert list(table.loc[table["county"] == "east", "id"]) == ids
    assert len(table) == 2 * len(ids)
    assert set(results(out)) == {"east", "west"}
    assert json.loads((out / "pooled.json").read_text("utf-8"))["counties"] == 2
    assert (out / "index.html").read_text("utf-8").count("<tr>") >= 1 + 2
    (tmp_path / "west" / "villages.csv").unlink()
    again = run_batch([tmp_path / "list.txt"], out, draws=19, lang="en")
    assert (again.kept, list(again.failed)) == (1, ["west"])
    pooled = json.loads((out / "pooled.json").read_text("utf-8"))
    assert pooled["counties"] == 1 and {"county": "west", "reason": "failed"} in pooled["left_out"]


@pytest.mark.slow
def test_reports_in_both_languages_beside_the_findings(tmp_path):
    folder, out = write_folder(tmp_path / "east"), tmp_path / "out"
    about = {"draws": 19, "lang": "en", "workers": 1, "reports": True}
    assert run_batch([folder], out, **about).done == 1
    there = {path.name for path in (out / "east").iterdir()}
    assert {"report.zh.html", "report.en.html", "findings.json", "tables"} <= there
    assert "east" in set(pd.read_csv(out / "counties.csv")["county"])
    assert run_batch([folder], out, **about).kept == 1
    assert run_batch([folder], out, **about | {"reports": False}).done == 1
    assert not list((out / "east").glob("*.html"))

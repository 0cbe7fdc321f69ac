"""A run writes where nobody's work is lost: over its own folder as it left it, and nowhere else."""

import os
import subprocess
import sys
import time

import pytest
from conftest import write_folder

from village_eval.cli.main import main
from village_eval.county.problems import InputError
from village_eval.folder import overwriting
from village_eval.folder.overwriting import LIST, WORKSHOP, replacing


def contents(folder):
    """Every file below a folder with its bytes."""
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def write(out, inputs=(), **files):
    with replacing(out, inputs, lang="en") as made:
        for name, text in files.items():
            (made / name).write_text(text)


def evaluates(*words):
    return main(["evaluate", *map(str, words), "--draws", "19", "--workers", "1", "--lang", "en"])


def test_evaluating_into_the_folder_above_a_county_deletes_nothing(tmp_path, capsys):
    county = write_folder(tmp_path / "R" / "small" / "small")
    (tmp_path / "R" / "small" / "manifest.json").write_text("{}")
    before = contents(tmp_path)
    assert evaluates(county, "--out", tmp_path / "R") == 2
    assert contents(tmp_path) == before
    assert "holds or lies in the input" in capsys.readouterr().err


def _itself(tmp_path, county):
    return county


def _inside(tmp_path, county):
    return county / "results" / "deep"


def _above(tmp_path, county):
    return county.parent


def _relative(tmp_path, county):
    os.chdir(county)
    return ".."


def _by_a_link(tmp_path, county):
    link = tmp_path / "link"
    link.symlink_to(county.parent, target_is_directory=True)
    return link / county.name


def _where_a_link_in_the_county_leads(tmp_path, county):
    kept = tmp_path / "kept"
    kept.mkdir()
    (county / "income.csv").rename(kept / "income.csv")
    (county / "income.csv").symlink_to(kept / "income.csv")
    return kept


@pytest.mark.parametrize(
    "place", [_itself, _inside, _above, _relative, _by_a_link, _where_a_link_in_the_county_leads]
)
@pytest.mark.parametrize("pretends", [False, True])
def test_an_input_is_never_written_to(tmp_path, monkeypatch, place, pretends):
    monkeypatch.chdir(tmp_path)
    county = write_folder(tmp_path / "province" / "county")
    out = place(tmp_path, county)
    if pretends:  # all that is there was written by us
        overwriting.write_list(county)
        overwriting.write_list(county.parent)
    before = contents(tmp_path)
    with pytest.raises(InputError, match="input"), replacing(out, [county], lang="en"):
        pytest.fail("the run must not start")
    assert contents(tmp_path) == before


def test_the_result_of_one_county_is_not_written_over_another_county(tmp_path, capsys):
    first = write_folder(tmp_path / "in" / "first" / "second")
    second = write_folder(tmp_path / "in" / "second")
    before = contents(tmp_path)
    assert evaluates(first, tmp_path / "in" / "first", "--out", tmp_path / "in") == 2
    assert evaluates(first, "--out", second.parent / "first") == 2
    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", ["manifest.json", "campaign.toml", "findings.json", LIST])
def test_a_strangers_folder_is_not_ours_by_the_name_of_a_file(tmp_path, name):
    out = tmp_path / "thesis"
    out.mkdir()
    (out / name).write_text("{}")
    (out / "thesis.docx").write_text("three years")
    before = contents(out)
    with pytest.raises(InputError, match="not one that this program wrote"):
        write(out, new="x")
    assert contents(out) == before


def test_our_own_folder_is_replaced_whole(tmp_path):
    out = tmp_path / "out"
    write(out, a="1", b="2")
    (out / ".DS_Store").write_text("somebody looked")
    (out / "b").unlink()
    write(out, a="3")
    assert {p.name for p in out.iterdir()} == {"a", LIST} and (out / "a").read_text() == "3"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def _a_file_added(out):
    (out / "notes.txt").write_text("mine")


def _an_empty_folder_added(out):
    (out / "for later").mkdir()


def _a_hidden_file_added(out):
    (out / ".git").write_text("gitdir: elsewhere")


def _a_file_changed(out):
    (out / "a").write_text("corrected by hand")


def _a_file_become_a_link(out):
    (out / "a").unlink()
    (out / "a").symlink_to(out / "b")


def _a_link_added(out):
    (out / "shared").symlink_to(out.parent, target_is_directory=True)


@pytest.mark.parametrize(
    "work",
    [
        _a_file_added,
        _an_empty_folder_added,
        _a_hidden_file_added,
        _a_file_changed,
        _a_file_become_a_link,
        _a_link_added,
    ],
)
@pytest.mark.parametrize("meanwhile", [False, True])
def test_somebodys_work_in_our_folder_stops_the_run(tmp_path, work, meanwhile):
    out = tmp_path / "out"
    write(out, a="1", b="2")
    if not meanwhile:
        work(out)
    with pytest.raises(InputError, match="since"), replacing(out, lang="en") as made:
        assert meanwhile, "the run must not start"
        (made / "a").write_text("new")
        work(out)
    assert (out / "b").read_text() == "2" and len(list(out.iterdir())) >= 3
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_run_that_fails_leaves_what_was_there(tmp_path):
    out = tmp_path / "out"
    write(out, a="1")
    with pytest.raises(ZeroDivisionError), replacing(out, lang="en") as made:
        (made / "a").write_text("half")
        raise ZeroDivisionError
    assert (out / "a").read_text() == "1" and [p.name for p in tmp_path.iterdir()] == ["out"]


KILLED = """
import os, sys
from village_eval.folder import overwriting
def die(*_):
    os.kill(os.getpid(), 9)
if sys.argv[2] == "swapping":
    overwriting.Path.rename = lambda self, to, real=overwriting.Path.rename: die() if self.name == "new" else real(self, to)
with overwriting.replacing(sys.argv[1], lang="en") as made:
    (made / "a").write_text("half")
    if sys.argv[2] == "working":
        die()
"""


@pytest.mark.parametrize("moment", ["working", "swapping"])
def test_a_killed_run_loses_nothing_and_the_next_one_clears_up(tmp_path, moment):
    out = tmp_path / "out"
    write(out, a="1")
    killed = subprocess.run([sys.executable, "-c", KILLED, str(out), moment], check=False)
    assert killed.returncode == -9
    left = [p for p in tmp_path.iterdir() if p != out]
    assert len(left) == 1 and left[0].name.startswith(f".out{WORKSHOP}")
    with pytest.raises(ZeroDivisionError), replacing(out, lang="en"):
        raise ZeroDivisionError
    assert (out / "a").read_text() == "1" and [p.name for p in tmp_path.iterdir()] == ["out"]


WORKING = """
import sys, time
from village_eval.folder import overwriting
with overwriting.replacing(sys.argv[1], lang="en") as made:
    (made / "a").write_text("slow")
    print("working", flush=True)
    sys.stdin.read()
"""


@pytest.mark.slow
@pytest.mark.ci
def test_a_run_at_work_is_not_taken_for_a_killed_one(tmp_path):
    out = tmp_path / "out"
    command = [sys.executable, "-c", WORKING, str(out)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as slow:
        slow.stdout.readline()
        write(out, a="quick")
        slow.stdin.close()
        assert slow.wait(60) == 0
    assert (out / "a").read_text() == "slow" and [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_workshop_just_begun_is_left_alone(tmp_path):
    begun = tmp_path / f".out{WORKSHOP}x"
    begun.mkdir()
    write(tmp_path / "out", a="1")
    assert begun.is_dir()
    long_ago = time.time() - 3600
    os.utime(begun, (long_ago, long_ago))
    write(tmp_path / "out", a="2")
    assert not begun.exists()


def test_a_single_file_replaces_only_our_own(tmp_path):
    path = tmp_path / "index.html"
    path.write_text("a home page")
    with pytest.raises(InputError, match="did not write"):
        overwriting.refuse_file(path, lang="en")
    path.unlink()
    overwriting.refuse_file(path, lang="en")
    path.write_text("ours")
    overwriting.wrote_file(path)
    overwriting.refuse_file(path, lang="en")
    path.write_text("changed")
    with pytest.raises(InputError):
        overwriting.refuse_file(path, lang="en")


@pytest.mark.slow
@pytest.mark.ci
def test_evaluating_twice_into_one_place_is_no_problem(tmp_path, capsys):
    county, out = write_folder(tmp_path / "county"), tmp_path / "out"
    assert evaluates(county, "--out", out) == 0
    assert evaluates(county, "--out", out) == 0
    (out / "county" / "notes.txt").write_text("mine")
    capsys.readouterr()
    assert evaluates(county, "--out", out) == 2
    assert "notes.txt" in capsys.readouterr().err and (out / "county" / "notes.txt").is_file()

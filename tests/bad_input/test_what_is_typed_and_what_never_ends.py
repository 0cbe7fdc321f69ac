"""Numbers and places that somebody may type, and files made to take for ever: a sentence, soon."""

import os
import time

import pytest
from conftest import CAMPAIGN, write_folder

from village_eval.cli.main import main
from village_eval.folder.overwriting import problems_of

LONG = {
    "lists in lists": b"a = " + b"[" * 100_000,
    "a key of keys": b"a." * 50_000 + b"b = 1",
    "a number of digits": CAMPAIGN.replace("days = 100", "days = " + "9" * 5000).encode(),
    "lines of prose": ("x " * 30 + "\n").encode() * 20_000,
    "lines of nothing": b"a=\n" * 20_000,
    "a list that stays open": b"a = [\n" + b"1,\n" * 20_000,
    "quotation marks that stay open": b'a = """\n' * 5_000,
    "years before all years": CAMPAIGN.replace('"2018-01"', '"0000-01"').encode(),
    "full-width digits": CAMPAIGN.replace('"2018-01"', '"２０１８-01"').encode(),
    "a campaign of the year one": CAMPAIGN.replace("2023-03-01", "0001-03-01").encode(),
}


@pytest.mark.parametrize("name", LONG)
def test_a_campaign_that_never_ends_is_refused_soon(county_folder, capsys, name):
    (county_folder / "campaign.toml").write_bytes(LONG[name])
    began = time.process_time()
    assert main(["check", str(county_folder), "--lang", "zh"]) == 2
    assert time.process_time() - began < 20
    assert "campaign.toml" in capsys.readouterr().err


@pytest.mark.parametrize("about", [b"a = " + b"[" * 100_000, b"\xff", b"months = 1e999", b""])
def test_a_plan_that_is_none(county_folder, capsys, about):
    (county_folder / "plan").mkdir()
    (county_folder / "plan" / "plan.toml").write_bytes(about)
    (county_folder / "plan" / "assignment.csv").write_bytes(b"\xff")
    assert main(["check", str(county_folder), "--lang", "en"]) == 2
    assert "plan" in capsys.readouterr().err


TYPED = {
    "a start after all years": ("--start", "9999-12-31"),
    "a start before all years": ("--start", "0001-01-01"),
    "a delay of a million years": ("--start", "2031-01-01", "--delay", "12000000"),
    "more villages than there are": ("--start", "2031-01-01", "--villages", "1000000000"),
    "a seed below zero": ("--start", "2031-01-01", "--seed", "-5"),
}


@pytest.mark.parametrize("name", TYPED)
def test_a_plan_of_impossible_numbers_is_refused(county_folder, tmp_path, capsys, name):
    words = ["plan", str(county_folder), "--out", str(tmp_path / "p"), *TYPED[name]]
    try:
        status = main([*words, "--lang", "en"])
    except SystemExit as ended:
        status = ended.code
    assert status == 2 and "Traceback" not in capsys.readouterr().err
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize("given", ["days=1e30", "effect=nan", "effect=inf", "n_villages=0"])
def test_a_synthetic_county_of_impossible_numbers_is_refused(tmp_path, capsys, given):
    words = ["simulate", "--out", str(tmp_path / "s"), "--set", given, "--villages", "40"]
    assert main([*words, "--townships", "4", "--listed", "5", "--lang", "en"]) == 2


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices have names only there")
@pytest.mark.parametrize("what", ["a pipe", "a device", "itself", "nowhere"])
def test_a_table_that_is_no_file_is_not_waited_for(county_folder, capsys, what):
    path = county_folder / "income.csv"
    path.unlink()
    if what == "a pipe":
        os.mkfifo(path)
    else:
        path.symlink_to({"a device": "/dev/zero", "itself": path}.get(what, "no/such/file"))
    assert main(["check", str(county_folder), "--lang", "en"]) == 0
    assert "income.csv" in capsys.readouterr().out


@pytest.mark.skipif(os.name != "posix", reason="a pipe has a name only there")
def test_an_output_that_is_a_pipe_is_not_waited_for(county_folder, tmp_path, capsys):
    os.mkfifo(tmp_path / "pipe")
    quick = ("--draws", "9", "--workers", "1", "--lang", "en")
    assert main(["evaluate", str(county_folder), "--out", str(tmp_path / "pipe"), *quick]) == 2


@pytest.mark.skipif(os.name != "posix", reason="one root of all files")
def test_a_whole_disk_is_not_searched_before_it_is_refused(county_folder):
    began = time.process_time()
    out = county_folder.parent / "out"
    assert [p.kind for p in problems_of(out, [county_folder.anchor], "en")] == ["out_is_input"]
    assert problems_of(type(out)("/"), [], "en")[0].kind == "out_not_ours"
    assert time.process_time() - began < 2


def test_a_list_that_names_the_disk_or_itself(county_folder, tmp_path, capsys):
    listed = write_folder(tmp_path / "in" / "c").parent / "counties.txt"
    for text, told in ((b"../\n", "input"), (b"\x00/etc\n", "list"), (b"\xff\xff\xff", "list")):
        listed.write_bytes(text)
        out = tmp_path / "in" / "out"
        assert main(["batch", str(listed), "--out", str(out), "--lang", "en"]) == 2
        assert told in capsys.readouterr().err


def test_code_by_the_name_of_a_design_is_not_evaluated(tmp_path, capsys):
    mark = tmp_path / "run"
    design = f"__import__('pathlib').Path({str(mark)!r}).touch():x"
    assert main(["certify", "--counties", "1", "--design", design, "--lang", "en"]) == 2
    assert not mark.exists()

"""counties.toml from anybody: names lead nowhere but into the output, files are those of the
delivery."""

import os
from pathlib import Path

import pytest
import test_large_register as told

from village_eval.bureau.province import import_province
from village_eval.cli.main import main
from village_eval.county.problems import InputError
from village_eval.folder.file_names import file_name

province = told.province


def named(folder: Path, name: str, other: str = "费县") -> Path:
    """The delivery with another name for its first county."""
    path = folder / "counties.toml"
    text = path.read_text("utf-8").replace("兰陵县", name).replace("费县", other)
    path.write_text(text, "utf-8")
    return folder


NAMES = {
    "above": "../../evil",
    "absolute": "/tmp/evil",
    "below": "a/b",
    "a drive": "C:evil",
    "backslashes": "..\\\\\\\\evil",
    "hidden": ".evil",
    "dots": "..",
    "a device": "CON",
    "the list of counties": "counties.txt",
    "long": "县" * 300,
    "format syntax": "{0}%s$x$",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_countys_name_is_no_path(province, tmp_path, name):
    folder = named(province(), name)
    there = set(tmp_path.iterdir())
    assert import_province(folder, tmp_path / "made" / "out").counties == 2
    assert set(tmp_path.iterdir()) == there | {tmp_path / "made"}
    assert [p.name for p in (tmp_path / "made").iterdir()] == ["out"]
    folders = [p for p in (tmp_path / "made" / "out").iterdir() if p.is_dir()]
    assert len(folders) == 2 and all((p / "villages.csv").is_file() for p in folders)
    listed = (tmp_path / "made" / "out" / "counties.txt").read_text("utf-8")
    assert all(p.name in listed for p in folders)


def test_names_that_become_one_are_told_apart(province, tmp_path):
    import_province(named(province(), "Lan/ling", "lan:LING"), tmp_path / "out")
    names = {p.name for p in (tmp_path / "out").iterdir() if p.is_dir()}
    assert names == {"Lan_ling_371324", "lan_LING_371325"}


@pytest.mark.parametrize("key", ["register", "villages"])
@pytest.mark.parametrize("form", ["../{}", "{place}/{}", "x/../../{}", "~/{}", "{}/*", "**"])
def test_no_other_file_of_the_machine_is_read(province, tmp_path, key, form):
    folder = province()
    path = folder / "counties.toml"
    mine = "台账.csv" if key == "register" else "村庄.csv"
    (folder / mine).rename(tmp_path / mine)
    written = form.format(mine, place=tmp_path.as_posix())
    text = path.read_text("utf-8").replace(f'"{mine}"', f'"{written}"')
    assert written in text
    path.write_text(text, "utf-8")
    with pytest.raises(InputError):
        import_province(folder, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(os.name != "posix", reason="names are bytes")
@pytest.mark.parametrize("where", ["delivery", "output"])
def test_a_folder_whose_name_is_no_text_is_said(province, tmp_path, where, capsys):
    folder, odd = province(), tmp_path / os.fsdecode("结果".encode("gb18030"))
    if where == "delivery":
        folder = folder.rename(odd)
    out = odd / "out" if where == "output" else tmp_path / "out"
    assert main(["import", str(folder), "--out", str(out), "--lang", "zh"]) == 2
    assert "不是UTF-8" in capsys.readouterr().err


def test_a_name_that_every_system_takes():
    for written in (*NAMES.values(), "", " ", "\x00", "\u202e", "a" * 400, "nul.txt", "一二三"):
        name = file_name(written)
        assert name and name == Path(name).name and len(name.encode()) <= 200
        assert name not in (".", "..") and name.strip(" .") == name
    assert file_name("一二三") == "一二三" and file_name("nul.txt") == "_nul.txt"


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("name", ["[2024]", "a*b", "{x}", "what?", "%41 #1"])
def test_a_folders_name_is_no_pattern(province, tmp_path, name, ending):
    """Libraries take brackets and stars in a path for patterns."""
    folder = province(ending=ending).rename(tmp_path / name)
    made = import_province(folder, tmp_path / f"out {name}")
    assert made.counties == 2 and made.kept == 600

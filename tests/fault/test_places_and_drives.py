"""Whose fault it is: a drive, a place, a network that fails is said to be that, and nothing of what
was there is lost."""

import errno
import io
import json
import os
import re
import subprocess
import sys
import zipfile

import pytest
from conftest import write_folder

from village_eval.cli import commands
from village_eval.cli.main import main
from village_eval.folder import overwriting
from village_eval.folder.overwriting import LIST, WRITING, refuse_file, writing_file
from village_eval.many.failure import failure_of
from village_eval.words.catalogue import words
from village_eval.words.system import SPOKEN, condition, system_reason

PLACES = words("zh", "messages")["system"], words("en", "messages")["system"]
CHINESE = re.compile("[一-鿿]")
PULLED_OUT = ("EIO", "ENODEV", "ENXIO", "ESTALE", "ENOTCONN", "EHOSTDOWN", "ETIMEDOUT")
USED_UP = ("EMFILE", "ENFILE", "EAGAIN", "EFBIG", "ENOSPC", "EDQUOT", "EROFS")


@pytest.mark.parametrize("name", PULLED_OUT + USED_UP)
@pytest.mark.parametrize("named", [False, True])
def test_what_the_system_refuses_is_not_the_programs_fault(name, named):
    number = getattr(errno, name)
    error = OSError(number, os.strerror(number), *(["/media/usb/x"] if named else []))
    failure = failure_of(error)
    assert failure.kind == "place"
    for lang, said in zip(("zh", "en"), PLACES, strict=True):
        assert said[condition(error)] in failure.text[lang]
    assert ("/media/usb/x" in failure.text["en"]) == named
    assert failure.stops == (name in ("ENOSPC", "EDQUOT", "EROFS"))


def test_what_the_system_says_is_said_in_the_readers_language():
    """Of each number: nobody's Chinese page speaks English, nor the other way round."""
    assert PLACES[0].keys() == PLACES[1].keys() == SPOKEN | {"other", "unnumbered"}
    for name in SPOKEN - {"SHARING"}:
        error = OSError(getattr(errno, name), os.strerror(getattr(errno, name)))
        assert failure_of(error).text["zh"].count(system_reason(error).text("zh")) == 1
        assert CHINESE.search(system_reason(error).text("zh"))
        assert not CHINESE.search(system_reason(error).text("en"))


@pytest.mark.parametrize(
    ("number", "said"),
    [(5, "没有权限"), (32, "WPS"), (33, "WPS"), (112, "空间已满"), (19, "只读"), (21, "已拔出")],
)
def test_what_windows_says_by_numbers_of_its_own(number, said):
    """Python counts most of them as "permission denied"."""
    error = OSError(errno.EACCES, "The process cannot access the file")
    error.winerror = number  # on Windows Python itself sets it
    assert said in failure_of(error).text["zh"]
    assert failure_of(error).stops == (number in (112, 19))


def test_what_has_no_words_shows_the_systems_and_its_number():
    error = OSError(errno.ENOLINK, "Link has been severed")
    for lang in ("zh", "en"):
        said = failure_of(error).text[lang]
        assert "Link has been severed" in said and str(errno.ENOLINK) in said


def test_an_archive_that_a_full_disk_leaves_open_is_the_disks_matter():
    class Full(io.BytesIO):
        def write(self, content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    try:
        with zipfile.ZipFile(Full(), "w") as archive, archive.open("a", "w") as file:
            file.write(b"x" * 100_000)
    except Exception as error:
        assert failure_of(error).kind == "place" and failure_of(error).stops
    else:
        pytest.fail("the disk is full")


def test_the_programs_own_mistakes_stay_its_own():
    for error in (OSError(errno.EBADF, "x"), KeyError("x"), RecursionError()):
        assert failure_of(error).is_fault


def test_a_drive_that_is_pulled_out_while_it_is_read(county_folder, monkeypatch, capsys):
    def gone(path, *_):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr("village_eval.folder.inputs.Path.read_bytes", gone)
    assert main(["check", str(county_folder), "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said and "USB" in said


def test_an_output_that_vanishes_midway(county_folder, tmp_path, monkeypatch, capsys):
    import shutil

    from village_eval.report import tables

    out, real = tmp_path / "usb" / "out", tables.write_tables

    def vanish(evaluation, folder, lang):
        shutil.rmtree(tmp_path / "usb")
        real(evaluation, folder, lang)

    monkeypatch.setattr(tables, "write_tables", vanish)
    quick = ("--draws", "9", "--workers", "1", "--lang", "en")
    assert main(["evaluate", str(county_folder), "--out", str(out), *quick]) == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said and "non-existent directory" in said and "USB" in said


def test_a_reader_that_goes_away_is_no_fault(tmp_path):
    """``village-eval check COUNTY | head -1``."""
    folders = [str(write_folder(tmp_path / name)) for name in ("a", "b")]
    code = "import sys; from village_eval.cli.main import main; sys.exit(main(sys.argv[1:]))"
    with subprocess.Popen(
        [sys.executable, "-u", "-c", code, "check", *folders, "--lang", "en"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as command:
        command.stdout.close()
        said = command.stderr.read()
        assert command.wait(120) in (0, 2) and "Traceback" not in said and "fault" not in said


@pytest.fixture
def ours(tmp_path):
    path = tmp_path / "index.html"
    with writing_file(path, lang="en") as made:
        made.write_text("old")
    return path


class PowerCut(BaseException):
    """Nothing is cleared up after it."""


@pytest.mark.parametrize("moment", range(8))
def test_a_power_cut_while_a_single_file_is_replaced(ours, monkeypatch, moment):
    """At any step: the old file or the new one, and the next run goes on."""
    steps = 0

    def cut(real):
        def step(*given, **about):
            nonlocal steps
            steps += 1
            if steps > moment:
                raise PowerCut
            return real(*given, **about)

        return step

    with monkeypatch.context() as power:
        for name in ("write_text", "replace", "unlink"):
            power.setattr(overwriting.Path, name, cut(getattr(overwriting.Path, name)))
        power.setattr(overwriting, "_file_to_disk", cut(overwriting._file_to_disk))
        try:
            with writing_file(ours, lang="en") as made:
                made.write_text("new")
        except PowerCut:
            pass
    assert ours.read_text() in ("old", "new")
    assert json.loads((ours.parent / LIST).read_text())["files"]
    refuse_file(ours, lang="en")
    with writing_file(ours, lang="en") as made:
        made.write_text("newest")
    assert ours.read_text() == "newest"
    left = {p.name for p in ours.parent.iterdir()} - {"index.html", LIST}
    assert all(name.startswith((WRITING, LIST)) for name in left)


def test_somebodys_page_of_our_name_is_not_ours_after_a_power_cut(ours):
    ours.write_text("a home page")
    with pytest.raises(overwriting.InputError):
        refuse_file(ours, lang="en")


def test_a_full_disk_keeps_the_list_of_what_is_ours(ours, monkeypatch):
    def full(path, *_, **__):
        with path.open("w") as file:
            file.write("{")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as disk:
        disk.setattr(overwriting.Path, "write_text", full)
        with pytest.raises(OSError, match="space"):
            overwriting.wrote_file(ours)
    refuse_file(ours, lang="en")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission_by_its_owner(county_folder, capsys):
    (county_folder / "villages.csv").chmod(0)
    assert main(["check", str(county_folder), "--lang", "en"]) == 2


@pytest.mark.parametrize("what", ["file", "folder"])
def test_no_permission_is_said(county_folder, monkeypatch, capsys, what):
    """As root may read everything, the system's answer is played."""

    def denied(self, *_):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))

    name = "read_bytes" if what == "file" else "iterdir"
    monkeypatch.setattr(f"village_eval.folder.inputs.Path.{name}", denied)
    assert main(["check", str(county_folder), "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert "permission" in said.lower() and "Traceback" not in said
    assert commands.INPUT == 2


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://127.0.0.1:1", "x://[", "tcp://:"]
)
def test_what_is_no_address_of_a_scheduler_is_said_and_ends(
    county_folder, tmp_path, address, capsys
):
    """A client that knows no such address would wait for ever to close."""
    pytest.importorskip("distributed")
    out = ("--out", str(tmp_path / "out"), "--lang", "zh")
    assert main(["batch", str(county_folder), *out, "--scheduler", address]) == 2
    said = "".join(capsys.readouterr())
    assert "没有Dask调度程序" in said and "Traceback" not in said and "Errno" not in said


@pytest.mark.parametrize("written", ["nan", "1e400", "-1", "0", "9" * 5000, "٣", "", "1.5"])
def test_a_number_that_is_none_is_said(written, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["import", "x", "--out", "y", "--limit", written])
    said = capsys.readouterr().err
    assert ended.value.code == 2 and "a number of at least 1" in said and "_positive" not in said

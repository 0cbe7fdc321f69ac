"""Disks for real: full, too small for temporary files, read-only, pulled out. Each command says so in
a sentence, loses nothing of what was there, leaves nothing half-made, and goes on when it can.

(What concerns many counties at once is in test_batch_killed.)
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from as_told import environment, wait_for
from bureau_delivery import deliver
from conftest import write_folder

from village_eval.cli.main import main

pytestmark = [
    pytest.mark.slow,
    # An archive that a full disk left open complains once more when it is forgotten (cli/main.py).
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
QUICK = ("--draws", "9")


@pytest.fixture
def disk(tmp_path):
    """A disk of its own of sixteen megabytes."""
    place = tmp_path / "stick"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("needs the right to mount a disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], capture_output=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A county, a delivery, and two results of the county."""
    place = tmp_path_factory.mktemp("made")
    county = write_folder(place / "county")
    with pytest.MonkeyPatch.context() as own:
        own.setenv("XDG_CACHE_HOME", str(place / "cache"))
        for name, seed in (("a", "1"), ("b", "2")):
            out = ("--out", str(place / name), "--seed", seed, "--workers", "1")
            assert main(["evaluate", str(county), *out, *QUICK]) == 0
        yield {
            "county": county,
            "delivery": deliver(place / "delivery"),
            "a": place / "a" / "county",
            "b": place / "b" / "county",
        }


def command(name: str, made: dict[str, Path], disk: Path, seed: int = 1) -> list[str]:
    """A command that writes to the disk."""
    out, county = disk / "out", made["county"]
    words = {
        "evaluate": ["evaluate", county, "--out", out, *QUICK, "--seed", seed, "--workers", 1],
        "report": ["report", county, "--out", out, *QUICK, "--seed", seed],
        "import": ["import", made["delivery"], "--out", out, "--annotate", disk / "notes"],
        "template": ["template", out],
        "simulate": ["simulate", "--out", out, "--villages", 90, "--townships", 9, "--listed", 6],
        "plan": ["plan", county, "--out", out, "--villages", 4, "--start", "2031-03-01"],
        "compare": ["compare", made["a"], made["b"], "--out", out],
        "index": ["index", out],
    }
    return [str(word) for word in (*words[name], "--lang", "zh")]


def tree(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in folder.rglob("*")
        if p.is_file() and p.name != "other things"
    }


def fill(disk: Path, leave: int) -> None:
    """Other things on the disk, but for so many bytes."""
    about = os.statvfs(disk)
    (disk / "other things").write_bytes(bytes(max(0, about.f_bavail * about.f_frsize - leave)))


def leftovers(disk: Path) -> list[str]:
    return [p.name for p in disk.rglob("*") if "village-eval-" in p.name or ".writing-" in p.name]


@pytest.mark.ci
@pytest.mark.parametrize(
    ("name", "leave"),
    [
        ("evaluate", 0),
        ("evaluate", 12_000),
        ("report", 400_000),
        ("import", 12_000),
        ("template", 3_000),
        ("simulate", 12_000),
        ("plan", 3_000),
        ("compare", 0),
        ("compare", 24_000),
        ("index", 12_000),
    ],
)
def test_a_full_disk_is_said_and_takes_nothing(name, leave, made, disk, capfd):
    if name == "index":
        shutil.copytree(made["a"].parent, disk / "out")
    elif name != "plan":  # a lot is not drawn twice
        assert main(command(name, made, disk)) == 0
    before = tree(disk)
    fill(disk, leave)
    capfd.readouterr()
    assert main(command(name, made, disk, seed=3)) == 2
    said = "".join(capfd.readouterr())
    assert "存储空间已满" in said and "腾出空间" in said
    assert "Traceback" not in said and "No space" not in said
    assert tree(disk) == before and not leftovers(disk)
    (disk / "other things").unlink()
    assert main(command(name, made, disk, seed=3)) == 0
    assert not leftovers(disk)


@pytest.mark.ci
def test_a_full_disk_for_temporary_files_or_kept_results(made, disk, monkeypatch, capfd, tmp_path):
    """What a run would only have kept for the next one is not missed."""
    fill(disk, 0)
    monkeypatch.setenv("TMPDIR", str(disk))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setenv("XDG_CACHE_HOME", str(disk / "cache"))
    out = ("--out", str(tmp_path / "out"), "--lang", "zh")
    assert main(["report", str(made["county"]), *out, *QUICK, "--seed", "7"]) == 0
    assert "Traceback" not in "".join(capfd.readouterr())
    assert (tmp_path / "out" / "report.zh.html").is_file() and not leftovers(disk)


@pytest.mark.parametrize("name", ["evaluate", "report", "import", "compare", "index"])
def test_a_disk_that_has_become_read_only_is_said(name, made, disk, capfd):
    if name == "index":
        shutil.copytree(made["a"].parent, disk / "out")
    else:
        assert main(command(name, made, disk)) == 0
    before = tree(disk)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    capfd.readouterr()
    assert main(command(name, made, disk, seed=3)) == 2
    said = "".join(capfd.readouterr())
    assert "只读" in said and "Traceback" not in said and tree(disk) == before


def start(words: list[str], tmp_path: Path) -> subprocess.Popen:
    about = environment() | {"XDG_CACHE_HOME": str(tmp_path / "other cache")}
    return subprocess.Popen(
        [sys.executable, "-m", "village_eval.cli.main", *words],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=about,
    )


def begun(disk: Path):
    """Whether a command has begun to write."""
    return lambda: list(disk.glob(".*village-eval-*"))


@pytest.mark.ci
def test_a_stick_that_is_pulled_out_midway(made, disk, tmp_path):
    running = start(command("report", made, disk), tmp_path)
    wait_for(begun(disk))
    subprocess.run(["umount", "-l", str(disk)], check=True)
    disk.rmdir()
    said = "".join(running.communicate(timeout=240))
    assert running.returncode == 2 and "Traceback" not in said, said
    assert "U盘" in said or "请检查路径" in said
    assert not disk.exists()


@pytest.mark.parametrize("name", ["evaluate", "import", "simulate"])
def test_a_power_cut_at_any_moment_loses_nothing(name, made, disk, tmp_path):
    """What stood there is there or has been replaced as a whole; the next run clears up."""
    assert main(command(name, made, disk)) == 0
    before = tree(disk / "out")
    for share in (0.3, 0.6, 0.9):
        began = time.monotonic()
        running = start(command(name, made, disk, seed=3), tmp_path)
        try:
            wait_for(lambda one=running: begun(disk)() or one.poll() is not None)
            time.sleep(share * (time.monotonic() - began) / 2)
        finally:
            running.kill()
            running.communicate()
        assert tree(disk / "out").keys() >= before.keys()
    assert main(command(name, made, disk, seed=3)) == 0
    assert not leftovers(disk)


def test_two_at_once_into_one_folder_do_not_mix(made, disk, tmp_path):
    """Whoever ends last stands there, whole."""
    both = [start(command("evaluate", made, disk, seed=s), tmp_path) for s in (1, 2)]
    said = ["".join(one.communicate(timeout=180)) for one in both]
    assert {one.returncode for one in both} <= {0, 2} and 0 in {one.returncode for one in both}
    assert not any("Traceback" in text for text in said)
    assert main(command("evaluate", made, disk, seed=1)) == 0 and not leftovers(disk)

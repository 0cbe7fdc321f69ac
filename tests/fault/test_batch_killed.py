"""A batch whose run, worker, disk or input is taken away: nothing half-made, and the same command
ends with what an undisturbed run would have left."""

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import as_told
import pytest
from as_told import first_difference, is_alive, lasting, start, wait_for, workers_of
from conftest import county_rows, write_folder

from village_eval.many.batch import run_batch
from village_eval.many.state import State, results

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks into /proc"),
]
SLEEPS = "sleep 1"


@pytest.fixture
def undisturbed(tmp_path, monkeypatch):
    """What a run leaves that nobody disturbs, of counties a, b, c, d, e."""
    folders = as_told.counties(tmp_path / "in", *[SLEEPS] * 5)

    def run():
        monkeypatch.setattr("village_eval.many.batch.work", as_told.work)
        monkeypatch.setattr("village_eval.many.batch.pool_results", as_told.no_pool)
        run_batch(folders, tmp_path / "undisturbed", workers=5, draws=19, lang="en")
        return lasting(tmp_path / "undisturbed")

    return folders, run


def finished(folders, out) -> dict[str, bytes]:
    """What the same command leaves when nobody disturbs it any more."""
    again = start(folders, out, "--workers", "2")
    said = again.communicate(timeout=120)[1]
    assert again.returncode == 0, said
    assert not [p for p in out.rglob("*") if "village-eval-" in p.name or ".writing-" in p.name]
    return lasting(out)


def one_done(out: Path):
    return lambda: results(out) if (out / "state").is_dir() else {}


@pytest.mark.ci
def test_a_run_that_is_killed_is_finished_by_the_same_command(tmp_path, undisturbed):
    (folders, run), out = undisturbed, tmp_path / "out"
    first = start(folders, out, "--workers", "2")
    wait_for(one_done(out))
    workers = workers_of(first)
    first.kill()
    first.communicate()
    done = results(out)
    assert len(workers) == 2 and 0 < len(done) < 5
    wait_for(lambda: not any(map(is_alive, workers)), 10)  # nobody works on for nobody
    assert all((out / name / "findings.json").is_file() for name in done)
    assert not first_difference(finished(folders, out), run())


@pytest.mark.ci
def test_an_interrupted_run_says_so_and_is_finished_by_the_same_command(tmp_path, undisturbed):
    (folders, run), out = undisturbed, tmp_path / "out"
    first = start(folders, out, "--workers", "2")
    wait_for(one_done(out))
    workers = workers_of(first)
    first.send_signal(signal.SIGINT)
    said = first.communicate(timeout=60)[1]
    assert first.returncode == 130 and "the same command goes on from there" in said
    assert "Traceback" not in said
    assert not any(map(is_alive, workers))
    assert not list(out.glob(".*village-eval-*"))
    assert not first_difference(finished(folders, out), run())


def test_a_run_interrupted_before_it_began_leaves_a_place_that_can_be_used(tmp_path, undisturbed):
    (folders, run), out = undisturbed, tmp_path / "out"
    first = start(folders, out, "--workers", "2")
    wait_for(lambda: (out / "state").is_dir())
    first.kill()
    first.communicate()
    assert not first_difference(finished(folders, out), run())


@pytest.mark.ci
def test_a_worker_that_is_killed_fails_its_county_only(tmp_path, undisturbed):
    (folders, run), out = undisturbed, tmp_path / "out"
    first = start(folders, out, "--workers", "2")
    wait_for(one_done(out))
    os.kill(workers_of(first)[0], signal.SIGKILL)
    said = first.communicate(timeout=60)[1]
    assert first.returncode == 2 and said.count("was killed (signal 9)") == 1
    assert len(results(out)) == 4
    assert not first_difference(finished(folders, out), run())


def test_two_runs_into_one_folder_do_not_meet(tmp_path, undisturbed):
    (folders, run), out = undisturbed, tmp_path / "out"
    first = start(folders, out, "--workers", "2")
    wait_for(lambda: (out / "state" / "lock").exists() and (out / "state" / "lock").read_text())
    second = start(folders, out)
    said = second.communicate(timeout=60)[1]
    assert second.returncode == 2 and f"process {first.pid}" in said
    assert first.wait(60) == 0
    assert not first_difference(lasting(out), run())
    first.communicate()


def test_input_that_changes_while_it_is_used_is_of_one_state(tmp_path):
    """The result is of what was read; the next run sees that the folder is another."""
    folder, out = as_told.county(tmp_path / "a", "sleep 2"), tmp_path / "out"
    first = start([folder], out)
    wait_for(lambda: (folder / "begun").exists())
    before = hashlib.sha256((folder / "campaign.toml").read_bytes()).hexdigest()
    as_told.county(folder, "ok", "more")
    assert first.wait(60) == 0
    assert State(out).read("a")["key"]["inputs"]["campaign.toml"] == before
    again = start([folder], out)
    assert "its data have changed" in again.communicate(timeout=60)[1]
    start([folder], tmp_path / "other").communicate(timeout=60)
    assert not first_difference(lasting(out), lasting(tmp_path / "other"))


@pytest.fixture
def disk(tmp_path):
    """A disk of its own, as small as asked for."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(*options: str) -> Path:
        command = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(place)]
        if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
            pytest.skip("needs the right to mount a disk")
        return place

    yield mount
    subprocess.run(["umount", "-l", str(place)], capture_output=True)


@pytest.mark.ci
def test_a_full_disk_stops_the_run_with_a_sentence_and_room_finishes_it(
    tmp_path, undisturbed, disk
):
    folders, run = undisturbed
    place = disk("size=1m")
    (place / "other_things").write_bytes(bytes(990_000))
    first = start(folders, place / "out", "--workers", "2")
    said = first.communicate(timeout=60)[1]
    assert first.returncode == 2 and "No space left on device" in said and "Make room" in said
    assert "Traceback" not in said
    (place / "other_things").unlink()
    assert not first_difference(finished(folders, place / "out"), run())


def test_a_disk_that_cannot_be_written_is_a_sentence(tmp_path, undisturbed, disk):
    (folders, _), place = undisturbed, disk("ro")
    first = start(folders, place / "out")
    said = first.communicate(timeout=60)[1]
    assert first.returncode == 2 and "Read-only file system" in said and "Traceback" not in said


def test_no_room_for_temporary_files_takes_nothing_from_a_run(tmp_path, disk):
    """A real county with its report: pages, pictures and notebooks, too, write beside the result."""
    folder, place = write_folder(tmp_path / "a", county_rows()), disk("size=100k")
    (place / "other_things").write_bytes(bytes(100_000))
    command = [sys.executable, "-m", "village_eval.cli.main", "batch", str(folder), "--reports"]
    command += ["--draws", "19", "--workers", "1", "--lang", "en", "--out"]
    about = as_told.environment()
    full = subprocess.run(
        [*command, str(tmp_path / "full")],
        env=about | {"TMPDIR": str(place)},
        capture_output=True,
        text=True,
    )
    assert full.returncode == 0, full.stderr
    subprocess.run([*command, str(tmp_path / "roomy")], env=about, check=True, capture_output=True)
    assert not first_difference(but_notebooks(tmp_path / "full"), but_notebooks(tmp_path / "roomy"))


def but_notebooks(out: Path) -> dict[str, bytes]:
    """``lasting`` without executed notebooks and logs, which tell the time."""
    return {n: b for n, b in lasting(out).items() if not n.endswith((".ipynb", "run.log"))}


@pytest.mark.parametrize("n", [40, 300])
def test_counties_killed_at_random_five_times_end_as_if_nothing_had_been(tmp_path, n):
    """Real counties; the run is killed, or a worker, whatever they are at."""
    rng = random.Random(n)
    folders = [write_folder(tmp_path / f"{i:03d}", county_rows(seed=1 + i % 4)) for i in range(n)]
    command = [sys.executable, "-m", "village_eval.cli.main", "batch", *map(str, folders)]
    command += ["--draws", "19", "--workers", "2", "--lang", "en", "--out"]
    about = {"env": as_told.environment(), "stderr": subprocess.DEVNULL}
    out = tmp_path / "out"
    for _ in range(5):
        run = subprocess.Popen([*command, str(out)], **about)
        before = len(results(out)) if (out / "state").is_dir() else 0
        more = rng.randint(1, n // 7)
        wait_for(lambda reach=before + more: len(results(out)) >= reach, 600)
        time.sleep(rng.uniform(0, 3))
        victim = rng.choice([run.pid, *workers_of(run)])
        os.kill(victim, signal.SIGKILL)
        if victim != run.pid:
            time.sleep(rng.uniform(0, 3))
            run.kill()
        run.wait(60)
    assert 0 < len(results(out)) < n
    assert subprocess.run([*command, str(out)], **about).returncode == 0
    assert subprocess.run([*command, str(tmp_path / "undisturbed")], **about).returncode == 0
    assert len(results(out)) == n
    assert not first_difference(lasting(out), lasting(tmp_path / "undisturbed"))

"""A Dask cluster started as a site would start it: a scheduler and two workers, each a process of
its own; one is lost midway, then the scheduler."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time

import as_told
import pytest
from as_told import DAY_MADE, first_difference, lasting, start, wait_for
from conftest import write_folder

from village_eval.many.batch import run_batch
from village_eval.many.state import results

pytest.importorskip("distributed")
pytestmark = pytest.mark.slow


@pytest.fixture
def cluster(tmp_path):
    """The scheduler's file, scheduler and two workers; all end with the test."""
    running = []

    def run(*words):
        made = subprocess.Popen(
            [sys.executable, "-m", "dask", *words],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=as_told.environment(),
            cwd=tmp_path,
            start_new_session=True,
        )
        running.append(made)
        return made

    about = tmp_path / "scheduler.json"
    file = ("--scheduler-file", str(about))
    scheduler = run("scheduler", "--port", "0", "--dashboard-address", ":0", *file)
    wait_for(lambda: about.exists() and about.read_text().endswith("}"))
    workers = [run("worker", *file, "--nthreads", "1", "--dashboard-address", ":0") for _ in "ab"]
    yield about, scheduler, workers
    for process in running:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def address(cluster):
    """The scheduler's address, once both workers have come."""
    from distributed import Client

    place = json.loads(cluster[0].read_text())["address"]
    with Client(place, timeout="60s", set_as_default=False) as client:
        client.wait_for_workers(2, timeout=120)
    return place


def undisturbed(folders, out, monkeypatch):
    monkeypatch.setattr("village_eval.many.batch.work", as_told.work)
    monkeypatch.setattr("village_eval.many.batch.pool_results", as_told.no_pool)
    run_batch(folders, out, workers=2, draws=19, lang="en")
    return lasting(out)


@pytest.mark.ci
def test_a_worker_that_is_lost_midway_costs_no_county(tmp_path, cluster, address, monkeypatch):
    folders, out = as_told.counties(tmp_path / "in", *["sleep 1"] * 8), tmp_path / "out"
    first = start(folders, out, "--scheduler", address)
    wait_for(lambda: results(out) if (out / "state").is_dir() else None)
    os.killpg(cluster[2][0].pid, signal.SIGKILL)  # the nanny too: a machine that is gone
    said = first.communicate(timeout=120)[1]
    assert first.returncode == 0, said
    assert f"on the cluster {address} with 2 workers" in said and "dashboard: http" in said
    assert not first_difference(lasting(out), undisturbed(folders, tmp_path / "local", monkeypatch))


def test_a_county_that_kills_its_workers_is_the_only_one_that_fails(tmp_path, cluster, address):
    folders, out = as_told.counties(tmp_path / "in", "kill", *["ok"] * 3), tmp_path / "out"
    first = start(folders, out, "--scheduler", str(cluster[0]))  # the file names the address
    said = first.communicate(timeout=180)[1]
    assert first.returncode == 2 and "lost one after the other" in said
    assert len(results(out)) == 3


def test_a_scheduler_that_is_lost_ends_the_run_and_the_same_command_goes_on(
    tmp_path, cluster, address, monkeypatch
):
    folders, out = as_told.counties(tmp_path / "in", *["sleep 1"] * 6), tmp_path / "out"
    first = start(folders, out, "--scheduler", address)
    wait_for(lambda: results(out) if (out / "state").is_dir() else None)
    os.killpg(cluster[1].pid, signal.SIGKILL)
    began = time.monotonic()
    said = first.communicate(timeout=180)[1]
    assert first.returncode == 2 and "no Dask scheduler answers there" in said, said
    assert "Traceback" not in said, said
    assert time.monotonic() - began < 90
    again = start(folders, out, "--workers", "2")
    assert "kept" in again.communicate(timeout=60)[1] and again.returncode == 0
    assert not first_difference(lasting(out), undisturbed(folders, tmp_path / "local", monkeypatch))


def test_an_address_where_nobody_answers_is_a_sentence(tmp_path):
    folders = as_told.counties(tmp_path / "in", "ok")
    for address in ("tcp://127.0.0.1:9", "nonsense"):
        made = start(folders, tmp_path / "out", "--scheduler", address)
        said = made.communicate(timeout=60)[1]
        assert made.returncode == 2 and "no Dask scheduler answers there" in said, said
        assert "Traceback" not in said


@pytest.mark.ci
def test_real_findings_do_not_depend_on_workers_or_engine(tmp_path, address):
    """One local worker, two, and a cluster: the same bytes."""
    folders = [write_folder(tmp_path / name) for name in ("north", "south")]
    made = {}
    for name, about in {
        "one": {"workers": 1},
        "two": {"workers": 2},
        "dask": {"scheduler": address},
    }.items():
        batch = run_batch(folders, tmp_path / name, draws=19, lang="zh", **about)
        assert batch.done == 2 and not batch.failed
        made[name] = lasting(tmp_path / name)
    assert any("findings.json" in file for file in made["one"])
    assert DAY_MADE.search((tmp_path / "one" / "index.html").read_bytes())
    assert not DAY_MADE.search(made["one"]["index.html"])
    assert not first_difference(made["one"], made["two"])
    assert not first_difference(made["one"], made["dask"])

"""The benchmark compares like with like: arrays from a shuffled frame, the library's answer, and
verdicts that can be missed."""

import types
from pathlib import Path

import numpy as np
import pytest

from benchmarks import sampler
from benchmarks.before import Compared, NoHistory, run, unpack
from benchmarks.panel_algebra import FORMULAS, Row, closed_form, regression
from benchmarks.panels import draw, from_long, long_frame
from benchmarks.results import BUILT, OURS, page
from benchmarks.scale import Scaled, exponents, scale
from benchmarks.timing import Timing

ROOT = Path(__file__).parents[2]
SCALED = [Scaled("two-way DiD", n, n / 1e6, n / 1e6, 0.5) for n in (1_000, 10_000)]


@pytest.mark.parametrize("model", FORMULAS)
def test_a_shuffled_frame_gives_what_the_library_gives(model):
    frame = long_frame(draw(200, seed=3)).sample(frac=1, random_state=3)
    value, se = closed_form(model, from_long(frame))
    other_value, other_se = regression(model, frame)
    assert np.allclose(value, other_value, atol=1e-7)
    assert np.allclose(se, other_se, atol=1e-6)


def test_an_aim_that_is_missed_is_called_missed():
    def timed(seconds, cpu=None):
        return Timing(seconds, cpu or seconds, seconds, 3)

    def text(library, head):
        rows = [
            Row(60_000, "Poisson", OURS, timed(0.001)),
            Row(60_000, "Poisson", BUILT, timed(0.01)),
            Row(60_000, "Poisson", "pyfixest", timed(library), (1e-9, 1e-9)),
        ]
        return page(
            ["here"],
            [("headline", head), ("multipliers", timed(0.1)), ("both", timed(0.2))],
            [("Poisson", 1e-12, 1e-12)],
            rows,
            SCALED,
        )

    assert "missed" not in text(0.3, timed(0.05))
    assert text(0.1, timed(0.05)).count("missed") == 1
    assert "wall time **missed**, processor time met" in text(0.3, timed(0.2, cpu=0.05))
    assert "| **missed** |" in text(0.3, timed(0.2))


def test_a_ratio_above_its_aim_is_called_missed():
    def compared(now, by="cpu"):
        return Compared("evaluate", Timing(20, 10, 20, 3), Timing(now, now, now, 3), 0.3, by)

    assert compared(3).ratio == 0.3 and compared(3, "wall").ratio == 0.15
    head = [("headline", Timing(0.01, 0.01, 0.01, 3))] * 3
    text = page(["here"], head, [], [], SCALED, [compared(3), compared(4)], {"read": (2.0, 1.0)})
    assert "| 0.30 | 0.30 of processor time | met |" in text
    assert "| 0.40 | 0.30 of processor time | **missed** |" in text
    assert "| read | 2.0 | 1.0 |" in text


def test_a_clone_without_the_old_commit_is_told_in_words(tmp_path):
    with pytest.raises(NoHistory, match="not in this clone's history"):
        unpack(tmp_path / "old", "0" * 40)
    text = page(
        ["here"], [("headline", Timing(0.01, 0.01, 0.01, 3))] * 3, [], [], SCALED, "Not measured."
    )
    assert "Not measured." in text


def test_processor_time_of_a_process_counts_those_it_starts(tmp_path):
    busy = "import time\nwhile time.process_time() < 0.3: pass"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"
    _, cpu = run(code, ROOT, tmp_path)
    assert 0.3 <= cpu < 3
    with pytest.raises(RuntimeError, match="no such thing"):
        run("raise SystemExit('no such thing')", ROOT, tmp_path)


def test_a_stage_is_that_of_the_outermost_file():
    def stack(*paths):
        frame = None
        for path in paths:
            code = types.SimpleNamespace(co_filename=path)
            frame = types.SimpleNamespace(f_code=code, f_back=frame)
        return frame

    package = "/x/village_eval/"
    many, check = f"{package}many/folders.py", f"{package}checks/mergers.py"
    headline = f"{package}designs/quiet_year_did.py"
    assert sampler.stage(stack(many, check, headline)) == "checks"
    assert sampler.stage(stack(many, headline, "/lib/numpy/linalg.py")) == "headline"
    assert sampler.stage(stack(many)) == "write"
    assert sampler.stage(stack(f"{package}report/run.py", f"{package}report/x.py")) == "notebooks"
    assert sampler.stage(stack(check, "<frozen importlib._bootstrap>")) == "import"
    assert sampler.stage(stack("/lib/zmq.py")) == "other"


def test_every_stage_has_files_in_the_package():
    files = [p.relative_to(ROOT).as_posix() for p in (ROOT / "village_eval").rglob("*.py")]
    seen = {sampler.stage_of(f"/x/{path}") for path in files}
    assert seen >= {*sampler.STAGES, *sampler.AROUND}


def test_growth_and_memory_are_measured_and_memory_above_its_aim_is_called_missed():
    assert exponents(SCALED) == {"two-way DiD": pytest.approx(1)}
    head = [("headline", Timing(0.01, 0.01, 0.01, 3))] * 3
    large = [Scaled("Poisson", 600_000, 1.0, 1.0, 4.2)]
    assert "4.20 GiB at the peak | **missed** |" in page(["here"], head, [], [], large)
    assert "0.50 GiB at the peak | met |" in page(["here"], head, [], [], SCALED)


@pytest.mark.slow
@pytest.mark.ci
def test_every_program_runs_at_the_size_that_it_is_asked_for():
    rows = list(scale((4_000,)))
    assert [row.villages for row in rows] == [4_000] * len(rows)
    assert all(0.05 < row.memory < 1 for row in rows)
    headline = next(row for row in rows if row.program == "headline of all counties")
    assert headline.cpu > 100 * next(row.cpu for row in rows if row.program == "nothing")

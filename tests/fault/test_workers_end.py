"""Workers of a killed run end with it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from as_told import is_alive, wait_for

PROGRAM = """
import os, sys, time
from pathlib import Path
from village_eval.words.parallel import each

def long(name):
    (Path(sys.argv[1]) / str(os.getpid())).write_text(name)
    time.sleep(600)

list(each(long, ["one", "two"], workers=2))
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks into /proc")
def test_workers_that_compute_side_by_side_end_with_a_killed_run(tmp_path):
    run = subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path)], env=dict(os.environ))
    wait_for(lambda: len(list(tmp_path.iterdir())) == 2, 60)
    workers = [int(p.name) for p in tmp_path.iterdir()]
    assert all(map(is_alive, workers)) and run.pid not in workers
    run.send_signal(signal.SIGKILL)
    run.wait(10)
    wait_for(lambda: not any(map(is_alive, workers)), 10)

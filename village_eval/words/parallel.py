"""All cores, one linear-algebra thread each.

Many small counties run faster side by side than one on many threads.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TypeVar

Job = TypeVar("Job")
Made = TypeVar("Made")

_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1"
)
"""RAYON: the threads of compiled Rust (diff-diff), whose sums depend on who adds first."""


def one_thread() -> None:
    """Ask for one linear-algebra thread, unless somebody asked for another number.

    Too late once numpy is loaded.

    A county's matrices are small: several threads cost half as much processor time again as they
    compute, and bring nothing, most of all on a busy machine.
    """
    for name, one in _ONE_THREAD.items():
        os.environ.setdefault(name, one)


def each(
    function: Callable[[Job], Made], jobs: Iterable[Job], workers: int | None = None
) -> Iterator[tuple[Job, Made]]:
    """Yield (job, function(job)) as jobs end, in no order.

    With one worker, or one job, in this process and in order.

    Worker processes stay for the next call, so that libraries are imported once in each.
    """
    every = list(jobs)
    if len(every) < 2 or workers == 1:
        return ((job, function(job)) for job in every)
    from joblib import Parallel, cpu_count, delayed, parallel_config

    workers = min(workers or cpu_count(), len(every))
    with parallel_config("loky", n_jobs=workers, inner_max_num_threads=1):
        side_by_side = Parallel(return_as="generator_unordered")
    ended: Iterator[tuple[Job, Made]] = side_by_side(
        delayed(_with_job)(function, job, os.getpid()) for job in every
    )
    return ended


def _with_job(function: Callable[[Job], Made], job: Job, asked_by: int) -> tuple[Job, Made]:
    _end_with(asked_by)
    return job, function(job)


@cache
def _end_with(parent: int) -> None:
    """End this worker when the process that started it is gone, however it went.

    Nobody waits for its answer. Where a process keeps the number of a dead parent (Windows), joblib
    ends an idle worker after five minutes.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()

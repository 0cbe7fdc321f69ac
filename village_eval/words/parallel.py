"""All cores, one linear-algebra thread each: many small counties run faster side by side than one
on many threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from itertools import islice
from multiprocessing import get_context
from typing import TypeVar

Job = TypeVar("Job")
Made = TypeVar("Made")

_ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}


def one_thread() -> None:
    """Ask for one linear-algebra thread, unless somebody asked for another number; too late once
    numpy is loaded.

    A county's matrices are small: several threads cost half as much processor time again as they
    compute, and bring nothing, most of all on a busy machine.
    """
    for name, one in _ONE_THREAD.items():
        os.environ.setdefault(name, one)


def cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def each(
    function: Callable[[Job], Made], jobs: Iterable[Job], workers: int | None = None
) -> Iterator[tuple[Job, Made]]:
    """Yield (job, function(job)) as jobs end, in no order; with one worker in this process and in
    order.

    Worker processes are spawned, not forked, so that their linear algebra starts with one thread.
    """
    left, workers = iter(jobs), workers or cores()
    first = list(islice(left, 2 * workers))
    if workers == 1 or len(first) == 1:
        for job in [*first, *left]:
            yield job, function(job)
        return
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(_ONE_THREAD)
    try:
        with ProcessPoolExecutor(min(workers, len(first)), mp_context=get_context("spawn")) as pool:
            running = {pool.submit(function, job): job for job in first}
            while running:
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    job = running.pop(future)
                    for following in islice(left, 1):
                        running[pool.submit(function, following)] = following
                    yield job, future.result()
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

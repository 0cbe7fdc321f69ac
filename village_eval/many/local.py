"""Local worker processes that outlive a killed one.

joblib's and Python's own pools break for all that waits when one process is killed. Here the
county that it was at fails, a new process takes its place, and the others go on.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from village_eval.many.failure import Failure, failure, lost
from village_eval.many.jobs import Ended, Job
from village_eval.many.worker import BEGUN

LAST_WORDS = 2000
"""Characters of what a process wrote before it died that are kept."""
PROMPT = 0.5
"""Seconds between two looks at the clock."""
PATIENCE = 5
"""Seconds that a process gets to clear up."""

SWOLLEN = 1200
"""MiB from which on a process makes place for a new one: reports let it grow."""


class LocalWorkers:
    """``workers`` processes (default: one a core); ``limit`` seconds for one county, if any."""

    def __init__(self, workers: int | None = None, limit: float | None = None):
        self.count = workers or len(_cores())
        self.limit = limit

    def describe(self) -> dict[str, object]:
        """What the log says of the engine: a key of the words, and what they name."""
        return {"key": "many.local", "workers": self.count}

    def run(
        self, function: Callable[[Job], Ended], jobs: Iterable[Job]
    ) -> Iterator[tuple[Job, Ended]]:
        """Yield (job, what became of it) as jobs end. Leaving the loop ends the processes."""
        waiting, answers = deque(jobs), queue.SimpleQueue[tuple["_Worker", Any]]()
        there = [_Worker(answers) for _ in range(min(self.count, len(waiting)))]
        busy: dict[_Worker, Job] = {}
        try:
            while waiting or busy:
                for worker in there:
                    if waiting and worker not in busy and worker.give(function, waiting[0]):
                        busy[worker] = waiting.popleft()
                try:
                    worker, answer = answers.get(timeout=PROMPT)
                except queue.Empty:
                    self._end_slow(busy)
                    continue
                if worker not in there:
                    continue  # the last word of one that we ended
                if answer == BEGUN:
                    worker.began = time.monotonic()
                    continue
                job = busy.pop(worker, None)
                spent = isinstance(answer, Ended) and _is_spent(answer)
                if answer is None or spent:
                    there.remove(worker)
                    failure = worker.end(gone=answer is None)
                    answer = answer or Ended("failed", failure)
                    if waiting:
                        there.append(_Worker(answers))
                if job is not None:
                    yield job, answer
        finally:
            for worker in there:
                worker.end()

    def _end_slow(self, busy: dict[_Worker, Job]) -> None:
        for worker in busy:
            began = worker.began
            if self.limit and began is not None and time.monotonic() - began > self.limit:
                worker.too_slow(self.limit)


class _Worker:
    """A process and the thread that listens to it."""

    def __init__(self, answers: queue.SimpleQueue):
        self.began: float | None = None
        """When it began its county: to start, and to import, is nobody's time."""
        self.failure: Failure | None = None
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115  # closed in end()
        alone: dict[str, Any] = (  # Ctrl-C is for the parent, which ends its workers
            {"start_new_session": True}
            if os.name == "posix"
            else {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
        )
        self.process = subprocess.Popen(
            [sys.executable, "-m", "village_eval.many.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
            **alone,
        )
        self._send(sys.path)
        threading.Thread(target=self._listen, args=(answers,), daemon=True).start()

    def give(self, function: Callable[[Job], Ended], job: Job) -> bool:
        """Hand over a job; False when the process has gone."""
        self.began = None
        return self._send((function, job))

    def too_slow(self, limit: float) -> None:
        """Kill a process whose county takes too long; its end is heard like any other."""
        self.failure = failure("slow", "many.slow", minutes=f"{limit / 60:.2g}")
        self.process.kill()

    def end(self, gone: bool = False) -> Failure:
        """Make sure that the process is no more, and say how it went.

        One that works is asked first: it leaves nothing half-made behind.
        """
        if not gone and os.name == "posix":
            self.process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        with contextlib.suppress(OSError):
            if self.process.stdin is not None:
                self.process.stdin.close()
        failure = self.failure or lost(self.process.returncode, self._last_words())
        self.errors.close()
        return failure

    def _send(self, what: object) -> bool:
        stream = self.process.stdin
        assert stream is not None
        try:
            pickle.dump(what, stream)
            stream.flush()
        except OSError:
            return False
        return True

    def _listen(self, answers: queue.SimpleQueue) -> None:
        stream = self.process.stdout
        assert stream is not None
        with stream:
            while True:
                try:
                    answer = pickle.load(stream)
                except Exception:
                    break
                answers.put((self, answer))
        answers.put((self, None))

    def _last_words(self) -> str:
        with contextlib.suppress(OSError, ValueError):
            self.errors.seek(0)
            return self.errors.read().decode("utf-8", "replace")[-LAST_WORDS:]
        return ""


def _is_spent(ended: Ended) -> bool:
    """A process that ran out of memory, or grew, may hold what it could not give back."""
    no_memory = ended.failure is not None and ended.failure.kind == "memory"
    return no_memory or ended.memory > SWOLLEN


def _cores() -> list[int]:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))

"""A worker process: ``python -m village_eval.many.worker``; jobs come in, answers go out.

Both are pickles on the standard streams. When the parent is gone, however it went, the stream ends
and so does the worker, in the middle of a county if need be: nobody waits for it.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any, BinaryIO

from village_eval.words.parallel import one_thread

BEGUN = "begun"
"""Said before each job: the process has started, and what it needs is imported."""


def main() -> None:
    """Answer jobs until there are no more."""
    one_thread()  # before anything loads numpy
    signal.signal(signal.SIGINT, signal.default_int_handler)  # may be switched off by the shell
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    jobs = sys.stdin.buffer
    sys.path[:] = pickle.load(jobs)
    waiting: queue.SimpleQueue[tuple[Callable[[Any], Any], Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(jobs, waiting), daemon=True).start()
    try:
        while True:
            function, job = waiting.get()
            pickle.dump(BEGUN, answers)
            answers.flush()
            pickle.dump(function(job), answers)
            answers.flush()
    except BaseException:
        sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
        os._exit(1)  # an orderly end would wait for the thread that listens


def _listen(jobs: BinaryIO, waiting: queue.SimpleQueue) -> None:
    try:
        while True:
            waiting.put(pickle.load(jobs))
    except EOFError:
        os._exit(0)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        os._exit(1)


if __name__ == "__main__":
    main()

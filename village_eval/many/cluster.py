"""The workers of a Dask cluster that somebody else started, in the place of local processes.

Of the modules here only this one knows Dask (extra ``[scale]``). Workers read the counties' folders
and write the results' themselves, so both lie where every machine sees them under the same path. A
county whose worker is lost is given to another; after as many losses as the scheduler allows
(``distributed.scheduler.allowed-failures``) it has failed.
"""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from distributed import Client, KilledWorker, as_completed

from village_eval.county.problems import InputError, problem
from village_eval.many.failure import failure, failure_of
from village_eval.many.jobs import Ended, Job
from village_eval.words.system import system_reason

PATIENCE = 20
"""Seconds that a scheduler may take to answer."""
NOISY = ("asyncio", "tornado.application", "distributed.client", "distributed.core")
"""Loggers that show the tracebacks of a connection that broke."""
SCHEMES = ("tcp", "tls", "ws", "wss", "ucx")
PORT = 8786
"""Dask's own, where an address names none."""


class DaskWorkers:
    """The cluster at an address such as ``tcp://10.0.0.5:8786``, for the length of a with block.

    In the place of an address may stand the file that ``dask scheduler --scheduler-file`` writes.

    Raises InputError when nobody answers there, or no longer.
    """

    def __init__(self, address: str, lang: str):
        self.address, self.lang = _address(address), lang

    def __enter__(self) -> Self:
        for name in NOISY:  # what a lost scheduler means is said by us, once
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        try:
            _knock(self.address)
            self.client = Client(self.address, timeout=f"{PATIENCE}s", set_as_default=False)
        except OSError as error:  # nobody there
            raise self._lost(system_reason(error).text(self.lang)) from error
        except ValueError as error:  # no address
            raise self._lost(str(error)) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(Exception):  # of a scheduler that is gone
            self.client.close(timeout=2)

    def describe(self) -> dict[str, object]:
        """What the log says of the cluster: a key of the words, and what they name."""
        return {
            "key": "many.cluster",
            "address": self.address,
            "workers": len(self.client.nthreads()),
            "dashboard": self.client.dashboard_link,
        }

    def run(
        self, function: Callable[[Job], Ended], jobs: Iterable[Job]
    ) -> Iterator[tuple[Job, Ended]]:
        """Yield (job, what became of it) as jobs end. Leaving the loop calls the others off."""
        given = {self._give(function, job): job for job in jobs}
        try:
            for future in as_completed(given, loop=self.client.loop):
                yield given[future], self._ended(future)
                future.release()
        finally:
            with contextlib.suppress(Exception):  # of a scheduler that is gone
                self.client.cancel(list(given))

    def _give(self, function, job: Job):
        return self.client.submit(function, job, key=f"county-{uuid.uuid4().hex}", pure=False)

    def _ended(self, future) -> Ended:
        if future.status == "finished":
            ended: Ended = future.result()
            return ended
        if future.status != "error":
            raise self._lost(future.status)
        error = future.exception()
        if isinstance(error, KilledWorker):
            return Ended("failed", failure("killed", "many.cluster_killed", trace=str(error)))
        return Ended("failed", failure_of(error))

    def _lost(self, reason: str) -> InputError:
        text = " ".join(reason.split())
        return InputError([problem("no_scheduler", self.address, self.lang, reason=text)])


def _address(given: str) -> str:
    """The address that a scheduler's file names; anything else is one itself."""
    if not Path(given).is_file():
        return given
    try:
        return str(json.loads(Path(given).read_text("utf-8"))["address"])
    except (ValueError, KeyError, TypeError):  # half written, or something else
        return given


def _knock(address: str) -> None:
    """Wait until somebody listens at an address, since a Client that finds nobody is not quiet.

    Raises OSError or ValueError.
    """
    parts, end = (
        urlsplit(address if "://" in address else f"tcp://{address}"),
        monotonic() + PATIENCE,
    )
    if parts.scheme not in SCHEMES:  # a Client that knows no address never ends
        raise ValueError(f"{parts.scheme}://")
    if parts.scheme not in ("tcp", "tls"):
        return
    while True:
        try:
            socket.create_connection((parts.hostname, parts.port or PORT), PATIENCE).close()
            return
        except socket.gaierror:  # there is no such machine
            raise
        except OSError:
            if monotonic() > end:
                raise
        sleep(0.5)

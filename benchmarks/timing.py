"""Median wall and processor time of a call. Processor time counts this process's threads, not what
runs beside it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Medians over ``runs`` calls, and the fastest call, in seconds."""

    wall: float
    cpu: float
    fastest: float
    runs: int


def measure(call: Callable, runs: int) -> tuple[Timing, object]:
    """Time ``call()`` ``runs`` times; the timing and the last answer. Warm up before, not in
    here."""
    wall, cpu = [], []
    for _ in range(runs):
        w, c = time.perf_counter(), time.process_time()
        answer = call()
        cpu.append(time.process_time() - c)
        wall.append(time.perf_counter() - w)
    return Timing(statistics.median(wall), statistics.median(cpu), min(wall), runs), answer

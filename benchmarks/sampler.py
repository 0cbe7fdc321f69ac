"""Where the processor time of a process goes, by stage: a signal every few milliseconds of
processor time looks at the stack.

The stage is that of the outermost file of the package that has one; what lies around them all
(notebooks, writing) only where no other is below; an import is an import wherever it happens. The
module runs inside measured processes (as their ``sitecustomize``) and imports
nothing but the standard library; the files of both states are known to it.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import signal
import sys
import time
import uuid

STAGES = {
    "read": r"(folder|sources|bureau)/",
    "panel": r"(county/)?(panel|as_of|county|frames)\.py",
    "rule": r"(expectation/)?listing\.py",
    "headline": r"(designs|effects)/(quiet_year_did|setting)\.py|expectation/",
    "checks": r"checks/",
    "designs": r"(designs|effects|inference)/",
    "specification curve": r"(findings/)?specification\.py",
    "villages, persistence, cost": r"(findings/)?(villages|persistence|cost)\.py",
    "measures": r"(measures|attribution)/",
    "next round": r"(next_round|planning)/(?!show|words|command|files)",
    "figures": r"(report/)?figures/|report(ing)?/gallery\.py",
}
"""Stage -> files of the package, now or before; the first that fits."""
AROUND = {
    "notebooks": r"report(ing)?/(run|notebooks?|kernel|engine|provisioner)\.py",
    "write": r"(report|reporting|many|cli|words)/|(delivery|sentences|tables|findings_json)\.py",
}
IMPORT, OTHER = "import", "other"
NAMES = (IMPORT, *STAGES, *AROUND, OTHER)
EVERY = 0.004
"""Seconds of processor time between two looks."""
_PATTERNS = {name: re.compile(pattern) for name, pattern in (STAGES | AROUND).items()}
_PACKAGE = f"{os.sep}village_eval{os.sep}"
_known: dict[str, str | None] = {}
_seen: dict[str, float] = {}
_last = 0.0


def stage_of(path: str) -> str | None:
    """The stage of a file, None for files that belong to none."""
    if path not in _known:
        _, inside, rest = path.rpartition(_PACKAGE)
        rest = rest.replace(os.sep, "/")
        fits = (name for name, pattern in _PATTERNS.items() if pattern.match(rest))
        _known[path] = next(fits, None) if inside else None
    return _known[path]


def stage(frame) -> str:
    """The stage of a stack, given its innermost frame."""
    outermost = around = None
    while frame is not None:
        path = frame.f_code.co_filename
        if path == "<frozen importlib._bootstrap>":
            return IMPORT
        of = stage_of(path)
        if of in AROUND:
            around = "notebooks" if "notebooks" in (of, around) else of
        else:
            outermost = of or outermost
        frame = frame.f_back
    return outermost or around or OTHER


def _look(_, frame) -> None:
    global _last
    now = time.process_time()
    name = stage(frame)
    _seen[name] = _seen.get(name, 0.0) + now - _last
    _last = now


def _write(folder: str) -> None:
    signal.setitimer(signal.ITIMER_PROF, 0)
    _look(None, sys._getframe())
    with open(os.path.join(folder, uuid.uuid4().hex), "w") as file:
        json.dump(_seen, file)


def _restart() -> None:
    global _last
    _seen.clear()
    _last = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)


def start(folder: str) -> None:
    """Sample this process and its forks; what was seen is written to ``folder`` at the end."""
    signal.signal(signal.SIGPROF, _look)
    atexit.register(_write, folder)
    os.register_at_fork(after_in_child=_restart)
    signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)

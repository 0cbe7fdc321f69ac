"""One county's work, in whatever process: looked at, computed if need be, written, summed up.

A module of its own, without heavy imports: a worker's first job brings the libraries, once.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from village_eval.county.problems import InputError, problem
from village_eval.many.failure import failure_of
from village_eval.many.jobs import Ended, Job, Reason
from village_eval.words.messages import LANG_VARIABLE

if TYPE_CHECKING:
    from village_eval.folder.inputs import Inputs

COLUMNS = (
    *("id", "outcome", "window", "design", "scale", "estimate", "se", "ci_low", "ci_high"),
    *("p_value", "p_adjusted", "percent", "absolute", "minimum_detectable_percent"),
    *("n_treated", "n_control", "n_clusters", "quiet_years"),
    *("grade", "precision", "gate", "conclusion", "reason"),
)
"""What the collected table takes of a finding."""
_alone = threading.Lock()
"""A process does one county at a time, also where a cluster gave it several threads: matplotlib
and what a notebook prints belong to the whole process."""


def work(job: Job) -> Ended:
    """Do a job; whatever goes wrong is in what comes back."""
    with _alone:
        began, before = time.monotonic(), time.process_time()
        os.environ[LANG_VARIABLE] = str(job.options["lang"])
        try:
            ended = _work(job)
        except Exception as error:
            ended = Ended("failed", failure_of(error))
        seconds, processor = time.monotonic() - began, time.process_time() - before
        return replace(ended, seconds=seconds, processor=processor, memory=most_memory())


def _work(job: Job) -> Ended:
    from village_eval.findings import kept
    from village_eval.folder.reading import county_inputs

    if kept.program() != job.program:
        raise InputError([problem("other_program", job.name, str(job.options["lang"]))])
    inputs = county_inputs(job.folder)
    key = {"inputs": inputs.hashes, **_asked(job)}
    why = reason_to_work(job, key)
    if why is None:
        return Ended("kept", key=key)
    compute(job, inputs)
    return summed_up(job, why)


def compute(job: Job, inputs: Inputs) -> None:
    """Write the county's result or report."""
    about = {name: job.options[name] for name in ("draws", "seed", "as_of")}
    if job.reports:
        from village_eval.report.writing import report

        report(job.folder, job.place, lang="both", workers=1, quiet=True, cache=False, **about)
        return
    from village_eval.findings.evaluation import evaluate
    from village_eval.folder.reading import read_county
    from village_eval.report.writing import write_results

    county = read_county(inputs.folder, inputs=inputs)
    write_results(evaluate(county, **about), job.place, job.folder)


def reason_to_work(job: Job, key: Mapping[str, Any]) -> Reason | None:
    """Why a county has to be computed; None when all is as it was."""
    if job.known is None:
        return "new"
    if job.known["status"] == "failed":
        return "failed"
    for part in ("program", "options", "inputs"):
        if job.known["key"][part] != key[part]:
            return part  # type: ignore[return-value]  # the names are reasons
    return None if _is_whole(job) else "result"


def _asked(job: Job) -> dict[str, Any]:
    return {"options": {**job.options, "reports": job.reports}, "program": job.program}


def _is_whole(job: Job) -> bool:
    """Whether the result that the state speaks of is there, every file as it was written."""
    from village_eval.folder.overwriting import entries, listed, sha256

    there = listed(job.place)
    if job.known is None or there is None or there.get("manifest.json") != job.known["manifest"]:
        return False
    same = all(sha256(job.place / name) == digest for name, digest in there.items())
    return same and entries(job.place) == there.keys()


def summed_up(job: Job, why: Reason) -> Ended:
    """What a finished result folder says, for the state and the collected tables."""
    manifest = (job.place / "manifest.json").read_bytes()
    found = json.loads((job.place / "findings.json").read_text("utf-8"))
    # The hashes of what was parsed, whatever became of the folder meanwhile.
    key = {"inputs": json.loads(manifest)["inputs"], **_asked(job)}
    return Ended(
        "done",
        why=why,
        key=key,
        manifest=hashlib.sha256(manifest).hexdigest(),
        county={"title": found["county"], "start": found["campaign"]["start"]},
        findings=tuple({name: f.get(name) for name in COLUMNS} for f in found["findings"]),
    )


def most_memory() -> int:
    """The most that this process ever held, MiB; 0 where the system does not say.

    Linux's own count: ``ru_maxrss`` of a new process begins at what its parent held.
    """
    with suppress(OSError):
        found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text("ascii"))
        if found:
            return int(found[1]) // 1024
    try:
        import resource
    except ImportError:
        return 0
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit

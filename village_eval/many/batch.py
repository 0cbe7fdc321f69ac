"""A batch: many counties into one folder, resumable, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from village_eval.county.problems import InputError, problem
from village_eval.findings import kept
from village_eval.folder.overwriting import refuse_file, refuse_near
from village_eval.many import collected
from village_eval.many.failure import Failure
from village_eval.many.jobs import Ended, Job, folders_of, names_of
from village_eval.many.local import LocalWorkers
from village_eval.many.pool import FILE, pool_results
from village_eval.many.progress import Progress
from village_eval.many.state import State, results
from village_eval.many.work import work
from village_eval.report.index import index

LOG = "batch.log"


@dataclass(frozen=True)
class Batch:
    """What became of it: how many counties were computed, kept as they were, failed and why."""

    done: int
    kept: int
    failed: dict[str, Failure]


class Stopped(RuntimeError):
    """The place takes nothing more; ``failure`` says why."""

    def __init__(self, failure: Failure):
        self.failure = failure
        super().__init__(failure.text)


def run_batch(
    counties: Iterable[str | Path],
    out: str | Path,
    *,
    reports: bool = False,
    workers: int | None = None,
    scheduler: str | None = None,
    limit: float | None = None,
    draws: int = 9999,
    seed: int = 1,
    as_of: str | None = None,
    lang: str = "zh",
) -> Batch:
    """Evaluate counties (folders, or text files that list them) into ``out``.

    Each gets ``out``/<its name>/ as ``evaluate`` leaves it, or ``report`` with ``reports``; then
    all are collected in counties.parquet and counties.csv, and pooled. What is there already and
    has the same inputs, options and program is kept. Counties of an earlier run into the same
    folder stay in the tables. Tables are in the language of the first run; ``lang`` is that of what
    is said.

    Parameters
    ----------
    workers, scheduler
        local processes (default: one a core), or the address of a Dask cluster.
    limit
        seconds that one county may take in a local process.

    Raises
    ------
    InputError
        for a place that may not be written or is at work, a list that cannot be read, names that
        cannot be told apart, a cluster that is not there.
    Stopped
        when the disk is full or turns read-only; what was done is kept.
    """
    asked, out = folders_of(counties, lang), Path(out).resolve()
    refuse_near(out, asked, lang=lang)
    state = State(out)
    with state.held(lang) as written:
        collected.refuse_tables(out, lang)
        for file in (FILE, "index.html"):
            refuse_file(out / file, lang=lang)
        options = {"draws": int(draws), "seed": int(seed), "as_of": as_of, "lang": written}
        jobs = _jobs(asked, state, options, reports, lang)
        with _engine(workers, scheduler, limit, lang) as engine:
            batch = _run(jobs, state, engine, lang)
        collected.write_tables(state, written)
        if results(out):
            pool_results(out, lang=lang)
            index(out, written)
    return batch


def _run(jobs: list[Job], state: State, engine: Any, lang: str) -> Batch:
    progress = Progress(len(jobs), state.out / LOG, lang)
    failed: dict[str, Failure] = {}
    try:
        about = engine.describe()
        progress.say(str(about.pop("key")), counties=len(jobs), out=str(state.out), **about)
        with closing(engine.run(work, jobs)) as ended:
            for job, end in ended:
                if end.failure is not None and end.failure.stops:
                    raise Stopped(end.failure)
                _remember(state, job, end)
                progress.ended(job, end)
                if end.failure is not None:
                    failed[job.name] = end.failure
        counts, why = progress.counts, progress.why
        if why["program"]:
            progress.say("many.program", n=why["program"])
        about = {"done": counts["done"], "kept": counts["kept"], "failed": counts["failed"]}
        progress.say("many.end", **about)
        return Batch(counts["done"], counts["kept"], dict(sorted(failed.items())))
    except KeyboardInterrupt:
        progress.say("many.interrupted", left=progress.left)
        raise
    finally:
        progress.close()


def _jobs(
    asked: list[Path], state: State, options: dict[str, Any], reports: bool, lang: str
) -> list[Job]:
    """A job for each folder; what an earlier run left under another name is moved to this one."""
    before = {Path(content["folder"]): name for name, content in state.all().items()}
    still = [folder for folder in before if folder.is_dir() and folder not in asked]
    names = names_of([*asked, *still], lang)
    for folder, old in before.items():
        if folder in names and names[folder] != old:
            _rename(state, old, names[folder])
    for name, content in state.all().items():
        if content["status"] == "done" and not (state.out / name).is_dir():
            state.forget(name)  # somebody took its result away
    program = kept.program()
    return [
        Job(
            names[folder],
            folder,
            state.out / names[folder],
            options,
            program,
            reports,
            state.read(names[folder]),
        )
        for folder in asked
    ]


def _rename(state: State, old: str, new: str) -> None:
    content = state.read(old)
    if content is None or state.read(new) is not None or (state.out / new).exists():
        return
    if (state.out / old).is_dir():
        (state.out / old).rename(state.out / new)
    state.write(new, content)
    state.forget(old)


def _remember(state: State, job: Job, ended: Ended) -> None:
    """Write down what became of a county; one that was kept is written down already."""
    if ended.status == "kept":
        return
    content = asdict(ended) | {"folder": str(job.folder)}
    del content["why"]
    state.write(job.name, content)


@contextmanager
def _engine(
    workers: int | None, scheduler: str | None, limit: float | None, lang: str
) -> Iterator[Any]:
    if scheduler is None:
        yield LocalWorkers(workers, limit)
        return
    try:
        from village_eval.many.cluster import DaskWorkers
    except ImportError as error:
        raise InputError([problem("no_distributed", scheduler, lang)]) from error
    with DaskWorkers(scheduler, lang) as cluster:
        yield cluster

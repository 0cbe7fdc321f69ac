"""Many county folders on all cores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from village_eval.county.problems import InputError
from village_eval.findings import kept
from village_eval.folder.overwriting import problems_of
from village_eval.many.failure import Failure, failure_of
from village_eval.many.jobs import Job
from village_eval.many.local import LocalWorkers
from village_eval.many.work import work
from village_eval.words.messages import locale_lang


def evaluate_folders(
    folders: Sequence[str | Path],
    out: str | Path,
    *,
    draws: int = 9999,
    seed: int = 1,
    as_of: str | None = None,
    workers: int | None = None,
) -> Iterator[tuple[Path, Failure | None]]:
    """Evaluate county folders on all cores; one, or with one worker, in this process and in order.

    Each gets its own out/<folder name>/ with findings.json, manifest.json and tables/.

    Yields (folder, None or why it failed) as each is done; one that fails does not stop the others,
    and one whose place may not be written (folder/overwriting.py) is not begun.
    """
    inputs, lang = [Path(f) for f in folders], locale_lang()
    options = {"draws": draws, "seed": seed, "as_of": as_of, "lang": lang}
    jobs = []
    for folder in inputs:
        name = folder.resolve().name
        place = Path(out) / name
        if found := problems_of(place, inputs, lang):
            yield folder, failure_of(InputError(found))
        else:
            jobs.append(Job(name, folder, place, options, kept.program()))
    if len(jobs) < 2 or workers == 1:
        yield from ((job.folder, work(job).failure) for job in jobs)
        return
    for job, ended in LocalWorkers(workers).run(work, jobs):
        yield job.folder, ended.failure

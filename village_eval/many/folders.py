"""Many county folders on all cores."""

from __future__ import annotations

from pathlib import Path

from village_eval.findings.evaluation import evaluate
from village_eval.report.writing import write_results
from village_eval.words.parallel import each


def evaluate_folders(
    folders: list[str | Path],
    out: str | Path,
    *,
    draws: int = 9999,
    seed: int = 1,
    as_of=None,
    workers: int | None = None,
):
    """Evaluate county folders on all cores: out/<folder name>/ gets findings.json, manifest.json
    and tables/.

    Yields (folder, None or the exception) as each is done; one that fails does not stop the others.
    """
    jobs = [(str(f), str(out), draws, seed, as_of) for f in folders]
    for job, error in each(_one, jobs, workers):
        yield Path(job[0]), error


def _one(job) -> Exception | None:
    folder, out, draws, seed, as_of = job
    try:
        result = evaluate(folder, draws=draws, seed=seed, as_of=as_of, cache=False)
        write_results(result, Path(out) / Path(folder).resolve().name, folder)
        return None
    except Exception as error:
        return error

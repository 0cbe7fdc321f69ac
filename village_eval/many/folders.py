"""Many county folders on all cores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from village_eval.county.problems import InputError
from village_eval.findings.evaluation import evaluate
from village_eval.folder.overwriting import problems_of
from village_eval.report.writing import write_results
from village_eval.words.messages import locale_lang
from village_eval.words.parallel import each


def evaluate_folders(
    folders: Sequence[str | Path],
    out: str | Path,
    *,
    draws: int = 9999,
    seed: int = 1,
    as_of: str | None = None,
    workers: int | None = None,
) -> Iterator[tuple[Path, Exception | None]]:
    """Evaluate county folders on all cores.

    Each gets its own out/<folder name>/ with findings.json, manifest.json and tables/.

    Yields (folder, None or the exception) as each is done; one that fails does not stop the others,
    and one whose place may not be written (folder/overwriting.py) is not begun.
    """
    inputs, lang = [str(f) for f in folders], locale_lang()
    places = {f: Path(out) / Path(f).resolve().name for f in inputs}
    refused = {f: found for f in inputs if (found := problems_of(places[f], inputs, lang))}
    for folder, found in refused.items():
        yield Path(folder), InputError(found)
    jobs = [(f, places[f], inputs, draws, seed, as_of) for f in inputs if f not in refused]
    for job, error in each(_one, jobs, workers):
        yield Path(job[0]), error


def _one(job: tuple[str, Path, list[str], int, int, str | None]) -> Exception | None:
    folder, out, inputs, draws, seed, as_of = job
    try:
        result = evaluate(folder, draws=draws, seed=seed, as_of=as_of, cache=False)
        write_results(result, out, folder, inputs)
        return None
    except Exception as error:
        return error

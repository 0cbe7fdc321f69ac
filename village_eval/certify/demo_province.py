"""How the notebook on many counties opens what it shows: a province's results, or a simulated one.

The simulated province is of small counties whose campaigns began in three different years.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

from village_eval.certify.synthetic_county import simulate_to_folder
from village_eval.county.problems import InputError, problem
from village_eval.findings.evaluation import evaluate
from village_eval.many.pool import pool_results
from village_eval.many.shown import open_pooled
from village_eval.report.opening import refuse
from village_eval.report.writing import write_results

COUNTIES, FIRST_YEAR, YEARS = 8, 2021, 3


def open_province(
    county: str | Path | None = None,
    result: str | Path | None = None,
    *,
    lang: str = "zh",
    seed: int = 1,
    draws: int = 9999,
    as_of: dt.date | str | None = None,
    audience: str = "adviser",
) -> dict[str, Any]:
    """The content of pooled.json that the notebook shows.

    Parameters
    ----------
    county
        a folder of county folders, evaluated and pooled here; None for a simulated province.
    result
        a folder that ``village-eval batch`` or ``pool`` wrote; nothing is computed.
    lang, seed, draws, as_of, audience
        the notebook's parameters; what is pooled names no village to anybody.

    Raises
    ------
    InputError
        for parameters that cannot be used, all of them at once and before anything is computed, and
        for folders that cannot be read.
    """
    refuse(county, result, lang, audience=audience, draws=draws, seed=seed, as_of=as_of)
    if result is not None:
        return open_pooled(result, lang)
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        folders = (
            _simulated(place / "in", seed) if county is None else _counties(Path(county), lang)
        )
        for folder in folders:
            found = evaluate(folder, draws=draws, seed=seed, as_of=as_of, cache=county is not None)
            write_results(found, place / "out" / folder.name, folder)
        pool_results(place / "out", lang=lang)
        return open_pooled(place / "out", lang)


def _counties(folder: Path, lang: str) -> list[Path]:
    found = sorted(path.parent for path in folder.glob("*/campaign.toml"))
    if not found:
        raise InputError([problem("no_results", str(folder), lang)])
    return found


def _simulated(folder: Path, seed: int) -> list[Path]:
    folder.mkdir(parents=True)
    for k in range(COUNTIES):
        year = FIRST_YEAR + k % YEARS
        simulate_to_folder(
            folder / f"county_{k + 1:02d}",
            seed=1000 * seed + k,
            scenario="plain",
            villages=200 + 10 * k,
            townships=8,
            listed=24 + k,
            first=f"{year - 5}-01",
            start=dt.date(year, 3, 1),
            last=f"{year + 1}-06",
        )
    return sorted(folder.iterdir())

"""How a notebook opens its evaluation.

Parameters first, then a result that is there, else the county's.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path

from village_eval.county.audience import AUDIENCES
from village_eval.county.problems import InputError, Problem, problem
from village_eval.county.resources import demo_county_dir
from village_eval.findings.evaluation import Evaluation, evaluate
from village_eval.words.catalogue import LANGUAGES
from village_eval.words.messages import locale_lang

DRAWS, SEED = 9999, 1
"""What notebooks and commands compute with when nobody asks for something else."""


def open_evaluation(
    county: str | Path | None = None,
    result: str | Path | None = None,
    *,
    lang: str = "zh",
    seed: int = SEED,
    draws: int = DRAWS,
    as_of: dt.date | str | None = None,
    audience: str = "adviser",
) -> Evaluation:
    """The evaluation that a notebook shows, for its audience.

    Parameters
    ----------
    county
        a county folder; None for the embedded one, and with ``result``.
    result
        a folder that ``Evaluation.save`` or the command ``evaluate`` wrote; nothing is computed.
    lang, seed, draws, as_of, audience
        the notebook's parameters.

    Raises
    ------
    InputError
        for parameters that cannot be used, all of them at once and before anything is computed, and
        for a county or a result that cannot be read.
    """
    if found := _wrong(county, result, lang, seed, draws, as_of, audience):
        raise InputError(found)
    if result is None:
        day = None if as_of is None else str(as_of)
        return evaluate(county or demo_county_dir(), draws=draws, seed=seed, as_of=day).shown_to(
            audience
        )
    return _loaded(str(Path(result).resolve()), audience)


@lru_cache(maxsize=2)
def _loaded(folder: str, audience: str) -> Evaluation:
    """Notebooks in one process read a result once, and share what is drawn of it."""
    return Evaluation.load(folder).shown_to(audience)


def _wrong(county, result, lang, seed, draws, as_of, audience) -> list[Problem]:
    """Parameters that cannot be used."""
    said = lang if lang in LANGUAGES else locale_lang()
    asked = (
        ("lang", lang, lang in LANGUAGES, ", ".join(LANGUAGES)),
        ("audience", audience, audience in AUDIENCES, ", ".join(AUDIENCES)),
        ("draws", draws, _whole(draws) and draws > 0, "1, 2, 3 …"),
        ("seed", seed, _whole(seed) and seed >= 0, "0, 1, 2 …"),
        ("as_of", as_of, as_of is None or _is_day(as_of), 'None, "2024-01-31"'),
        ("county", county, county is None or result is None, "None (result)"),
    )
    return [
        problem("parameter", name, said, given=repr(given), allowed=allowed)
        for name, given, fits, allowed in asked
        if not fits
    ]


def _whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)


def _is_day(day: object) -> bool:
    try:
        return dt.date.fromisoformat(str(day)) is not None
    except ValueError:
        return False

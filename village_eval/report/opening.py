"""How a notebook opens its evaluation.

Parameters first, then a result that is there, else the county's.
"""

from __future__ import annotations

import ast
import datetime as dt
import sys
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

from village_eval.county.door import no_parameter, wrong
from village_eval.county.problems import InputError, Problem
from village_eval.county.resources import demo_county_dir
from village_eval.findings.evaluation import RESULT, Evaluation, evaluate
from village_eval.findings.saved import VALUES
from village_eval.report.workplace import Bar
from village_eval.words.catalogue import LANGUAGES
from village_eval.words.messages import locale_lang
from village_eval.words.said import Said

PARAMETERS = ("county", "result", "out", "lang", "seed", "draws", "as_of", "audience")
"""Of every notebook of an evaluation."""
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
    """The evaluation that a notebook shows, for its audience; a bar shows while it is computed.

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
    refuse(county, result, lang, audience=audience, draws=draws, seed=seed, as_of=as_of)
    bar = Bar(lang)
    if result is None:
        made = evaluate(
            county or demo_county_dir(), draws=draws, seed=seed, as_of=as_of, progress=bar
        ).shown_to(audience)
    else:
        made = _loaded(str(Path(result).resolve()), audience, _state(Path(result)))
    bar.done(made.campaign.county, len(made.findings))
    return made


def refuse(
    county: str | Path | None, result: str | Path | None, lang: str, **given: object
) -> None:
    """Raise InputError with all of a notebook's parameters that cannot be used.

    Those that papermill put in and that no notebook has are among them.
    """
    found = wrong({"lang": lang, **given, "county": county, "result": result}, lang)
    found += _unknown_to_papermill(lang, PARAMETERS)
    if county is not None and result is not None:
        either = {"given": repr(county), "nearest": "", "allowed": "None (result)"}
        found.append(Problem("county", Said("messages.problem.parameter", either), lang=lang))
    if found:
        raise InputError(found)


def refuse_unknown(lang: str, *known: str, **given: object) -> None:
    """The same for a notebook with parameters of its own.

    ``given`` have a rule (county/door.py), ``known`` are looked at by what they are given to.
    """
    found = wrong({"lang": lang, **given}, lang)
    if found := found + _unknown_to_papermill(lang, ("lang", *given, *known)):
        raise InputError(found)


@lru_cache(maxsize=2)
def _loaded(folder: str, audience: str, state: tuple[int, ...]) -> Evaluation:
    """Notebooks in one process read a result once, and share what is drawn of it.

    One that was written anew since, a notebook that stayed open reads again.
    """
    return Evaluation.load(folder).shown_to(audience)


def _state(folder: Path) -> tuple[int, ...]:
    """What changes when a result is written anew; empty where there is none."""
    values = next((p for p in (folder / RESULT / VALUES, folder / VALUES) if p.is_file()), None)
    if values is None:
        return ()
    about = values.stat()
    return about.st_mtime_ns, about.st_size, about.st_ino


def _unknown_to_papermill(lang: str, known: Collection[str]) -> list[Problem]:
    """Parameters that papermill put into this notebook and that it does not have.

    papermill only warns of them, and goes on computing what nobody asked for. Its cell begins with
    the comment ``# Parameters``; a kernel keeps what it has run as ``In``. The notebook's own cell
    of parameters has run before it: what that names is known, else ``known``.
    """
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    ran = [] if shell is None else shell.user_ns.get("In", [])
    at = next((i for i, cell in enumerate(ran) if cell.startswith("# Parameters\n")), len(ran))
    named = [name for cell in ran[at : at + 1] for name in _stored(cell)]
    own = [name for cell in ran[:at] for name in _stored(cell)]
    known = own if "lang" in own else known
    said = lang if lang in LANGUAGES else locale_lang()
    strange = [name for name in dict.fromkeys(named) if name not in known]
    return [no_parameter(name, said, known) for name in strange]


def _stored(cell: str) -> list[str]:
    """The names that a cell gives values to; none where it is no plain Python."""
    try:
        nodes = list(ast.walk(ast.parse(cell)))
    except SyntaxError:
        return []
    return [n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]

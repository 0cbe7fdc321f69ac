"""The command ``village-eval certify``: run, print the table, keep table and figures."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd

from village_eval.certify.attribution import certify_attribution, summarise_attribution
from village_eval.certify.checks import certify_checks, summarise_checks
from village_eval.certify.counties import DESIGNS, LIBRARY, certify
from village_eval.certify.earnings import certify_earnings
from village_eval.certify.figure import certification, registers
from village_eval.certify.foresight import certify_foresight, summarise_foresight
from village_eval.certify.grades import certify_grades, summarise_grades
from village_eval.certify.lots import certify_lots, summarise_lots
from village_eval.certify.one_design import answers
from village_eval.certify.persistence import certify_persistence, summarise_persistence
from village_eval.certify.planning import certify_planning, summarise_planning
from village_eval.certify.pooling import certify_pooling, summarise_pooling
from village_eval.certify.questions import certify_questions, summarise_questions
from village_eval.certify.registers import REGISTERS, certify_register, summarise_registers
from village_eval.certify.scenarios import known_scenarios
from village_eval.certify.villages import certify_villages, summarise_villages
from village_eval.certify.years import certify_years, summarise_years

SHOWN = [
    "scenario",
    "outcome",
    "design",
    "counties",
    "bias",
    "sd",
    "coverage",
    "coverage_jackknife",
    "width",
    "claims",
    "exaggeration",
]


def run(
    counties: int = 40,
    scenarios: list[str] | None = None,
    real: bool = False,
    out: str | Path | None = None,
    *,
    seed: int = 1,
    design: str | None = None,
    lang: str = "zh",
    workers: int | None = None,
) -> pd.DataFrame:
    """Certify on simulated counties, or with ``real`` on registers.

    Writes certification.csv or registers.csv, and figures.

    ``design`` names a function of one's own as ``module:function``, examined beside the headline in
    the folder ``own`` of ``out``, anew each time, since nobody knows whether it changed. Raises
    ValueError for unknown names and for a function that does not answer.
    """
    out = Path(out or "reports/certification")
    out = out if design is None else out / "own"
    out.mkdir(parents=True, exist_ok=True)
    if real:
        runs = pd.concat(
            [certify_register(make(), slow=True, workers=workers) for make in REGISTERS.values()],
            ignore_index=True,
        )
        runs.round(5).to_csv(out / "register_runs.csv", index=False)
        table = summarise_registers(runs)
        table.round(4).to_csv(out / "registers.csv", index=False)
        registers(runs[runs["register"] == "murders"], lang).save(out)
        print(table.round(3).to_string(index=False))
        return table
    designs = (
        DESIGNS
        if design is None
        else {"quiet_year_did": DESIGNS["quiet_year_did"], design: load_design(design)}
    )
    if design is not None:
        (out / "runs.csv").unlink(missing_ok=True)
    table = certify(counties, scenarios, out, seed=seed, designs=designs, workers=workers)
    table.round(4).to_csv(out / "certification.csv", index=False)
    for outcome in table["outcome"].unique():
        certification(table, lang, outcome).save(out)
    print(table[SHOWN].round(3).to_string(index=False))
    return table


def run_library(
    counties: int = 50,
    scenarios: list[str] | None = None,
    out: str | Path | None = None,
    *,
    seed: int = 1,
    workers: int | None = None,
) -> pd.DataFrame:
    """The designs that take a library, on petitions.

    Writes library/runs.csv and certification_library.csv to ``out``.
    """
    out = Path(out or "reports/certification")
    scenarios = scenarios or ["plain", "null", "years"]
    table = certify(
        counties,
        scenarios,
        out / "library",
        seed=seed,
        designs=LIBRARY,
        outcomes=("petitions",),
        workers=workers,
    )
    table.round(4).to_csv(out / "certification_library.csv", index=False)
    print(table[SHOWN].round(3).to_string(index=False))
    return table


EXAMINATIONS: dict[str, tuple[Callable[..., pd.DataFrame], Callable]] = {
    "checks": (certify_checks, summarise_checks),
    "attribution": (certify_attribution, summarise_attribution),
    "grades": (certify_grades, summarise_grades),
    "foresight": (certify_foresight, summarise_foresight),
    "persistence": (certify_persistence, summarise_persistence),
    "questions": (certify_questions, summarise_questions),
    "villages": (certify_villages, summarise_villages),
    "planning": (certify_planning, summarise_planning),
    "pooling": (certify_pooling, summarise_pooling),
    "earnings": (certify_earnings, summarise_pooling),
    "lots": (certify_lots, summarise_lots),
    "years": (certify_years, summarise_years),
}
"""What else is examined: one row per county (or village, or plan), and its summary."""
DIGITS = {"checks": 4}
"""Decimals of a table of shares of few counties; three where not named."""


def examine(
    what: str,
    counties: int,
    scenarios: list[str] | None = None,
    out: str | Path | None = None,
    *,
    seed: int = 1,
    workers: int | None = None,
) -> pd.DataFrame:
    """One of EXAMINATIONS on so many counties.

    Writes <what>_runs.csv and certification_<what>.csv to ``out``. An interrupted one goes on where
    it was, other code's runs are made anew. Raises ValueError for an unknown scenario, and for any
    where the examination has counties of its own.
    """
    make, summarise = EXAMINATIONS[what]
    if scenarios:
        if "scenarios" not in inspect.signature(make).parameters:
            raise ValueError(f"--scenario: --{what} examines counties of its own")
        make = partial(make, scenarios=known_scenarios(scenarios))
    out = Path(out or "reports/certification")
    runs = make(counties, seed=seed, workers=workers, file=out / f"{what}_runs.csv")
    table = summarise(runs)
    table.round(DIGITS.get(what, 3)).to_csv(out / f"certification_{what}.csv", index=False)
    print(table.round(3).to_string(index=False))
    return table


def load_design(name: str) -> Callable:
    """The function that ``module:function`` names, once it has answered.

    It is looked for in the current folder and among installed packages.

    It is asked for the petitions of one small simulated county. ValueError says what is wrong with
    the name or the answer.
    """
    module, _, function = name.partition(":")
    if "" not in sys.path:
        sys.path.insert(0, "")  # a command, unlike python itself, does not look where it is called
    try:
        design = getattr(importlib.import_module(module), function)
    except (Exception, SystemExit) as error:  # a module of anybody's may do anything
        said = f"{type(error).__name__}: {error}"
        raise ValueError(
            f"no design {name!r}: write module:function, importable from here ({said})"
        ) from error
    return answers(name, design)

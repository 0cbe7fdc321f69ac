"""The panel algebra against pyfixest, and R's fixest where it is installed: the same data, the same
estimand, one run."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyfixest as pf

from benchmarks.fixest import fixest
from benchmarks.panels import START, Arrays, draw, from_long, long_frame
from benchmarks.timing import Timing, measure
from village_eval.designs.panel_algebra import poisson_did, twoway_did, twoway_event_study

VILLAGES = (1_000, 16_700, 100_000)  # times 60 months: 60 thousand, 1 and 6 million rows
EVENT_STUDY_UP_TO = 16_700
RUNS = {1_000: 7, 16_700: 3, 100_000: 3}
BASE = START - 1
OTHERS = np.delete(np.arange(60), BASE)
FORMULAS = {
    "two-way DiD": "y ~ d | village + month",
    "event study": f"y ~ i(month, listed, ref={BASE}) | village + month",
    "Poisson": "y ~ d | village + month",
}
SSC = pf.ssc(k_adj=False, G_adj=True)


@dataclass(frozen=True)
class Row:
    """One program on one model and panel; ``difference`` from the closed form: coefficients,
    standard errors (None for itself)."""

    rows: int
    model: str
    program: str
    timing: Timing
    difference: tuple[float, float] | None = None


def compare() -> Iterator[Row]:
    """Every program on every model and panel."""
    _warm_up()
    for n in VILLAGES:
        arrays = draw(n)
        frame = long_frame(arrays)
        models = [m for m in FORMULAS if m != "event study" or n <= EVENT_STUDY_UP_TO]
        r = fixest(arrays, models, BASE, RUNS[n])
        for model in models:
            timing, (value, se) = measure(
                lambda m=model, a=arrays: closed_form(m, a), 51 if n < 100_000 else 15
            )
            yield Row(frame.shape[0], model, "closed form", timing)
            timing, _ = measure(lambda m=model, f=frame: closed_form(m, from_long(f)), 7)
            yield Row(
                frame.shape[0], model, "closed form, arrays built from the long frame", timing
            )
            timing, fit = measure(lambda m=model, f=frame: regression(m, f), RUNS[n])
            yield Row(frame.shape[0], model, "pyfixest", timing, _difference(value, se, *fit))
            if model in r:
                timing, b, s = r[model]
                yield Row(frame.shape[0], model, "fixest (R)", timing, _difference(value, se, b, s))


def closed_form(model: str, a: Arrays) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients and standard errors in closed form."""
    if model == "event study":
        fit = twoway_event_study(a.Y, a.listed, BASE, a.cluster)
        return fit.value[OTHERS], fit.se[OTHERS]
    fit = (twoway_did if model == "two-way DiD" else poisson_did)(a.Y, a.listed, a.post, a.cluster)
    return np.atleast_1d(fit.value), np.atleast_1d(fit.se)


def regression(model: str, frame, **options) -> tuple[np.ndarray, np.ndarray]:
    """The same from pyfixest, at its default tolerances and told to keep and copy nothing."""
    run = pf.fepois if model == "Poisson" else pf.feols
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # villages without a petition are dropped from the Poisson regression, and it says so
        fit = run(
            FORMULAS[model],
            frame,
            vcov={"CRV1": "township"},
            ssc=SSC,
            copy_data=False,
            store_data=False,
            lean=True,
            **options,
        )
        return fit.coef().to_numpy(), fit.se().to_numpy()


def agreement() -> Iterator[tuple[str, float, float]]:
    """Largest differences from pyfixest at tight tolerances, on the smallest panel: model,
    coefficients, standard errors."""
    arrays = draw(VILLAGES[0])
    frame = long_frame(arrays)
    for model in FORMULAS:
        tight = {"fixef_tol": 1e-12} | ({"iwls_tol": 1e-12} if model == "Poisson" else {})
        yield model, *_difference(*closed_form(model, arrays), *regression(model, frame, **tight))


def _difference(value, se, other_value, other_se) -> tuple[float, float]:
    return float(np.abs(value - other_value).max()), float(np.abs(se - other_se).max())


def _warm_up() -> None:
    """First calls load and compile; nobody is charged for that."""
    arrays = draw(200)
    for model in FORMULAS:
        closed_form(model, arrays)
        regression(model, long_frame(arrays))

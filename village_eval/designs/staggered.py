"""Estimators for measures that begin at different dates.

Callaway & Sant'Anna, and the imputation estimator.

The library diff-diff does the work; this file gives it the shape of the other designs. Both assume
parallel trends of units that start and units that do not (yet), which a list of the worst breaks:
on the campaign itself they credit one that did nothing.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from diff_diff import CallawaySantAnnaResults, EventStudyResults, ImputationDiDResults


@dataclass(frozen=True, eq=False)
class Staggered:
    """An effect in units of the outcome over all treated observations.

    ``by_month``: month (event time), estimate, se, ci_low, ci_high; None where there is no such
    path.
    """

    design: str
    value: float
    se: float
    ci_low: float
    ci_high: float
    p_value: float
    n_treated: int
    n_control: int
    n_clusters: int
    by_month: pd.DataFrame | None
    reference: str


def callaway_santanna(
    frame: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    time: str,
    cohort: str,
    cluster: str | None = None,
    control_group: str = "never_treated",
) -> Staggered:
    """Simple ATT and event study (``by_month``: month = event time, estimate, se, ci_low, ci_high).

    Callaway & Sant'Anna 2021.

    ``frame`` is long, one row per unit and period; ``cohort`` is the first treated period, 0 for
    never.
    """
    from diff_diff import CallawaySantAnna

    data = frame.assign(**{c: frame[c].astype(int) for c in (unit, time, cohort)})
    fit = CallawaySantAnna(control_group=control_group, cluster=cluster).fit(
        data, outcome=outcome, unit=unit, time=time, first_treat=cohort
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        events = fit.aggregate("event_study")
    return _result(
        "callaway_santanna",
        fit,
        _events(events),
        data,
        unit,
        cohort,
        cluster,
        "Callaway & Sant'Anna 2021",
    )


def imputation(
    frame: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    time: str,
    cohort: str,
    cluster: str | None = None,
) -> Staggered:
    """ATT over all treated observations by imputing their untreated outcomes.

    Borusyak, Jaravel & Spiess 2024.
    """
    from diff_diff import ImputationDiD

    data = frame.assign(**{c: frame[c].astype(int) for c in (unit, time, cohort)})
    fit = ImputationDiD(cluster=cluster).fit(
        data, outcome=outcome, unit=unit, time=time, first_treat=cohort
    )
    return _result(
        "imputation",
        fit,
        None,
        data,
        unit,
        cohort,
        cluster,
        "Borusyak, Jaravel & Spiess 2024",
    )


def _events(result: EventStudyResults) -> pd.DataFrame:
    """The library's event study in this package's columns, without reference periods."""
    columns = {
        "month": "event_time",
        "estimate": "att",
        "se": "se",
        "ci_low": "conf_int_lower",
        "ci_high": "conf_int_upper",
    }
    table = pd.DataFrame(
        {ours: np.asarray(getattr(result, theirs)) for ours, theirs in columns.items()}
    )
    return table[~np.asarray(result.is_reference, bool)].reset_index(drop=True)


def _result(
    design: str,
    fit: CallawaySantAnnaResults | ImputationDiDResults,
    events: pd.DataFrame | None,
    data: pd.DataFrame,
    unit: str,
    cohort: str,
    cluster: str | None,
    reference: str,
) -> Staggered:
    treated = data.groupby(unit)[cohort].first() > 0
    low, high = fit.overall_conf_int
    return Staggered(
        design,
        float(fit.overall_att),
        float(fit.overall_se),
        float(low),
        float(high),
        float(fit.overall_p_value),
        n_treated=int(treated.sum()),
        n_control=int((~treated).sum()),
        n_clusters=int(data[cluster or unit].nunique()),
        by_month=events,
        reference=reference,
    )

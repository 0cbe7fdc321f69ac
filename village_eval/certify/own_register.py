"""A register of a researcher's own in which nobody did anything, from a long table."""

from __future__ import annotations

import pandas as pd

from village_eval.certify.registers import Register
from village_eval.county.problems import InputError, problem

COLUMNS = ("unit", "cluster", "year", "value", "population")


def register_of(
    table: pd.DataFrame, name: str = "own register", worst: str = "high", counts: bool = True
) -> Register:
    """The register of a long table; units that lack a year are left out.

    Parameters
    ----------
    table
        Columns unit, cluster (what stands for townships), year, value and population, a row per
        unit and year.
    name
        What it is called in tables and pictures.
    worst
        ``high`` or ``low``: which values put a unit on a list.
    counts
        Whether values are counts of events, else amounts.

    Returns
    -------
    Register
        For ``placebo`` and ``certify_register``; five years at least, to have a list at all.

    Raises
    ------
    InputError
        For columns that are missing, and for fewer than five years.
    """
    missing = [column for column in COLUMNS if column not in table]
    if missing:
        raise InputError([problem("register_columns", name, columns=", ".join(missing))])
    wide = table.pivot_table(index="unit", columns="year", values=["value", "population"])
    whole = wide[wide.notna().all(axis=1)]
    years = whole["value"].columns.to_numpy(int)
    if len(years) < 5 or whole.empty:
        raise InputError([problem("register_years", name, years=len(years), units=len(whole))])
    cluster = table.groupby("unit")["cluster"].first().reindex(whole.index)
    return Register(
        name,
        whole["value"].to_numpy(float),
        whole["population"].to_numpy(float),
        pd.factorize(cluster)[0],
        years,
        worst,
        counts,
    )

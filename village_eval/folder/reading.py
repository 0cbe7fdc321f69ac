"""The tidy county folder: read it whole, with every problem at once, and write it."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd

from village_eval.county.contracts import REQUIRED_TABLES, TABLES
from village_eval.county.county import County
from village_eval.county.door import check, is_a
from village_eval.county.ledger import LEDGER_COLUMNS, READ_COLUMNS, ledger
from village_eval.county.problems import InputError, Problem, problem, shown_in
from village_eval.county.resources import demo_county_dir
from village_eval.folder.campaign_file import FILE, finish_campaign, read_campaign
from village_eval.folder.inputs import InputFile, Inputs, take_folder
from village_eval.folder.plan import plan_of
from village_eval.folder.plausible import warn_implausible
from village_eval.folder.raw import (
    IMPORT_LEDGER,
    SUFFIXES,
    foreign_entries,
    input_names,
    read_raw,
)
from village_eval.folder.relations import check_relations
from village_eval.folder.unusual import warn_unusual
from village_eval.folder.validate import Checked, check_table
from village_eval.folder.writing import write_county
from village_eval.words.catalogue import DEFAULT

__all__ = ["demo_county", "read_county", "write_county"]
STRAY_GAP, STRAY_SHARE = 12, 0.01
"""Dates beyond a gap of so many months without any row are slips of the pen when they are no more
than this share."""


def county_inputs(folder: str | Path, *, lang: str | None = None) -> Inputs:
    """The files of a county folder, read once; InputError when there is no such folder."""
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError([problem("no_folder", str(folder), lang)])
    return take_folder(folder, input_names(folder))


def read_county(
    folder: str | Path, *, lang: str | None = None, inputs: Inputs | None = None
) -> County:
    """The validated County of a folder.

    Parameters
    ----------
    folder
        A tidy county folder: campaign.toml and tables as docs/codebook.md describes them, as
        ``village-eval import`` makes one of bureaus' files.
    lang
        The language in which problems and warnings print; each has a text in any language.
    inputs
        The folder's files, where they were read already (county_inputs).

    Returns
    -------
    County
        Its tables, without personal data, and a ledger of what was corrected.

    Raises
    ------
    InputError
        With all problems of all tables.
    """
    is_a(folder, (str, Path), "folder", '"my_county"')
    check(lang=lang or DEFAULT)
    folder = Path(folder)
    inputs = inputs or county_inputs(folder, lang=lang)
    campaign_file = inputs.files.get(FILE)
    keys, problems, warnings = read_campaign(
        None if campaign_file is None else campaign_file.content
    )
    tables: dict[str, Checked] = {}
    for table in TABLES:
        file, found = _find(inputs, table)
        problems += found
        if file is None:
            continue
        raw, found = read_raw(file, table)
        problems += found
        if raw is not None:
            tables[table] = check_table(table, raw)
    check_relations(tables)
    campaign = None
    if keys is not None and "start" in keys:
        campaign, found, more = finish_campaign(keys, _months(tables))
        problems += found
        warnings += more
    for checked in tables.values():
        problems += checked.problems
    plan, found = plan_of(inputs, tables, None if keys is None else keys.get("county"))
    problems += found
    if problems or campaign is None:
        raise InputError(shown_in(lang, problems))
    warn_unusual(tables, campaign)
    warn_implausible(tables, campaign)
    warnings += [warning for checked in tables.values() for warning in checked.warnings]
    warnings += _extra_files(folder)
    imported, found = _imported(inputs)
    warnings += found
    # Blanks are ruled out by now, and 0/1 without NA needs no nullable type.
    tables["villages"].frame["listed"] = tables["villages"].frame["listed"].astype("int64")
    lines = [line for checked in tables.values() for line in checked.lines]
    return County.of(
        campaign,
        {name: checked.frame.reset_index(drop=True) for name, checked in tables.items()},
        ledger=ledger(lines),
        warnings=shown_in(lang, warnings),
        folder=folder,
        inputs=inputs.hashes,
        imported=imported,
        plan=plan,
    )


def demo_county() -> County:
    """The embedded synthetic county, whose truth is in the simulator.

    Returns
    -------
    County
        1,000 villages, 68 of them listed, a register of petitions, incomes and measures; its
        ``folder`` is that of the data.
    """
    return read_county(demo_county_dir())


def _imported(inputs: Inputs) -> tuple[pd.DataFrame, list[Problem]]:
    """The ledger of the bureaus' own files, which ``village-eval import`` leaves in the folder.

    Nothing, and a warning, where it cannot be read: no number depends on it.
    """
    file, nothing = inputs.files.get(IMPORT_LEDGER), pd.DataFrame(columns=LEDGER_COLUMNS)
    if file is None:
        return nothing, []
    text = dict.fromkeys(("source", "step", "reason", "key", "details"), str)
    try:
        lines = pd.read_csv(io.BytesIO(file.content), dtype=text)
        if not set(READ_COLUMNS) <= set(lines):
            raise ValueError(", ".join(READ_COLUMNS))
        return lines.assign(rows=pd.to_numeric(lines["rows"]).astype("int64")), []
    except (ValueError, OverflowError):  # of a csv that is none too
        return nothing, [problem("ledger_unreadable", IMPORT_LEDGER, section="warning")]


def _find(inputs: Inputs, table: str) -> tuple[InputFile | None, list[Problem]]:
    """The one file of a table; problems when there are several, or none for a required table."""
    there = [
        file for file in inputs.files.values() if file.stem == table and file.suffix in SUFFIXES
    ]
    if len(there) > 1:
        return None, [problem("two_files", table, names=tuple(p.name for p in there))]
    if not there and table in REQUIRED_TABLES:
        return None, [
            problem("no_table", table, names=tuple(table + suffix for suffix in SUFFIXES))
        ]
    return (there[0] if there else None), []


def _months(tables: dict[str, Checked]) -> tuple[pd.Period, pd.Period] | None:
    return observed_months(tables["petitions"].frame) if "petitions" in tables else None


def observed_months(frame: pd.DataFrame) -> tuple[pd.Period, pd.Period] | None:
    """First and last month of the petitions.

    A few stray dates years away from all others do not stretch it.
    """
    if "month" in frame:
        months = frame["month"].dropna()
    elif "date" in frame:
        months = frame["date"].dropna().dt.to_period("M")
    else:
        return None
    if months.empty:
        return None
    rows = months.value_counts().sort_index()
    number = rows.index.year * 12 + rows.index.month
    piece = pd.Series(number, rows.index).diff().gt(STRAY_GAP).cumsum()
    most = rows.groupby(piece).sum().idxmax()
    if rows[piece == most].sum() >= (1 - STRAY_SHARE) * rows.sum():
        rows = rows[piece == most]
    return rows.index[0], rows.index[-1]


def _extra_files(folder: Path) -> list[Problem]:
    """Files that nobody reads are named."""
    names = foreign_entries(folder)
    return (
        [problem("extra_files", folder.name, section="warning", names=tuple(names))]
        if names
        else []
    )

"""Writing the tidy county folder: the same tables give the same bytes, and a folder is there whole
or not at all."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pandas as pd
import tomli_w

from village_eval.county.campaign import Campaign
from village_eval.county.contracts import columns, contract_of
from village_eval.county.problems import InputError, problem
from village_eval.folder.campaign_file import FILE, campaign_toml
from village_eval.folder.raw import foreign_entries
from village_eval.words.messages import locale_lang


def write_county(
    folder: str | Path,
    campaign: Campaign,
    tables: dict[str, pd.DataFrame],
    ledger: pd.DataFrame | None = None,
    *,
    lang: str | None = None,
) -> Path:
    """Write a county folder (UTF-8 csv, campaign.toml) and return its path; it replaces an older
    county folder as a whole.

    Raises InputError when ``folder`` holds something that is not a county.
    """
    folder = Path(folder)
    if folder.exists() and not _may_replace(folder):
        raise InputError([problem("not_a_county_folder", str(folder), lang or locale_lang())])
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        made.chmod(0o755)
        (made / FILE).write_text(
            tomli_w.dumps(campaign_toml(campaign), multiline_strings=False),
            encoding="utf-8",
            newline="\n",
        )
        for name, table in tables.items():
            write_table(made / f"{name}.csv", ordered(name, table))
        if ledger is not None:
            write_table(made / "ledger.csv", ledger)
        _put_in_place(made, folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return folder


def _may_replace(folder: Path) -> bool:
    """Only an empty folder or one with a county and nothing else: a bureaus' delivery has a
    campaign.toml too."""
    if not folder.is_dir():
        return False
    return not any(folder.iterdir()) or ((folder / FILE).is_file() and not foreign_entries(folder))


def _put_in_place(made: Path, folder: Path) -> None:
    """Rename the finished folder to its place; an older one goes only after that."""
    if not folder.exists():
        made.rename(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    folder.rename(old / "county")
    try:
        made.rename(folder)
    except OSError:
        (old / "county").rename(folder)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def ordered(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Columns in the contract's order, unknown ones after them in theirs."""
    known = [column for column in columns(contract_of(name, table.columns)) if column in table]
    return table[known + [column for column in table.columns if column not in known]]


def write_table(path: Path, table: pd.DataFrame) -> None:
    """One csv: UTF-8, line ends \\n, dates as 2022-03-15, whole numbers without a point."""
    pd.DataFrame({name: as_text(table[name]) for name in table}).to_csv(
        path, index=False, lineterminator="\n", encoding="utf-8"
    )


def as_text(values: pd.Series) -> pd.Series:
    """A column as it is written to csv; blanks stay blank."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return values.dt.strftime("%Y-%m-%d")
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.astype("Int64").astype("str")
    if pd.api.types.is_float_dtype(values.dtype):
        return values.map(lambda x: None if pd.isna(x) else repr(float(x)).removesuffix(".0"))
    return values.astype(object).map(lambda x: None if pd.isna(x) else str(x))

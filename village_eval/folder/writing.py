"""Writing the tidy county folder.

The same tables give the same bytes, and a folder is there whole or not at all.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import tomli_w

from village_eval.county.campaign import Campaign
from village_eval.county.contracts import columns, contract_of
from village_eval.county.ledger import worded
from village_eval.folder.campaign_file import FILE, campaign_toml
from village_eval.folder.overwriting import replacing
from village_eval.words.messages import locale_lang


def write_county(
    folder: str | Path,
    campaign: Campaign,
    tables: dict[str, pd.DataFrame],
    ledger: pd.DataFrame | None = None,
    *,
    lang: str | None = None,
) -> Path:
    """Write a county folder (UTF-8 csv, campaign.toml) and return its path.

    It replaces a county that this program wrote there as a whole.

    Raises InputError when ``folder`` holds anything else (folder/overwriting.py).
    """
    with replacing(folder, lang=lang or locale_lang()) as made:
        fill_folder(made, campaign, tables, ledger, lang=lang)
    return Path(folder)


def fill_folder(
    made: Path,
    campaign: Campaign,
    tables: dict[str, pd.DataFrame],
    ledger: pd.DataFrame | None = None,
    *,
    lang: str | None = None,
) -> None:
    """The files of a county, written into a folder in the making (``overwriting.replacing``).

    A ledger is written with its reasons in ``lang`` and with what it takes to read it in another
    language.
    """
    content = tomli_w.dumps(campaign_toml(campaign), multiline_strings=False)
    (made / FILE).write_text(content, encoding="utf-8", newline="\n")
    for name, table in tables.items():
        write_table(made / f"{name}.csv", ordered(name, table))
    if ledger is not None:
        told = worded(ledger, lang or locale_lang())
        write_table(made / "ledger.csv", told.assign(key=ledger["key"], details=ledger["details"]))


def ordered(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Columns in the contract's order, unknown ones after them in theirs."""
    known = [column for column in columns(contract_of(name, table.columns)) if column in table]
    return table[known + [column for column in table.columns if column not in known]]


def write_table(path: Path, table: pd.DataFrame) -> None:
    """One csv: UTF-8, Unix line ends, dates as 2022-03-15, whole numbers without a point."""
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

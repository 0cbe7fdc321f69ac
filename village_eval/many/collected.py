"""One table of all counties: a row a county and finding, and a row for each that failed.

counties.parquet and counties.csv are written from the state, in the order of the counties' names.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from village_eval.folder.overwriting import refuse_file, writing_file
from village_eval.many.state import State
from village_eval.many.work import COLUMNS
from village_eval.words.plain import as_written

NAMES = ("counties.parquet", "counties.csv")
ABOUT = ("county", "title", "start", "status")
WHOLE = ("n_treated", "n_control", "n_clusters", "quiet_years")
NUMBERS = (
    *("estimate", "se", "ci_low", "ci_high", "p_value", "p_adjusted", "percent", "absolute"),
    "minimum_detectable_percent",
)


def refuse_tables(out: Path, lang: str) -> None:
    """Raise InputError when a table of this name is somebody else's."""
    for name in NAMES:
        refuse_file(out / name, lang=lang)


def write_tables(state: State, lang: str) -> None:
    """Write both tables, if they are not there already just so."""
    table = _table(state.all(), lang)
    text = table.to_csv(index=False, lineterminator="\n").encode("utf-8-sig")
    parquet = io.BytesIO()
    table.to_parquet(parquet, index=False)
    for name, content in zip(NAMES, (parquet.getvalue(), text), strict=True):
        _put(state.out / name, content, lang)


def _put(path: Path, content: bytes, lang: str) -> None:
    refuse_file(path, lang=lang)
    if path.exists() and path.read_bytes() == content:
        return
    with writing_file(path, lang=lang) as made:
        made.write_bytes(content)


def _table(counties: Mapping[str, Mapping[str, Any]], lang: str):
    """A frame with the columns ABOUT and COLUMNS."""
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for name, content in counties.items():
        about = {
            "county": as_written(name),
            **(content["county"] or {}),
            "status": content["status"],
        }
        if content["status"] == "failed":
            reason = " ".join(content["failure"]["text"][lang].split())
            rows.append(about | {"reason": reason})
        rows += [about | finding for finding in content["findings"]]
    table = pd.DataFrame(rows, columns=[*ABOUT, *COLUMNS])
    kinds = {n: "Int64" for n in WHOLE} | {n: "float64" for n in NUMBERS}
    return table.astype(kinds | {c: "string" for c in table.columns if c not in kinds})

"""A delivery to try an import on: the embedded county as its bureaus would hand it in."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pandas as pd
import tomli_w

from village_eval.bureau.unknown_words import standard
from village_eval.bureau.values import COLUMNS
from village_eval.county.contracts import CONTRACTS
from village_eval.county.county import County
from village_eval.folder.campaign_file import FILE, campaign_toml
from village_eval.folder.overwriting import replacing
from village_eval.folder.reading import demo_county
from village_eval.folder.writing import as_text
from village_eval.words.catalogue import DEFAULT, entry
from village_eval.words.vocabulary import name

PLACE = ("township_name", "village_name", "village_code")
"""How bureaus name a village."""
OF_LIST = ("village_type", "causes")
FLAGS = {
    "repeat": ("first", "repeated"),
    "satisfied": ("dissatisfied", "satisfied"),
    "completed": ("no", "yes"),
}
"""The words for 0 and for 1."""
YUAN = "（元）"


def example_delivery(folder: str | Path, *, lang: str, county: County | None = None) -> Path:
    """Write a delivery into a new folder, which is returned.

    Four workbooks, the petition register as a CSV file, and campaign.toml; headers and terms are
    Chinese, as bureaus write them.

    Raises InputError when ``folder`` holds anything that this program did not write.
    """
    county = county or demo_county()
    villages = county.villages
    listed = villages[villages["listed"] == 1]
    places = villages[list(PLACE)]
    tables = {
        "villages": villages.drop(columns=["listed", *OF_LIST], errors="ignore"),
        "list": listed[[*PLACE, *(c for c in OF_LIST if c in listed)]],
        "petitions": places.merge(county.petitions, on="village_code"),
        "income": _joined(places, county.income),
        "measures": _joined(places, county.measures),
    }
    with replacing(folder, lang=lang) as made:
        for kind, table in tables.items():
            if table is None:
                continue
            title = entry(DEFAULT, f"importing.kind.{kind}")
            written = _as_written(kind, table)
            if kind == "petitions":
                written.to_csv(made / f"{title}.csv", index=False, encoding="gb18030")
            else:
                written.to_excel(made / f"{title}.xlsx", index=False, sheet_name=title)
        content = tomli_w.dumps(campaign_toml(county.campaign), multiline_strings=False)
        (made / FILE).write_text(content, "utf-8", newline="\n")
    return Path(folder)


def _joined(places: pd.DataFrame, table: pd.DataFrame | None) -> pd.DataFrame | None:
    return None if table is None else places.merge(table, on="village_code")


def _as_written(kind: str, table: pd.DataFrame) -> pd.DataFrame:
    """A table under bureaus' headers and in their terms; columns that no bureau has stay away."""
    declared = CONTRACTS["petitions_register" if kind == "petitions" else _contract(kind)].columns
    known = COLUMNS["columns"]["any"] | COLUMNS["columns"].get(kind, {})
    written = {}
    for column in (c for c in table if c in known):
        about, values = declared.get(column), as_text(table[column])
        if about is not None and about.vocabulary is not None:
            values = values.map(partial(_in_words, about.vocabulary), na_action="ignore")
        elif column in FLAGS:
            said = (COLUMNS["words"][group][0] for group in FLAGS[column])
            values = values.map(dict(zip("01", said, strict=True)))
        yuan = kind in ("income", "measures") and about is not None and about.unit == "yuan"
        written[standard(kind, column) + (YUAN if yuan else "")] = values
    return pd.DataFrame(written)


def _contract(kind: str) -> str:
    return "villages" if kind == "list" else kind


def _in_words(vocabulary: str, keys: str) -> str:
    return "、".join(name(vocabulary, key) for key in keys.split(";"))

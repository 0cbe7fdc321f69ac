"""What a report says of the delivery: the ledger from the bureaus' files to the panel, and the
warnings, in a language."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pandas as pd

from village_eval.bureau.notes import reason_in
from village_eval.county.county import LEDGER_COLUMNS, County
from village_eval.folder.reading import read_county
from village_eval.words.wording import words


def full_ledger(evaluation, lang: str) -> pd.DataFrame:
    """Ledger lines (LEDGER_COLUMNS) of the import, the reading and the panel, in this order."""
    county = in_language(evaluation.county, lang)
    made = evaluation.panel.ledger.iloc[len(evaluation.county.ledger) :]
    made = made.assign(reason=[_translated(str(r), lang) for r in made["reason"]])
    imported = evaluation.county.imported
    imported = imported.assign(reason=[reason_in(str(r), lang) for r in imported["reason"]])
    parts = [imported, county.ledger, made]
    parts = [p[LEDGER_COLUMNS] for p in parts if len(p)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=LEDGER_COLUMNS)


def warnings(evaluation, lang: str) -> list[str]:
    """What the people who delivered the data should check."""
    return list(in_language(evaluation.county, lang).warnings)


def in_language(county: County, lang: str) -> County:
    """The county with its ledger and warnings in ``lang``; as it is when it was not read from a
    folder."""
    return county if county.folder is None else _read(Path(county.folder), lang)


@lru_cache(maxsize=4)
def _read(folder: Path, lang: str) -> County:
    return read_county(folder, lang=lang)


def _translated(reason: str, lang: str) -> str:
    """A reason of the panel's in the reader's language; as it is when no pattern of the words knows
    it."""
    for line in words(lang, "tables")["panel_ledger"]:
        if found := re.fullmatch(line["pattern"], reason):
            return line["text"].format(*found.groups())
    return reason

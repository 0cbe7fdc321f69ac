"""A table without personal data, and what the ledger says of it."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from village_eval.county.privacy import (
    SAFE_HEADER,
    is_about_persons,
    is_name_like,
    is_number_of_person,
    is_personal_header,
    names_pattern,
    plain_forms,
    redact,
)
from village_eval.words.said import Said


def drop_personal(
    frame: pd.DataFrame, source: str = "", names: Iterable[str] = ()
) -> tuple[pd.DataFrame, list[tuple[str, str, int, Said]]]:
    """A table without personal data, and ledger lines that say what went.

    Lines are (source, step, rows, why); none says whom it named.

    Columns go by header, by the share of numbers of persons in them, and by looking like names
    throughout; single numbers and names in what stays are blanked. Columns of village and township
    names are safe from the test for names.
    """
    pattern = names_pattern(names)
    gone: list[tuple[int, object, int]] = []
    lines: list[tuple[str, str, int, Said]] = []
    kept: dict[object, pd.Series] = {}
    for position, header in enumerate(frame.columns, start=1):
        cells = frame.iloc[:, position - 1]
        filled = cells[cells.notna() & (cells.astype(str).str.strip() != "")]
        personal = filled.map(is_number_of_person).astype(bool)
        safe = bool(SAFE_HEADER.match(re.sub(r"\s", "", plain_forms(header))))
        if not safe and is_about_persons(header, list(filled)):
            gone.append((position, header, len(filled)))
            continue
        kept[header], blanked = _blank_cells(cells, personal, None if safe else pattern)
        if blanked:
            why = _why("personal_cells", header, position)
            lines.append((source, "dropped", blanked, why))
    for position, header, rows in gone:
        lines.append((source, "dropped", rows, _why("personal_column", header, position)))
    return pd.DataFrame(kept, index=frame.index), lines


def _blank_cells(
    cells: pd.Series, personal: pd.Series, names: re.Pattern[str] | None
) -> tuple[pd.Series, int]:
    """One kept column with single personal cells blanked.

    Text loses the number, a number becomes missing.
    """
    if pd.api.types.is_numeric_dtype(cells.dtype):
        where = personal.reindex(cells.index, fill_value=False)
        return (cells.mask(where), int(where.sum())) if where.any() else (cells, 0)
    memo: dict[str, str] = {}

    def clean(value: object) -> object:
        if isinstance(value, str):
            if value not in memo:
                memo[value] = redact(value, names)
            return memo[value]
        return None if is_number_of_person(value) else value

    after = cells.map(clean)
    changed = int(
        sum(
            a is not b and a != b and not (pd.isna(a) and pd.isna(b))
            for a, b in zip(after, cells, strict=True)
        )
    )
    return (after, changed) if changed else (cells, 0)


def _why(reason: str, header: object, position: int) -> Said:
    """A ledger's reason that names a column.

    Though not by a header that is itself a name or a number of a person.
    """
    text: Said | str = redact(header)
    if text != str(header) or (is_name_like(header) and not is_personal_header(header)):
        text = Said("messages.form.nth_column", {"number": str(position)})
    return Said(f"messages.ledger.{reason}", {"column": text})

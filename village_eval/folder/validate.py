"""One table: raw text to typed columns, with every problem found on the way."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from village_eval.county.contracts import CONTRACTS, Column, columns, contract_of
from village_eval.county.ledger import Line
from village_eval.county.problems import Problem, problem
from village_eval.folder.cells import closest
from village_eval.folder.convert import convert
from village_eval.folder.raw import RawTable
from village_eval.words import vocabulary
from village_eval.words.said import Said

Place = tuple[int, str | None]
DISTINCT_TERMS = 5
"""So many unknown terms of one column get a suggestion each; the rest are counted."""


@dataclass
class Checked:
    """A typed table with what was found: problems stop, warnings do not, lines are for the ledger.

    Indexed by row in the file.
    """

    raw: RawTable
    contract: str
    frame: pd.DataFrame = field(default_factory=pd.DataFrame)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def places(self, mask: pd.Series, column: str) -> list[Place]:
        """(row, text) of the rows where ``mask`` is true.

        Each distinct text once before any is repeated.
        """
        cells = self.raw.frame.loc[mask.index[mask.to_numpy(bool)], column]
        cells = cells.iloc[np.argsort(cells.duplicated().to_numpy(), kind="stable")]
        return list(cells.items())

    def add(
        self,
        kind: str,
        column: str | None,
        mask: pd.Series | None = None,
        *,
        warn: bool = False,
        **details: object,
    ) -> None:
        """Note a problem, or a warning, at the rows of ``mask``.

        Nothing when it is nowhere true.
        """
        places: list[Place] = []
        if mask is not None and column is not None:
            if not mask.any():  # NA counts as false
                return
            places = self.places(mask.fillna(False).astype(bool), column)
        section, notes = ("warning", self.warnings) if warn else ("problem", self.problems)
        found = problem(kind, self.raw.file, section=section, column=column, places=places)
        said = Said(found.said.key, details)
        notes.append(replace(found, said=said, sheet=self.raw.sheet))

    def note(self, step: str, rows: int, reason: str, /, **details: object) -> None:
        """A ledger line of this file."""
        self.lines.append((self.raw.file, step, rows, Said(f"messages.ledger.{reason}", details)))


def among(codes: pd.Series, known: Collection[str]) -> pd.Series:
    """Which codes are in ``known``; a blank is not."""
    return pd.Series([code in known for code in codes.to_numpy(object)], codes.index, dtype=bool)


def check_table(table: str, raw: RawTable) -> Checked:
    """The typed table of a file: columns read by the contract, checked by it.

    What is unreadable is blank and reported.
    """
    checked = Checked(raw, contract_of(table, raw.frame.columns))
    named = set(raw.frame.columns)
    if table == "petitions" and {"date", "month"} <= named:
        checked.add("register_and_counts", None)
        return checked
    if table == "petitions" and not {"date", "month"} & named:
        checked.add("register_or_counts", None)
        return checked
    checked.note("read", len(raw.frame), "read")
    if raw.empty_rows:
        checked.note("dropped", raw.empty_rows, "empty_rows")
    if raw.encoding and raw.encoding != "UTF-8":
        checked.note("read", len(raw.frame), "encoding", encoding=raw.encoding)
    if CONTRACTS[checked.contract].required and raw.frame.empty:
        checked.add("no_rows", None)
    unread = _convert(checked)
    _validate(checked, unread)
    _fill(checked)
    _keep_extra(checked)
    return checked


def _convert(checked: Checked) -> dict[str, pd.Series]:
    """Fill ``checked.frame`` with typed columns.

    Returns which cells could not be read, by column.
    """
    typed: dict[str, pd.Series] = {}
    unread: dict[str, pd.Series] = {}
    for name, column in columns(checked.contract).items():
        if name not in checked.raw.frame:
            continue
        text = checked.raw.frame[name]
        typed[name], wrong = convert(text, column)
        for kind, mask in wrong.items():
            unread[name] = mask | unread.get(name, False)
            if kind == "unknown_term":
                _unknown_terms(checked, name, column, mask)
            else:
                checked.add(kind, name, mask, example=column.example)
        if terms := column.vocabulary:
            _note_terms(checked, name, text, typed[name], terms)
    checked.frame = pd.DataFrame(typed, index=checked.raw.frame.index)
    return unread


def _unknown_terms(checked: Checked, name: str, column: Column, mask: pd.Series) -> None:
    """A suggestion for each unknown term where one comes close.

    What is allowed is listed once a column.
    """
    kind = column.vocabulary or ""
    named = tuple(_named(kind, key) for key in vocabulary.keys(kind))
    allowed: Said | str = Said("messages.form.allowed", {"keys": named})
    cells = checked.raw.frame[name]
    distinct = list(cells[mask].unique())
    for written in distinct[:DISTINCT_TERMS]:
        key = closest(kind, written)
        suggestion = Said("messages.form.suggestion", {"key": _named(kind, key)}) if key else ""
        checked.add(
            "unknown_term", name, mask & (cells == written), suggestion=suggestion, allowed=allowed
        )
        allowed = ""
    if len(distinct) > DISTINCT_TERMS:
        rest = mask & ~cells.isin(distinct[:DISTINCT_TERMS])
        checked.add("other_unknown_terms", name, rest, distinct=len(distinct) - DISTINCT_TERMS)


def _named(kind: str, key: str) -> Said:
    """A key with its name beside it."""
    return Said("form.key_and_term", {"key": key, "term": Said(f"vocabulary.{kind}.{key}")})


def _note_terms(checked: Checked, name: str, text: pd.Series, keys: pd.Series, kind: str) -> None:
    """Name in the ledger what was read by its Chinese name or an alias."""
    place, distinct = pd.factorize(text)
    there = np.flatnonzero(place >= 0)
    _, first, rows = np.unique(place[there], return_index=True, return_counts=True)
    for written, key, count in zip(distinct, keys.iloc[there[first]], rows, strict=True):
        if not pd.isna(key) and written != key:
            checked.note("converted", int(count), "term", column=name, written=written, key=key)


def _validate(checked: Checked, unread: dict[str, pd.Series]) -> None:
    """Columns that must be there, blanks, bounds, columns against each other, odd values."""
    _missing(checked)
    present = {n: c for n, c in columns(checked.contract).items() if n in checked.frame}
    for name, column in present.items():
        if column.blank is False:
            blank = checked.frame[name].isna()
            checked.add("blank", name, blank & ~unread[name] if name in unread else blank)
        _bounds(checked, name, column)
    for name, column in present.items():
        not_read = unread.get(name, pd.Series(False, checked.frame.index))
        _across(checked, name, column, not_read)
        _usual(checked, name, column, not_read)


def _bounds(checked: Checked, name: str, column: Column) -> None:
    """Values beyond the least and the most that the contract allows."""
    values = checked.frame[name]
    if column.type == "share":
        odd = values.notna() & ~values.between(column.min, column.max)
        percent = values.between(1, 100, inclusive="right")
        checked.add("share_in_percent", name, odd & percent)
        checked.add("not_share", name, odd & ~percent)
        return
    least, most = f"{column.min or 0:,.15g}", f"{column.max or 0:,.15g}"
    if column.min is not None:
        checked.add("below", name, values < column.min, min=least, max=most)
    if column.max is not None:
        checked.add("above", name, values > column.max, min=least, max=most)


def _missing(checked: Checked) -> None:
    extra = [str(c) for c in checked.raw.frame.columns if c not in columns(checked.contract)]
    for name, spec in columns(checked.contract).items():
        if not spec.required or name in checked.raw.frame:
            continue
        told = Said(f"contracts.{checked.contract}.columns.{name}")
        similar = difflib.get_close_matches(name, [e.lower() for e in extra], 1, 0.7)
        kind = "similar_column" if similar else "missing_column"
        written = next((e for e in extra if similar and e.lower() == similar[0]), "")
        checked.add(kind, name, similar=written, meaning=told, example=spec.example)


def _across(checked: Checked, name: str, spec: Column, unread: pd.Series) -> None:
    """A column against another one of the same row."""
    frame = checked.frame
    if (other := spec.not_before) in frame:
        before, forgiven = frame[name] < frame[other], spec.else_blank
        checked.add("before", name, before, warn=forgiven, other=other)
        if forgiven and before.any():
            checked.note("converted", int(before.sum()), "before", column=name, other=other)
            frame[name] = frame[name].mask(before)
    instead = str(spec.blank)
    if instead in columns(checked.contract):
        blank = frame[name].isna() & ~unread
        blank &= frame[instead].isna() if instead in frame else True
        checked.add("blank_both", name, blank, other=instead)
    if (other := spec.at_most) in frame:
        checked.add("more_than", name, frame[name] > frame[other], other=other)


def _usual(checked: Checked, name: str, spec: Column, unread: pd.Series) -> None:
    values = checked.frame[name]
    if spec.usual:
        low, high = spec.usual
        least = -np.inf if spec.min is None else spec.min
        allowed = values.between(least, np.inf if spec.max is None else spec.max)
        odd = allowed & ~values.between(low, high)
        if checked.contract == "income":
            checked.add("negative_income", name, values < 0, warn=True)
            odd &= values >= 0
        checked.add("unusual", name, odd, warn=True, low=f"{low:,.0f}", high=f"{high:,.0f}")
    if spec.blank == "warn":
        due = checked.frame[spec.once].notna() if spec.once in checked.frame else True
        checked.add("blank", name, values.isna() & ~unread & due, warn=True)


def _fill(checked: Checked) -> None:
    """Empty cells of columns that the contract gives a meaning count as that."""
    for name, spec in columns(checked.contract).items():
        if spec.empty is None or name not in checked.frame:
            continue
        if (blank := checked.frame[name].isna()).any():
            checked.frame[name] = checked.frame[name].mask(blank, spec.empty)
            checked.note("filled", int(blank.sum()), "empty_cells", column=name, value=spec.empty)


def _keep_extra(checked: Checked) -> None:
    """Unknown columns stay, free of personal data, at the end of the table."""
    from village_eval.county.without_persons import drop_personal

    names = [name for name in checked.raw.frame if name not in columns(checked.contract)]
    if not names:
        return
    kept, lines = drop_personal(checked.raw.frame[names], source=checked.raw.file)
    checked.lines += lines
    for name in kept.columns:
        checked.note("kept", len(kept), "extra_column", column=name)
        checked.frame[name] = kept[name].astype("str")

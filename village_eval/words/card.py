"""How an object shows itself to a researcher: a title, facts, one table, remarks; a screen at most.

As text at a prompt, as HTML in a notebook, in the language of the locale. What indexes (ids, keys,
names of columns) stays as it is in code, so that what is seen can be typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from village_eval.words import wording as w
from village_eval.words.catalogue import words
from village_eval.words.messages import locale_lang

MOST_ROWS = 30
"""More rows of a table do not fit on a screen."""


@dataclass(frozen=True)
class Card:
    """What is shown of one object, worded already.

    ``facts`` are (what, value); ``table`` has text and numbers, of which the first MOST_ROWS rows
    are shown and the others counted.
    """

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    table: pd.DataFrame | None = None
    remarks: tuple[str, ...] = ()
    lang: str = "en"

    def text(self) -> str:
        """As a prompt shows it, columns aligned, Chinese characters two wide."""
        lines, wide = [self.title], max((w.width(name) for name, _ in self.facts), default=0)
        for name, value in self.facts:
            lines.append(f"  {name}{' ' * (wide - w.width(name))}  {value}")
        if self.table is not None and len(self.table):
            columns = [_column(self._shown(), c, self._numbers) for c in self.table]
            lines += ["  " + "  ".join(row).rstrip() for row in zip(*columns, strict=True)]
        return "\n".join([*lines, *(f"  {remark}" for remark in self._remarks())])

    def html(self) -> str:
        """As a notebook shows it."""
        facts = "".join(
            f"<tr><th scope='row' {HEAD}>{escape(name)}</th><td {LEFT}>{escape(value)}</td></tr>"
            for name, value in self.facts
        )
        parts = [f"<p><strong>{escape(self.title)}</strong></p>"]
        parts += [f"<table>{facts}</table>"] if facts else []
        if self.table is not None and len(self.table):
            parts.append(_table(self._shown(), self._numbers))
        parts += [f"<p>{escape(remark)}</p>" for remark in self._remarks()]
        return f"<div>{''.join(parts)}</div>"

    @property
    def _numbers(self) -> set[object]:
        return set() if self.table is None else set(self.table.select_dtypes("number"))

    def _shown(self) -> pd.DataFrame:
        assert self.table is not None
        return self.table.head(MOST_ROWS).apply(lambda column: column.map(cell))

    def _remarks(self) -> tuple[str, ...]:
        more = 0 if self.table is None else len(self.table) - MOST_ROWS
        if more <= 0:
            return self.remarks
        return (words(self.lang, "display")["more"].format(n=more), *self.remarks)


LEFT = "style='text-align: left'"
HEAD = "style='text-align: left; white-space: nowrap'"
RIGHT = "style='text-align: right'"


def _column(shown: pd.DataFrame, name: str, numbers: set[object]) -> list[str]:
    """Head and cells of one column, all as wide: numbers to the right, texts to the left."""
    cells = [name, *shown[name]]
    room = [" " * (max(map(w.width, cells)) - w.width(text)) for text in cells]
    pairs = zip(cells, room, strict=True)
    return [pad + text if name in numbers else text + pad for text, pad in pairs]


def _table(shown: pd.DataFrame, numbers: set[object]) -> str:
    side = {column: RIGHT if column in numbers else LEFT for column in shown}
    heads = "".join(f"<th scope='col' {side[c]}>{escape(str(c))}</th>" for c in shown)
    rows = "".join(
        "<tr>"
        + "".join(f"<td {side[c]}>{escape(v)}</td>" for c, v in zip(shown, row, strict=True))
        + "</tr>"
        for row in shown.itertuples(index=False)
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def cell(value: object) -> str:
    """A number with three decimals at most, what is missing as a dash, all else as it is."""
    if isinstance(value, float | np.floating):
        number = float(value)
        if not np.isfinite(number):
            return w.NONE
        return f"{number:.3g}" if 0 < abs(number) < 0.01 else f"{number:,.3f}"
    if value is None or value is pd.NA or value is pd.NaT:
        return w.NONE
    return str(value)


class Shown:
    """An object that shows itself by its ``card(lang)``."""

    def card(self, lang: str) -> Card:
        """What is shown of it in a language."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return self.card(locale_lang()).text()

    def _repr_html_(self) -> str:
        return self.card(locale_lang()).html()


class Brief:
    """A dataclass of arrays whose repr tells their shapes and not their numbers."""

    def __repr__(self) -> str:
        held: Mapping[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}  # type: ignore[arg-type]  # of dataclasses only
        told = ", ".join(f"{k}={brief(v)}" for k, v in held.items() if not k.startswith("_"))
        return f"{type(self).__name__}({told})"


SHORT = 60


def brief(value: object) -> str:
    """A value in few characters: arrays by type and shape, what holds much by how much it holds."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype}{list(value.shape)}"
    if isinstance(value, pd.DataFrame):
        return f"DataFrame[{len(value)} × {value.shape[1]}]"
    if isinstance(value, Shown | Brief):
        return type(value).__name__
    if isinstance(value, pd.PeriodIndex | pd.DatetimeIndex) and len(value):
        return f"{value[0]} … {value[-1]}"
    text = f"{value:.4g}" if isinstance(value, float) else repr(value)
    if len(text) <= SHORT and "\n" not in text:
        return text
    size = f"[{len(value)}]" if isinstance(value, list | tuple | dict | set) else ""
    return f"{type(value).__name__}{size}"

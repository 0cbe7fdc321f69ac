"""Sizes of changes and numbers of checks as text, by their scale and unit."""

from __future__ import annotations

import math

import numpy as np

from village_eval.expectation.numbers import Number
from village_eval.words import wording as w


def size(value: float, scale: str, lang: str) -> str:
    """The size of a change without its sign: ``18%`` or, for shares, ``1.3个百分点``."""
    return (
        w.points(100 * value, lang) if scale == "share" else w.percent(100 * np.expm1(value), lang)
    )


def signed(value: float, scale: str, lang: str, decimals: int | None = None) -> str:
    """The change with its sign."""
    if scale == "share":
        return w.signed_points(100 * value, lang, decimals)
    return w.signed_percent(100 * np.expm1(value), lang, decimals)


def number_text(number: Number, lang: str) -> str:
    """A number as text, by its unit."""
    value = number.value
    if isinstance(value, str):
        return value
    if w.missing(value):
        return w.NONE
    if number.unit == "log_ratio":
        return signed(value, "log_ratio", lang)
    if number.unit == "points":
        return signed(value, "share", lang)
    if number.unit == "share":
        return w.share(value, lang)
    if number.unit == "percent":
        return w.signed_percent(value, lang)
    if number.unit == "ratio":
        return w.ratio(value, lang)
    if number.unit in ("count", "months"):
        return w.count(value, lang)
    if number.unit == "yuan":
        return w.money(value, lang)
    return p_text(value, lang)


def p_text(p: float, lang: str) -> str:
    """A p value with two digits that count, ``<0.001`` below."""
    if p < 0.001:
        return w.p_value(p, lang)
    return w.number(p, lang, 1 - math.floor(math.log10(p)), always=False)

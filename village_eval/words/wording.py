"""Numbers as a reader sees them.

Per cent, money, counts, dates, lists, in any language that has a folder. No arithmetic beyond
rounding.
"""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd
from babel.core import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from village_eval.words.catalogue import LANGUAGES, entry, words

if TYPE_CHECKING:
    from typing_extensions import TypeIs

__all__ = ["LANGUAGES", "words"]
MINUS = "\N{MINUS SIGN}"
NONE = "—"
"""What stands where there is no number."""
LARGEST = 1e15
"""From here on a number is written as a power of ten: its digits say nothing, and decimal
arithmetic has no room for many more."""


def missing(x: object) -> TypeIs[None]:
    """Whether there is no number to print: None, NaN or infinite."""
    return x is None or (isinstance(x, float) and not math.isfinite(x))


def number(x: float, lang: str, decimals: int = 0, always: bool = True) -> str:
    """A number with its sign, thousands separated.

    ``always=False`` leaves out decimals that are zero.
    """
    digit = "0" if always else "#"
    text = _decimal(x, lang, decimals, "#,##0" + ("." + digit * decimals if decimals else ""))
    return text.replace("-", MINUS, 1)


def signed_number(x: float, lang: str) -> str:
    """A whole number with its sign, ``+9`` or ``−3``; 0 when it rounds to nothing."""
    return ("+" if round(x) > 0 else "") + number(x, lang)


def digits(x: float, lang: str, decimals: int | None = None) -> str:
    """A percentage's digits without sign or mark.

    One decimal below 10 unless it is zero, none above.
    """
    size = abs(x)
    if decimals is None:
        decimals = 0 if size >= 9.95 else 1
    return number(size, lang, decimals, always=decimals > 1)


def signed_digits(x: float, lang: str, decimals: int | None = None) -> str:
    """A percentage's digits with its sign; none when it rounds to nothing."""
    size = digits(x, lang, decimals)
    return size if size == "0" else (MINUS if x < 0 else "+") + size


def percent(x: float, lang: str, decimals: int | None = None) -> str:
    """The size of a percentage without its sign: ``18%``, ``4.6%`` (one decimal below 10)."""
    return _form(lang, "percent").format(number=digits(x, lang, decimals))


def signed_percent(x: float, lang: str, decimals: int | None = None) -> str:
    """A percentage with its sign, ``+9%`` or ``−3%``; 0% when it rounds to nothing."""
    return _form(lang, "percent").format(number=signed_digits(x, lang, decimals))


def percentage(x: float, lang: str) -> str:
    """A whole percentage with a minus where it is negative and no plus: ``−5%``, ``12%``."""
    return _form(lang, "percent").format(number=number(x, lang))


def points(x: float, lang: str, decimals: int | None = None) -> str:
    """Percentage points without sign: ``1.3个百分点``, ``1.3 points``."""
    return digits(x, lang, decimals) + entry(lang, "sentences.unit.points")


def signed_points(x: float, lang: str, decimals: int | None = None) -> str:
    """Percentage points with their sign."""
    return signed_digits(x, lang, decimals) + entry(lang, "sentences.unit.points")


def detectable(log_effect: float, fall: bool, lang: str) -> str:
    """How large a hoped-for change would have to be to be seen.

    No more is told than a fall of 99 % or a rise of 1,000 %.
    """
    told = max(-log_effect, math.log(0.01)) if fall else min(log_effect, math.log(11))
    return percent(100 * math.expm1(told), lang)


def share(x: float, lang: str) -> str:
    """A share of 0 to 1 as a percentage."""
    return percent(100 * x, lang)


def chance(x: float, lang: str) -> str:
    """A probability of 0 to 1 as a whole percentage, never 0 % or 100 %: ``<1%``, ``>99%``."""
    if x < 0.01:
        return "<" + percent(1, lang)
    return ">" + percent(99, lang) if x > 0.99 else percent(100 * x, lang, 0)


def money(yuan: float, lang: str) -> str:
    """The size of an amount, without a sign.

    ``3.1万元`` in Chinese (``400元`` below 500), ``31,200 yuan`` in English.
    """
    yuan = abs(yuan)
    units = words(lang, "form")["money"]
    unit = next((u for u in units if yuan >= u["from"]), units[-1])
    amount = yuan / unit["per"]
    if "significant" in unit and amount >= 1:
        spare = math.floor(math.log10(amount)) + 1 - unit["significant"]
        amount = round(amount, -max(0, spare))
    decimals = len(unit["pattern"].partition(".")[2])
    return str(unit["text"]).format(amount=_decimal(amount, lang, decimals, unit["pattern"]))


def count(x: float, lang: str) -> str:
    """A whole number without sign, thousands separated."""
    return number(abs(x), lang)


def ratio(x: float, lang: str) -> str:
    """How many times: ``2.4``."""
    return number(x, lang, 1)


def p_value(p: float, lang: str) -> str:
    """``0.032``, or ``<0.001``."""
    return "<" + number(0.001, lang, 3) if p < 0.001 else number(p, lang, 3)


def date(day: dt.date, lang: str, pattern: str | None = None) -> str:
    """``2023年3月1日`` or ``1 March 2023``; ``pattern`` is one of Unicode's (``d MMMM y``)."""
    how = words(lang, "form")
    return format_date(day, pattern or how["date"], locale=_locale(lang))


def month(period: pd.Period, lang: str) -> str:
    """A ``pd.Period`` of frequency M: ``2024年6月`` or ``June 2024``."""
    how = words(lang, "form")
    return format_date(period.to_timestamp(), how["month"], locale=_locale(lang))


def join(parts: list[str], lang: str) -> str:
    """Words in a row: ``甲、乙和丙`` or ``a, b and c``."""
    return format_list(parts, locale=_locale(lang))


def several(parts: Iterable[str], lang: str) -> str:
    """Words in a row without an "and": ``甲、乙、丙`` or ``a, b, c``."""
    return _form(lang, "several").join(parts)


def sentences(parts: Iterable[str], lang: str) -> str:
    """Whole sentences one after the other, with the space that the language sets between them.

    Empty ones are left out.
    """
    return _form(lang, "between_sentences").join(part for part in parts if part)


def capital(text: str, lang: str) -> str:
    """The text as it starts a sentence."""
    return text[:1].upper() + text[1:] if words(lang, "form")["capital"] else text


def width(text: str) -> int:
    """Half-width characters that a text takes; a Chinese one takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


@cache
def _locale(lang: str) -> Locale:
    """Babel's own form of a language; it would look for it again for every number."""
    return Locale.parse(words(lang, "form")["locale"])


def _decimal(x: float, lang: str, decimals: int, pattern: str) -> str:
    """Rounded as Python does (by the exact value), set as the locale does."""
    if abs(x) >= LARGEST:
        power = "∞" if math.isinf(x) else f"10^{math.floor(math.log10(abs(x)))}"
        return f"-{power}" if x < 0 else power
    rounded = round(float(x), decimals)
    return format_decimal(rounded + 0.0, pattern, locale=_locale(lang))


def _form(lang: str, key: str) -> str:
    return entry(lang, f"form.{key}")

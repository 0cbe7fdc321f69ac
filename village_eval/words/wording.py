"""Numbers as a reader sees them: per cent, money, counts, dates, in Chinese or English. No
arithmetic beyond rounding."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata

import pandas as pd
from babel.dates import format_date

from village_eval.words.catalogue import LANGUAGES, words

__all__ = ["LANGUAGES", "words"]
MINUS = "\N{MINUS SIGN}"


def missing(x: object) -> bool:
    """Whether there is no number to print: None, NaN or infinite."""
    return x is None or (isinstance(x, float) and not math.isfinite(x))


def percent(x: float, decimals: int | None = None) -> str:
    """The size of a percentage without its sign: ``18%``, ``4.6%`` (one decimal below 10)."""
    x = abs(x)
    if decimals is None:
        decimals = 0 if x >= 9.95 else 1
    text = f"{x:,.{decimals}f}"
    return (text.removesuffix(".0") if text != "0.0" else "0") + "%"


def signed_percent(x: float, decimals: int | None = None) -> str:
    """A percentage with its sign, ``+9%`` or ``−3%``; 0% when it rounds to nothing."""
    size = percent(x, decimals)
    return size if size == "0%" else (MINUS if x < 0 else "+") + size


def detectable(log_effect: float, fall: bool) -> str:
    """How large a hoped-for change would have to be to be seen; no more is told than a fall of 99 %
    or a rise of 1,000 %."""
    return percent(
        100
        * math.expm1(max(-log_effect, math.log(0.01)) if fall else min(log_effect, math.log(11)))
    )


def points(x: float, lang: str) -> str:
    """Percentage points without sign: ``1.3个百分点``, ``1.3 points``."""
    return percent(x).removesuffix("%") + words(lang)["unit"]["points"]


def money(yuan: float, lang: str) -> str:
    """The size of an amount: ``3.1万元`` in Chinese (``400元`` below 500), ``31,200 yuan`` in
    English; no sign."""
    yuan = abs(yuan)
    if lang == "zh":
        return f"{yuan / 1e4:,.1f}万元" if yuan >= 500 else f"{yuan:.0f}元"
    digits = max(0, math.floor(math.log10(yuan)) - 2) if yuan >= 1 else 0
    return f"{round(yuan, -digits):,.0f} yuan"


def count(x: float) -> str:
    """A whole number without sign, thousands separated."""
    return f"{abs(x):,.0f}"


def ratio(x: float) -> str:
    """How many times: ``2.4``."""
    return f"{x:.1f}"


def date(day: dt.date, lang: str, pattern: str | None = None) -> str:
    """``2023年3月1日`` or ``1 March 2023``; ``pattern`` is one of Unicode's (``d MMMM y``)."""
    how = words(lang, "form")
    return format_date(day, pattern or how["date"], locale=how["locale"])


def month(period: pd.Period, lang: str) -> str:
    """A ``pd.Period`` of frequency M: ``2024年6月`` or ``June 2024``."""
    how = words(lang, "form")
    return format_date(period.to_timestamp(), how["month"], locale=how["locale"])


def share(x: float) -> str:
    """A share of 0 to 1 as a percentage."""
    return percent(100 * x)


def width(text: str) -> int:
    """Half-width characters that a text takes; a Chinese one takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def join(parts: list[str], lang: str) -> str:
    """Words in a row: ``甲、乙和丙`` or ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    comma, last = ("、", "和") if lang == "zh" else (", ", " and ")
    return comma.join(parts[:-1]) + last + parts[-1]

"""Checks in words: their names, and what they found by verdict.

The words live in each language's ``checks.toml``, those of a check of one's own come with it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from string import Formatter

from village_eval.expectation.numbers import Number
from village_eval.expectation.results import Check
from village_eval.report.amounts import number_text, size
from village_eval.words import names
from village_eval.words import wording as w
from village_eval.words.catalogue import UnknownWords, entry

BEYOND_SIZES = math.log(1000)
"""A change by more than a thousandfold is no size that anybody could look for."""


def check_sentence(check: Check, lang: str = "zh") -> str:
    """What a check found, in one sentence; the plain variant where its numbers are missing.

    A check of one's own brings its words. Raises UnknownWords for one that has none.
    """
    forms = check_forms(check, lang)
    if check.verdict == "not_applicable":
        return forms.get(check.verdict) or entry(lang, "checks.any.not_applicable")
    numbers = number_words(check, lang)
    by_cause = f"{check.verdict}_{check.cause}"
    for form in (by_cause if by_cause in forms else check.verdict, f"{check.verdict}_plain"):
        if form in forms and places(forms[form]) <= set(numbers):
            return forms[form].format(**numbers)
    raise UnknownWords(f"check {check.name} has no words for the verdict {check.verdict!r}")


def could_see_words(check: Check, lang: str) -> str:
    """How large what a check asks for would have had to be for it to notice; that nobody knows."""
    seen = check.could_see
    if seen is None or w.missing(seen.value):
        return entry(lang, "checks.any.could_see_unknown")
    form = check_forms(check, lang).get("could_see") or entry(lang, "checks.any.could_see")
    scale, value = {"log_ratio": "log_ratio", "points": "share"}.get(seen.unit), seen.drawn
    if scale is None or value is None:
        return form.format(least=number_text(seen, lang))
    if scale == "log_ratio" and abs(value) > BEYOND_SIZES:
        return entry(lang, "checks.any.could_see_unknown")
    return form.format(least=size(value, scale, lang))


def check_forms(check: Check, lang: str) -> Mapping[str, str]:
    """The sentences of a check by verdict: its own, else the catalogue's."""
    if check.words:
        return check.words.get(lang) or next(iter(check.words.values()))
    forms: Mapping[str, str] | None = w.words(lang, "checks").get(check.name)
    if forms is None:
        raise UnknownWords(f"no catalogue has words for the check {check.name!r}")
    return forms


def places(text: str) -> set[str]:
    """The names of the places that a text holds for numbers."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def check_name(check: Check, lang: str) -> str:
    """A check as a reader names it."""
    return names.check(check.name, lang, check.words)


def number_words(check: Check, lang: str) -> dict[str, str]:
    """A check's numbers as text by their keys, those that are known and of a size to be told."""
    return {
        key: number_text(number, lang)
        for key, number in check.numbers.items()
        if not w.missing(number.value) and not (_beyond_sizes(number) and not check.words)
    }


def _beyond_sizes(number: Number) -> bool:
    """Whether it is a rise beyond BEYOND_SIZES: where next to nothing is known, errors are so."""
    value = number.value
    if isinstance(value, str) or value is None:
        return False
    most = {"log_ratio": BEYOND_SIZES, "percent": 100 * math.expm1(BEYOND_SIZES)}
    return value > most.get(number.unit, math.inf)


GROUPS = {
    "years": (
        "quiet_year_stability",
        "reversion_slope",
        "pre_trend",
        "placebo_time",
        "placebo_space",
        "placebo_outcome",
        "seasonality",
    ),
    "records": ("suppression", "mergers", "subsidy", "bunching"),
    "neighbours": ("displacement", "spillover"),
    "few": ("leave_one_township_out",),
}
"""Checks by the threat that they ask for: keys of the words' ``[group]`` in checks.toml."""


def check_group(check: Check) -> str:
    """The group of a check; ``own`` for one that a researcher brings."""
    return next((key for key, names in GROUPS.items() if check.name in names), "own")

"""Arguments, checked at the door: all that are wrong at once, before anything is computed.

One rule a name, whoever asks: a function, a notebook, papermill. What is refused says what is
allowed, and which of it is nearest.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from numbers import Integral
from pathlib import Path

from village_eval.county.audience import AUDIENCES
from village_eval.county.problems import InputError, Problem, problem
from village_eval.words.catalogue import LANGUAGES
from village_eval.words.messages import locale_lang
from village_eval.words.said import Said

ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def one_of(value: str, allowed: Iterable[str], what: str) -> str:
    """``value`` if it is allowed.

    ``what`` is the key of what it names (``choice`` in messages.toml). Raises InputError that says
    what is allowed, and which of it is nearest.
    """
    known = list(allowed)
    if value in known:
        return value
    raise InputError([unknown(value, known, what)])


def unknown(value: object, allowed: Iterable[str], what: str) -> Problem:
    """The problem of a name that there is not."""
    known = list(allowed)
    return problem(
        "unknown_name",
        what,
        what=Said(f"messages.choice.{what}"),
        given=str(value),
        nearest=_nearest(value, known),
        allowed=", ".join(known),
    )


def _nearest(value: object, known: list[str]) -> object:
    near = difflib.get_close_matches(str(value), known, 1)
    return Said("messages.form.suggestion", {"key": near[0]}) if near else ""


def whole(least: int) -> Callable[[object], bool]:
    """Whether a value is a whole number of at least so much; True is none."""
    return lambda x: isinstance(x, Integral) and not isinstance(x, bool) and int(x) >= least


def _a_path(value: object) -> bool:
    return value is None or (isinstance(value, str | Path) and str(value) != "")


def _a_day(value: object) -> bool:
    try:
        return value is None or day_of(value) is not None
    except ValueError:
        return False


def day_of(value: object) -> str | None:
    """A day as ``2024-01-31``, of a date or of a text that is written so; None stays None.

    ValueError for all else: what is not written in full might be taken for another day.
    """
    if value is None:
        return None
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return value.isoformat()
    if not isinstance(value, str) or not ISO.fullmatch(value):
        raise ValueError(f"{value!r} is no day such as 2024-01-31")
    return dt.date.fromisoformat(value).isoformat()


Rule = tuple[Callable[[object], bool], str | tuple[str, ...]]
RULES: dict[str, Rule] = {
    "lang": (lambda x: x in LANGUAGES, LANGUAGES),
    "audience": (lambda x: x in AUDIENCES, AUDIENCES),
    "draws": (whole(1), "1, 2, 3 …"),
    "seed": (whole(0), "0, 1, 2 …"),
    "counties": (whole(1), "1, 2, 3 …"),
    "workers": (lambda x: x is None or whole(1)(x), "None, 1, 2 …"),
    "as_of": (_a_day, 'None, "2024-01-31"'),
    "county": (_a_path, 'None, "my_county"'),
    "result": (_a_path, 'None, "results/my_county"'),
    "out": (_a_path, 'None, "reports/my_county"'),
}
"""By the argument's name: whether a value fits, and what is allowed."""


def wrong(given: Mapping[str, object], lang: object = None) -> list[Problem]:
    """The arguments among ``given`` (by name) that do not fit their rule.

    A name without a rule is one that nobody knows, and wrong.
    """
    lang = lang if isinstance(lang, str) and lang in LANGUAGES else locale_lang()
    found = []
    for name, value in given.items():
        if name not in RULES:
            found.append(no_parameter(name, lang))
            continue
        fits, allowed = RULES[name]
        if not fits(value):
            named = isinstance(allowed, tuple)
            found.append(
                problem(
                    "parameter",
                    name,
                    lang,
                    given=repr(value),
                    nearest=_nearest(value, list(allowed)) if named else "",
                    allowed=", ".join(allowed) if named else allowed,
                )
            )
    return found


def no_parameter(name: str, lang: str, known: Iterable[str] = ()) -> Problem:
    """The problem of a parameter that no notebook of ours has."""
    names = list(known) or list(RULES)
    return problem(
        "no_parameter", name, lang, nearest=_nearest(name, names), allowed=", ".join(names)
    )


def check(**given: object) -> None:
    """Raise InputError with all that is wrong with arguments of these names."""
    if found := wrong(given):
        raise InputError(found)


def is_a(value: object, kind: type | tuple[type, ...], name: str, how: str) -> None:
    """Raise InputError unless ``value`` is of a class; ``how`` says how one comes by one."""
    if not isinstance(value, kind):
        given = type(value).__name__
        raise InputError([problem("parameter", name, given=given, nearest="", allowed=how)])

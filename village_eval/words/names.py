"""What a reader calls things: outcomes, windows, findings, designs, checks, reasons, tables.

One place names them for sentences, tables, pictures and the comparison of two results. A thing
that the catalogues do not know brings its own names by language (``own``); one that has neither
raises UnknownWords, so that no key is ever shown to a reader.
"""

from __future__ import annotations

from collections.abc import Mapping

from village_eval.words.catalogue import entry, look_up, words

Own = Mapping[str, str]
"""Names by language that came with a thing: a county's own outcome, a researcher's own design."""
NONE: Own = {}


def outcome(key: str, lang: str, own: Own = NONE, statistic: str = "total") -> str:
    """``信访量``; with a statistic ``“有经营和发包收入的村”所占比例``."""
    name = _named("sentences.outcome", key, lang, own)
    return entry(lang, f"sentences.variant.{statistic}").format(outcome=name)


def window(key: str, lang: str, by_year: bool = False) -> str:
    """``整治开始后一年``; of what is known by calendar year ``整治当年``."""
    if by_year and key in words(lang)["income_window"]:
        return entry(lang, f"sentences.income_window.{key}")
    return entry(lang, f"sentences.window.{key}")


def finding(noun: str, when: str, lang: str) -> str:
    """What a finding is of: an outcome and a window, both in words already."""
    return entry(lang, "sentences.name.finding").format(noun=noun, window=when)


def design(key: str, lang: str, own: Own = NONE, short: bool = False) -> str:
    """``平常年份对照``; in full it says what it is used for or compares with.

    ``module:function`` is a researcher's own and goes by its function's name.
    """
    if ":" in key and not own:
        return key.rpartition(":")[2]
    return _named(f"designs.{key}", "short" if short else "name", lang, own)


def check(key: str, lang: str, own: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """``登记是否可信``; a check of one's own has ``name`` among its words."""
    names = {each: said["name"] for each, said in (own or {}).items()}
    return _named(f"checks.{key}", "name", lang, names)


def verdict(key: str, lang: str) -> str:
    """``通过``, ``存疑``."""
    return entry(lang, f"sentences.verdict.{key}")


def reason(key: str | None, lang: str) -> str:
    """Why there is no number; without a key that the data are not enough."""
    return entry(lang, f"sentences.reason.{key or 'unknown'}")


def grade(key: str, lang: str) -> str:
    """``较高（B）``."""
    return entry(lang, f"sentences.grade.{key}")


def _named(section: str, key: str, lang: str, own: Own) -> str:
    if own:
        return own.get(lang) or next(iter(own.values()))
    catalogue, *path = section.split(".")
    return look_up(words(lang, catalogue), [*path, key], f"{lang}/{catalogue}.toml")

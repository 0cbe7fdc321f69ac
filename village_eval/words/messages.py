"""Sentences of the command line, of problems and of the codebook, by key and language.

They stand in the ``messages.toml`` of each language.
"""

from __future__ import annotations

import ctypes
import locale
import os

from village_eval.words.catalogue import LANGUAGES, OTHERWISE, entry
from village_eval.words.plain import on_one_line

LANG_VARIABLE = "VILLAGE_EVAL_LANG"


def locale_lang() -> str:
    """The language of the locale, else of the system, where it has a folder; else OTHERWISE.

    The command line's --lang goes before the locale, also in its processes.
    """
    for variable in (LANG_VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            spoken = (lang for lang in LANGUAGES if value.lower().startswith(lang))
            return next(spoken, OTHERWISE)
    told = system_language()
    return next((lang for lang in LANGUAGES if told.startswith(lang)), OTHERWISE)


def system_language() -> str:
    """What Windows, which sets no LANG, says its user reads (``zh_CN``); "" elsewhere."""
    windows = getattr(ctypes, "windll", None)
    if windows is None:
        return ""
    return locale.windows_locale.get(windows.kernel32.GetUserDefaultUILanguage(), "").lower()


def message(name: str, lang: str | None = None, /, **details: object) -> str:
    """A sentence of ``messages.toml``: ``message("cli.done", "zh", out="…")``.

    Numbers get thousands separators.
    """
    shown = {
        k: f"{v:,}" if isinstance(v, int) and not isinstance(v, bool) else on_one_line(str(v))
        for k, v in details.items()
    }
    return entry(lang or locale_lang(), f"messages.{name}").format(**shown)

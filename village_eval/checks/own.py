"""A check of a researcher's own: a function of a Case, or a declared one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from village_eval.checks.declared import VERDICTS, Case, DeclaredCheck
from village_eval.expectation.results import Check
from village_eval.words.catalogue import LANGUAGES


def own_check(given: DeclaredCheck | Callable[[Case], Check]) -> DeclaredCheck:
    """A declared check with words in every language.

    A plain function is asked of every question with a number; its docstring's first line is what a
    reader sees beside the verdict. Raises ValueError without such a line, or where a declared
    check has no words for a language or a verdict.
    """
    if isinstance(given, DeclaredCheck):
        for lang in LANGUAGES:
            said = given.words.get(lang, {})
            lacking = [key for key in ("name", *VERDICTS[:3]) if not said.get(key)]
            if lacking:
                raise ValueError(f"check {given.name!r} has no words {lacking} in {lang!r}")
        return given
    name, told = given.__name__, (given.__doc__ or "").strip().splitlines()
    if not told:
        raise ValueError(f"check {name!r} has no words: write what it asks as its docstring")
    sentence = told[0].replace("{", "{{").replace("}", "}}")
    words: Mapping[str, str] = {"name": name.replace("_", " "), **dict.fromkeys(VERDICTS, sentence)}
    return DeclaredCheck(name, given, words=dict.fromkeys(LANGUAGES, words))

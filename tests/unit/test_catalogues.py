"""Every language says the same things: the same files, keys and places for numbers."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest

from village_eval.county.contracts import CONTRACTS
from village_eval.words import vocabulary
from village_eval.words.catalogue import BOTH, DEFAULT, LANGUAGES, words

FOLDER = files("village_eval.words")
OTHERS = [lang for lang in LANGUAGES if lang != DEFAULT]


def catalogues(lang: str) -> list[str]:
    return sorted(p.name.removesuffix(".toml") for p in FOLDER.joinpath(lang).iterdir())


def leaves(tree: dict, path: str = ""):
    """(dotted key, text) of everything in a catalogue."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def places(text: str) -> set[str]:
    return set(re.findall(r"(?<!\{)\{(\w+)[^{}]*\}(?!\})", str(text)))


def test_languages_are_the_folders_and_chinese_comes_first():
    folders = {p.name for p in FOLDER.iterdir() if p.joinpath("sentences.toml").is_file()}
    assert set(LANGUAGES) == folders and LANGUAGES[0] == DEFAULT and set(BOTH) <= folders
    with pytest.raises(ValueError, match="must be one of zh, en"):
        words("xx")


@pytest.mark.parametrize("lang", OTHERS)
def test_every_language_has_the_same_catalogues(lang):
    assert catalogues(lang) == catalogues(DEFAULT)


@pytest.mark.parametrize("lang", OTHERS)
@pytest.mark.parametrize("name", catalogues(DEFAULT))
def test_every_language_has_the_same_keys(lang, name):
    here, there = ([key for key, _ in leaves(words(each, name))] for each in (DEFAULT, lang))
    assert sorted(here) == sorted(there)


@pytest.mark.parametrize("lang", OTHERS)
@pytest.mark.parametrize("name", catalogues(DEFAULT))
def test_every_language_has_a_place_for_the_same_numbers(lang, name):
    here, there = dict(leaves(words(DEFAULT, name))), dict(leaves(words(lang, name)))
    assert {k: places(v) for k, v in here.items()} == {k: places(v) for k, v in there.items()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_term_and_every_column_has_a_name(lang):
    terms = tomllib.loads(FOLDER.joinpath("vocabulary.toml").read_text("utf-8"))
    del terms["parts"]  # of aliases, no terms
    named = words(lang, "vocabulary")
    assert {k: list(v) for k, v in named.items()} == {k: list(v) for k, v in terms.items()}
    told = words(lang, "contracts")
    assert {k: list(v["columns"]) for k, v in told.items()} == {
        k: list(v.columns) for k, v in CONTRACTS.items()
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_two_terms_of_a_kind_share_a_name(lang):
    for kind, terms in words(lang, "vocabulary").items():
        folded = [vocabulary.normalise(text).lower() for text in terms.values()]
        assert len(set(folded)) == len(folded), kind

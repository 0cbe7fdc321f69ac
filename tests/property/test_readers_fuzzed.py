"""Readers of what others send: real files with slips, cuts and hostile bytes are read or refused in
words, and every sentence of the catalogues takes whatever a file put into it.

Seeds that found something stay here by name (FOUND); more by ``python tests/fuzz_readers.py`` and,
led by coverage, ``python tests/fuzz_by_coverage.py``.
"""

import io
import string
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fuzz_readers import READERS, of_seed, seeds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import village_eval.words
from village_eval.words.catalogue import LANGUAGES, words
from village_eval.words.messages import message
from village_eval.words.said import Said

OF_INPUT = ("messages", "importing")
"""Catalogues whose sentences hold what files say."""
ALL = sorted(p.stem for p in (Path(village_eval.words.__file__).parent / "zh").glob("*.toml"))
held = cache(seeds)


@pytest.mark.parametrize("name", READERS)
def test_real_files_are_read(name):
    for content in held()[name]:
        READERS[name](content)


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6))
@pytest.mark.parametrize("name", READERS)
def test_a_changed_file_is_read_or_refused_in_words(name, seed):
    READERS[name](of_seed(name, seed, held()))


def text_that_is_none() -> bytes:
    """A parquet file one byte of whose text no encoding knows."""
    made = io.BytesIO()
    pq.write_table(pa.table({"start_date": ["2023-05-20"]}), made, compression="none")
    return made.getvalue().replace(b"2023-05-20", b"202\xc3-05-20")


def two_columns_of_one_name() -> bytes:
    made = io.BytesIO()
    pq.write_table(pa.table([["1"], ["2"]], names=["dose", "dose"]), made)
    return made.getvalue()


FOUND = {
    "a table of unnamed, empty columns": ("villages.csv", lambda: b"#"),
    "a header of blanks over blanks": ("petitions.csv", lambda: b"\t,\n ,\n"),
    "a text that is none": ("measures.parquet", text_that_is_none),
    "two columns of one name": ("measures.parquet", two_columns_of_one_name),
}


@pytest.mark.parametrize("case", FOUND)
def test_what_coverage_found(case):
    name, content = FOUND[case]
    assert READERS[name](content())


@pytest.mark.parametrize("name", READERS)
@given(content=st.binary(max_size=300))
@settings(max_examples=10, deadline=None, derandomize=True)
def test_any_bytes_are_read_or_refused_in_words(name, content):
    READERS[name](content)


def templates(lang: str, catalogues):
    """(dotted key, text, names of its places) of every sentence with places."""

    def leaves(tree, path):
        for key, value in tree.items():
            if isinstance(value, dict):
                yield from leaves(value, f"{path}.{key}")
            elif isinstance(value, str):
                yield f"{path}.{key}", value

    for name in catalogues:
        for key, text in leaves(words(lang, name), name):
            fields = [field for _, field, _, _ in string.Formatter().parse(text) if field]
            if fields:
                yield key, text, fields


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_looks_into_what_it_is_given(lang):
    """``{x.y}`` or ``{x[0]}`` in a template would reach into an object."""
    found = list(templates(lang, ALL))
    assert len(found) > 200
    for key, _, fields in found:
        assert all(field.isidentifier() for field in fields), key


HOSTILE = (
    "{0}",
    "{county.__class__}",
    "%s",
    "%(x)d",
    "$x$",
    "\\N{DASH}",
    "\x1b[2J",
    "a\nERROR: b\r",
)
TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30), st.integers(), st.none())


@settings(max_examples=20, deadline=None, derandomize=True)
@given(texts=st.lists(TEXTS, min_size=12, max_size=12))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_takes_every_text(lang, texts):
    for key, text, fields in templates(lang, OF_INPUT):
        if ":" in "".join(spec or "" for _, _, spec, _ in string.Formatter().parse(text)):
            continue
        details = {f: texts[i % 12] for i, f in enumerate(dict.fromkeys(fields))}
        said = Said(key, details).text(lang)
        lines = text.count("\n")
        assert "\x1b" not in said and "\r" not in said and said.count("\n") <= lines, key
        if key.startswith("messages."):
            assert message(key.removeprefix("messages."), lang, **details).count("\n") <= lines


@pytest.mark.parametrize("place", ["", "/", "../../../"])
def test_a_key_from_a_file_leads_to_no_other_file(tmp_path, place):
    """A ledger's line says which sentence it is; a catalogue is no path."""
    (tmp_path / "secret.toml").write_text('word = "hunter2"', "utf-8")
    there = str(tmp_path / "secret")
    key = f"{place}{there.lstrip('/') if place else there}.word"
    content = f'source,step,rows,reason,key,details\nx,read,1,given,{key},"{{}}"\n'
    _, *told = READERS["ledger.csv"](content.encode())
    assert all("hunter2" not in str(lines) and "given" in str(lines) for lines in told)

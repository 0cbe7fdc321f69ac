"""What share of the headers and terms that bureaus write is known, and that none is taken for
another. The list (words_of_bureaus.toml) was written before the vocabulary was looked at."""

import tomllib
from pathlib import Path

from village_eval.bureau.headers import PERSON, header_forms, meaning
from village_eval.bureau.values import parse_flag
from village_eval.words import vocabulary

LIST = tomllib.loads(Path(__file__).with_name("words_of_bureaus.toml").read_text("utf-8"))
KIND = {"roster": "villages", "register": "petitions"}
COLUMN = {
    "year": "period",
    "person_name": "name",
    "identity_number": "identity",
    "telephone": "telephone",
}
FLAGS = {
    "repeat": ("repeated", "first"),
    "satisfied": ("satisfied", "dissatisfied"),
    "completed": ("yes", "no"),
}


def _header(table, written):
    found = meaning([written], KIND.get(table, table))
    if found:
        return found[0]
    return next((PERSON[f] for f in header_forms(written) if f in PERSON), None)


def _term(kind, written):
    if kind in FLAGS:
        flag = parse_flag(written, *FLAGS[kind])
        return None if flag is None else str(flag)
    return vocabulary.lookup(kind, written)


def read():
    """For each header and term: where it stands, what is written, what it means, what is read."""
    for table, meanings in LIST["headers"].items():
        for meant, ways in meanings.items():
            for way in ways:
                yield f"headers.{table}", way, COLUMN.get(meant, meant), _header(table, way)
    for kind, meanings in LIST["terms"].items():
        for meant, ways in meanings.items():
            for way in ways:
                yield f"terms.{kind}", way, meant, _term(kind, way)


def shares():
    """Known and all, of headers and of terms."""
    found = {}
    for part in ("headers", "terms"):
        rows = [r for r in read() if r[0].startswith(part)]
        found[part] = (sum(meant == got for *_, meant, got in rows), len(rows))
    return found


def test_nine_of_ten_headers_and_terms_that_bureaus_write_are_known():
    for part, (known, written) in shares().items():
        assert known >= 0.9 * written, (part, known, written)


def test_no_header_or_term_is_taken_for_another():
    taken = [row for row in read() if row[3] is not None and row[2] != row[3]]
    # 宅基地 stands under construction with us and under land with some bureaus.
    assert [row[1] for row in taken] == ["宅基地"]


if __name__ == "__main__":
    print(shares())
    for place, way, meant, got in read():
        if meant != got:
            print(place, way, meant, got or "-")

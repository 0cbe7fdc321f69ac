"""Words and code know each other: every key that code asks for has words in every language, and
every word is asked for by some code."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest

import village_eval
from tests.unit.test_catalogues import catalogues, leaves
from village_eval.expectation.outcomes import primary
from village_eval.measures.attribute import OUTCOMES
from village_eval.words.catalogue import DEFAULT, LANGUAGES, words

PACKAGE = Path(village_eval.__file__).parent
NOTEBOOKS = PACKAGE.parent / "notebooks"
BY_TABLE = ("vocabulary", "contracts")
"""Catalogues that follow a table of keys, compared with it in test_catalogues."""
COMPOUND = ("sentences.absolute", "checks")
"""Sections whose keys are put together of two parts."""


@cache
def sources() -> dict[str, ast.Module]:
    """The syntax tree of every module and of the code of every notebook."""
    trees = {str(p): ast.parse(p.read_text("utf-8")) for p in PACKAGE.rglob("*.py")}
    for path in NOTEBOOKS.glob("*.ipynb"):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        trees[str(path)] = ast.parse("\n".join(code))
    return trees


@cache
def asked() -> tuple[frozenset[str], tuple[re.Pattern, ...]]:
    """Keys that stand in code as texts, as parts of dotted texts or as names of arguments; and
    patterns of those that are put together (``f"{form}_weak"``)."""
    whole, patterns = set(), set()
    for node in (node for tree in sources().values() for node in ast.walk(tree)):
        if isinstance(node, ast.Constant) and re.fullmatch(r"[\w.]+", str(node.value)):
            whole.update(str(node.value).split("."))
        elif isinstance(node, ast.keyword) and node.arg:
            whole.add(node.arg)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            whole.add(node.target.id)
        elif isinstance(node, ast.JoinedStr):
            parts = [
                re.escape(str(v.value)) if isinstance(v, ast.Constant) else r"\w+"
                for v in node.values
            ]
            pattern = "".join(parts).split(r"\.")[-1]
            if re.search(r"[a-z]", pattern.replace(r"\w", "")):
                patterns.add(pattern)
    return frozenset(whole), tuple(map(re.compile, patterns))


def is_asked(name: str, key: str) -> bool:
    whole, patterns = asked()
    *section, last = key.split(".")
    if "columns" in section or last in whole or any(p.fullmatch(last) for p in patterns):
        return True  # columns are asked for in their order
    if not f"{name}.{'.'.join(section)}".startswith(COMPOUND):
        return False
    cuts = [i for i, c in enumerate(last) if c == "_"]
    return any(last[:i] in whole and last[i + 1 :] in whole for i in cuts)


def test_no_word_is_unread():
    """A key of a catalogue that no code can ask for is deleted, not kept."""
    unread = [
        f"{name}.{key}"
        for name in catalogues(DEFAULT)
        if name not in BY_TABLE
        for key, _ in leaves(words(DEFAULT, name))
        if not is_asked(name, key)
    ]
    assert unread == []


def path_of(node: ast.expr, known: dict[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    """The catalogue and keys that an expression reaches, as far as it says so itself."""
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if (
        isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) == "words"
    ):
        name = node.args[1] if len(node.args) > 1 else ast.Constant("sentences")
        return (name.value,) if isinstance(name, ast.Constant) else None
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        before = path_of(node.value, known)
        return before and (*before, str(node.slice.value))
    return None


def reached(function: ast.FunctionDef) -> list[tuple[str, ...]]:
    """The paths into catalogues that a function writes out."""
    known: dict[str, tuple[str, ...]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            target = node.targets[0]
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts, strict=False))
            for name, value in pairs:
                if isinstance(name, ast.Name) and (path := path_of(value, known)):
                    known[name.id] = path
    found = (path_of(node, known) for node in ast.walk(function) if isinstance(node, ast.Subscript))
    return [path for path in found if path]


def has(lang: str, path: tuple[str, ...]) -> bool:
    tree = words(lang, path[0])
    for key in path[1:]:
        if not isinstance(tree, dict) or key not in tree:
            return not isinstance(tree, dict)  # an index into a text or a list
        tree = tree[key]
    return True


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_key_that_code_writes_out_has_words(lang):
    asked_for = [
        (Path(file).name, path)
        for file, tree in sources().items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for path in reached(function)
    ]
    assert len(asked_for) > 300
    assert [(file, path) for file, path in asked_for if not has(lang, path)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_message_that_code_names_has_words(lang):
    """``message("cli.done", …)`` and ``said("messages.cli.done", …)`` with a text written out."""
    missing, seen = [], 0
    for tree in sources().values():
        for call in (n for n in ast.walk(tree) if isinstance(n, ast.Call) and n.args):
            called = getattr(call.func, "id", getattr(call.func, "attr", ""))
            first = call.args[0]
            if called not in ("message", "said", "Said") or not isinstance(first, ast.Constant):
                continue
            key = str(first.value) if called != "message" else f"messages.{first.value}"
            seen += 1
            if not has(lang, tuple(key.split("."))):
                missing.append(key)
    assert missing == [] and seen > 20


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_outcome_that_doses_are_set_against_has_a_name(lang):
    assert set(OUTCOMES) <= set(words(lang, "attribution")["outcome"])
    assert {question.outcome.family for question in primary()} <= set(words(lang, "report")["cost"])

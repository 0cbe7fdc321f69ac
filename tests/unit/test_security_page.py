"""SECURITY.md names a test for each attack, and each of them is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "SECURITY.md"
NAMED = re.compile(r"(tests/[\w/]+\.py)::(\w+)")


@pytest.mark.skipif(not PAGE.exists(), reason="not in an installed package")
def test_every_attack_names_a_test_that_is_there():
    text = PAGE.read_text("utf-8")
    table = text.partition("| attack |")[2].partition("\n\n")[0]
    attacks = [line for line in table.split("\n") if line.startswith("| ") and "---" not in line]
    assert len(attacks) > 50 and all(NAMED.search(line) for line in attacks)
    named = set(NAMED.findall(text))
    for file in {file for file, _ in named}:
        tree = ast.parse((ROOT / file).read_text("utf-8"))
        there = {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}
        assert {name for f, name in named if f == file} <= there, file

"""What `name?` shows at a prompt: what to give, what comes back, what can go wrong."""

from __future__ import annotations

import inspect
import re

import pytest

import village_eval as ve
from village_eval.designs import DESIGNS

FUNCTIONS = {name: getattr(ve, name) for name in ve.__all__}
FUNCTIONS = {name: f for name, f in FUNCTIONS.items() if inspect.isfunction(f)}
FUNCTIONS |= {f"designs.{d.name}": d.function for d in DESIGNS}
FUNCTIONS |= {
    "Panel.of": ve.Panel.of,
    "County.with_outcome": ve.County.with_outcome,
    "designs.event_study": ve.designs.event_study,
}
SHOWN = re.compile(r"(?m)^\s*(Parameters|Returns|Raises)\n\s*-{6,}$")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_says_what_it_takes_and_gives(name):
    function = FUNCTIONS[name]
    told = inspect.getdoc(function)
    takes = {p for p in inspect.signature(function).parameters if p not in ("self", "cls")}
    sections = SHOWN.findall(told)
    assert "Returns" in sections and ("Parameters" in sections or not takes), told
    named = {part for line in re.findall(r"(?m)^(\w[\w, ]*)$", told) for part in line.split(", ")}
    beside = {
        t for t in ("base", "correct") if f"``{t}" in told
    }  # told in the headline's own words
    assert takes <= named | beside, told


@pytest.mark.parametrize("name", [n for n in ve.__all__ if n not in FUNCTIONS])
def test_every_class_and_module_says_what_it_is(name):
    found = getattr(ve, name)
    assert len(inspect.getdoc(found)) > 30
    members = vars(found).items() if inspect.isclass(found) else ()
    public = {k: v for k, v in members if not k.startswith("_") and callable(v)}
    assert [k for k, v in public.items() if not inspect.getdoc(v)] == []


@pytest.mark.parametrize("room", ["tables", "figures", "checks", "designs"])
def test_every_public_function_of_a_module_has_a_docstring(room):
    module = getattr(ve, room)
    names = getattr(module, "__all__", [n for n in vars(module) if not n.startswith("_")])
    functions = {n: getattr(module, n) for n in names if inspect.isfunction(getattr(module, n))}
    assert functions and [n for n, f in functions.items() if not inspect.getdoc(f)] == []

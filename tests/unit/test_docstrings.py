"""What `name?` shows at a prompt: what to give, what comes back, what can go wrong."""

from __future__ import annotations

import inspect
import re
from importlib import import_module

import pytest

import village_eval as ve
from village_eval.certify.own_register import register_of
from village_eval.designs import DESIGNS

FUNCTIONS = {name: getattr(ve, name) for name in ve.__all__}
FUNCTIONS = {name: f for name, f in FUNCTIONS.items() if inspect.isfunction(f)}
FUNCTIONS |= {f"designs.{d.name}": d.function for d in DESIGNS}
SHOWING = {
    f"{room}.{name}": getattr(getattr(ve, room), name)
    for room in ("tables", "figures")
    for name in getattr(ve, room).__all__
}
FUNCTIONS |= SHOWING
FUNCTIONS |= {
    "Panel.of": ve.Panel.of,
    "County.with_outcome": ve.County.with_outcome,
    "designs.event_study": ve.designs.event_study,
    "designs.setting": ve.designs.setting,
    "Setting.estimate": ve.designs.Setting.estimate,
    "register_of": register_of,
}
PLAIN = {"before_after", "expected_from_history", "did", "did_without_listing_year"}
"""Comparisons that are nobody's in particular."""
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


def test_every_function_of_a_module_is_in_its_list():
    """A new table or picture that stands in no list is found by nobody, and has no docstring."""
    made = {
        name
        for module in ("answers", "doses", "doubts", "places", "records", "work")
        for name, f in vars(import_module(f"village_eval.report.tables.{module}")).items()
        if inspect.isfunction(f) and f.__module__.endswith(module) and _takes_evaluation(f)
    }
    assert made <= set(ve.tables.__all__)
    drawn = {
        n
        for n, f in vars(ve.figures).items()
        if inspect.isfunction(f) and hasattr(f, "__wrapped__")
    }
    assert drawn <= set(ve.figures.__all__)


def _takes_evaluation(function) -> bool:
    name = function.__name__
    return not name.startswith("_") and "evaluation" in inspect.signature(function).parameters


def test_every_design_says_whose_method_it_is():
    county = ve.simulate("plain", seed=3, n_villages=160, n_townships=8, n_listed=20).county()
    panel, campaign = ve.Panel.of(county), county.campaign
    given = ve.designs.setting(panel, campaign)
    for design in DESIGNS:
        found = ve.designs.estimate_of(design(given, "first_year"))
        assert found.reference or found.value is None or design.name in PLAIN, design.name

"""What all tables and pictures ask for and give, added to the docstring of each."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])
TAKES = {
    "evaluation": "``ve.evaluate(county)``, or ``ve.Evaluation.load(folder)``.",
    "lang": "``zh`` or ``en``.",
    "ident": "A finding's id, such as ``petitions.first_year``.",
    "name": "A check's name, such as ``suppression``.",
    "of": "Ids of findings; all of them by default.",
    "most": "So many rows at most; all of them by default.",
    "folder": "Where files are written; it must be there.",
}
GIVES = {
    "Table": "Shows itself; its numbers are ``frame``, ``to_csv(path)`` writes them.",
    "list[Table]": "Those that this county's data allow.",
    "Picture": "Shows itself; ``figure`` is matplotlib's, ``save(folder)`` writes SVG and PNG.",
    "Fragment": "HTML that shows itself.",
    "None": "What is written is found in the folder.",
}
NOTHING = "None where the county's data, or the evaluation's audience, do not allow it."
ERROR = "UnknownLanguage\n    For a language that there are no words in."


def described(function: Function) -> Function:
    """The function with parameters, results and errors in its docstring.

    KeyError for a parameter or a result that TAKES or GIVES do not know.
    """
    asked = inspect.signature(inspect.unwrap(function))
    kind, _, maybe = str(asked.return_annotation).partition(" | ")
    gives = f"    {GIVES[kind]}" + (f" {NOTHING}" if maybe else "")
    parts = {
        "Parameters": "\n".join(f"{name}\n    {TAKES[name]}" for name in asked.parameters),
        "Returns": f"{asked.return_annotation}\n{gives}",
        "Raises": ERROR,
    }
    told = [f"{head}\n{'-' * len(head)}\n{text}" for head, text in parts.items()]
    function.__doc__ = "\n\n".join([inspect.cleandoc(function.__doc__ or ""), *told]) + "\n"
    return function

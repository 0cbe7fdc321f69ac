"""What tables and pictures ask for and give: their docstrings, and the language at a prompt."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from village_eval.county.door import is_a
from village_eval.findings.evaluation import Evaluation
from village_eval.words.messages import locale_lang

Function = TypeVar("Function", bound=Callable[..., Any])
TAKES = {
    "evaluation": "``ve.evaluate(county)``, or ``ve.Evaluation.load(folder)``.",
    "lang": "``zh`` or ``en``; unless given, that of this machine.",
    "ident": "A finding's id, such as ``petitions.first_year``.",
    "name": "A check's name, such as ``suppression``.",
    "main": "Of the main findings only, and what others did not pass.",
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
ERRORS = """UnknownLanguage
    For a language that there are no words in.
InputError
    For what is no evaluation."""


def described(function: Function) -> Function:
    """The function with parameters, results and errors in its docstring.

    Without ``lang`` it speaks this machine's language, as all that shows itself at a prompt does.
    KeyError for a parameter or a result that TAKES or GIVES do not know.
    """
    asked = inspect.signature(inspect.unwrap(function))
    kind, _, maybe = str(asked.return_annotation).partition(" | ")
    gives = f"    {GIVES[kind]}" + (f" {NOTHING}" if maybe else "")
    parts = {
        "Parameters": "\n".join(f"{name}\n    {TAKES[name]}" for name in asked.parameters),
        "Returns": f"{asked.return_annotation}\n{gives}",
        "Raises": ERRORS,
    }
    told = [f"{head}\n{'-' * len(head)}\n{text}" for head, text in parts.items()]
    first, place = next(iter(asked.parameters)), [*asked.parameters].index("lang")

    @wraps(function)
    def speaking(*given: Any, **named: Any) -> Any:
        if len(given) <= place and "lang" not in named:
            named["lang"] = locale_lang()
        if given and first == "evaluation":
            is_a(given[0], Evaluation, "evaluation", 've.evaluate("my_county")')
        return function(*given, **named)

    speaking.__doc__ = "\n\n".join([inspect.cleandoc(function.__doc__ or ""), *told]) + "\n"
    either = [
        each.replace(default=None) if name == "lang" and each.default is not each.empty else each
        for name, each in asked.parameters.items()
    ]
    speaking.__signature__ = asked.replace(parameters=either)  # type: ignore[attr-defined]
    return speaking  # type: ignore[return-value]

"""The parts of the reference that the code knows: each takes the words of its heads and the language
of its page, and gives Markdown."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Callable, Iterable

import village_eval
from village_eval.checks import CHECKS
from village_eval.cli.arguments import parser_in
from village_eval.designs import DESIGNS
from village_eval.expectation.outcomes import OUTCOMES, WINDOWS
from village_eval.words import names, vocabulary
from village_eval.words.catalogue import words

Words = dict[str, dict[str, str]]


def table(heads: str, rows: Iterable[Iterable[object]]) -> str:
    """Markdown from heads divided by | and rows of cells."""
    head = [cell.strip() for cell in heads.split("|")]
    body = [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *body])


def glossary(heads: Words, lang: str) -> str:
    """Words of the report with their meaning, then every term of the vocabulary in both languages
    with the ways in which bureaus write it."""
    said = words(lang, "report")["glossary"]
    other = words("en" if lang == "zh" else "zh", "report")["glossary"]
    parts = [
        f"## {heads['glossary']['report']}",
        table(
            heads["glossary"]["report_heads"],
            ([f"**{said[key]['term']}**", other[key]["term"], said[key]["text"]] for key in said),
        ),
    ]
    for kind in vocabulary.TERMS:
        rows = (
            [
                vocabulary.name(kind, key, "zh"),
                vocabulary.name(kind, key, "en"),
                f"`{key}`",
                "、".join(vocabulary.TERMS[kind][key]["aliases"]),
            ]
            for key in vocabulary.keys(kind)
        )
        parts += [f"## {heads['kind'][kind]}", table(heads["glossary"]["heads"], rows)]
    return "\n\n".join(parts)


def questions(heads: Words, lang: str) -> str:
    """Every outcome with the ids of its questions."""
    rows = (
        [f"`{q.id}`", names.outcome(o.name, lang, o.label, q.statistic), window(q, lang)]
        for o in OUTCOMES
        for q in o.questions()
    )
    return table(heads["questions"]["heads"], rows)


def window(question, lang: str) -> str:
    """A question's window in words."""
    return names.window(question.window, lang, question.outcome.by_year)


def windows(heads: Words, lang: str) -> str:
    """Windows with their names for petitions and for income."""
    rows = (
        [
            f"`{key}`",
            "" if key == "second_year" else names.window(key, lang),
            names.window(key, lang, True) if key in words(lang)["income_window"] else "",
            heads["window"][key],
        ]
        for key in WINDOWS
    )
    return table(heads["windows"]["heads"], rows)


def checks(heads: Words, lang: str) -> str:
    """Each check: its name, what a failure of it says, and what it can see at best."""
    said = words(lang, "checks")
    rows = (
        [f"`{check.name}`", names.check(check.name, lang), said[check.name].get("fail_plain", "")]
        for check in CHECKS
    )
    return table(heads["checks"]["heads"], rows)


def designs(heads: Words, lang: str) -> str:
    """Each built-in design with its name."""
    rows = ([f"`{design.name}`", names.design(design.name, lang)] for design in DESIGNS)
    return table(heads["designs"]["heads"], rows)


def grades(heads: Words, lang: str) -> str:
    """Grades with their words and what each takes."""
    rows = ([f"`{key}`", names.grade(key, lang), said] for key, said in heads["grade"].items())
    return table(heads["grades"]["heads"], rows)


def caps(heads: Words, lang: str) -> str:
    """What holds a grade down, as a report says it."""
    return "\n".join(
        f"- `{key}`: {said}" for key, said in words(lang)["cap"].items() if "{" not in said
    )


def conclusions(heads: Words, lang: str) -> str:
    """What a finding may conclude."""
    rows = ([f"`{key}`", said] for key, said in heads["conclusion"].items())
    return table(heads["conclusions"]["heads"], rows)


def findings_json(heads: Words, lang: str) -> str:
    """Keys of findings.json, its parts first."""
    parts = []
    for part in ("top", "finding", "check"):
        rows = ([f"`{key}`", said] for key, said in heads[f"json_{part}"].items())
        parts += [f"## {heads['json'][part]}", table(heads["json"]["heads"], rows)]
    return "\n\n".join(parts)


def commands(heads: Words, lang: str) -> str:
    """Every command with its help, as the program prints it."""
    parser = parser_in(lang)
    known = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    parts = []
    for name, command in known.choices.items():
        rows = (
            [f"`{written(action)}`", action.help or ""]
            for action in command._actions
            if action.help != argparse.SUPPRESS and "-h" not in action.option_strings
        )
        parts += [f"## {name}", command.description, table(heads["commands"]["heads"], rows)]
    return "\n\n".join(part.replace("%%", "%") for part in parts)


def written(action: argparse.Action) -> str:
    """An option or argument as it is typed."""
    value = action.metavar or ("|".join(map(str, action.choices)) if action.choices else "")
    if isinstance(value, tuple):
        value = " ".join(value)
    return " ".join([*action.option_strings[-1:], "" if action.nargs == 0 else value]).strip()


def public_names(heads: Words, lang: str) -> str:
    """Every name of the package's front door, from its docstring."""
    found = getattr(village_eval, "__all__", ("evaluate", "Evaluation"))
    return "\n\n".join(f"## {name}\n\n{documented(name)}" for name in found)


def documented(name: str) -> str:
    """The directive that shows one public name."""
    value = getattr(village_eval, name)
    if inspect.ismodule(value):
        kind, where, more = "automodule", value.__name__, ":members:\n:imported-members:"
    else:
        where = f"{value.__module__}.{value.__qualname__}" if callable(value) else ""
        kind = "autoclass" if inspect.isclass(value) else "autofunction"
        more = ":members:" if inspect.isclass(value) else ""
    if not where:
        return f"```{{eval-rst}}\n.. autodata:: village_eval.{name}\n```"
    options = "".join(f"   {line}\n" for line in more.splitlines())
    return f"```{{eval-rst}}\n.. {kind}:: {where}\n{options}```"


PARTS: dict[str, Callable[[Words, str], str]] = {
    part.__name__.replace("_", "-"): part
    for part in (
        glossary,
        questions,
        windows,
        checks,
        designs,
        grades,
        caps,
        conclusions,
        findings_json,
        commands,
        public_names,
    )
}

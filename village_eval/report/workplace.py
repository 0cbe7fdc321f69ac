"""What a notebook needs beside the report's tables and pictures.

Its texts by language, folding, a bar while it computes, files.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from html import escape
from pathlib import Path

from village_eval.county.door import check
from village_eval.county.problems import InputError, Problem, problem
from village_eval.findings.evaluation import Evaluation
from village_eval.folder.overwriting import make_out_of_git, refuse_file, wrote_file
from village_eval.report import sections
from village_eval.report.check_words import check_name
from village_eval.report.figures.style import Picture
from village_eval.report.fragment import Fragment, folded
from village_eval.report.table import Table
from village_eval.report.tables.doubts import NOT_PASSED
from village_eval.words import names
from village_eval.words.messages import LANG_VARIABLE
from village_eval.words.wording import count, several, words


@dataclass(frozen=True)
class Text:
    """Markdown that shows itself; its headings stand in a notebook's outline."""

    markdown: str

    def _repr_markdown_(self) -> str:
        return self.markdown

    def __repr__(self) -> str:
        return self.markdown


def say(lang: str, **by_language: str) -> Text:
    """The text of a language, Markdown: ``say(lang, zh="…", en="…")``."""
    check(lang=lang)
    return Text(by_language[lang].strip())


def nothing(lang: str) -> Text:
    """What stands where a list of what is wrong or missing has no entry."""
    return Text(words(lang, "notebooks")["nothing"])


def speak(lang: str) -> None:
    """Let objects show themselves, and errors speak, in a notebook's language."""
    check(lang=lang)
    os.environ[LANG_VARIABLE] = lang


def fold(table: Table | None) -> Fragment | None:
    """A table that shows when its caption is clicked; None stays None."""
    if table is None:
        return None
    n = count(len(table.frame), table.lang)
    summary = words(table.lang, "notebooks")["folded"].format(caption=table.caption, n=n)
    return folded(summary, table)


def one_check(
    evaluation: Evaluation, name: str, lang: str, ident: str = "petitions.first_year"
) -> Fragment:
    """What a check found of a finding: in full where it did not pass, else folded."""
    shown, finding = sections.check(evaluation, name, lang, ident), evaluation.find(ident)
    asked = next((c for c in finding.checks if c.name == name), None) if finding else None
    if asked is None or asked.verdict in NOT_PASSED:
        return shown
    called = {"name": check_name(asked, lang), "verdict": names.verdict(asked.verdict, lang)}
    return folded(words(lang, "notebooks")["check"].format(**called), shown)


def write(out: str | Path | None, lang: str, *shown: Table | Picture | Fragment | None) -> Text:
    """Write tables (CSV) and pictures (SVG, PNG) into ``out``; what is neither is left out.

    Parameters
    ----------
    out
        a folder; one that is not there is made and keeps out of git. None writes nothing.
    lang
        the language that stands in the files' names.

    Raises
    ------
    InputError
        before anything is written, when a file of that name is somebody else's.
    """
    t = words(lang, "notebooks")
    if out is None:
        return Text(t["not_written"])
    folder = Path(out)
    if folder.exists() and not folder.is_dir():
        raise InputError([problem("out_is_file", str(folder), lang)])
    make_out_of_git(folder)
    made = [one for one in shown if isinstance(one, Table | Picture)]
    files = {one.name: [folder / f"{one.name}.{lang}{end}" for end in _ends(one)] for one in made}
    problems: list[Problem] = []
    for path in (path for paths in files.values() for path in paths):
        try:
            refuse_file(path, lang=lang)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    for one in made:
        if isinstance(one, Table):
            one.to_csv(files[one.name][0])
        else:
            one.save(folder, f".{lang}")
        for path in files[one.name]:
            wrote_file(path)
    return Text(t["written"].format(folder=folder, names=several(files, lang)))


def _ends(one: Table | Picture) -> tuple[str, ...]:
    return (".csv",) if isinstance(one, Table) else (".svg", ".png")


class Bar:
    """A bar in a notebook while something is computed, and one line in its place afterwards.

    ``bar(share, step)`` moves it, ``step`` a key of ``[step]`` in the words. Elsewhere than in a
    notebook it says nothing.
    """

    def __init__(self, lang: str) -> None:
        self.words, self.began, self.handle = words(lang, "notebooks"), time.monotonic(), None
        self.moved = False
        ipython = sys.modules.get("IPython")
        shell = None if ipython is None else ipython.get_ipython()
        if getattr(shell, "kernel", None) is not None:
            from IPython.display import display

            self.handle = display(Fragment(""), display_id=True)

    def __call__(self, share: float, step: str) -> None:
        """So much is done, and this is being done."""
        self.moved = True
        if self.handle is not None:
            told = escape(self.words["computing"].format(what=self.words["step"][step]))
            self.handle.update(Fragment(f'<progress value="{share:.3f}"></progress> {told}'))

    def done(self, county: str, findings: int) -> None:
        """The line that stays: how much there is and, where it was computed, how long that took."""
        if self.handle is not None:
            seconds = time.monotonic() - self.began
            form = self.words["computed" if self.moved else "read"]
            told = form.format(county=county, n=findings, seconds=f"{seconds:.0f}")
            self.handle.update(Fragment(f"<p>{escape(told)}</p>"))

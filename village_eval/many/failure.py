"""Why a county, or a command, failed: what kind of failure, and a sentence in every language."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from typing import Literal

from village_eval.county.problems import InputError
from village_eval.words.catalogue import LANGUAGES
from village_eval.words.messages import message
from village_eval.words.said import Said
from village_eval.words.system import (
    NO_ROOM,
    condition,
    refused_by_system,
    system_reason,
    what_to_do,
)

Kind = Literal["input", "place", "memory", "killed", "slow", "fault"]
LONGEST = 300
TURNED_OFF = (9, 15)
"""Signals by which a system, or somebody, ends a process that did nothing wrong."""


@dataclass(frozen=True)
class Failure:
    """``text`` by language; ``trace`` is for the maintainers; ``stops``: no use to go on."""

    kind: Kind
    text: dict[str, str]
    trace: str = field(default="", compare=False)
    stops: bool = False

    @property
    def is_fault(self) -> bool:
        """Whether the program is to blame, and not the input, the place or the machine."""
        return self.kind == "fault"


def failure_of(error: BaseException) -> Failure:
    """What an exception says to somebody who is to put it right."""
    trace = "".join(traceback.format_exception(error))
    if isinstance(error, InputError):
        return Failure("input", {lang: _problems(error, lang) for lang in LANGUAGES}, trace)
    if isinstance(error, MemoryError):
        return failure("memory", "many.memory", trace=trace)
    if (system := refused_by_system(error)) is not None:
        stops = condition(system) in NO_ROOM
        about = {"reason": system_reason(system), "action": what_to_do(system)}
        if system.filename is None:
            return failure("place", "cli.device_error", trace=trace, stops=stops, **about)
        about["path"] = system.filename
        return failure("place", "cli.os_error", trace=trace, stops=stops, **about)
    text = " ".join(str(error).split())[:LONGEST]
    return failure("fault", "cli.fault", trace=trace, kind=type(error).__name__, text=text)


def lost(exit_code: int | None, last_words: str = "") -> Failure:
    """A process that ended before it had answered; the exit code is Popen's."""
    if exit_code is not None and exit_code < 0:
        kind: Kind = "killed" if -exit_code in TURNED_OFF else "fault"
        return failure(kind, "many.killed", trace=last_words, signal=str(-exit_code))
    return failure("fault", "many.ended", trace=last_words, code=str(exit_code))


def failure(
    what: Kind, key: str, /, *, trace: str = "", stops: bool = False, **details: object
) -> Failure:
    """A failure with a sentence of the messages; a detail may be a sentence itself."""

    def told(lang: str) -> str:
        return message(key, lang, **{name: _in(lang, detail) for name, detail in details.items()})

    return Failure(what, {lang: told(lang) for lang in LANGUAGES}, trace, stops)


def _in(lang: str, detail: object) -> object:
    return detail.text(lang) if isinstance(detail, Said) else detail


def _problems(error: InputError, lang: str) -> str:
    count = len(error.problems)
    head = message("cli.problems", lang, count=count) + "\n" if count > 1 else ""
    return head + error.text(lang)

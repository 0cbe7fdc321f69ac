"""Why a county, or a command, failed: what kind of failure, and a sentence in every language."""

from __future__ import annotations

import errno
import traceback
from dataclasses import dataclass, field
from typing import Literal

from village_eval.county.problems import InputError
from village_eval.words.catalogue import LANGUAGES
from village_eval.words.messages import message

Kind = Literal["input", "place", "memory", "killed", "slow", "fault"]
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
"""The place takes nothing more: the next county would fail there too."""
OUR_OWN = (errno.EBADF, errno.EINVAL)
"""What the system says of a program's mistakes; the rest it says of places and devices."""
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
    if (system := _of_the_system(error)) is not None:
        # Libraries raise some without a number: "Cannot save file into a non-existent directory".
        reason, stops = system.strerror or str(system), system.errno in NO_ROOM
        if system.filename is not None:
            about = {"path": system.filename, "reason": reason}
            return failure("place", "cli.os_error", trace=trace, stops=stops, **about)
        key = "cli.machine_error" if stops else "cli.device_error"
        return failure("place", key, trace=trace, stops=stops, reason=reason)
    text = " ".join(str(error).split())[:LONGEST]
    return failure("fault", "cli.fault", trace=trace, kind=type(error).__name__, text=text)


def _of_the_system(error: BaseException | None) -> OSError | None:
    """What the system refused, be it only the cause of what was raised.

    An archive that cannot be closed on a full disk complains of itself, and so does a table.
    """
    first = error
    while error is not None:
        if isinstance(error, OSError):
            told = error.filename is not None or error.errno not in OUR_OWN
            if told and (error is first or error.errno in NO_ROOM):
                return error
        error = error.__cause__ or error.__context__
    return None


def lost(exit_code: int | None, last_words: str = "") -> Failure:
    """A process that ended before it had answered; the exit code is Popen's."""
    if exit_code is not None and exit_code < 0:
        kind: Kind = "killed" if -exit_code in TURNED_OFF else "fault"
        return failure(kind, "many.killed", trace=last_words, signal=str(-exit_code))
    return failure("fault", "many.ended", trace=last_words, code=str(exit_code))


def failure(
    what: Kind, key: str, /, *, trace: str = "", stops: bool = False, **details: object
) -> Failure:
    """A failure with a sentence of the messages."""
    return Failure(what, {lang: message(key, lang, **details) for lang in LANGUAGES}, trace, stops)


def _problems(error: InputError, lang: str) -> str:
    count = len(error.problems)
    head = message("cli.problems", lang, count=count) + "\n" if count > 1 else ""
    return head + error.text(lang)

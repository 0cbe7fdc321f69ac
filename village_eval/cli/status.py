"""Exit status, and how a failure is said."""

from __future__ import annotations

import argparse
import sys
import traceback
from pathlib import Path

from village_eval.county.problems import InputError
from village_eval.words.messages import message

DONE, FAULT, INPUT, INTERRUPTED = 0, 1, 2, 130


def worst(a: int, b: int) -> int:
    """A fault of the program is worse than wrong input, and that is worse than success."""
    return max(a, b, key=[DONE, INPUT, FAULT].index)


def report_error(error: Exception, args: argparse.Namespace, folder: Path | None = None) -> int:
    """Say on stderr what went wrong; returns the exit status."""
    lang = args.lang
    where = message("cli.in_county", lang, county=folder) + "\n" if folder is not None else ""
    if isinstance(error, InputError):
        count = len(error.problems)
        head = message("cli.problems", lang, count=count) + "\n" if count > 1 else ""
        print(f"{where}{head}{error}", file=sys.stderr)
        return INPUT
    if isinstance(error, OSError) and error.filename is not None:
        print(
            where + message("cli.os_error", lang, path=error.filename, reason=error.strerror),
            file=sys.stderr,
        )
        return INPUT
    if args.debug:
        traceback.print_exception(error, file=sys.stderr)
    print(
        where
        + message(
            "cli.fault", lang, kind=type(error).__name__, text=" ".join(str(error).split())[:300]
        ),
        file=sys.stderr,
    )
    return FAULT

"""Exit status, and how a failure is said."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from village_eval.many.failure import Failure, failure_of
from village_eval.words.messages import message

DONE, FAULT, INPUT, INTERRUPTED = 0, 1, 2, 130


def worst(a: int, b: int) -> int:
    """A fault of the program is worse than wrong input, and that is worse than success."""
    return max(a, b, key=[DONE, INPUT, FAULT].index)


def report_error(error: Exception, args: argparse.Namespace, folder: Path | None = None) -> int:
    """Say on stderr what went wrong; returns the exit status."""
    return report_failure(failure_of(error), args, folder)


def report_failure(failure: Failure, args: argparse.Namespace, folder: Path | None = None) -> int:
    """Say on stderr why a county, or the command, failed; returns the exit status."""
    where = "" if folder is None else message("cli.in_county", args.lang, county=folder) + "\n"
    if failure.is_fault and args.debug:
        print(failure.trace, file=sys.stderr)
    print(where + failure.text[args.lang], file=sys.stderr)
    return status_of(failure)


def status_of(failure: Failure) -> int:
    """1 where the program is to blame, 2 for the input, the place and the machine."""
    return FAULT if failure.is_fault else INPUT

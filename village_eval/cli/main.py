"""The command ``village-eval``.

Exit status 0 done, 2 the user's input, 1 a fault of the program, 130 interrupted.
"""

from __future__ import annotations

import logging
import os
import sys

from village_eval.cli.arguments import asked_lang, parser_in
from village_eval.cli.status import INPUT, INTERRUPTED, report_error
from village_eval.words.messages import LANG_VARIABLE, message


def main(argv: list[str] | None = None) -> int:
    """Run a command line and return the exit status."""
    argv = sys.argv[1:] if argv is None else argv
    for stream in (sys.stdout, sys.stderr):
        # Chinese sentences must not fail on a terminal that is set to another encoding.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    args = parser_in(asked_lang(argv)).parse_args(argv)
    args.lang = args.lang or asked_lang(argv)
    os.environ[LANG_VARIABLE] = args.lang  # worker processes and notebooks speak the same language
    logging.basicConfig(
        level=logging.DEBUG if args.debug else logging.WARNING, format="%(message)s"
    )
    if sys.unraisablehook is sys.__unraisablehook__:
        sys.unraisablehook = _unraisable
    try:
        return args.function(args)
    except KeyboardInterrupt:
        print(message("cli.interrupted", args.lang), file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # who read what is said has gone, as ``| head`` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INPUT
    except Exception as error:
        return report_error(error, args)


def _unraisable(about: sys.UnraisableHookArgs) -> None:
    """An archive left open on a full disk complains once more when it is forgotten.

    The command has said so already, and in words.
    """
    if not isinstance(about.exc_value, OSError):
        sys.__unraisablehook__(about)


if __name__ == "__main__":
    sys.exit(main())

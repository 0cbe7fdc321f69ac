"""What a long run says while it works.

A bar on a terminal, plain lines elsewhere, and every step in run.log.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from village_eval.words.wording import words


class Progress:
    """Counts ``n`` steps; ``step(what)`` is a context around each. ``quiet`` ones only log."""

    def __init__(self, n: int, log: Path, lang: str, quiet: bool = False):
        self.n, self.i, self.log, self.lang, self.quiet = n, 0, log, lang, quiet
        shown = not quiet and sys.stderr.isatty()
        self.bar = tqdm(total=n, file=sys.stderr, leave=False) if shown else None

    @contextmanager
    def step(self, what: str, **details) -> Iterator[None]:
        """One step, named by a key of ``[progress]`` in the report's words."""
        text, began = self._text(what, details), time.monotonic()
        if self.bar:
            self.bar.set_description(text)
        try:
            yield
        except BaseException as error:
            self._write(f"{text}: {type(error).__name__}: {error}")
            raise
        self.done(what, time.monotonic() - began, **details)

    def done(self, what: str, seconds: float, **details) -> None:
        """A step that has ended after so many seconds."""
        self.i += 1
        form = words(self.lang, "report")["progress"]["step"]
        line = form.format(
            i=self.i, n=self.n, what=self._text(what, details), seconds=f"{seconds:.1f}"
        )
        self._write(line)
        if self.bar:
            self.bar.update()
        elif not self.quiet:
            print(line, file=sys.stderr, flush=True)

    def close(self) -> None:
        """Take the bar off the terminal."""
        if self.bar:
            self.bar.close()

    def _text(self, what: str, details: dict) -> str:
        return words(self.lang, "report")["progress"][what].format(**details)

    def _write(self, line: str) -> None:
        with self.log.open("a", encoding="utf-8") as file:
            file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {line}\n")

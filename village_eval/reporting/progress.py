"""What a long run says while it works: a bar on a terminal, plain lines elsewhere, and every step in run.log."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from village_eval.wording import words


class Progress:
    """Counts ``n`` steps; ``step(what)`` is a context around each."""

    def __init__(self, n: int, log: Path, lang: str):
        self.n, self.i, self.log, self.lang = n, 0, log, lang
        self.bar = tqdm(total=n, file=sys.stderr, leave=False) if sys.stderr.isatty() else None

    @contextmanager
    def step(self, what: str, **details) -> Iterator[None]:
        """One step, named by a key of ``[progress]`` in the report's words."""
        t = words(self.lang, "report")["progress"]
        text, began = t[what].format(**details), time.monotonic()
        if self.bar:
            self.bar.set_description(text)
        try:
            yield
        except BaseException as error:
            self._write(f"{text}: {type(error).__name__}: {error}")
            raise
        finally:
            self.i += 1
        line = t["step"].format(i=self.i, n=self.n, what=text, seconds=f"{time.monotonic() - began:.1f}")
        self._write(line)
        if self.bar:
            self.bar.update()
        else:
            print(line, file=sys.stderr, flush=True)

    def close(self) -> None:
        """Take the bar off the terminal."""
        if self.bar:
            self.bar.close()

    def _write(self, line: str) -> None:
        with self.log.open("a", encoding="utf-8") as file:
            file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {line}\n")

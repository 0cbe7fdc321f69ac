"""What a batch says while it works: a bar on a terminal, lines elsewhere, all lines in a log."""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

from tqdm import tqdm

from village_eval.many.jobs import Ended, Job
from village_eval.words.messages import message


class Progress:
    """Counts ``n`` counties; ``log`` is a file, or None."""

    def __init__(self, n: int, log: Path | None, lang: str):
        self.n, self.log, self.lang, self.began = n, log, lang, time.monotonic()
        self.counts: Counter[str] = Counter()
        self.why: Counter[str] = Counter()
        self.bar = tqdm(total=n, file=sys.stderr, unit="") if sys.stderr.isatty() else None

    def say(self, key: str, **details: object) -> None:
        """A line on the screen and in the log."""
        text = message(key, self.lang, **details)
        if self.bar is None:
            print(text, file=sys.stderr, flush=True)
        else:
            self.bar.write(text, file=sys.stderr)
        if self.log is not None:
            stamp = time.strftime("%Y-%m-%d %H:%M:%S")
            with self.log.open("a", encoding="utf-8") as file:
                file.write(f"{stamp} {text}\n")

    def ended(self, job: Job, ended: Ended) -> None:
        """One county more, and how many are left."""
        self.counts[ended.status] += 1
        self.why[ended.why] += ended.status == "done"
        counts = message("many.counts", self.lang, **self._counted())
        about = {"county": job.name, "seconds": f"{ended.seconds:.1f}", "counts": counts}
        if ended.failure is not None:
            reason = " ".join(ended.failure.text[self.lang].split())
            self.say("many.failed", reason=reason, **about)
        elif ended.status == "kept":
            self.say("many.kept", **about)
        else:
            self.say(f"many.done_{ended.why}", **about)
        if self.bar is not None:
            self.bar.set_description(counts)
            self.bar.update()

    def close(self) -> None:
        """Take the bar off the terminal."""
        if self.bar is not None:
            self.bar.close()

    @property
    def left(self) -> int:
        """Counties that have not ended."""
        return self.n - sum(self.counts.values())

    def _counted(self) -> dict[str, object]:
        worked = self.counts["done"] + self.counts["failed"]
        spent = time.monotonic() - self.began
        minutes = f"{spent / worked * self.left / 60:.1f}" if worked else "?"
        done = self.counts["done"] + self.counts["kept"]
        return {"done": done, "failed": self.counts["failed"], "left": self.left, "time": minutes}

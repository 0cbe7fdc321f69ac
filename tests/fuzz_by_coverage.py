"""The readers of ``fuzz_readers`` led by coverage, in turns, for as long as one likes.

``python tests/fuzz_by_coverage.py PLACE SECONDS [NAME …]`` goes round all readers (or those named)
and goes on where an earlier run stopped: PLACE keeps for each a corpus, what failed (one input for
every cause) and, in ``state.json``, seconds and runs. atheris leads it, which is not among the
dependencies (``pip install atheris``).
"""

from __future__ import annotations

import importlib
import io
import json
import pkgutil
import random
import re
import subprocess
import sys
import time
import traceback
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from fuzz_readers import READERS, mutated, seeds

TURN = 150
"""Seconds of one reader at a time."""
SHARE = {name: 3 for name in ("roster.xlsx", "income.xlsx", "delivery.zip")} | {
    name: 2 for name in ("register.csv", "findings.json", "words.toml", "page.xls")
}
"""Readers with more behind them get more turns; the others one."""
ROOMS = ("county", "folder", "bureau")
FURTHER = ("report.index", "report.compare", "findings.saved", "many.jobs")
RUNS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
LONGEST = 60_000


def turns(place: Path, seconds: float, names: list[str]) -> None:
    """Go round until the time is up; whoever had the least of its share comes next."""
    place.mkdir(parents=True, exist_ok=True)
    kept, end = place / "state.json", time.monotonic() + seconds
    state = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    while (left := end - time.monotonic()) > 20:
        name = min(names, key=lambda n: state.get(n, {}).get("seconds", 0) / SHARE.get(n, 1))
        turn = ["--turn", name, str(int(min(TURN, left)))]
        began = time.monotonic()
        told = subprocess.run(
            [sys.executable, __file__, str(place), *turn], capture_output=True, text=True
        )
        (place / name / "last.log").write_text(told.stderr + told.stdout, "utf-8")
        about = state.setdefault(name, {"seconds": 0, "runs": 0})
        about["seconds"] += round(time.monotonic() - began)
        about["runs"] += int((RUNS.search(told.stderr) or [0, 0])[1])
        about["failed"] = sorted(p.name for p in (place / name / "found").iterdir())
        kept.write_text(json.dumps(state, indent=1) + "\n", "utf-8")
        print(time.strftime("%H:%M:%S"), name, about, "status", told.returncode, flush=True)


def turn(place: Path, name: str, seconds: int) -> None:
    """One reader in this process, which atheris ends."""
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["village_eval", "tomllib"]):
        importlib.import_module("tomllib")
        for room in ROOMS:
            package = importlib.import_module(f"village_eval.{room}")
            for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
                importlib.import_module(module.name)
        for module in FURTHER:
            importlib.import_module(f"village_eval.{module}")
    corpus, found = place / name / "corpus", place / name / "found"
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    for i, content in enumerate(seeds()[name]):
        (corpus / f"seed-{i}").write_bytes(content)
    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-timeout=60", "-reload=0"]
    options += ["-rss_limit_mb=4096", "-print_final_stats=1", f"-artifact_prefix={found}/"]

    def step(content: bytes, most: int, seed: int) -> bytes:
        return changed(content, random.Random(seed), lambda part: atheris.Mutate(part, most), most)

    atheris.Setup(
        [sys.argv[0], *options, str(corpus)], kept(READERS[name], found), custom_mutator=step
    )
    atheris.Fuzz()


def kept(read: Callable[[bytes], object], found: Path) -> Callable[[bytes], None]:
    """The reader, which keeps the first input of every cause and goes on."""

    def tried(content: bytes) -> None:
        try:
            read(content)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # compiled code panics beside Exception
            frames = traceback.extract_tb(error.__traceback__)
            ours = [f for f in frames if "village_eval" in f.filename] or frames
            cause = f"{type(error).__name__}-{Path(ours[-1].filename).stem}-{ours[-1].lineno}"
            if not (found / cause).exists():
                (found / cause).write_bytes(content)
                (found / f"{cause}.txt").write_text(
                    "".join(traceback.format_exception(error)), "utf-8", "replace"
                )

    return tried


def changed(
    content: bytes, rng: random.Random, mutate: Callable[[bytes], bytes], most: int
) -> bytes:
    """A next input: of an archive one part is changed, however deep, and its checksums are right."""
    if content[:4] == b"PK\x03\x04" and rng.random() < 0.9:
        try:
            made = _packed(content, rng, mutate, most)
        except (zipfile.BadZipFile, zlib.error, ValueError, OSError, RuntimeError, EOFError):
            made = content
        if made != content and len(made) <= most:
            return made
    made = mutate(content) if rng.random() < 0.5 else mutated(content, rng)
    return made[:most]


def _packed(
    content: bytes, rng: random.Random, mutate: Callable[[bytes], bytes], most: int
) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    if not parts:
        return content
    told = [i for i, (name, _) in enumerate(parts) if "sheet" in name or "hared" in name]
    chosen = rng.choice(told if told and rng.random() < 0.7 else range(len(parts)))
    name, part = parts[chosen]
    parts[chosen] = name, changed(part, rng, mutate, most)
    if rng.random() < 0.05:
        parts[chosen] = str(mutated(name.encode(), rng), "utf-8", "replace")[:200] or "x", part
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for name, part in parts:
            out.writestr(name.partition("\0")[0] or "x", part)
    return made.getvalue()


if __name__ == "__main__":
    folder, *words = sys.argv[1:]
    if words[0] == "--turn":
        turn(Path(folder), words[1], int(words[2]))
    else:
        turns(Path(folder).resolve(), float(words[0]), words[1:] or list(READERS))

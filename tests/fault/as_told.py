"""A county that does as a file in its folder tells: work for worker processes in tests.

Everything but the computation is the program's own. A folder holds ``campaign.toml`` (so that it
is a county's) whose ``county`` is the order: ok, raise, out_of_memory, eat_memory, no_room, read_only,
kill, exit, sleep SECONDS. While it is computed the file ``begun`` in it holds the process's number.
"""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
import zipfile
from pathlib import Path

from village_eval.folder.overwriting import replacing
from village_eval.many import work as module

HERE = Path(__file__).parent
PROGRAM = """
import signal
import sys
import as_told
from village_eval.cli.main import main
from village_eval.many import batch
# A shell that runs the tests in the background leaves Ctrl-C ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
batch.work, batch.pool_results = as_told.work, as_told.no_pool
sys.exit(main(sys.argv[1:]))
"""
DAY_MADE = re.compile(rb'data-key="\d{4}-\d\d-\d\d">\d{4}-\d\d-\d\d')
FINDING = {"id": "petitions.first_year", "estimate": -0.2, "n_treated": 8, "grade": "B"}


def county(folder: Path, order: str = "ok", more: str = "") -> Path:
    """A county folder with its order."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "campaign.toml").write_text(f'county = "{order}"\nmore = "{more}"\n', "utf-8")
    for name in ("villages", "petitions"):
        (folder / f"{name}.csv").write_text("village_code\n", "utf-8")
    return folder


def counties(root: Path, *orders: str) -> list[Path]:
    """Folders a, b, c, … with their orders."""
    return [county(root / chr(97 + i), order) for i, order in enumerate(orders)]


def work(job):
    """The program's work with a computation that obeys."""
    module.compute = compute
    return module.work(job)


def no_pool(out, **_):
    """Counties that only obey have nothing to say together."""


def compute(job, inputs):
    about = tomllib.loads(inputs.files["campaign.toml"].content.decode())
    order, _, seconds = about["county"].partition(" ")
    (job.folder / "begun").write_text(str(os.getpid()))
    if order == "raise":
        raise RuntimeError("as told")
    if order == "out_of_memory":
        raise MemoryError
    if order == "eat_memory":
        import resource

        held = 400 << 20
        resource.setrlimit(resource.RLIMIT_AS, (held, held))
        bytearray(1 << 30)
    if order in ("no_room", "read_only"):
        number = errno.ENOSPC if order == "no_room" else errno.EROFS
        raise OSError(number, os.strerror(number))
    if order == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if order == "exit":
        os._exit(7)
    if order == "sleep":
        time.sleep(float(seconds or 60))
    with replacing(job.place, [job.folder], lang="en") as made:
        found = {
            "county": job.name,
            "campaign": {"start": "2023-03-01"},
            "findings": [FINDING | {"estimate": -0.2 - len(about["more"]) / 100}],
        }
        (made / "findings.json").write_text(json.dumps(found), "utf-8")
        manifest = {"inputs": inputs.hashes, "made": time.time()}
        (made / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def environment() -> dict[str, str]:
    """That of a process that finds the package of this checkout, and this file."""
    paths = (str(HERE.parents[1]), str(HERE))
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths), "VILLAGE_EVAL_LANG": "en"}


def start(folders: list[Path], out: Path, *words: str) -> subprocess.Popen:
    """The command batch as a process of its own, with counties that obey."""
    command = ["batch", *map(str, folders), "--out", str(out), "--lang", "en", *words]
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *command],
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )


def wait_for(true, seconds: float = 60.0):
    """Wait until a function says yes, and return what it says."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.05)
    raise TimeoutError


def workers_of(process: subprocess.Popen) -> list[int]:
    """The processes that a process has started, by number (Linux)."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(number) for number in children.read_text().split()]


def is_alive(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _workbook(path: Path) -> bytes:
    """What a workbook holds; the archive, and who made it when, carry the time."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name != "docProps/core.xml"]
        return b"".join(archive.read(name) for name in names)


def lasting(out: Path) -> dict[str, bytes]:
    """All that a batch left and that does not depend on the clock or on how it came about."""
    held = {str(p.relative_to(out)): p for p in out.rglob("*") if p.is_file()}
    timed = ("manifest.json", ".village_eval.json", "batch.log", "lock")
    return {
        name: untimed(path)
        for name, path in held.items()
        if path.name not in timed and not name.startswith("state/")
    }


def untimed(path: Path) -> bytes:
    """What a file holds but for the day on which it was made (a run may go over midnight)."""
    if path.suffix == ".xlsx":
        return _workbook(path)
    if path.name == "index.html":
        return DAY_MADE.sub(b"", path.read_bytes())
    return path.read_bytes()


def first_difference(one: dict[str, bytes], other: dict[str, bytes]) -> str:
    """Where two results part, in one line; nothing where they are the same."""
    for name in sorted(one.keys() | other.keys()):
        left, right = one.get(name), other.get(name)
        if left is None or right is None:
            return f"{name}: only in the {'second' if left is None else 'first'}"
        if left != right:
            pairs = enumerate(zip(left, right, strict=False))
            at = next((i for i, (a, b) in pairs if a != b), min(len(left), len(right)))
            around = slice(max(0, at - 120), at + 80)
            return f"{name}, byte {at}: {left[around]!r} against {right[around]!r}"
    return ""

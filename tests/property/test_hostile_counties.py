"""What `check` passes, the rest can do: whatever county comes, it is refused in words, or done.

``python tests/property/test_hostile_counties.py FIRST LAST [EVERY]`` tries more seeds, every so
many with a report in both languages, a plan, an index and a comparison.
"""

import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1]))
from hostile_counties import SHAPES, TWISTS, county, of_seed

from village_eval.cli.main import main

NO_HOLE = ("Traceback", "NaN", "Infinity")


def said(*words: object) -> tuple[int, str]:
    """Exit status of a command, and all that it says."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        status = main([str(w) for w in words])
    return status, told.getvalue()


def must(allowed: tuple[int, ...], *words: object) -> int:
    """The status of a command; with --debug a fault of the program says where."""
    status, text = said(*words, "--debug")
    assert status in allowed, f"{words[0]}: status {status}\n{text[-3000:]}"
    if status == 2:
        assert len(text.strip()) > 10 and "Traceback" not in text, text[-2000:]
    assert "\x1b" not in text and "\nERROR: lost" not in text, "it reaches the terminal"
    return status


def tried(place: Path, shape: str, twists: list[str], seed: int, whole: bool = False) -> str:
    """What became of a county: refused, or done (and with ``whole`` shown in every form)."""
    folder = county(shape, twists, seed).write(place / "county")
    if must((0, 2), "check", folder, "--lang", "en") == 2:
        return "refused"
    quick = ("--draws", "9")
    must((0,), "evaluate", folder, "--out", place / "e", "--workers", "1", "--lang", "en", *quick)
    found = json.loads((place / "e/county/findings.json").read_text("utf-8"))
    assert found["findings"]
    if not whole:
        return "done"
    must((0,), "report", folder, "--out", place / "r/a", "--lang", "both", "--full", *quick)
    for page in (place / "r/a").glob("report.*.html"):
        assert "<h1" in page.read_text("utf-8")
    must((0,), "compare", place / "e/county", place / "r/a", "--out", place / "c", "--lang", "zh")
    must((0,), "index", place / "r", "--lang", "en")
    plan = ("plan", folder, "--out", place / "p", "--villages", "4", "--start", "2031-03-01")
    if must((0, 2), *plan, "--lang", "en") == 0:
        must((0, 2), "plan", folder, "--out", place / "p", "--analyse", "--lang", "zh")
    return "shown"


@pytest.fixture(autouse=True)
def a_cache_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


COUNTIES = st.tuples(
    st.sampled_from(sorted(SHAPES)),
    st.lists(st.sampled_from(sorted(TWISTS)), max_size=5, unique=True),
    st.integers(0, 9999),
)


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(COUNTIES)
def test_what_check_passes_is_evaluated(tmp_path_factory, given_county):
    tried(tmp_path_factory.mktemp("odd"), *given_county)


FOUND = {
    "a typical village's share of a year that nobody observed": 158,
    "an outcome of its own called like one of every county's": 411,
    "donors who all lack a year (a panic of compiled code)": 164,
}


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found(tmp_path, name):
    tried(tmp_path, *of_seed(FOUND[name]))


def run(first: int, last: int, every: int) -> None:
    """Try seeds, and print what failed."""
    counted: dict[str, int] = {}
    for seed in range(first, last):
        place = Path(tempfile.mkdtemp(prefix="odd-"))
        os.environ["XDG_CACHE_HOME"] = str(place / "cache")
        shape, twists, number = of_seed(seed)
        try:
            became = tried(place, shape, twists, number, every > 0 and seed % every == 0)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            became = "OTHER"
            print(
                f"--- {seed}: {shape!r}, {twists!r}, {number}\n{type(error).__name__}: {error}",
                flush=True,
            )
        counted[became] = counted.get(became, 0) + 1
        shutil.rmtree(place, ignore_errors=True)
        if seed % 20 == 19:
            print(seed, counted, flush=True)
    print(first, last, counted, flush=True)


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    run(*numbers, *[10][len(numbers) - 2 :])

"""`make reproduce`: make every committed table and figure anew and compare: python -m tools.reproduce

    python -m tools.reproduce                   all of it; status 1 on any difference
    python -m tools.reproduce --only figures    some of it
    python -m tools.reproduce --write           put what was made in place of what is committed

Pages are compared by their words and numbers, figures by what they draw (docs/images/drawn.json), the
embedded county byte by byte. Certification tables have commands of their own (data/README.md) that take hours,
and the figures of speed are measured, not computed (`make bench`): neither is made here.
"""

from __future__ import annotations

import argparse
import difflib
import filecmp
import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
DATA = ROOT / "data"
LANGS = ("zh", "en")
PAGE_ONE = {"width": 1040, "height": 900}


def program(*arguments: str | Path) -> str:
    """What a command of this interpreter prints; CalledProcessError where it fails."""
    asked = [sys.executable, *map(str, arguments)]
    return subprocess.run(asked, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def lines_that_differ(name: str, old: str, new: str) -> list[str]:
    """The first of them, each with its sign."""
    found = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0)
    changed = [line[:160] for line in found if not re.match(r"---|\+\+\+|@@", line)]
    return [f"{name}: {line}" for line in changed[:6]]


def tables(work: Path, write: bool) -> list[str]:
    """README.md, README.zh.md, docs/evidence.md from data/certification*.csv."""
    from tools.evidence import FILES, written

    wrong = []
    for path in FILES:
        old = path.read_text("utf-8")
        new = written(old)
        wrong += lines_that_differ(path.name, old, new)
        if write:
            path.write_text(new, "utf-8")
    return wrong


def codebook(work: Path, write: bool) -> list[str]:
    """docs/codebook.md from the contracts of the tables."""
    return same_text(DOCS / "codebook.md", program("-m", "village_eval.folder.codebook"), write)


def licences(work: Path, write: bool) -> list[str]:
    """docs/licences.md from the locks and the installed packages."""
    from tools.licences import PAGE, page

    return same_text(PAGE, page(), write)


def hard_cases(work: Path, write: bool) -> list[str]:
    """docs/hard_cases.md, one simulated county a case."""
    path = DOCS / "hard_cases.md"
    before = path.read_text("utf-8")
    try:
        program("tools/hard_cases.py")
        new = path.read_text("utf-8")
    finally:
        path.write_text(before, "utf-8")
    return same_text(path, new, write)


def same_text(path: Path, new: str, write: bool) -> list[str]:
    """Lines in which a committed page differs from what was made."""
    old = path.read_text("utf-8") if path.exists() else ""
    if write:
        path.write_text(new, "utf-8")
    return lines_that_differ(path.name, old, new)


def demo_county(work: Path, write: bool) -> list[str]:
    """data/demo_county, the same bytes."""
    made, kept = work / "demo_county", DATA / "demo_county"
    program("-m", "village_eval.cli.main", "simulate", "--out", made, "--seed", "2")
    names = {path.name for folder in (made, kept) for path in folder.iterdir()}
    names = {name for name in names if not name.startswith(".")}
    _, other, missing = filecmp.cmpfiles(kept, made, sorted(names), shallow=False)
    if write:
        for name in (*other, *missing):
            shutil.copy(made / name, kept / name)
    return [f"data/demo_county/{name} differs" for name in (*other, *missing)]


def figures(work: Path, write: bool) -> list[str]:
    """docs/images/certification_*.png from data/certification.csv, by what they draw."""
    from tools.drawn import differences, drawn
    from village_eval.certify.figure import certification
    from village_eval.certify.runs import read_csv

    kept = DOCS / "images" / "drawn.json"
    old = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    table = read_csv(DATA / "certification.csv")
    new = {}
    for outcome in ("petitions", "earned_income"):
        picture = certification(table, "en", outcome)
        new[picture.name] = drawn(picture.figure)
        picture.save(work)
        if write:
            shutil.copy(work / f"{picture.name}.png", kept.parent)
    wrong = differences(old, new)
    if write:
        kept.write_text(json.dumps(new, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    return wrong[:6]


def report(work: Path, write: bool) -> list[str]:
    """docs/example_report.*.html and docs/images/page_one.*.png: the embedded county's report."""
    out = work / "report"
    command = ("report", "data/demo_county", "--out", out, "--lang", "both")
    program("-m", "village_eval.cli.main", *command)
    wrong = []
    for lang in LANGS:
        old, new = DOCS / f"example_report.{lang}.html", out / f"report.{lang}.html"
        wrong += lines_that_differ(old.name, words_of(old), words_of(new))
        if write:
            shutil.copy(new, old)
            page_one(new, DOCS / "images" / f"page_one.{lang}.png")
    return wrong


def words_of(page: Path) -> str:
    """All that a page says, a line a piece: its text and the words of its pictures, which hold their
    numbers; without the day and the version it was made with."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
    for hidden in soup(["style", "script"]):
        hidden.decompose()
    for picture in soup("img"):
        picture.replace_with(f"\n{picture.get('alt', '')}\n")
    return made_when(soup.get_text("\n", strip=True))


def made_when(text: str) -> str:
    """A text without what changes from day to day, and from one Python to the next."""
    changing = (
        r"Python \d[.\d]*\d|\d{4}-\d\d-\d\d|\d{4}年\d+月\d+日|\d+ [A-Z][a-z]+ \d{4}|[0-9a-f]{12,}"
    )
    return re.sub(changing, "…", text)


def page_one(page: Path, picture: Path) -> None:
    """A screenshot of the report's first page."""
    from playwright.sync_api import sync_playwright

    chromium = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page(viewport=PAGE_ONE)
        tab.goto(page.resolve().as_uri())
        tab.screenshot(path=picture)
        browser.close()


PARTS: tuple[Callable[[Path, bool], list[str]], ...] = (
    tables,
    codebook,
    licences,
    demo_county,
    figures,
    report,
    hard_cases,
)


def main(argv: list[str] | None = None) -> int:
    """Every part that is asked for, one after the other; 1 if any differs."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    names = [part.__name__ for part in PARTS]
    parser.add_argument("--only", action="append", choices=names, help="some parts only")
    parser.add_argument("--write", action="store_true", help="replace what is committed")
    asked = parser.parse_args(argv)
    differ = []
    for part in PARTS:
        if asked.only and part.__name__ not in asked.only:
            continue
        begun, used = time.monotonic(), processor_seconds()
        with tempfile.TemporaryDirectory() as folder:
            wrong = part(Path(folder), asked.write)
        took = f"{time.monotonic() - begun:.0f} s, {processor_seconds() - used:.0f} s of processor time"
        print(f"{part.__name__}: {'DIFFERS' if wrong else 'the same'} ({took})", flush=True)
        print("".join(f"    {line}\n" for line in wrong), end="")
        differ += wrong
    return 1 if differ else 0


def processor_seconds() -> float:
    """Used by this process and its children until now."""
    both = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


if __name__ == "__main__":
    sys.exit(main())

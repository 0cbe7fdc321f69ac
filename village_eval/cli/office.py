"""What happens when somebody drags a folder onto run.bat (or gives it to run.sh).

A delivery is imported beside itself; problems open as a workbook, else the report opens in the
browser. A county folder is reported at once.
"""

from __future__ import annotations

import os
import subprocess
import sys
import webbrowser
from pathlib import Path

from village_eval.bureau.settings import names_of
from village_eval.cli.main import main as run
from village_eval.cli.status import DONE, INPUT
from village_eval.folder.campaign_file import FILE
from village_eval.folder.raw import SUFFIXES
from village_eval.words.messages import message

PROBLEMS = "problems.xlsx"


def main(argv: list[str] | None = None, lang: str = "zh") -> int:
    """Import and report what was dragged; the exit status of what came last."""
    given = sys.argv[1:] if argv is None else argv
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    if len(given) != 1 or not given[0].strip():
        print(message("office.how", lang))
        return INPUT
    # Windows leaves a quotation mark at the end of "D:\".
    folder = Path(given[0].strip().strip('"')).absolute()
    if folder.is_file() and folder.name.lower() in names_of(FILE):
        folder = folder.parent
    if not folder.is_dir():
        print(message("office.no_folder", lang, path=folder))
        return INPUT
    county = folder
    if not is_county(folder):
        county, problems = beside(folder, "data", lang), beside(folder, "problems", lang)
        print(message("office.importing", lang, folder=folder), flush=True)
        words = ["--out", str(county), "--annotate", str(problems), "--lang", lang]
        status = run(["import", str(folder), *words])
        if status != DONE:
            if (problems / PROBLEMS).is_file():
                print(message("office.problems", lang, path=problems / PROBLEMS))
                open_file(problems / PROBLEMS)
            return status
    out = beside(folder, "report", lang)
    print(message("office.reporting", lang), flush=True)
    status = run(["report", str(county), "--out", str(out), "--lang", "both"])
    if status == DONE:
        page = out / f"report.{lang}.html"
        print(message("office.done", lang, path=page))
        webbrowser.open(page.as_uri())
    return status


def is_county(folder: Path) -> bool:
    """Whether a folder is a county's already: campaign.toml and the tables under our names."""
    tables = [any((folder / f"{t}{s}").is_file() for s in SUFFIXES) for t in _NEEDED]
    return (folder / FILE).is_file() and all(tables)


_NEEDED = ("villages", "petitions")


def beside(folder: Path, what: str, lang: str) -> Path:
    """The folder that is written beside the one that was dragged."""
    return folder.with_name(folder.name + message(f"office.folder_{what}", lang))


def open_file(path: Path) -> None:
    """Open a file with the program that this machine has for it."""
    if hasattr(os, "startfile"):  # Windows
        os.startfile(path)
        return
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    try:
        subprocess.run([opener, str(path)], check=False, capture_output=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return  # its path was printed


if __name__ == "__main__":
    sys.exit(main())

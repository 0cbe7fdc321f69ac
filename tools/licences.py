"""Write docs/licences.md, the licence of every package that the lock files name: python -m
tools.licences

Licences are what the installed packages say of themselves; run it where the test lock is installed."""

from __future__ import annotations

import re
from collections import Counter
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "licences.md"
LOCKS = {
    "requirements.lock": "running",
    "requirements-test.lock": "tests, extras, this site",
    "requirements-data.lock": "the data of one notebook",
}
"""What each lock is for; a package is listed with the first that has it."""
ELSEWHERE = "not installed where this page was written"
HEAD = """# Licences of the dependencies

village_eval itself is under the MIT licence, the font in `village_eval/words/fonts/` under the SIL Open Font License. The wheel holds no
code of others; these {n} packages are installed beside it, {running} of them to run it. Written by `python -m tools.licences` from what the installed
packages say of themselves; a test compares the names and versions with the lock files. Those {elsewhere} are wanted on other systems or
versions of Python only.

| package | version | licence | for |
| --- | --- | --- | --- |
"""


def locked() -> dict[str, tuple[str, str]]:
    """Every package of the locks: its versions (one for each kind of Python), and what it is for."""
    found: dict[str, tuple[str, str]] = {}
    for lock, purpose in LOCKS.items():
        text = (ROOT / lock).read_text("utf-8")
        here: dict[str, list[str]] = {}
        for name, version in re.findall(r"(?m)^([a-z0-9][\w.-]*)==(\S+)", text):
            here.setdefault(name, []).append(version)
        for name, versions in here.items():
            found.setdefault(name, (", ".join(dict.fromkeys(versions)), purpose))
    return dict(sorted(found.items()))


def licence(name: str) -> str:
    """As the package's metadata have it: expression, else classifiers, else the field, else the files
    that hold it."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ELSEWHERE
    kinds = [
        c.split("::")[-1].strip() for c in about.get_all("Classifier", []) if "License ::" in c
    ]
    field = (about.get("License") or "").strip().splitlines()[:1]
    files = about.get_all("License-File", [])
    said = about.get("License-Expression") or "; ".join(kinds) or "".join(field)
    if said in ("", "LICENSE"):
        return f"not named; see {', '.join(files)}" if files else "not named in its metadata"
    return said


def page() -> str:
    """The whole page."""
    packages = locked()
    licences = {name: licence(name) for name in packages}
    rows = [
        f"| {name} | {version} | {licences[name]} | {purpose} |"
        for name, (version, purpose) in packages.items()
    ]
    purposes = Counter(purpose for _, purpose in packages.values())
    head = HEAD.format(n=len(rows), running=purposes["running"], elsewhere=ELSEWHERE)
    return head + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")

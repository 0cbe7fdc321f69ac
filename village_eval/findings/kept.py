"""Results that were computed before.

Folders in the user's cache, one for given inputs, options, program and libraries.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from village_eval.county.county import County
from village_eval.folder.inputs import Inputs

KEPT = 20
"""So many results stay; the oldest goes."""
LIBRARIES = ("numpy", "scipy", "pandas", "pyarrow", "statsmodels", "diff-diff")
"""Libraries whose version may move a number or the form of what is kept."""


def place_of(county: Inputs | County, options: Mapping[str, object]) -> Path:
    """Where the result of these inputs and options is kept, or would be."""
    hashes = county.inputs if isinstance(county, County) else county.hashes
    where = None if county.folder is None else str(county.folder.resolve())
    key = [hashes, where, options, program()]
    digest = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()
    return root() / digest[:32]


def root() -> Path:
    """The user's folder of kept results."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "village_eval"


@cache
def program() -> str:
    """A hash of all that computes.

    Every file of the package, words and numbers too, and the libraries.
    """
    package, digest = Path(__file__).parents[1], hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if path.suffix in (".py", ".toml", ".csv"):
            digest.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    versions = [platform.python_version(), *map(importlib.metadata.version, LIBRARIES)]
    return digest.hexdigest() + " ".join(versions)


def forget_oldest() -> None:
    """Remove all but the newest; pickles of earlier versions too."""
    kept = [p for p in root().iterdir() if not p.name.startswith(".")]
    newest_last = sorted(kept, key=lambda p: p.stat().st_mtime)
    for path in newest_last[:-KEPT]:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

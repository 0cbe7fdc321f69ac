"""What a report was made from: hashes of inputs and outputs, versions, parameters, seed."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib.metadata
import platform
from pathlib import Path

from village_eval import __version__
from village_eval.county.county import County
from village_eval.words.plain import as_written

LIBRARIES = (
    "numpy",
    "pandas",
    "scipy",
    "statsmodels",
    "matplotlib",
    "seaborn",
    "papermill",
)


def manifest(county: County, out: Path, parameters: dict, seconds: float) -> dict:
    """The manifest as a dict.

    ``out`` is the finished report's folder, whose files are hashed too.
    """
    made = {
        str(p.relative_to(out).as_posix()): _sha256(p)
        for p in sorted(out.rglob("*"))
        if p.is_file() and p.name != "run.log"
    }
    return {
        "schema": "village-eval/manifest/1",
        "county_folder": as_written(county.folder.resolve().name) if county.folder else None,
        "inputs": county.inputs,
        "parameters": parameters,
        "versions": {"village-eval": __version__, "python": platform.python_version()}
        | {name: importlib.metadata.version(name) for name in LIBRARIES},
        "made": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "outputs": made,
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

"""Which counties: from folders and lists to jobs, each with a name of its own."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from village_eval.county.problems import InputError, problem
from village_eval.many.failure import Failure

RESERVED = frozenset({"state", "counties.csv", "counties.parquet", "pooled.json", "batch.log"})
"""What a batch itself puts beside the counties' folders."""
LIST_ENCODINGS = ("utf-8-sig", "gb18030")
Reason = Literal["new", "inputs", "options", "program", "result", "failed"]
"""Why a county was computed: the first time, or what had changed since."""


@dataclass(frozen=True)
class Job:
    """One county folder, the place of its result, and what makes the result what it is.

    ``known`` is what the state says of the last time: its key and the hash of its manifest.
    ``program`` is the hash of the program that is meant to compute (findings/kept.py).
    """

    name: str
    folder: Path
    place: Path
    options: Mapping[str, Any]
    program: str
    reports: bool = False
    known: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Ended:
    """What became of a job.

    ``findings`` are plain rows; ``seconds`` wall time, ``processor`` processor seconds, ``memory``
    the most that the process ever held, in MiB.
    """

    status: Literal["done", "kept", "failed"]
    failure: Failure | None = None
    why: Reason = "new"
    key: Mapping[str, Any] | None = None
    manifest: str = ""
    county: Mapping[str, Any] | None = None
    findings: tuple[Mapping[str, Any], ...] = ()
    seconds: float = 0.0
    processor: float = 0.0
    memory: int = 0


def folders_of(given: Iterable[str | Path], lang: str) -> list[Path]:
    """County folders, with those that text files list (a line each, # before a remark).

    Absolute, each once, in the order given; paths in a list are read from where the list lies.

    Raises InputError for a list that cannot be read, and when nothing is named.
    """
    found: list[Path] = []
    for path in map(Path, given):
        found += _listed(path, lang) if path.is_file() else [path]
    once = dict.fromkeys(Path(os.path.abspath(p)) for p in found)
    if not once:
        raise InputError([problem("no_counties", ", ".join(map(str, given)), lang)])
    return list(once)


def names_of(folders: Iterable[Path], lang: str) -> dict[Path, str]:
    """A name for each folder: its own, or the path below the common parent where two share it.

    Raises InputError when names are the same even so.
    """
    by_name: dict[str, list[Path]] = defaultdict(list)
    for folder in folders:
        by_name[folder.resolve().name].append(folder)
    names: dict[Path, str] = {}
    for name, same in by_name.items():
        if len(same) == 1 and name not in RESERVED:
            names[same[0]] = name
            continue
        real = [f.resolve() for f in same]
        above = os.path.commonpath([f.parent if len(real) > 1 else f.parent.parent for f in real])
        for folder, path in zip(same, real, strict=True):
            names[folder] = "_".join(path.relative_to(above).parts)
    _refuse_same(names, lang)
    return names


def _refuse_same(names: Mapping[Path, str], lang: str) -> None:
    counted: dict[str, int] = defaultdict(int)
    for name in names.values():
        counted[name] += 1
    if twice := [name for name, n in counted.items() if n > 1]:
        raise InputError([problem("same_name", name, lang, name=name) for name in twice])


def _listed(path: Path, lang: str) -> list[Path]:
    for encoding in LIST_ENCODINGS:
        try:
            lines = path.read_bytes().decode(encoding).splitlines()
            break
        except UnicodeDecodeError:
            continue
    else:
        raise InputError([problem("not_a_list", str(path), lang)])
    named = [line.partition("#")[0].strip() for line in lines]
    if "\0" in "".join(named):
        raise InputError([problem("not_a_list", str(path), lang)])
    return [path.parent / name for name in named if name]

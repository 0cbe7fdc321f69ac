"""Runs of an examination on all cores, resumed only while the code is the same."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm import tqdm

from village_eval.expectation.results import Estimate
from village_eval.words.parallel import each

PACKAGE = Path(__file__).parents[1]
ROOMS = (
    "words",
    "county",
    "folder",
    "bureau",
    "expectation",
    "designs",
    "checks",
    "measures",
    "next_round",
    "findings",
    "certify",
)
"""What a run may depend on; reports and commands only show it."""
LIBRARIES = ("numpy", "scipy", "pandas", "diff-diff")
CODE = "code"
"""The column that says of which code a run is."""


def read_csv(path: str | Path) -> pd.DataFrame:
    """A table of certification as it was written.

    The scenario ``null`` is a name and no missing value.
    """
    return pd.read_csv(path, keep_default_na=False, na_values=[""], low_memory=False)


def code_key(
    functions: Iterable[Callable] = (), about: Iterable[str] = (), package: Path = PACKAGE
) -> str:
    """Twelve hex digits over all that runs depend on.

    Every Python and toml file of ROOMS, the files of ``functions`` (designs of one's own), the
    versions of LIBRARIES, and ``about``: what else tells runs apart. A function typed in by hand
    has no file: its key is never the same twice.
    """
    digest = hashlib.sha256(repr(list(about)).encode())
    files = [package / "__init__.py"]
    for room in ROOMS:
        files += sorted(p for p in (package / room).rglob("*") if p.suffix in (".py", ".toml"))
    for path in files:
        digest.update(f"{path.relative_to(package).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for name in LIBRARIES:
        digest.update(f"{name} {importlib.metadata.version(name)}\0".encode())
    for source in sorted({_source(f) for f in functions}):
        digest.update(hashlib.sha256(source).digest())
    return digest.hexdigest()[:12]


def _source(function: Callable) -> bytes:
    module = getattr(function, "__module__", None) or type(function).__module__
    file = getattr(sys.modules.get(module), "__file__", None)
    return os.urandom(16) if file is None else Path(file).read_bytes()


def examined(
    one: Callable[[tuple], pd.DataFrame],
    jobs: Iterable[tuple],
    names: Sequence[str],
    *,
    file: Path | None = None,
    code: str | None = None,
    workers: int | None = None,
) -> pd.DataFrame:
    """The rows of ``one(job)`` for all jobs, ordered by ``names``.

    A job begins with the values of the columns ``names`` of its rows. With ``file`` the rows are
    added there as they are made, with a column ``code``; jobs that it holds of the same code are
    not made again, other code's are dropped. Without a file there is no such column.
    """
    code, jobs = code or code_key(), list(jobs)
    kept = _kept(file, code, names)
    of = pd.Series(list(kept[list(names)].itertuples(index=False, name=None)), kept.index, object)
    wanted = [job[: len(names)] for job in jobs]
    made = [kept[of.isin(wanted)]]
    left = [job for job, about in zip(jobs, wanted, strict=True) if about not in set(of)]
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(kept.to_csv(index=False) if len(kept) else "", "utf-8")
    runs = tqdm(
        each(one, left, workers), total=len(left), disable=not sys.stderr.isatty(), unit=" counties"
    )
    for _, rows in runs:
        made.append(rows)
        if file is not None and len(rows):
            rows = rows.assign(**{CODE: code})
            text = rows.to_csv(header=file.stat().st_size == 0, index=False)
            with file.open("a", encoding="utf-8", newline="") as handle:
                handle.write(text)  # at once: a job is there whole, or its last line is cut off
    filled = [rows.drop(columns=CODE, errors="ignore") for rows in made if len(rows)]
    if not filled:
        return pd.DataFrame(columns=list(names))
    return pd.concat(filled, ignore_index=True).sort_values(
        list(names), kind="stable", ignore_index=True
    )


def _kept(file: Path | None, code: str, names: Sequence[str]) -> pd.DataFrame:
    """What a file holds of this code; a job whose last line was cut off is left out."""
    nothing = pd.DataFrame(columns=[*names, CODE])
    if file is None or not file.exists() or file.stat().st_size == 0:
        return nothing
    whole = file.read_bytes().endswith(b"\n")
    kept = read_csv(file)
    if CODE not in kept or not set(names) <= set(kept):
        return nothing
    if not whole and len(kept):
        last = kept[list(names)].iloc[-1]
        kept = kept[(kept[list(names)] != last).any(axis=1)]
    return kept[kept[CODE] == code]


def holds(estimate: Estimate, truth: float) -> bool:
    """Whether the 95 % interval of an estimate holds the truth; without one it does not."""
    low, high = estimate.ci_low, estimate.ci_high
    return low is not None and high is not None and bool(low <= truth <= high)


def monte_carlo_error(values: pd.Series, clusters: pd.Series | None = None) -> float:
    """Standard error of the mean of ``values`` [N].

    The sandwich over ``clusters``, times √(G / (G − 1)).

    Runs that have something in common (villages of one county, lists of one year) are a cluster;
    without ``clusters`` each is its own, and the error is the usual one. NaN with fewer than two.
    """
    rest = values.astype(float) - values.astype(float).mean()
    if clusters is not None:
        rest = rest.groupby(clusters).sum()
    n = len(rest)
    return float(np.sqrt((rest**2).sum() * n / (n - 1)) / len(values)) if n > 1 else float("nan")

"""What the figures were measured on."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("village-eval", "numpy", "scipy", "pandas", "pyfixest")


def load() -> float | None:
    """Runnable processes over the last minute; None where the system does not say."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def describe(fixest: str | None, loads: tuple[float | None, float | None], note: str) -> list[str]:
    """Sentences about machine, versions, threads and load."""
    lines = [
        (
            f"Measured on {dt.date.today().isoformat()}: {_processor()}, {os.cpu_count()} cores,"
            f" {_memory()}, {platform.system()}, Python {platform.python_version()}."
        ),
        "Versions: " + ", ".join(f"{name} {version(name)}" for name in PACKAGES) + ".",
        (
            f"R's fixest: {fixest}."
            if fixest
            else (
                "R's fixest: not measured (no Rscript that can load it and run fixest.R), so the"
                " fastest library is pyfixest."
            )
        ),
        (
            f"Threads: BLAS {os.environ.get('OPENBLAS_NUM_THREADS', 'default')} for every program; "
            "pyfixest's and fixest's own threads: all cores."
        ),
    ]
    if None not in loads:
        busy = (
            "other work ran beside it"
            if loads[0] > 0.5
            else "the machine was otherwise idle when it began"
        )
        lines.append(
            f"Load average {loads[0]:.1f} at the beginning, {loads[1]:.1f} at the end ({busy})."
        )
    return lines + ([note] if note else [])


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", info.read_text()) if info.exists() else None
    return found.group(1).strip() if found else platform.processor() or platform.machine()


def _memory() -> str:
    info = Path("/proc/meminfo")
    found = re.search(r"MemTotal:\s*(\d+) kB", info.read_text()) if info.exists() else None
    return f"{int(found.group(1)) / 2**20:.0f} GiB of memory" if found else "memory unknown"

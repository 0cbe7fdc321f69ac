"""The report as PDF: the HTML printed by a Chromium that is on the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
SECONDS = 180


class NoBrowser(RuntimeError):
    """There is no Chromium on this machine, or it could not print."""


def browser() -> str:
    """The path of a Chromium; NoBrowser without one."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    found = found or next((str(path) for path in _on_windows() if path.is_file()), None)
    if found is None:
        raise NoBrowser("chromium")
    return found


def _on_windows() -> Iterator[Path]:
    """Where Windows keeps browsers, which are on no path there."""
    for variable in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData"):
        if place := os.environ.get(variable):
            yield Path(place, "Microsoft", "Edge", "Application", "msedge.exe")
            yield Path(place, "Google", "Chrome", "Application", "chrome.exe")


def print_pdf(html: Path, pdf: Path) -> None:
    """Print ``html`` to ``pdf`` on A4 with the page numbers of its style sheet.

    NoBrowser when that fails.
    """
    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser(),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            f"--user-data-dir={profile}",
            "--no-pdf-header-footer",
            "--generate-pdf-document-outline",
            f"--print-to-pdf={pdf.resolve()}",
            html.resolve().as_uri(),
        ]
        try:
            done = subprocess.run(
                command, capture_output=True, encoding="utf-8", errors="replace", timeout=SECONDS
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NoBrowser(str(error)) from error
    if not pdf.is_file() or pdf.stat().st_size < 1000:
        raise NoBrowser(done.stderr.strip()[-300:])

"""A report that is made once for all tests of what is in it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from unittest import mock

from conftest import write_folder


def quick_report(folder: Path, out: Path, **options) -> Path:
    """``report.writing.report`` in this process, with few pictures as files and kept results in a
    place of their own."""
    from village_eval.report import gallery, writing

    cache = {"XDG_CACHE_HOME": str(out.parent / "cache")}
    few = (gallery.quiet_years, gallery.ranking)  # drawing all at 300 dpi takes a while
    with mock.patch.object(gallery, "ALL", few), mock.patch.dict(os.environ, cache):
        return writing.report(folder, out, workers=1, **options)


def shared_report(tmp_path_factory) -> Path:
    """A report in both languages on conftest's small county, made once for all workers of a test
    run."""
    base = tmp_path_factory.getbasetemp()
    base = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "shared_report"
    try:
        base.mkdir()
    except FileExistsError:
        deadline = time.monotonic() + 300
        while not (base / "report").exists():
            assert time.monotonic() < deadline and not (base / "failed").exists(), (
                "another worker could not make the report"
            )
            time.sleep(0.2)
        return base / "report"
    try:
        return quick_report(
            write_folder(base / "测试县"), base / "report", lang="both", draws=99, full=True
        )
    except BaseException:
        (base / "failed").touch()
        raise

"""Reports without kernels: notebooks run cell by cell in this process, so that the tests of what
surrounds them stay quick."""

from __future__ import annotations

import ast
import os
import time
from concurrent.futures import Executor, Future
from pathlib import Path
from unittest import mock

import nbformat
from conftest import write_folder

from village_eval.county.resources import notebooks_dir


def run_here(
    name: str, output: Path, parameters: dict, folder: Path | None = None, lang: str = "en"
) -> float:
    """Stands in for reporting.run.run_notebook: executes the code cells here and keeps what each
    one shows."""
    notebook = nbformat.read((folder or notebooks_dir()) / f"{name}.ipynb", as_version=4)
    names: dict = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        body = ast.parse(cell.source).body
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), name, "exec"), names)
        if "parameters" in cell.metadata.get("tags", []):
            names.update(parameters)
        if last is not None:
            shown = eval(compile(ast.Expression(last.value), name, "eval"), names)
            assert hasattr(shown, "_repr_html_"), f"{name}: {cell.source!r} shows nothing"
            cell.outputs = [
                nbformat.v4.new_output("display_data", data={"text/html": shown._repr_html_()})
            ]
    nbformat.write(notebook, output)
    return 0.0


class InTurn(Executor):
    """Stands in for the pool of notebooks: in one process, pictures drawn at once would share
    matplotlib's settings."""

    def __init__(self, workers: int):
        self.workers = workers

    def submit(self, work, /, *args, **more) -> Future:
        done = Future()
        try:
            done.set_result(work(*args, **more))
        except Exception as error:
            done.set_exception(error)
        return done


def quick_report(folder: Path, out: Path, **options) -> Path:
    """``reporting.report`` with notebooks run in this process and kept results in a place of their
    own."""
    from village_eval.report import gallery
    from village_eval.report import writing as reporting

    cache = {"XDG_CACHE_HOME": str(out.parent / "cache")}
    few = mock.patch.object(
        gallery, "ALL", (gallery.quiet_years, gallery.ranking)
    )  # drawing all at 300 dpi takes a while
    in_turn = mock.patch.object(reporting, "ThreadPoolExecutor", InTurn)
    with (
        mock.patch.object(reporting, "run_notebook", run_here),
        in_turn,
        mock.patch.dict(os.environ, cache),
        few,
    ):
        return reporting.report(folder, out, **options)


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
        return quick_report(write_folder(base / "测试县"), base / "report", lang="both", draws=99)
    except BaseException:
        (base / "failed").touch()
        raise

"""Notebooks through papermill: one after the other, and a failure that says which cell failed and
why."""

from __future__ import annotations

import logging
import time
from pathlib import Path

from village_eval.county.resources import notebooks_dir
from village_eval.words.wording import words

KERNEL = "python3"
CELL_SECONDS = 1800
QUIET = ["--log-level=CRITICAL"]
"""ipykernel warns on every start that its sockets on this machine are not encrypted, and reports
its own shutting down as an error. What goes wrong in a cell, papermill tells."""


class NotebookFailed(RuntimeError):
    """A notebook stopped: its name, the number of the code cell and its first line, the message of
    the error."""

    def __init__(self, notebook: str, cell: int | None, line: str, message: str, lang: str = "en"):
        self.notebook, self.cell, self.line, self.message, self.lang = (
            notebook,
            cell,
            line,
            message,
            lang,
        )
        super().__init__(notebook, cell, line, message, lang)

    def __str__(self) -> str:
        form = words(self.lang, "report")["failed"]["kernel" if self.cell is None else "cell"]
        return form.format(
            notebook=self.notebook, cell=self.cell, line=self.line, message=self.message
        )


def run_notebook(
    name: str, output: Path, parameters: dict, folder: Path | None = None, lang: str = "en"
) -> float:
    """Execute ``<name>.ipynb`` with parameters, write the executed notebook, and return the seconds
    it took."""
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    logging.getLogger("papermill").setLevel(logging.ERROR)
    source, began = (folder or notebooks_dir()) / f"{name}.ipynb", time.monotonic()
    try:
        papermill.execute_notebook(
            str(source),
            str(output),
            parameters=parameters,
            kernel_name=KERNEL,
            progress_bar=False,
            execution_timeout=CELL_SECONDS,
            extra_arguments=QUIET,
        )
    except PapermillExecutionError as error:
        line = next(
            (
                s.strip()
                for s in error.source.splitlines()
                if s.strip() and not s.lstrip().startswith("#")
            ),
            "",
        )
        raise NotebookFailed(
            name, error.exec_count, line, f"{error.ename}: {error.evalue}", lang
        ) from error
    except (CellTimeoutError, DeadKernelError) as error:
        raise NotebookFailed(name, None, "", f"{type(error).__name__}: {error}", lang) from error
    return time.monotonic() - began

"""Notebooks through papermill, in this process.

What is imported, read and drawn already serves all of them; a failure says which cell failed and
why.
"""

from __future__ import annotations

import ast
import contextlib
import io
import logging
import os
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from village_eval.county.resources import notebooks_dir
from village_eval.words.messages import LANG_VARIABLE
from village_eval.words.wording import words

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from papermill.engines import NotebookExecutionManager

KERNEL = "python3"
ENGINE = "village_eval"
PLACES = ("county", "result", "out")
"""Parameters that are folders."""


class NotebookFailed(RuntimeError):
    """A notebook stopped with an error.

    It holds its name, the number of the code cell and its first line, the message of the error.
    """

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
    name: str,
    output: Path,
    parameters: dict[str, object],
    folder: Path | None = None,
    lang: str = "en",
) -> float:
    """Execute ``<name>.ipynb`` with parameters and return the seconds it took.

    The executed notebook is written; where folders lie on this machine does not stand in it.

    Raises NotebookFailed; OSError, MemoryError where the place or the machine stopped a cell.
    """
    _without_addresses()
    import nbformat
    import papermill
    from papermill.exceptions import PapermillExecutionError

    stopped: list[Exception] = []
    _know_engine(stopped)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    source, began = (folder or notebooks_dir()) / f"{name}.ipynb", time.monotonic()
    # A notebook, not paths: papermill fills braces in a path as a format string.
    given = nbformat.read(str(source), 4)
    spoken = os.environ.get(LANG_VARIABLE)
    try:
        made = papermill.execute_notebook(
            given,
            None,
            parameters=parameters,
            engine_name=ENGINE,
            kernel_name=KERNEL,
            progress_bar=False,
            request_save_on_cell_execute=False,  # written once, when all cells have run
        )
    except PapermillExecutionError as error:
        # A full disk is nobody's mistake in a notebook. It goes to another process as it is.
        if stopped and isinstance(stopped[0], OSError | MemoryError):
            raise stopped[0] from error
        lines = (text.strip() for text in error.source.splitlines())
        line = next((text for text in lines if text and not text.startswith("#")), "")
        message = f"{error.ename}: {error.evalue}"
        raise NotebookFailed(name, error.exec_count, line, message, lang) from error
    finally:  # a notebook lets objects speak its own language (workplace.speak)
        os.environ.pop(LANG_VARIABLE, None)
        os.environ.update({} if spoken is None else {LANG_VARIABLE: spoken})
    _without_places(made, parameters)
    output.write_text(nbformat.writes(made) + "\n", "utf-8")
    return time.monotonic() - began


def _without_places(made: NotebookNode, parameters: dict[str, object]) -> None:
    """Folders are named by their last part: a report goes through many hands.

    Their whole path tells a user's name and how the office's machine is laid out.
    """
    from papermill.translators import translate_parameters

    told = made.metadata["papermill"]
    for name in ("input_path", "output_path"):
        told.pop(name, None)
    named = {n: Path(str(parameters[n])).name for n in PLACES if parameters.get(n) is not None}
    told["parameters"] = given = parameters | named
    for cell in made.cells:
        if "injected-parameters" in cell.metadata.get("tags", ()):
            cell.source = translate_parameters(KERNEL, "python", given, "Parameters")


def _without_addresses() -> None:
    """Import nbformat without a grammar of internet addresses, which no notebook's schema asks for.

    jsonschema compiles it when it is imported, where it is installed: two seconds. It is an extra
    of jsonschema's, which does without it then; the price is that whoever validates the format
    "iri" by jsonschema in this process later finds it unchecked. A jsonschema that is imported
    already is left as it is.
    """
    grammar = "rfc3987_syntax"
    if "jsonschema" in sys.modules or grammar in sys.modules:
        return
    sys.modules[grammar] = None  # type: ignore[assignment]  # Python's way to say: not installed
    try:
        import nbformat  # noqa: F401
    finally:
        del sys.modules[grammar]


def _know_engine(stopped: list[Exception]) -> None:
    """Tell papermill of an engine that runs cells in this process.

    What stopped a cell is put into ``stopped``: papermill itself tells of it as text only.

    A kernel of its own would import everything again for each notebook: five seconds of processor
    time, ten times a report.
    """
    from papermill.engines import Engine, papermill_engines

    class Here(Engine):
        """Runs the cells of a notebook in this process, among names of their own."""

        @classmethod
        def execute_managed_notebook(  # the names are papermill's
            cls, nb_man: NotebookExecutionManager, kernel_name: str, **_options: object
        ) -> None:
            names: dict[str, object] = {"__name__": "__main__"}
            for index, cell in enumerate(nb_man.nb.cells):
                nb_man.cell_start(cell, index)
                error = _run_cell(cell, names, index) if cell.cell_type == "code" else None
                if error is not None:
                    stopped.append(error)
                    nb_man.cell_exception(cell, cell_index=index, exception=error)
                    return
                nb_man.cell_complete(cell, cell_index=index)

    papermill_engines.register(ENGINE, Here)


def _run_cell(cell: NotebookNode, names: dict[str, object], number: int) -> Exception | None:
    """Run one cell and put what it shows and prints into its outputs.

    Returns the error that stopped it, or None.
    """
    from nbformat.v4 import new_output

    printed, cell.outputs, cell.execution_count = io.StringIO(), [], number
    value = error = None
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            value = _execute(cell.source, names)
        except Exception as raised:
            error = raised
    if text := printed.getvalue():
        cell.outputs.append(new_output("stream", name="stdout", text=text))
    if error is not None:
        lines = traceback.format_exception(error)
        told = {"ename": type(error).__name__, "evalue": str(error), "traceback": lines}
        cell.outputs.append(new_output("error", **told))
    elif value is not None:
        cell.outputs.append(
            new_output("execute_result", data=_shown(value), execution_count=number)
        )
    return error


def _execute(source: str, names: dict[str, object]) -> object:
    """Run the statements of a cell; the value of its last expression."""
    body = ast.parse(source).body
    last = body[-1] if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body if last is None else body[:-1], []), "<cell>", "exec"), names)
    if last is None:
        return None
    value: object = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
    return value


def _shown(value: object) -> dict[str, str]:
    """How a value shows in a notebook: as HTML where it can, else as text."""
    rich = (("text/html", "_repr_html_"), ("text/markdown", "_repr_markdown_"))
    shown = {kind: getattr(value, name)() for kind, name in rich if hasattr(value, name)}
    return shown | {"text/plain": f"<{type(value).__name__}>" if shown else repr(value)}

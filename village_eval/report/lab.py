"""JupyterLab for real: working copies of the notebooks, and a kernel named for the project.

The committed notebooks are never run where they lie: what they show of a real county would stand in
the clone's next diff. They are copied, and the copies are their user's.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from village_eval.county.resources import notebooks_dir
from village_eval.folder.overwriting import (
    listed,
    make_out_of_git,
    refuse_near,
    sha256,
    wrote_file,
)
from village_eval.words.messages import locale_lang, message

if TYPE_CHECKING:
    from nbformat import NotebookNode

KERNEL, SHOWN = "village-eval", "village_eval"
"""The kernel's name for Jupyter, and for people."""
START = "00_start.ipynb"
LONGEST_SOCKET = 100
"""Characters of a local socket's path that every system takes (macOS 104, Linux 108)."""
LANG = re.compile(r'^lang = "\w+"', re.MULTILINE)


@dataclass(frozen=True)
class Copies:
    """Working copies: those that were written now, and those that their user has changed."""

    written: tuple[Path, ...]
    kept: tuple[Path, ...]


def register_kernel(prefix: str | Path | None = None) -> Path:
    """Register this interpreter as a kernel of Jupyter and return its folder.

    ``prefix`` is an environment's folder (``sys.prefix`` of a JupyterHub, say); None is the user's.
    """
    from ipykernel.kernelspec import install

    place = None if prefix is None else str(prefix)
    return Path(install(user=prefix is None, prefix=place, kernel_name=KERNEL, display_name=SHOWN))


def working_copies(folder: str | Path, lang: str) -> Copies:
    """Copy the notebooks into ``folder``, their texts and their parameter ``lang`` in a language.

    A copy that its user changed stays as it is; one that nobody changed follows the program. A new
    folder keeps itself out of git.

    Raises InputError when ``folder`` is, holds or lies in the folder of the committed notebooks.
    """
    import nbformat

    source, folder = notebooks_dir(), Path(folder)
    refuse_near(folder, [source], lang=lang)
    make_out_of_git(folder)
    written, kept = [], []
    for path in sorted(source.rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts:
            continue
        copy = folder / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        there = copy.exists() or copy.is_symlink()  # a link to nowhere would be written through
        if there and (listed(copy.parent) or {}).get(copy.name) != sha256(copy):
            kept.append(copy)
            continue
        nbformat.write(_for_work(nbformat.read(path, as_version=4), lang), copy)
        wrote_file(copy)
        written.append(copy)
    return Copies(tuple(written), tuple(kept))


def _for_work(notebook: NotebookNode, lang: str) -> NotebookNode:
    """A notebook on the project's kernel, in a language, its texts shown before it is run."""
    kernel = {"name": KERNEL, "display_name": SHOWN, "language": "python"}
    notebook.metadata["kernelspec"] = kernel
    for cell in notebook.cells:
        if "parameters" in cell.metadata.get("tags", []):
            cell.source = LANG.sub(f'lang = "{lang}"', cell.source)
        elif cell.cell_type == "code" and (text := _said(cell.source, lang)):
            cell.outputs = [_markdown(text)]
    return notebook


def _said(source: str, lang: str) -> str | None:
    """What a cell that only says something (workplace.say) says in a language."""
    body = ast.parse(source).body
    call = body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None
    if not isinstance(call, ast.Call) or getattr(call.func, "id", None) != "say":
        return None
    return next(ast.literal_eval(k.value).strip() for k in call.keywords if k.arg == lang)


def _markdown(text: str) -> NotebookNode:
    from nbformat.v4 import new_output

    return new_output("display_data", data={"text/markdown": text, "text/plain": text})


def start(folder: str | Path, options: Iterable[str] = ()) -> None:
    """JupyterLab in the present folder, opened on the working copies in ``folder``.

    ``options`` are JupyterLab's own and go before ours.
    """
    from jupyterlab.labapp import LabApp

    root, place = Path.cwd(), Path(folder).resolve()
    home = root if place.is_relative_to(root) else place
    opened = "/".join(("/lab/tree", *place.relative_to(home).parts, START))
    ours = [
        f"--ServerApp.root_dir={home}",
        f"--LabApp.default_url={opened}",
        f"--FileContentsManager.pre_save_hook={__name__}.keep_committed",
    ]
    ours += _local_kernels()
    # A container has no other user; Jupyter would refuse.
    ours += ["--allow-root"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    LabApp.launch_instance(argv=[*ours, *options])


def _local_kernels() -> list[str]:
    """Kernels speak by sockets in their user's own folder, not by ports of the machine.

    Windows has none that Jupyter could use: there they listen on 127.0.0.1, each message signed.
    """
    from jupyter_core.paths import jupyter_runtime_dir

    # kernel-<36 characters>-ipc-1
    if os.name != "posix" or len(jupyter_runtime_dir()) + 50 > LONGEST_SOCKET:
        return ["--KernelManager.ip=127.0.0.1"]
    return ["--KernelManager.transport=ipc"]


def register_for_lab() -> Path:
    """The kernel for the JupyterLab of this environment, or for the user where that is locked."""
    try:
        return register_kernel(sys.prefix)
    except PermissionError:
        return register_kernel()


def keep_committed(*, path: str, contents_manager: Any, **_more: object) -> None:
    """Refuse to save a notebook among the committed ones; a hook that JupyterLab calls.

    Raises tornado's HTTPError 403, which JupyterLab shows.
    """
    from tornado.web import HTTPError

    place = Path(contents_manager.root_dir, path.strip("/")).resolve()
    if place.suffix == ".ipynb" and place.is_relative_to(notebooks_dir().resolve()):
        raise HTTPError(403, message("cli.committed_notebook", locale_lang()))

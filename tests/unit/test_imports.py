"""Every module can be the first of the package that is imported: no circle, no order to know."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {
    *("IPython", "bs4", "diff_diff", "docx", "fontTools", "jinja2", "matplotlib"),
    *("nbconvert", "nbformat", "openpyxl", "papermill", "scipy.optimize"),
    *("scipy.stats", "seaborn", "statsmodels"),
}
"""What takes a quarter of a second or more, or is used by few: imported where it is used."""

EACH_FIRST = """
import ast, gc, importlib, json, os, sys, traceback
from pathlib import Path

root = Path.cwd()
files = sorted(p for p in (root / "village_eval").rglob("*.py"))
names = [".".join(p.relative_to(root).with_suffix("").parts) for p in files]
names = [name.removesuffix(".__init__") for name in names]
for path in files:  # the libraries are loaded once, before any module of the package
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            used = [node.module]
        else:
            used = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        for name in used:
            if name.split(".")[0] != "village_eval":
                try:
                    importlib.import_module(name)
                except ImportError:
                    pass  # an optional one; who needs it says so
assert not [name for name in sys.modules if name.split(".")[0] == "village_eval"]

gc.disable()  # a collection in a fork would copy every page of the libraries
gc.freeze()
failed = {}
for name in names:
    read, write = os.pipe()
    if os.fork() == 0:
        try:
            importlib.import_module(name)
        except BaseException:
            os.write(write, traceback.format_exc()[-2000:].encode())
        os._exit(0)
    os.close(write)
    told = os.fdopen(read, "rb").read().decode()
    os.wait()
    if told:
        failed[name] = told
print(json.dumps({"tried": len(names), "failed": failed}))
"""


@pytest.mark.slow
@pytest.mark.ci
def test_every_module_can_be_imported_first():
    """Each in a fork of an interpreter that has the libraries and nothing of the package."""
    shown = subprocess.run(
        [sys.executable, "-c", EACH_FIRST], capture_output=True, text=True, cwd=ROOT
    )
    assert shown.returncode == 0, shown.stderr
    found = json.loads(shown.stdout.splitlines()[-1])
    assert found["tried"] > 150
    assert found["failed"] == {}


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.parametrize("module", ["village_eval.findings.evaluation", "village_eval.cli.main"])
def test_heavy_libraries_are_imported_where_they_are_used(module):
    code = f"import sys, {module}; print(*sys.modules)"
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert not HEAVY & set(shown.stdout.split())

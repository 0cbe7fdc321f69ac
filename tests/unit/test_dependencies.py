"""Every dependency is imported by what it is declared for, and the page that explains them has all
of them."""

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
RUN_NOT_IMPORTED = {
    "ipykernel": ["village_eval/report", "notebooks"],
    "jupyterlab": ["Makefile"],
    "import-linter": ["Makefile"],
    "mypy": ["Makefile"],
    "myst-nb": ["docs/conf.py"],
    "pydata-sphinx-theme": ["docs/conf.py"],
    "psycopg": ["village_eval/bureau"],
    "pyarrow": ["village_eval/findings"],
    "pytest-xdist": ["Makefile"],
    "ruff": ["Makefile"],
}
"""Programs and plug-ins: where the command, the kernel or the option that needs them stands."""
WRITTEN = {
    "ipykernel": "python3|ipykernel",
    "import-linter": "lint-imports",
    "myst-nb": "myst_nb",
    "pydata-sphinx-theme": "pydata_sphinx_theme",
    "psycopg": r"postgresql\+psycopg",
    "pyarrow": "to_parquet",
    "pytest-xdist": "pytest -n",
}
"""How it is called there, where not by its name."""
EXTRAS = ("certify", "scale", "sql", "docs")
COMES_WITH = {
    "ipython": "ipykernel",
    "pillow": "matplotlib",
    "nbclient": "papermill",
    "tornado": "jupyterlab",
    "jupyter-core": "jupyterlab",
}


def declared(group: str | None = None) -> list[str]:
    lines = PROJECT["dependencies"] if group is None else PROJECT["optional-dependencies"][group]
    return [canonicalize_name(Requirement(line).name) for line in lines]


def imported(*folders: str) -> set[str]:
    """Distributions whose modules the Python files of some folders import."""
    modules = set()
    for path in (p for folder in folders for p in (ROOT / folder).rglob("*.py")):
        for node in executed(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {a.name.split(".")[0] for a in node.names}
            elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "importorskip":
                modules.add(node.args[0].value.split(".")[0])
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module.split(".")[0])
    of = packages_distributions()
    return {canonicalize_name(name) for module in modules for name in of.get(module, ())}


def executed(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those that only a type checker looks at."""
    yield tree
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield from executed(node)


def is_run(name: str) -> bool:
    """Whether a program is called where it is said to be."""
    places = [ROOT / place for place in RUN_NOT_IMPORTED.get(name, ())]
    files = [f for p in places for f in ([p] if p.is_file() else p.rglob("*.*"))]
    texts = [f.read_text("utf-8") for f in files if f.suffix in ("", ".py", ".ipynb")]
    return any(re.search(WRITTEN.get(name, name), text) for text in texts)


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.parametrize(
    ("group", "folders"),
    [
        (None, ["village_eval"]),
        ("test", ["tests", "benchmarks"]),
        ("certify", ["village_eval/certify", "tests"]),
        ("scale", ["village_eval/many", "village_eval/bureau"]),
        ("sql", ["village_eval/bureau"]),
        ("docs", ["docs"]),
    ],
)
def test_each_dependency_is_used_by_what_it_is_declared_for(group, folders):
    used = imported(*folders)
    assert not [name for name in declared(group) if name not in used and not is_run(name)]


def test_what_the_package_imports_is_declared():
    known = {"village-eval", *declared(), *(name for extra in EXTRAS for name in declared(extra))}
    assert {COMES_WITH.get(name, name) for name in imported("village_eval")} <= known


def test_the_page_on_architecture_explains_each_dependency():
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    table = page[page.index("## What it stands on") :]
    rows = re.findall(r"(?m)^\| ([\w-]+(?:, [\w-]+)*) \|", table)
    named = {canonicalize_name(name) for row in rows for name in row.split(", ")}
    assert {*declared(), *(name for extra in EXTRAS for name in declared(extra))} <= named

"""The files that say the same thing in several places say the same thing."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import village_eval
from village_eval.county import resources


def run(command: list, **options) -> subprocess.CompletedProcess:
    """A command with its output as text."""
    return subprocess.run(command, capture_output=True, text=True, **options)


ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCKS = [f"requirements{kind}.lock" for kind in ("", "-test", "-bootstrap", "-data")]
CONDA_NAMES = {"duckdb": "python-duckdb", "matplotlib": "matplotlib-base"}
"""conda-forge calls these otherwise."""
CONDA_ONLY = {"python", "pip", "brotli-python"}
"""What pip knows as a part of Python or as the extra fonttools[woff]."""


def bounds(*groups: list[str]) -> dict[str, str]:
    """Name -> version specifier of requirements in pyproject.toml."""
    requirements = [Requirement(line) for group in groups for line in group]
    return {canonicalize_name(r.name): str(r.specifier) for r in requirements}


def locked(name: str) -> dict[str, str]:
    """Name -> hashes and version of a lock file (the last one, where platforms differ)."""
    text = (ROOT / name).read_text("utf-8")
    return {
        canonicalize_name(m[1]): m[0]
        for m in re.finditer(r"(?m)^([A-Za-z0-9._-]+)(?:\[.*?\])?==.*(?:\n    --hash=.*)*", text)
    }


def test_environment_yml_equals_pyproject():
    entries = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"]
    by_pip = next(entry["pip"] for entry in entries if isinstance(entry, dict))
    assert "-e ." in by_pip
    conda = bounds([entry for entry in entries if isinstance(entry, str)])
    assert conda["python"] == PROJECT["requires-python"]
    python_name = {conda_name: name for name, conda_name in CONDA_NAMES.items()}
    found = {
        python_name.get(name, name): bound
        for name, bound in conda.items()
        if name not in CONDA_ONLY
    }
    found |= bounds([entry for entry in by_pip if not entry.startswith("-")])
    assert found == bounds(PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())


@pytest.mark.parametrize(
    ("lock", "groups"),
    [
        ("requirements.lock", ()),
        ("requirements-test.lock", tuple(PROJECT["optional-dependencies"])),
    ],
)
def test_lock_holds_every_dependency_within_its_bound(lock, groups):
    pins = locked(lock)
    for name, bound in bounds(
        PROJECT["dependencies"], *(PROJECT["optional-dependencies"][g] for g in groups)
    ).items():
        assert name in pins, f"{lock} lacks {name}: run make lock"
        version = re.search(r"==(\S+)", pins[name])[1]
        assert Requirement(f"{name}{bound}").specifier.contains(version), (
            f"{lock} pins {name} {version}: run make lock"
        )


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_are_hashed_without_addresses_and_small(lock):
    text = (ROOT / lock).read_text("utf-8")
    assert not re.search(
        r"\w+://|(?m:^\s*(-i|-f|--index|--extra-index|--find-links|--trusted-host))|file:|@ ", text
    )
    pins = locked(lock)
    assert pins and all("--hash=sha256:" in entry for entry in pins.values())
    heavy = [
        name
        for name in pins
        if name in ("torch", "jax", "tensorflow", "triton") or name.startswith("nvidia-")
    ]
    assert not heavy


def test_locks_agree_with_each_other():
    core, test, bootstrap = (locked(name) for name in LOCKS[:3])
    assert all(_pin(test[name]) == _pin(entry) for name, entry in core.items())
    assert all(
        test.get(name, entry).split()[0] == entry.split()[0] for name, entry in bootstrap.items()
    )


def _pin(entry: str) -> str:
    """Version and hashes; on which systems may be more where an extra wants the same package."""
    return re.sub(r" ;[^\\]*", " ", entry)


def test_version_is_the_same_everywhere():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    newest = re.search(r"(?m)^## (?!Unreleased)(\S+)", changes)[1]
    assert village_eval.__version__ == citation["version"] == newest
    assert PROJECT["license"] == citation["license"] == "MIT"


def test_shell_scripts_parse_and_can_be_run():
    for script in ("tools/install.sh", ".ci/run"):
        path = ROOT / script
        assert path.stat().st_mode & 0o100, f"{script} is not executable"
        subprocess.run(["bash", "-n", path], check=True)


def test_too_old_python_is_told_in_a_sentence(tmp_path):
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.8.10"\nexit 1\n')
    old.chmod(0o755)
    result = run([ROOT / "tools" / "install.sh"], env={"PYTHON": str(old), "PATH": "/usr/bin:/bin"})
    assert result.returncode == 2
    assert (
        "needs Python 3.11 or later" in result.stderr
        and "Python 3.8.10" in result.stderr
        and "PYTHON=" in result.stderr
    )


def test_resources_are_found_in_a_checkout():
    assert resources.notebooks_dir() == ROOT / "notebooks"
    assert resources.demo_county_dir() == ROOT / "data" / "demo_county"


def test_incomplete_installation_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(resources, "PACKAGE", tmp_path / "village_eval")
    with pytest.raises(FileNotFoundError, match="Install it again"):
        resources.notebooks_dir()


@pytest.mark.skipif(
    not (ROOT / ".git").exists(), reason="what belongs into the wheel is what git has"
)
def test_wheel_carries_notebooks_county_fonts_and_words(tmp_path):
    command = [
        sys.executable,
        "-m",
        "uv",
        "build",
        "--wheel",
        "--quiet",
        "--no-build-isolation",
        "--python",
        sys.executable,
    ]
    subprocess.run([*command, "--out-dir", tmp_path, ROOT], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path / "installed")
    committed = run(
        ["git", "ls-files", "-z", "village_eval", "notebooks", "data"], cwd=ROOT, check=True
    )
    wanted = {
        re.sub(r"^(notebooks|data)/", r"village_eval/\1/", path)
        for path in committed.stdout.split("\0")
        if path
    }
    assert wanted <= names
    assert {name.split("/")[0] for name in names} == {
        "village_eval",
        f"village_eval-{village_eval.__version__}.dist-info",
    }
    assert not [name for name in names if "__pycache__" in name or ".ipynb_checkpoints" in name]
    assert wheel.stat().st_size < 20e6
    code = "import village_eval.county.resources as r; print(r.notebooks_dir(), r.demo_county_dir(), sep='\\n')"
    shown = run([sys.executable, "-c", code], cwd=tmp_path / "installed", check=True, env={})
    assert [
        Path(line).is_relative_to(tmp_path / "installed") for line in shown.stdout.split("\n")[:2]
    ] == [True, True]

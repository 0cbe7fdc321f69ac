"""`python -m tools.wheelhouse --out dist/office`: one folder for a machine without network, Windows
or Linux: wheels whose hashes stand in our lock, the package with the embedded county, install and
run for both systems. Called by `make wheelhouse`."""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK, EXTRA = ROOT / "requirements-test.lock", "sql"
"""The lock that holds every extra, and the one that an office has use for."""
OFFICE = ROOT / "office"
CRLF = {".bat", ".txt"}
"""Endings of files that Windows reads too."""
TAGS = {
    "windows": ["win_amd64"],
    "linux": [
        *(f"manylinux_2_{minor}_x86_64" for minor in (28, 27, 24, 17, 12, 5)),
        *(f"manylinux{year}_x86_64" for year in ("2014", "2010", "1")),
    ],
}
"""Of wheels that may be installed; Linux as far back as glibc 2.28 (2018)."""
UV_NAMES = {"windows": "windows", "linux": "x86_64-manylinux_2_28"}


def wheelhouse(out: Path, python: str, systems: list[str]) -> None:
    """Make the folder anew."""
    if out.exists():
        if not (out / "install.bat").is_file():
            sys.exit(f"{out} is there and was not made by this: choose another folder")
        shutil.rmtree(out)
    wheels = out / "wheels"
    wheels.mkdir(parents=True)
    (out / "requirements").mkdir()
    own = package(wheels)
    known = set(re.findall(r"sha256:(\w{64})", LOCK.read_text("utf-8")))
    for system in systems:
        print(f"{system}: wheels for Python {python}", flush=True)
        lines = resolve(system, python)
        with tempfile.TemporaryDirectory() as scratch:
            fetch(lines, system, python, Path(scratch))
            for wheel in sorted(Path(scratch).iterdir()):
                if sha256(wheel) not in known:
                    sys.exit(f"{wheel.name} is not the file of {LOCK.name}: run make lock")
                shutil.copy(wheel, wheels / wheel.name)
        (out / "requirements" / f"{system}.txt").write_text(lines + own, "utf-8")
    put_scripts(out, python)
    shutil.copy(ROOT / "docs" / "office.zh.md", out / "说明.md")
    size = sum(p.stat().st_size for p in out.rglob("*")) / 1e6
    print(f"{out}: {len(list(wheels.iterdir()))} wheels, {size:.0f} MB")


def package(wheels: Path) -> str:
    """Our own wheel; its line for the requirements."""
    uv = [sys.executable, "-m", "uv", "build", "--quiet", "--wheel", "--no-build-isolation"]
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(
            [*uv, "--python", sys.executable, "--out-dir", scratch, str(ROOT)], check=True
        )
        (made,) = Path(scratch).glob("*.whl")
        shutil.copy(made, wheels / made.name)
        name, version, *_ = made.name.split("-")
        return f"{name.replace('_', '-')}=={version} --hash=sha256:{sha256(made)}\n"


def resolve(system: str, python: str) -> str:
    """What a system needs, in the versions of the lock, with hashes and without any address."""
    compile_ = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--generate-hashes"]
    asked = [str(ROOT / "pyproject.toml"), "--extra", EXTRA, "-c", str(LOCK)]
    shape = ["--python-platform", UV_NAMES[system], "--python-version", python]
    plain = ["--no-header", "--no-annotate", "--no-emit-index-url"]
    return subprocess.run(
        [*compile_, *asked, *shape, *plain], check=True, capture_output=True, text=True, cwd=ROOT
    ).stdout


def fetch(lines: str, system: str, python: str, folder: Path) -> None:
    """The wheels of some requirements, by platform tags; no source is ever built."""
    wanted = folder.parent / f"{folder.name}.txt"
    wanted.write_text(lines, "utf-8")
    tags = [word for tag in TAGS[system] for word in ("--platform", tag)]
    abis = ["--abi", f"cp{python.replace('.', '')}", "--abi", "abi3", "--abi", "none"]
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    files = ["-r", str(wanted), "-d", str(folder)]
    about = ["--no-deps", "--only-binary=:all:", "--require-hashes", "--implementation", "cp"]
    try:
        subprocess.run(
            [*pip, *about, "--python-version", python, *abis, *tags, *files],
            check=True,
        )
    finally:
        wanted.unlink()


def put_scripts(out: Path, python: str) -> None:
    """install and run for both systems, with the Python that the wheels are for."""
    major, minor = python.split(".")
    for path in sorted(p for p in OFFICE.rglob("*") if p.is_file()):
        text = path.read_text("utf-8").replace("@MAJOR@", major).replace("@MINOR@", minor)
        to = out / path.relative_to(OFFICE)
        to.parent.mkdir(exist_ok=True)
        ends = "\r\n" if path.suffix in CRLF else "\n"
        to.write_bytes(text.replace("\n", ends).encode("utf-8"))
        if path.suffix == ".sh":
            to.chmod(0o755)


def sha256(path: Path) -> str:
    """The hash of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.wheelhouse", description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--python", default="3.11", help="the offices' Python, default 3.11")
    parser.add_argument("--system", choices=list(TAGS), action="append")
    given = parser.parse_args()
    wheelhouse(given.out, given.python, given.system or list(TAGS))


if __name__ == "__main__":
    main()

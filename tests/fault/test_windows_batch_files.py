"""install.bat and run.bat run by Wine's cmd, with a stand-in for Python that writes down how it was called.

Needs Wine and a compiler for Windows: ``apt-get install --no-install-recommends wine wine64
gcc-mingw-w64-x86-64-win32``. What it cannot show: a real Windows, a real Python, a console.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tools.wheelhouse import put_scripts

COMPILER = "x86_64-w64-mingw32-gcc"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (shutil.which("wine") and shutil.which(COMPILER)),
        reason="needs wine, wine64 and gcc-mingw-w64-x86-64-win32",
    ),
]
# A per cent sign is left out: Wine, unlike Windows, looks for variables in what it has put in.
PLACES = ["office", "报送 材料 (1)[二]", "甲&乙 (终稿)", "完成^!", "it's"]
SAID = {"installed.txt": 0, "failed.txt": 1, "no_python.txt": 2}


@pytest.fixture(scope="module")
def windows(tmp_path_factory):
    """A Windows with nothing on it, and the stand-in."""
    folder = tmp_path_factory.mktemp("windows")
    python = folder / "python.exe"
    source = Path(__file__).parents[1] / "windows_python.c"
    subprocess.run([COMPILER, "-municode", "-O1", "-o", python, source], check=True)
    quiet = {"WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml=", "DISPLAY": ""}
    about = os.environ | quiet | {"WINEPREFIX": str(folder / "prefix"), "LC_ALL": "C.UTF-8"}
    subprocess.run(["wine", "cmd", "/c", "ver"], env=about, capture_output=True, timeout=300)
    yield python, about
    subprocess.run(["wineserver", "-k"], env=about, timeout=60)


class Office:
    """The folder that an office is handed, and what came of a double click in it."""

    def __init__(self, folder: Path, windows, on_path=(), own=False):
        self.folder, (self.python, self.about) = folder, windows
        put_scripts(folder, "3.11")
        self.path = folder.parent / "path"
        self.path.mkdir(exist_ok=True)
        for name in on_path:
            shutil.copy(self.python, self.path / f"{name}.exe")
        if own:
            (folder / "python").mkdir()
            shutil.copy(self.python, folder / "python" / "python.exe")
        self.log = folder.parent / "called.txt"

    def run(self, *words: str, **told: str) -> int:
        """The exit status; ``told``: what the stand-in answers."""
        about = self.about | told | {"STUB_LOG": self.windows(self.log)}
        about["WINEPATH"] = self.windows(self.path)
        done = subprocess.run(
            ["wine", "cmd", "/c", *words],
            cwd=self.folder,
            env=about,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
        )
        self.said = done.stdout.decode("utf-8", "replace")
        return done.returncode

    @staticmethod
    def windows(path: Path) -> str:
        return "Z:" + str(path).replace("/", "\\")

    @property
    def calls(self) -> list[list[str]]:
        text = self.log.read_text("utf-8") if self.log.exists() else ""
        return [line.split("\t") for line in text.splitlines()]

    def shown(self) -> set[str]:
        """Which of the texts were shown, by a line of each that stands in no other."""
        texts = {p.name: p.read_text("utf-8").split("\n") for p in (self.folder / "text").iterdir()}
        return {n for n, lines in texts.items() if all(x.strip() in self.said for x in lines)}


@pytest.mark.parametrize("place", PLACES)
def test_an_office_installs_and_runs_from_any_folder(tmp_path, windows, place):
    (tmp_path / place).mkdir()
    office = Office(tmp_path / place, windows, own=True)
    assert office.run("install.bat") == 0
    here = office.windows(office.folder)
    venv, pip, check = office.calls
    assert venv == [f"{here}\\python\\python.exe", "-m", "venv", "--clear", f"{here}\\venv"]
    assert pip[0] == check[0] == f"{here}\\venv\\Scripts\\python.exe"
    assert pip[-1] == f"{here}\\requirements\\windows.txt" and f"{here}\\wheels" in pip
    assert {"--no-index", "--require-hashes"} <= set(pip)
    assert check[1:] == ["-c", "import village_eval.cli.main"]
    assert {"installing.txt", "installed.txt"} <= office.shown()
    delivery = f"{here}\\报送 材料 (1)"
    assert office.run("run.bat", delivery, STUB_RUN="2") == 2
    assert office.calls[-1][1:] == ["-m", "village_eval.cli.office", delivery]


@pytest.mark.parametrize(
    ("there", "wrong", "used"),
    [
        (("py", "python"), "", "py.exe"),
        (("py", "python"), "py.exe", "python.exe"),
        (("python",), "", "python.exe"),
        (("py",), "py.exe", None),
        ((), "", None),
    ],
)
def test_the_right_python_of_the_machine_is_found_or_named(tmp_path, windows, there, wrong, used):
    (tmp_path / "a").mkdir()
    office = Office(tmp_path / "a", windows, on_path=there)
    status = office.run("install.bat", STUB_WRONG=wrong)
    made = [call for call in office.calls if "venv" in call]
    if used is None:
        assert status == 2 and not made and "no_python.txt" in office.shown()
    else:
        assert status == 0 and made[0][0].endswith(f"\\{used}")
        check = next(call for call in office.calls if "-c" in call)
        assert check[-1].startswith("import sys; sys.exit(sys.version_info[:2] != (3, 11)")


@pytest.mark.parametrize("step", ["STUB_VENV", "STUB_PIP"])
def test_what_fails_on_the_way_is_said(tmp_path, windows, step):
    (tmp_path / "a").mkdir()
    office = Office(tmp_path / "a", windows, own=True)
    assert office.run("install.bat", **{step: "1"}) == 1
    assert "failed.txt" in office.shown() and "installed.txt" not in office.shown()


def test_nothing_installed_is_said(tmp_path, windows):
    (tmp_path / "a").mkdir()
    office = Office(tmp_path / "a", windows)
    assert office.run("run.bat", "Z:\\x") == 2
    assert "not_installed.txt" in office.shown() and not office.calls

"""An office's own machine: Windows, a console in GBK, processes that are spawned, no network."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bureau_delivery import CAMPAIGN, deliver

from village_eval.cli import office
from village_eval.report import pdf

ROOT = Path(__file__).parents[2]
POSIX_MODULES = {"fcntl", "resource", "pwd", "grp", "termios", "pty", "tty", "posix"}
POSIX_NAMES = re.compile(
    r"os\.(fork|forkpty|kill|killpg|getuid|geteuid|setsid|getloadavg|sched_\w+|symlink|link|mkfifo"
    r"|chown|uname|wait\w*|nice|statvfs|ctermid)|signal\.(SIGKILL|SIGHUP|SIGALRM|SIGUSR\d|alarm)"
    r"|.*\.(symlink_to|hardlink_to|owner|set_start_method)|start_new_session|preexec_fn"
)
GUARDS = re.compile(r"os\.name|hasattr\(|sys\.platform")
TRICKY = "报送 材料 (1)[二]&'"


def run(*words: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess:
    """The command in a new process; what it prints as bytes."""
    about = {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", **variables}
    command = [sys.executable, "-m", "village_eval.cli.main", *words]
    return subprocess.run(
        command, cwd=cwd, env=os.environ | about, capture_output=True, timeout=300
    )


def dotted(node: ast.AST) -> str:
    """os.kill of a call, start_new_session of a keyword or of a key; else nothing."""
    if isinstance(node, ast.keyword):
        return node.arg or ""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([getattr(node, "id", ""), *reversed(parts)]) if parts else ""


def guarded(node: ast.AST, above: dict[ast.AST, ast.AST]) -> bool:
    """Whether a call stands under a question for the system, or its import may fail."""
    while node in above:
        node = above[node]
        if isinstance(node, ast.If | ast.IfExp) and GUARDS.search(ast.unparse(node.test)):
            return True
        if isinstance(node, ast.Try | ast.With) and "ImportError" in ast.unparse(node):
            return True
    return False


def posix_only(text: str) -> list[str]:
    """What of a module works on POSIX alone, without another way."""
    tree, found = ast.parse(text), []
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [a.name for a in node.names] + [getattr(node, "module", None) or ""]
            hit = bool(POSIX_MODULES & {n.split(".")[0] for n in names})
        else:
            hit = bool(POSIX_NAMES.fullmatch(dotted(node)))
        if hit and not guarded(node, above):
            found.append(f"{getattr(node, 'lineno', '?')}: {ast.unparse(node)}")
    return found


def test_nothing_is_called_that_only_posix_has_without_another_way():
    found = {
        str(path.relative_to(ROOT)): hits
        for path in (ROOT / "village_eval").rglob("*.py")
        if (hits := posix_only(path.read_text("utf-8")))
    }
    assert not found


@pytest.mark.parametrize(
    "text",
    [
        "import fcntl",
        "def f():\n    from resource import getrusage",
        "import os\nos.kill(1, 9)",
        "import os\nif other:\n    os.fork()",
        "import signal\nx = signal.SIGKILL",
        "from pathlib import Path\nPath('a').symlink_to('b')",
        "import subprocess\nsubprocess.Popen([], start_new_session=True)",
    ],
)
def test_the_search_for_such_calls_finds_them(text):
    assert posix_only(text)
    lines = text.replace("import fcntl", "pass").splitlines()
    body = "\n".join(f"    {line}" for line in lines)
    assert text == "import fcntl" or not posix_only(f"import os\nif os.name == 'posix':\n{body}")


def test_the_package_and_the_office_folder_hold_no_links():
    folders = [ROOT / name for name in ("village_eval", "notebooks", "data", "office")]
    assert not [p for folder in folders for p in folder.rglob("*") if p.is_symlink()]


def test_windows_scripts_are_ascii_and_quote_every_path():
    for path in (ROOT / "office").glob("*.bat"):
        text = path.read_bytes().decode("ascii")
        assert text.startswith("@echo off\n") and "chcp 65001" in text
        for line in text.splitlines():
            bare = re.sub(r'"[^"]*"', "", line)
            assert "%HERE%" not in bare and "%~" not in bare and not re.search(r"[()]\s*$", bare)
        labels = set(re.findall(r"(?m)^:(\w+)", text))
        assert set(re.findall(r"goto (\w+)", text)) <= labels
    for path in (ROOT / "office").glob("*.sh"):
        subprocess.run(["sh", "-n", path], check=True)


def test_what_the_scripts_show_is_there():
    for path in [*(ROOT / "office").glob("*.bat"), *(ROOT / "office").glob("*.sh")]:
        for name in re.findall(r"text[\\/](\w+\.txt)", path.read_text("utf-8")):
            assert (ROOT / "office" / "text" / name).is_file()


@pytest.mark.slow
@pytest.mark.ci
def test_a_console_in_gbk_shows_problems_and_summaries(tmp_path):
    folder = deliver(tmp_path / TRICKY)
    console = {"PYTHONIOENCODING": "gbk", "LC_ALL": "C", "LANG": "C"}
    out = tmp_path / "县 数据"
    done = run("import", str(folder), "--out", str(out), "--lang", "zh", cwd=tmp_path, **console)
    assert done.returncode == 0 and "测试县" in done.stdout.decode("gbk")
    checked = run("check", str(out), "--lang", "zh", cwd=tmp_path, **console)
    assert checked.returncode == 0 and "数据可用" in checked.stdout.decode("gbk")
    (folder / "campaign.toml").write_text(CAMPAIGN + 'odd = "𠮷"\nstart_ = 1\n', "utf-8")
    (folder / "信访登记台账.csv").unlink()
    failed = run("import", str(folder), "--out", str(out), "--lang", "zh", cwd=tmp_path, **console)
    assert failed.returncode == 2 and "信访登记台账" in failed.stderr.decode("gbk")


@pytest.mark.slow
@pytest.mark.ci
def test_workers_work_where_processes_are_spawned(tmp_path):
    code = (
        "import multiprocessing, sys\n"
        "if __name__ == '__main__':\n"
        "    multiprocessing.set_start_method('spawn')\n"
        "    from village_eval.cli.main import main\n"
        "    sys.exit(main(sys.argv[1:]))\n"
    )
    script = tmp_path / "with spawn.py"
    script.write_text(code, "utf-8")
    shape = ["--villages", "120", "--townships", "6", "--listed", "10"]
    counties = [tmp_path / "甲 县", tmp_path / "乙 县"]
    for seed, county in enumerate(counties, start=31):
        made = run("simulate", "--out", str(county), "--seed", str(seed), *shape, cwd=tmp_path)
        assert made.returncode == 0, made.stderr.decode()
    words = ["evaluate", *map(str, counties), "--out", str(tmp_path / "结果"), "--draws", "99"]
    done = subprocess.run(
        [sys.executable, script, *words, "--workers", "2"],
        env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert all((tmp_path / "结果" / c.name / "findings.json").is_file() for c in counties)


# --- dragged onto run.bat ------------------------------------------------------------------------


@pytest.fixture
def opened(monkeypatch):
    """What would have been opened; reports are not made."""
    shown: list[str] = []
    true_run = office.run

    def run_but_report(argv):
        if argv[0] != "report":
            return true_run(argv)
        out = Path(argv[argv.index("--out") + 1])
        out.mkdir()
        (out / "report.zh.html").write_text("<html></html>", "utf-8")
        shown.append(f"reported {Path(argv[1]).name}")
        return 0

    monkeypatch.setattr(office, "run", run_but_report)
    monkeypatch.setattr(office, "open_file", lambda path: shown.append(path.name))
    monkeypatch.setattr(office.webbrowser, "open", lambda url: shown.append(url))
    return shown


def test_a_delivery_is_imported_and_its_report_opens(tmp_path, opened):
    folder = deliver(tmp_path / TRICKY)
    assert office.main([f'{folder}"']) == 0  # as Windows passes D:\
    page = tmp_path / f"{TRICKY}_报告" / "report.zh.html"
    assert opened == [f"reported {TRICKY}_县数据", page.as_uri()]
    opened.clear()
    assert office.main([str(tmp_path / f"{TRICKY}_县数据")]) == 0  # a county's folder, too
    assert opened[0] == f"reported {TRICKY}_县数据"


def test_problems_open_as_a_workbook_and_nothing_is_reported(tmp_path, opened):
    folder = deliver(tmp_path / "材料", register=None)
    assert office.main([str(folder / "campaign.toml")]) == 2
    assert opened == ["problems.xlsx"] and not (tmp_path / "材料_县数据").exists()


def test_anything_else_is_told_how(tmp_path, capsys):
    assert office.main([]) == office.main([""]) == office.main([str(tmp_path / "gone")]) == 2
    said = capsys.readouterr().out
    assert said.count("拖到run.bat上") == 2 and "gone" in said


def test_a_browser_is_found_where_windows_keeps_it(tmp_path, monkeypatch):
    edge = tmp_path / "Microsoft" / "Edge" / "Application" / "msedge.exe"
    edge.parent.mkdir(parents=True)
    edge.write_bytes(b"")
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    for variable in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("ProgramFiles", str(tmp_path))
    assert pdf.browser() == str(edge)


# --- the folder itself ---------------------------------------------------------------------------


def without_network() -> list[str]:
    """Words before a command that take the network from it; none where that cannot be done."""
    words = ["unshare", "-n"]
    if shutil.which("unshare") is None:
        return []
    return words if subprocess.run([*words, "true"], capture_output=True).returncode == 0 else []


@pytest.mark.slow
def test_the_folder_installs_and_runs_without_network_and_holds_windows_wheels(tmp_path):
    """Downloads 280 wheels: 400 MB."""
    alone = without_network()
    if not alone:
        pytest.skip("no network namespace can be made here")
    out = tmp_path / "办公 (1)"
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    command = [sys.executable, "-m", "tools.wheelhouse", "--out", str(out), "--python", python]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    names = [p.name for p in (out / "wheels").iterdir()]
    assert [n for n in names if n.startswith("numpy-") and "win_amd64" in n]
    assert [n for n in names if n.startswith("numpy-") and "manylinux" in n]
    assert [n for n in names if n.startswith("village_eval-")]
    for path in out.rglob("*"):
        if path.suffix in (".txt", ".bat", ".sh", ".md"):
            text = path.read_bytes().decode()
            assert not re.search(r"https?://|index-url|find-links[ =]\S*:", text), path.name
            assert (
                path.suffix not in (".bat", ".txt")
                or text.count("\n") == text.count("\r\n")
                or (path.parent.name == "requirements")
            )
    plain = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHON": sys.executable}
    done = subprocess.run([*alone, "sh", out / "install.sh"], env=plain, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    python = out / "venv" / "bin" / "python"
    folder = deliver(tmp_path / TRICKY)
    words = [python, "-m", "village_eval.cli.main", "import", folder, "--out", tmp_path / "县"]
    # Elsewhere than in the repository, or Python would find the package there.
    assert subprocess.run([*alone, *words], env=plain, cwd=tmp_path).returncode == 0
    where = (
        "import village_eval.county.resources as r; print(r.demo_county_dir(), r.notebooks_dir())"
    )
    asked = subprocess.run([python, "-c", where], env=plain, cwd=tmp_path, capture_output=True)
    shown = asked.stdout.decode()
    assert shown.count(str(out / "venv")) == 2

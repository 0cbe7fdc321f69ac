"""JupyterLab as `village-eval lab` starts it: its kernels cannot be reached by others."""

import json
import os
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

from village_eval.report import lab

TOKEN = "a-token-of-this-test"


def asked(port: int, path: str, body: dict | None = None):
    """What the server answers to somebody who has the token."""
    headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())


def until(true, seconds: float = 60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := true():
                return found
        except (OSError, ValueError):
            pass
        time.sleep(0.2)
    raise TimeoutError


def listening(pid: int) -> list[str]:
    """Internet addresses at which a process listens (Linux)."""
    mine = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            mine.add(os.readlink(link))
        except FileNotFoundError:
            continue
    found = []
    for name in ("tcp", "tcp6", "udp"):
        for line in Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:]:
            cells = line.split()
            if f"socket:[{cells[9]}]" in mine and (cells[3] == "0A" or name == "udp"):
                found.append(cells[1])
    return found


@pytest.fixture
def short():
    """A folder whose path is short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="k", dir="/tmp") as folder:
        yield Path(folder)


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.skipif(not Path("/proc/self/net/tcp").exists(), reason="looks into /proc")
def test_a_kernel_of_jupyterlab_is_reached_by_its_users_sockets(tmp_path, short):
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    own = {f"JUPYTER_{n}_DIR": str(tmp_path / n.lower()) for n in ("CONFIG", "DATA")}
    own["JUPYTER_RUNTIME_DIR"] = str(short)
    options = [f"--port={port}", "--no-browser", f"--IdentityProvider.token={TOKEN}"]
    command = [sys.executable, "-m", "village_eval.cli.main", "lab", "work", *options]
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(
            command, cwd=tmp_path, env=os.environ | own, stdout=log, stderr=log
        ) as server,
    ):
        try:
            until(lambda: asked(port, "/api/status"))
            asked(port, "/api/kernels", {"name": "village-eval"})
            files = list(short.glob("kernel-*.json"))
            about = json.loads(files[0].read_text("utf-8"))
            assert about["transport"] == "ipc" and about["key"]
            # Its sockets are its user's own.
            (pid,) = until(lambda: kernels_of(server.pid))
            until(lambda: list(short.glob("kernel-*-ipc-*")))
            # One port is ipykernel's own: what its child processes print, under a key of theirs.
            assert all(address.startswith("0100007F:") for address in listening(pid))
            assert len(listening(pid)) <= 1
            assert stat.S_IMODE(short.stat().st_mode) & 0o077 == 0
            assert listening(server.pid) == [f"0100007F:{port:04X}"]  # 127.0.0.1, with a token
        finally:
            server.terminate()
            server.wait(30)
    assert not kernels_of(server.pid) and not list(short.glob("kernel-*-ipc-*"))


def kernels_of(parent: int) -> list[int]:
    try:
        text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    except FileNotFoundError:
        return []
    return [int(pid) for pid in text.split()]


def test_where_a_sockets_path_would_be_too_long_a_kernel_listens_on_this_machine_only(monkeypatch):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", "/tmp/" + "x" * 80)
    assert lab._local_kernels() == ["--KernelManager.ip=127.0.0.1"]

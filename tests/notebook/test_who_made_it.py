"""Everything that a report run writes, for each audience: no person of the data, no path and no
name of the machine or of who ran it."""

import getpass
import os
import re
import socket
import subprocess
import zipfile
import zlib

import pytest
from conftest import CHROMIUM, county_rows, write_folder
from fixtures_report import quick_report

NAMES = ("慕容雪晴", "端木青云")
NUMBERS = ("371324198803156017", "13987654321", "0539-7654321")
PLACE = "ouyang-users-home"
AUDIENCES = ("adviser", "researcher", "public")


def planted(folder):
    """A county whose tables came by without the import: persons in columns and as numbers."""
    rows = county_rows()
    for i, row in enumerate(rows["petitions"]):
        row |= {"信访人": NAMES[i % 2], "身份证号": NUMBERS[0], "联系电话": NUMBERS[1 + i % 2]}
        row["case_id"] = NUMBERS[0] if i % 7 == 0 else f"c{i % 50}"
    for i, row in enumerate(rows["villages"]):
        row |= {"支部书记": NAMES[i % 2], "电话": NUMBERS[1]}
    for row in rows["measures"]:
        row |= {"责任人": NAMES[0], "备注": f"{NAMES[1]} {NUMBERS[1]}"}
    return write_folder(folder, rows)


def texts_of(path):
    """All that a file holds, its parts and streams unpacked."""
    content = path.read_bytes()
    yield content
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(path) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    if content[:5] == b"%PDF-":
        for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.S):
            try:
                yield zlib.decompressobj().decompress(stream)
            except zlib.error:
                continue


def hides(folder, secrets):
    """Which secret stands in which file below a folder; its name counts."""
    spelled = [s.encode(e) for s in secrets for e in ("utf-8", "gb18030", "utf-16-le")]
    spelled += [s.encode("unicode_escape") for s in secrets]
    found = []
    for path in folder.rglob("*"):
        inside = texts_of(path) if path.is_file() else ()
        parts = [os.fsencode(path.relative_to(folder)), *inside]
        found += [(path.name, s) for s in spelled if any(s in part for part in parts)]
    return found


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_report_names_no_person_no_machine_and_nobody_who_ran_it(tmp_path, audience, capfd):
    county = planted(tmp_path / PLACE / "甲县")
    formats = ("html", "docx", "pdf") if CHROMIUM and audience == "public" else ("html", "docx")
    out = quick_report(
        county, tmp_path / PLACE / "out", lang="zh", draws=9, audience=audience, formats=formats
    )
    secrets = [*NAMES, *NUMBERS, PLACE, str(tmp_path)]
    secrets += [s for s in (getpass.getuser(), socket.gethostname()) if len(s) > 5]
    assert list(out.glob("report.zh.docx")) and hides(out, secrets) == []
    assert not [n for n in (*NAMES, *NUMBERS) if n in "".join(capfd.readouterr())]
    # Neither is anything in what is kept for the next run, nor left beside the report.
    assert hides(tmp_path / PLACE / "cache", [*NAMES, *NUMBERS]) == []
    assert {p.name for p in (tmp_path / PLACE).iterdir()} == {"甲县", "out", "cache"}
    assert (out / "notebooks").is_dir() == bool(list(out.glob("notebooks/*.ipynb")))


@pytest.mark.slow
@pytest.mark.ci
def test_a_run_opens_no_port_and_leaves_no_process(tmp_path, monkeypatch):
    """Notebooks of a report run in this process: nobody else on the machine can reach them."""
    opened = []
    real = socket.socket.bind

    def bind(self, address):
        opened.append((self.family, address))
        return real(self, address)

    monkeypatch.setattr(socket.socket, "bind", bind, raising=False)
    quick_report(write_folder(tmp_path / "c"), tmp_path / "out", lang="en", draws=9)
    assert [a for f, a in opened if f in (socket.AF_INET, socket.AF_INET6)] == []
    children = subprocess.run(
        ["ps", "--ppid", str(os.getpid()), "-o", "args="], capture_output=True, text=True
    ).stdout
    assert "ipykernel" not in children and "chrom" not in children

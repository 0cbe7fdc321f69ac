"""Every notebook in JupyterLab, as `make lab` opens it: all cells run, nothing fails or warns, no
character is a box, every table carries its style; and no committed file changes."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from conftest import CHROMIUM, county_rows, write_folder
from fontTools.ttLib import TTFont

from village_eval.bureau.example import example_delivery
from village_eval.county.resources import notebooks_dir
from village_eval.folder.reading import read_county
from village_eval.words import fonts

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.ci,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
NAMES = sorted(p.stem for p in notebooks_dir().glob("*.ipynb"))
FONTS = Path(fonts.__file__).parent / "fonts"
LONG = 400
"""Characters of a text output; more is a wall of text."""
PAGE = """() => ({
  tables: [...document.querySelectorAll('.jp-OutputArea-output table')].map(t => {
    const cell = t.querySelector('td, th'), style = getComputedStyle(cell);
    const side = [...t.querySelectorAll('td')].map(c => [
      c.classList.contains('number'), getComputedStyle(c).textAlign]);
    return {ours: !!t.closest('.village-eval') && !!t.caption, padding: parseFloat(style.paddingLeft),
      side: side, head: [...t.querySelectorAll('thead th')].map(h => getComputedStyle(h).fontWeight)};
  }),
  images: [...document.querySelectorAll('.jp-OutputArea-output img')].map(i => i.naturalWidth),
  wrong: [...document.querySelectorAll('[data-mime-type*=stderr], [data-mime-type*=error]')]
    .map(e => e.innerText),
  titles: [...document.querySelectorAll('.jp-OutputArea-output h1')].map(h => h.innerText),
  dialogs: [...document.querySelectorAll('.jp-Dialog')].map(d => d.innerText),
  text: document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden)').innerText,
})"""


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def with_font(folder: Path) -> dict[str, str]:
    """The environment of a machine that has a Chinese font: ours."""
    settings = folder / "fonts.conf"
    settings.write_text(
        f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{FONTS}</dir><dir>/usr/share/fonts</dir>"
        f"<cachedir>{folder}/cache</cachedir></fontconfig>",
        "utf-8",
    )
    return {"FONTCONFIG_FILE": str(settings)}


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab in a folder that has working copies on a small county."""
    place = tmp_path_factory.mktemp("lab")
    given = {"county": write_folder(place / "county"), "province": place / "province"}
    for k in (1, 2, 3):
        write_folder(given["province"] / f"county_{k}", county_rows(k))
    given["delivery"] = example_delivery(
        place / "delivery", lang="zh", county=read_county(given["county"])
    )
    settings = place / "settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}', "utf-8")
    quiet = settings.parent / "apputils-extension"
    quiet.mkdir()
    (quiet / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}', "utf-8")
    port = free_port()
    own = {
        "VILLAGE_EVAL_LANG": "zh",
        "JUPYTERLAB_SETTINGS_DIR": str(place / "settings"),
        "JUPYTER_CONFIG_DIR": str(place / "config"),
        "JUPYTER_DATA_DIR": str(place / "data"),
        "IPYTHONDIR": str(place / "ipython"),
        "XDG_CACHE_HOME": str(place / "cache"),
    }
    options = [f"--port={port}", "--no-browser", "--IdentityProvider.token="]
    options += ["--LabApp.expose_app_in_browser=True"]
    command = [sys.executable, "-m", "village_eval.cli.main", "lab", "work", *options]
    before = committed()
    with (place / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=place, env=os.environ | own, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/api/status", server, place / "log")
            for copy in (place / "work").glob("*.ipynb"):
                quicker(copy, given)
            yield address, place
        finally:
            server.terminate()
            server.wait(30)
    assert committed() == before, "running and saving changes no committed file"


def committed() -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in notebooks_dir().rglob("*.ipynb")}


def wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        try:
            return urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.3)
    pytest.fail(log.read_text("utf-8"))


def quicker(copy: Path, given: dict[str, Path]) -> None:
    """Small counties and few draws in the cell of parameters, as a user would put them there."""
    notebook = json.loads(copy.read_text("utf-8"))
    county = given["province" if copy.stem == "09_many_counties" else "county"]
    for cell in notebook["cells"]:
        if "parameters" in cell["metadata"].get("tags", []):
            source = "".join(cell["source"]).replace("draws = 9999", "draws = 99")
            source = source.replace("\ncounty = None", f'\ncounty = "{county}"')
            cell["source"] = source.replace("delivery = None", f'delivery = "{given["delivery"]}"')
    copy.write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    playwright = pytest.importorskip("playwright.sync_api")
    env = os.environ | with_font(tmp_path_factory.mktemp("fonts"))
    with playwright.sync_playwright() as p:
        made = p.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"], env=env
        )
        yield made
        made.close()


def run_all(page, address: str, name: str, lang: str) -> dict:
    """Open a notebook, choose its language, run all its cells, save it; its content as it is then."""
    page.goto(f"{address}/lab/workspaces/{name.replace('_', '')}{lang}/tree/work/{name}.ipynb")
    page.wait_for_function(
        "() => { const w = window.jupyterapp?.shell?.currentWidget;"
        " return w?.context?.isReady && w.sessionContext?.session?.kernel }",
        timeout=120_000,
    )
    page.evaluate(
        """async lang => {
          const panel = window.jupyterapp.shell.currentWidget;
          for (const cell of panel.content.model.sharedModel.cells) {
            if ((cell.getMetadata('tags') ?? []).includes('parameters'))
              cell.setSource(cell.getSource().replace(/^lang = "\\w+"/m, `lang = "${lang}"`));
          }
          await window.jupyterapp.commands.execute('notebook:run-all-cells');
          await window.jupyterapp.commands.execute('docmanager:save');
        }""",
        lang,
    )
    page.wait_for_timeout(500)  # what is drawn after the last answer
    return page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.toJSON()"
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_runs_and_shows_as_it_should(name, lab, chromium):
    address, _ = lab
    page = chromium.new_page(viewport={"width": 1400, "height": 1000})
    try:
        lang = ("zh", "en")[NAMES.index(name) % 2]
        content = run_all(page, address, name, lang)
        seen = page.evaluate(PAGE)
    finally:
        page.close()
    code = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in code), "every cell was run"
    outputs = [output for cell in code for output in cell["outputs"]]
    assert [o for o in outputs if o["output_type"] in ("error", "stream")] == []
    texts = [
        "".join(o["data"].get("text/plain", ""))
        for o in outputs
        if set(o["data"]) == {"text/plain"}
    ]
    assert [text for text in texts if len(text) > LONG] == []
    assert seen["wrong"] == [] and seen["dialogs"] == []
    assert all(width > 0 for width in seen["images"])
    assert len(seen["titles"]) >= 1
    assert bool(re.search(r"[\u4e00-\u9fff]", seen["titles"][0])) == (lang == "zh")
    assert not re.search(r"\b[A-Z]\w+(Error|Warning):|Traceback \(", seen["text"])
    assert_styled(seen["tables"])
    known = set(TTFont(FONTS / "VillageSansSC-Regular.otf").getBestCmap())
    assert {c for c in seen["text"] if not c.isspace() and ord(c) not in known} <= JUPYTERS


JUPYTERS = set("\u200b\ufeff")
"""What the editor of cells puts between lines, and nobody sees."""


def assert_styled(tables: list[dict]) -> None:
    """Room around every cell; of ours heads in bold, texts to the left, numbers to the right."""
    for table in tables:
        assert table["padding"] > 2, table
        if table["ours"]:
            assert set(table["head"]) <= {"700"}
            assert all(side == ("right" if number else "left") for number, side in table["side"])

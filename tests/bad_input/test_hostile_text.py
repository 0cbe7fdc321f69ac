"""Text that others wrote stays text: whatever stands in a name, `check` refuses it in words or
every output shows it, and nothing of it runs, closes, formats or hides anything."""

import html
import json
import re
import unicodedata

import pytest
from bs4 import BeautifulSoup
from conftest import county_rows, write_folder

from village_eval.cli.main import main
from village_eval.report.index import index
from village_eval.words.plain import plain

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "handler": '"><img src=x onerror=alert(1)>',
    "svg": "<svg onload=alert(1)>",
    "single quotes": "' onmouseover='alert(1)",
    "style": "</style><style>*{display:none}",
    "markdown": "[x](javascript:alert(1)) **b** `c` # h",
    "latex": r"$\frac{1}{0}$ \input{/etc/passwd}",
    "one dollar": "5$村",
    "jinja": "{{ 7*7 }}{% raw %}",
    "format": "{0} {county} %s %(x)d {:>9999999}",
    "formula": '=HYPERLINK("http://x","y")',
    "entity": "&lt;b&gt; &amp;",
    "escape sequence": "\x1b[2J\x1b]0;owned\x07王村",
    "forged line": "王村\nERROR: everything is lost\r",
    "turned round": "\u202eleahcir\u202c\u2066村",
    "zero width": "王\u200b\ufeff村",
    "nul": "王\x00村",
    "emoji": "👩‍👩‍👧村🏚",
    "long": "长" * 10_000,
    "percent": "100%_村&?#/..\\",
}


def hostile_county(folder):
    """Names of villages and townships, labels and a term, all hostile."""
    rows = county_rows()
    texts = [text for name, text in HOSTILE.items() if name != "nul"]  # no text file holds one
    for i, village in enumerate(rows["villages"]):
        village["village_name"] = f"{texts[i % len(texts)]}{i}"
        township = int(village["township_code"][-3:])
        village["township_name"] = f"{texts[township % len(texts)]}{township}"
    write_folder(folder, rows)
    toml = (folder / "campaign.toml").read_text("utf-8")
    name = json.dumps("".join(HOSTILE[k] for k in ("script", "latex", "format", "escape sequence")))
    text = toml.replace('"测试县"', name.replace("\\u001b", "\\u001B"))
    (folder / "campaign.toml").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_plain_text_is_one_line_of_what_can_be_seen(text):
    seen = plain(text)
    assert "\n" not in seen and "\r" not in seen
    assert not [c for c in seen if unicodedata.category(c) == "Cc" or c in "\u202e\u200b\x1b"]
    assert "村" not in text or "村" in seen


@pytest.mark.slow
@pytest.mark.ci
def test_a_report_on_hostile_names_shows_them_and_runs_nothing(tmp_path, capsys):
    county = hostile_county(tmp_path / "in" / "<b>$x$ 'county' {0}")
    assert main(["check", str(county), "--lang", "en"]) == 0
    out = tmp_path / "out" / "a"
    words = ["report", str(county), "--out", str(out), "--lang", "both", "--draws", "19", "--full"]
    assert main(words) == 0
    told = capsys.readouterr()
    assert "\x1b[2J" not in told.out + told.err and "\nERROR: everything" not in told.out + told.err
    pages = [*out.glob("report.*.html"), index(tmp_path / "out", "en")]
    assert len(pages) == 3
    for page in pages:
        text = page.read_text("utf-8")
        soup = BeautifulSoup(text, "html.parser")
        for tag in soup.find_all(True):
            assert not [a for a in tag.attrs if a.startswith("on")], tag
            assert not str(tag.get("href", "")).lower().startswith("javascript"), tag
            assert tag.name != "img" or tag["src"].startswith("data:image/svg+xml"), tag
        scripts = soup.find_all("script")
        assert len(scripts) == (page.name == "index.html")
        assert "unsafe-inline'; script" not in text and "script-src 'unsafe" not in text
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069]", text)
        # The villages are named, as text.
        if page.name != "index.html":
            assert html.escape("<script>alert(1)</script>", quote=False)[:20] in text
    for notebook in (out / "notebooks").glob("*.ipynb"):
        cells = json.loads(notebook.read_text("utf-8"))["cells"]
        assert not [o for c in cells for o in c.get("outputs", []) if o["output_type"] == "error"]
    for table in (out / "tables").glob("*.csv"):
        cells = table.read_text("utf-8-sig")
        assert "\n=HYPERLINK" not in cells and ",=HYPERLINK" not in cells and ',"=HYP' not in cells

"""DOCX and PDF of the report: what the page says, in named fonts, on A4."""

import shutil

import pytest
from bs4 import BeautifulSoup
from docx import Document
from docx.oxml.ns import qn
from fixtures_report import shared_report

from village_eval.report.docx import write_docx
from village_eval.report.pdf import print_pdf


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return shared_report(tmp_path_factory)


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_docx_holds_the_page(report, tmp_path, lang):
    html, path = report / f"report.{lang}.html", tmp_path / "report.docx"
    write_docx(html, report / "figures", path, lang)
    document, page = (
        Document(path),
        BeautifulSoup(html.read_text("utf-8"), "html.parser").find("main"),
    )
    styles = [p.style.name for p in document.paragraphs]
    assert styles.count("Title") == 1 and styles.count("Heading 1") == len(page.find_all("h2"))
    assert len(document.tables) == len(page.find_all("table"))
    assert (
        len(document.inline_shapes)
        == len(
            [
                f
                for f in page.find_all("figure")
                if (report / "figures" / f"{f['id']}.{lang}.png").exists()
            ]
        )
        > 0
    )
    assert all(shape._inline.docPr.get("descr") for shape in document.inline_shapes)
    for name, font in {"Normal": "仿宋", "Heading 1": "黑体", "Heading 2": "楷体"}.items():
        assert document.styles[name].element.rPr.rFonts.get(qn("w:eastAsia")) == font
    assert all(t.rows[0]._tr.trPr.findall(qn("w:tblHeader")) for t in document.tables)
    text = "".join(p.text for p in document.paragraphs)
    assert "→" not in text and "data:image" not in text
    first = page.find("ol").find("li").find("strong").get_text()
    assert first in text


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.browser
@pytest.mark.skipif(
    not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    reason="no Chromium on this machine",
)
def test_pdf_is_printed(report, tmp_path):
    path = tmp_path / "report.pdf"
    print_pdf(report / "report.zh.html", path)
    data = path.read_bytes()
    assert (
        data.startswith(b"%PDF")
        and data.count(b"/Type /Page\n") + data.count(b"/Type /Page ") + data.count(b"/Type/Page")
        >= 3
    )

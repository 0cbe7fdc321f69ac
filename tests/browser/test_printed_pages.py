"""The report as it is printed: 13 pages at most, one of them page one and four the appendix; no
table over more than one page break, no page half empty."""

from __future__ import annotations

import re
import shutil
import subprocess

import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from village_eval.report import sections
from village_eval.report.export import write_page
from village_eval.report.opening import open_evaluation
from village_eval.report.pdf import BROWSERS, print_pdf
from village_eval.words.wording import LANGUAGES, words

TOOLS = ("pdftotext", "pdftoppm")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.ci,
    pytest.mark.skipif(
        not any(map(shutil.which, BROWSERS)) or not all(map(shutil.which, TOOLS)),
        reason="no Chromium or no poppler on this machine",
    ),
]
PAGES, MAIN, APPENDIX = 13, 8, 4


@pytest.fixture(scope="module", params=LANGUAGES)
def printed(request, tmp_path_factory):
    """The adviser's report on the embedded county: language, page, PDF."""
    lang, folder = request.param, tmp_path_factory.mktemp(f"printed_{request.param}")
    html, pdf = folder / "report.html", folder / "report.pdf"
    evaluation = open_evaluation(lang=lang)
    write_page(sections.page(evaluation, lang), html, lang, "report", True)
    print_pdf(html, pdf)
    return lang, html, pdf


def pages_of(pdf) -> list[str]:
    """The text of each page in the order of the page's content, without spaces."""
    text = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, check=True).stdout
    return [bare(page) for page in text.decode().split("\f")[:-1]]


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_page_one_eight_pages_and_four(printed):
    lang, _, pdf = printed
    pages, t = pages_of(pdf), words(lang, "report")
    assert len(pages) <= PAGES
    begins = {
        key: next(i for i, page in enumerate(pages) if bare(text) in page and i > 1)
        for key, text in (("method", t["sub"]["method"]), ("advice", t["section"]["advice"]))
    }
    first = next(i for i, page in enumerate(pages) if bare(t["section"]["basics"]) in page)
    assert (
        bare(t["next_heading"]) in pages[0] and bare(t["filed"]["line"].split("_")[0]) in pages[0]
    )
    assert first == 1 and begins["advice"] <= MAIN
    assert begins["method"] <= MAIN + 1 and len(pages) - begins["method"] <= APPENDIX


def test_no_table_runs_over_more_than_one_break_and_no_row_is_cut(printed):
    _, html, pdf = printed
    pages = pages_of(pdf)
    tables = BeautifulSoup(html.read_text("utf-8"), "html.parser").find_all("table")
    assert len(tables) >= 5
    for table in tables:
        rows = [
            bare("".join(c.get_text() for c in r.find_all(["th", "td"])))
            for r in table.select("tbody tr")
        ]
        on = [next((i for i, page in enumerate(pages) if row in page), None) for row in rows]
        assert None not in on, rows[on.index(None)]
        assert max(on) - min(on) <= 1, rows[0]


def test_no_page_but_the_last_is_half_empty(printed, tmp_path):
    _, _, pdf = printed
    subprocess.run(["pdftoppm", "-r", "25", "-gray", pdf, tmp_path / "page"], check=True)
    for image in sorted(tmp_path.glob("page*"))[:-1]:
        ink = np.asarray(Image.open(image)) < 200
        top, foot = int(0.06 * len(ink)), int(0.93 * len(ink))
        last = np.flatnonzero(ink[top:foot].any(1)).max() / (foot - top)
        assert last > 0.5, image.name


def test_no_p_value_before_the_appendix(printed):
    lang, _, pdf = printed
    pages = pages_of(pdf)
    end = next(
        i
        for i, p in enumerate(pages)
        if bare(words(lang, "report")["sub"]["method"]) in p and i > 1
    )
    assert not any(re.search(r"p值|pvalue|p[=<]0|显著性", page) for page in pages[:end])

"""The report in a browser: nothing leaves, nothing runs, nothing scrolls sideways; A4 pages come
out whole."""

from itertools import pairwise

import pytest
from conftest import CHROMIUM
from fixtures_report import shared_report

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.ci,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return shared_report(tmp_path_factory)


@pytest.fixture(params=["zh", "en"])
def page(request, report, browser):
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.noted = []
    page.on(
        "request",
        lambda r: None if r.url.startswith(("file:", "data:")) else page.noted.append(r.url),
    )
    page.on("console", lambda m: page.noted.append(m.text))
    page.on("pageerror", lambda e: page.noted.append(str(e)))
    page.goto((report / f"report.{request.param}.html").as_uri())
    page.lang = request.param
    yield page
    page.close()


def test_quiet_and_self_contained(page):
    assert page.noted == []
    assert page.locator("script").count() == 0
    assert page.evaluate("document.documentElement.lang").startswith(page.lang)


def test_images_are_drawn_and_described(page):
    images = page.evaluate("[...document.images].map(i => [i.alt, i.naturalWidth])")
    assert len(images) >= 5
    assert all(alt and width > 0 for alt, width in images)


def test_headings_do_not_jump(page):
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_links_lead_somewhere(page):
    broken = page.evaluate(
        "[...document.querySelectorAll('a[href]')].filter(a => !document.querySelector(a.hash)).map(a => a.href)"
    )
    assert broken == []


def test_tables_have_heads(page):
    assert page.evaluate(
        "[...document.querySelectorAll('table')].every(t => t.querySelector('th[scope=col]'))"
    )


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_sideways_scroll(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_page_one_fits_a_laptop_and_a_sheet(page):
    assert (
        page.evaluate("document.querySelector('.page-one').getBoundingClientRect().bottom") <= 900
    )
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 673, "height": 900})  # 178 mm of text width at 96 dpi
    height = page.evaluate("document.querySelector('.page-one').getBoundingClientRect().height")
    assert height <= 263 / 25.4 * 96  # the text height of A4

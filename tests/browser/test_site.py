"""`make docs` as a reader meets it: built without warnings, nothing fetched from anywhere, and the
search finds Chinese words."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import CHROMIUM

ROOT = Path(__file__).parents[2]
OUTSIDE = re.compile(r"""(?:src|href|content|url)\s*[=(]\s*["']?(?:https?:)?//[^"')\s]+""")

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
pytestmark = [pytest.mark.slow, pytest.mark.ci]


def sources() -> dict[Path, bytes]:
    """What the site is made from; Python's own caches aside."""
    files = (p for name in ("docs", "data") for p in (ROOT / name).rglob("*") if p.is_file())
    return {p: p.read_bytes() for p in files if "__pycache__" not in p.parts}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site; building it changes no tracked file, and no line of it warns."""
    out = tmp_path_factory.mktemp("docs") / "site"
    before = sources()
    made = subprocess.run(
        [sys.executable, "docs/_ext/build.py", out], cwd=ROOT, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert sources() == before
    return out


def test_no_page_has_an_address_outside_the_site(site):
    files = [p for p in site.rglob("*") if p.suffix in (".html", ".css")]
    assert len(files) > 50
    found = {p.name: OUTSIDE.findall(p.read_text("utf-8")) for p in files}
    assert not {name: addresses for name, addresses in found.items() if addresses}


def test_links_between_pages_lead_somewhere(site):
    gone = set()
    for page in (p for p in site.rglob("*.html") if "_static" not in p.parts):
        for link in re.findall(r'href="([^"#?]+)', page.read_text("utf-8")):
            if not link.startswith(("data:", "mailto:")) and not (page.parent / link).exists():
                gone.add((page.relative_to(site).as_posix(), link))
    assert not gone


@needs_chromium
@pytest.mark.browser
@pytest.mark.parametrize(
    ("place", "asked", "page"),
    [
        ("zh", "信访", "howto/import.html"),
        ("zh", "后进村", "index.html"),
        (".", "越级上访", "reference/glossary.html"),
        (".", "papermill", "howto/schedule.html"),
    ],
)
def test_the_search_finds(site, browser, place, asked, page):
    tab = browser.new_page()
    fetched: list[str] = []
    tab.on("request", lambda request: fetched.append(request.url))
    try:
        tab.goto(f"{(site / place / 'search.html').as_uri()}?q={asked}")
        tab.wait_for_selector("#search-results li a", timeout=20_000)
        tab.wait_for_timeout(500)
        links = [a.get_attribute("href") for a in tab.query_selector_all("#search-results li a")]
    finally:
        tab.close()
    assert any(page in link for link in links), links
    assert not [url for url in fetched if url.startswith("http")]


@needs_chromium
@pytest.mark.browser
def test_a_phone_shows_the_pages_whole(site, browser):
    tab = browser.new_page(viewport={"width": 390, "height": 844})
    try:
        for page in (
            "index.html",
            "codebook.html",
            "zh/questions.html",
            "zh/reference/glossary.html",
        ):
            tab.goto((site / page).as_uri())
            assert tab.evaluate("document.documentElement.scrollWidth") <= 390, page
    finally:
        tab.close()


@needs_chromium
@pytest.mark.browser
def test_what_a_cell_shows_has_its_columns_and_its_whole_width(site, browser):
    """Headers of tables that cells show are seen, no output is empty, nothing of them is cut."""
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    wide = "[...document.querySelectorAll('.cell_output pre, table')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
    try:
        tab.goto((site / "tutorials" / "ten_minutes.html").as_uri())
        assert tab.locator("table.dataframe thead").first.is_visible()
        said = tab.locator(".cell_output pre").all_inner_texts()
        assert said and all(text.strip() for text in said) and tab.evaluate(wide) == 0
        tab.goto((site / "howto" / "from_r.html").as_uri())
        assert tab.evaluate(wide) == 0
    finally:
        tab.close()

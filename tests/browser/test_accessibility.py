"""axe-core finds nothing against WCAG 2.2 AA in the report, the comparison and the index; the index
searches and sorts by key."""

import json

import pytest
from conftest import CHROMIUM
from fixtures_report import shared_report

from village_eval.cli.main import main

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.ci,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    report, folder = shared_report(tmp_path_factory), tmp_path_factory.mktemp("pages")
    changed = json.loads((report / "findings.json").read_text("utf-8"))
    for finding in changed["findings"]:
        finding["grade"] = "C"
    for name in ("old", "new"):
        (folder / name).mkdir()
        (folder / name / "manifest.json").write_bytes((report / "manifest.json").read_bytes())
        (folder / name / "report.zh.html").write_bytes((report / "report.zh.html").read_bytes())
    (folder / "old" / "findings.json").write_bytes((report / "findings.json").read_bytes())
    (folder / "new" / "findings.json").write_text(json.dumps(changed), "utf-8")
    assert (
        main(
            [
                "compare",
                str(folder / "old"),
                str(folder / "new"),
                "--out",
                str(folder / "page"),
                "--lang",
                "en",
            ]
        )
        == 0
    )
    assert main(["index", str(folder), "--lang", "zh"]) == 0
    return {
        "report.zh": report / "report.zh.html",
        "report.en": report / "report.en.html",
        "compare": folder / "page" / "compare.en.html",
        "index": folder / "index.html",
    }


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.parametrize("name", ["report.zh", "report.en", "compare", "index"])
@pytest.mark.parametrize("width", [1280, 640])  # the second is the first at a zoom of 200 %
def test_no_violation(pages, browser, name, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True)
    page = context.new_page()
    page.goto(pages[name].as_uri())
    found = axe.Axe().run(page, options=RULES).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_everything_can_be_reached_by_key(pages, browser):
    """Tab goes through every link and every table that scrolls, in reading order (the contents
    stand in columns, read one after the other)."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(pages["report.zh"].as_uri())
    focusable = page.evaluate("document.querySelectorAll('a[href], .scroll[tabindex]').length")
    where = """() => {const e = document.activeElement; if (e === document.body) return null;
        return [[...document.querySelectorAll('a[href], .scroll[tabindex]')].indexOf(e), e.closest('nav') !== null, e.getBoundingClientRect().top + scrollY]}"""
    seen = []
    for _ in range(focusable):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(where))
    assert focusable > 10 and [order for order, _, _ in seen] == list(range(focusable))
    tops = [round(top) for _, in_contents, top in seen if not in_contents]
    assert tops == sorted(tops)
    page.close()


def test_an_index_of_many_shows_a_page_and_searches_and_sorts_them_all(tmp_path, browser):
    for k in range(205):
        (tmp_path / f"{k:03d}").mkdir()
        (tmp_path / f"{k:03d}" / "run.log").write_text("x", "utf-8")
    assert main(["index", str(tmp_path), "--lang", "en"]) == 0
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto((tmp_path / "index.html").as_uri())
    rows, where = page.locator("tbody tr"), page.locator("#page")
    assert rows.count() == 100 and where.inner_text() == "page 1 of 3"
    assert page.locator("#earlier").is_disabled()
    page.click("#later")
    page.click("#later")
    assert rows.count() == 5 and rows.first.inner_text().startswith("200")
    assert page.locator("#later").is_disabled()
    page.fill("#search", "150")
    assert rows.count() == 1 and page.inner_text("#shown") == "1 shown"
    assert not page.is_visible("#pages")
    page.fill("#search", "")
    page.click("thead th:first-child button")
    page.click("thead th:first-child button")
    assert rows.first.inner_text().startswith("204") and where.inner_text() == "page 1 of 3"
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert rows.count() == 205, "on paper all of them"
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert rows.count() == 100
    page.close()


def test_the_index_searches_and_sorts_and_is_quiet(pages, browser):
    page, noted = browser.new_page(viewport={"width": 1280, "height": 800}), []
    page.on("console", lambda m: noted.append(m.text))
    page.on("pageerror", lambda e: noted.append(str(e)))
    page.on(
        "request", lambda r: None if r.url.startswith(("file:", "data:")) else noted.append(r.url)
    )
    page.goto(pages["index"].as_uri())
    page.fill("#search", "new")
    assert page.inner_text("#shown") == "显示1份"
    page.fill("#search", "")
    first = page.locator("tbody tr").first.inner_text()
    page.click("thead th:first-child button")
    page.click("thead th:first-child button")
    assert page.locator("thead th").first.get_attribute("aria-sort") == "descending"
    assert page.locator("tbody tr").count() == 2 and first
    assert noted == []
    page.close()

"""The font that the package carries draws what the package writes."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import fixtures_evaluation as made
import matplotlib as mpl
import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from matplotlib import font_manager
from matplotlib.figure import Figure

from village_eval.report import sections
from village_eval.report.export import write_page
from village_eval.words import fonts
from village_eval.words.wording import LANGUAGES, words

PACKAGE = Path(fonts.__file__).parent
WRITTEN = [
    path
    for suffix in ("toml", "j2", "css", "json")
    for path in sorted(PACKAGE.rglob(f"*.{suffix}"))
]
EMBEDDED = re.compile(r'font-weight: (\d+);.*?base64,([A-Za-z0-9+/=]+)"')


def embedded(css: str) -> dict[int, TTFont]:
    """The fonts inside a style sheet, by weight."""
    return {
        int(weight): TTFont(io.BytesIO(base64.b64decode(data)))
        for weight, data in EMBEDDED.findall(css)
    }


@pytest.mark.parametrize("path", WRITTEN, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_every_word_the_package_writes_can_be_drawn(path):
    assert not fonts.missing_glyphs(path.read_text("utf-8"))


def test_characters_of_place_names_beyond_gb2312():
    assert not fonts.missing_glyphs("堽埝峪垴崮堌塬墚浬㙘畈硔𬒈−≈℃")


def test_missing_characters_are_named_not_boxed():
    with pytest.warns(fonts.MissingGlyphWarning, match=r"字体中没有.*U\+A000") as caught:
        shown = fonts.drawable("ꀀ村\n乙村")
    assert shown == "〓村\n乙村"
    assert caught[0].message.characters == {"ꀀ"}


def test_control_and_layout_characters_are_not_missed():
    assert fonts.missing_glyphs("一\t二\r\n\u200b三") == set()


def test_register_adds_both_weights_once_and_leaves_rcparams_alone():
    before = dict(mpl.rcParams)
    assert fonts.register() == fonts.register() == fonts.FAMILY
    assert dict(mpl.rcParams) == before
    ours = [entry for entry in font_manager.fontManager.ttflist if entry.name == fonts.FAMILY]
    assert sorted(entry.weight for entry in ours) == [400, 700]


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_matplotlib_draws_chinese_without_a_warning(kind, recwarn):
    figure = Figure(figsize=(3, 1))
    for weight, y in (("regular", 0.6), ("bold", 0.1)):
        figure.text(
            0.05, y, "后进村信访下降−18%，𬒈、“百日”", family=fonts.register(), weight=weight
        )
    figure.savefig(io.BytesIO(), format=kind)
    assert not [
        str(w.message) for w in recwarn if "lyph" in str(w.message) or "findfont" in str(w.message)
    ]


def test_html_font_is_small_complete_and_the_same_every_time():
    text = "后进村“百日集中整治”成效评估。信访明显下降18%，把握：较高（B）" * 20
    css = fonts.html_font_face(text)
    fonts._font_face.cache_clear()
    assert fonts.html_font_face(text[::-1]) == css
    assert len(css) < 40_000
    found = embedded(css)
    assert sorted(found) == [400, 700]
    for font in found.values():
        assert set(map(chr, font.getBestCmap())) >= set(text)
        assert "Adobe" in font["name"].getDebugName(0)


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_character_of_a_page_is_in_its_font(lang, tmp_path):
    """Also what the style sheet makes of attributes, and what it adds itself."""
    evaluation, path = made.worked(), tmp_path / "report.html"
    write_page(sections.page(evaluation, lang), path, lang, "题", True)
    html = path.read_text("utf-8")
    soup = BeautifulSoup(html, "html.parser")
    values = re.findall(r"content: ([^;}]*)", soup.style.get_text())
    assert any("attr(aria-label)" in value for value in values)
    text = soup.body.get_text() + "".join(re.findall(r'"([^"]*)"', " ".join(values)))
    for name in re.findall(r"attr\(([a-z-]+)\)", " ".join(values)):
        text += "".join(element[name] for element in soup.select(f".see[{name}]"))
    regular = {chr(c) for c in embedded(html)[400].getBestCmap()}
    wanted = {c for c in text if c.isprintable()}
    if words(lang, "form")["latin"]:
        assert "−" in wanted and "−" not in regular, "one font for minus and digits"
        wanted = {c for c in wanted if c > fonts.LAST_LATIN}
    assert wanted and wanted <= regular, wanted - regular


def test_english_page_takes_only_chinese_from_the_embedded_font():
    found = embedded(fonts.html_font_face("Petitions in “示范县” fell — by 18%.", "en"))
    assert {chr(c) for c in found[400].getBestCmap()} == set("示范县")
    assert fonts.html_font_face("Petitions fell.", "en") == ""

"""Chinese glyphs on machines that have none: for matplotlib, and inside the HTML report."""

from __future__ import annotations

import base64
import io
import warnings
from functools import cache, lru_cache
from pathlib import Path

from village_eval.words.catalogue import words

FAMILY = "Village Sans SC"
"""Family name of the subset of Noto Sans SC in ``fonts/`` (how it was made:
tools/make_fonts.py)."""
FILES = {
    400: Path(__file__).with_name("fonts") / "VillageSansSC-Regular.otf",
    700: Path(__file__).with_name("fonts") / "VillageSansSC-Bold.otf",
}
"""Font file by CSS weight."""
GETA = "〓"
"""What printers of Chinese set for a character that the case does not hold."""
LAST_LATIN = "\u22ff"
"""The last character that text in Latin letters takes from the reader's own font: letters, general
punctuation, arrows, mathematical operators. A minus from another font than its digits stands on a
line of its own when it is copied."""


class MissingGlyphWarning(UserWarning):
    """A text has characters that the font of the package does not draw.

    ``characters`` holds them.
    """

    def __init__(self, characters: set[str]):
        self.characters = frozenset(characters)
        named = "、".join(f"{c} (U+{ord(c):04X})" for c in sorted(characters))
        super().__init__(
            f"随附字体中没有以下字符：{named}。图中以“{GETA}”代替，网页中由读者电脑上的字体显示。"
            f" The font of village_eval has no glyph for them: figures show {GETA} instead, a page"
            " uses the reader's own fonts."
        )


def register() -> str:
    """Make the font known to matplotlib, without touching rcParams, and return its family name."""
    from matplotlib import font_manager

    known = {
        Path(entry.fname) for entry in font_manager.fontManager.ttflist if entry.name == FAMILY
    }
    for path in FILES.values():
        if path not in known:
            font_manager.fontManager.addfont(path)
    return FAMILY


@cache
def covered() -> frozenset[str]:
    """The characters that both weights draw."""
    from fontTools.ttLib import TTFont

    tables = [TTFont(path, lazy=True).getBestCmap() for path in FILES.values()]
    return frozenset(map(chr, set(tables[0]).intersection(*tables[1:])))


def missing_glyphs(text: str) -> set[str]:
    """The characters of ``text`` without a glyph (layout and control characters aside).

    Names them in a MissingGlyphWarning.
    """
    missing = {c for c in set(text) - covered() if c.isprintable()}
    if missing:
        warnings.warn(MissingGlyphWarning(missing), stacklevel=2)
    return missing


def drawable(text: str) -> str:
    """``text`` for a figure.

    A character without a glyph becomes 〓, after a MissingGlyphWarning, and never an empty box.
    """
    return text.translate({ord(c): GETA for c in missing_glyphs(text)})


def html_font_face(text: str, lang: str = "zh", bold: str | None = None) -> str:
    """CSS @font-face rules of FAMILY, Regular and Bold, with the glyphs of ``text`` only.

    They are held as base64 woff2.

    ``bold``: the part of the text that is set in Bold, default all of it. In a language of Latin
    letters only what is not Latin, so that it is set in the reader's own font (put FAMILY after it
    in font-family). The same text gives the same bytes. "" when nothing is needed; what is missing
    is named in a MissingGlyphWarning.
    """
    if words(lang, "form")["latin"]:
        text = "".join(c for c in text if c > LAST_LATIN)
    missing_glyphs(text)
    wanted = set(text) & covered()
    if not wanted:
        return ""
    used = {
        weight: wanted if weight == 400 or bold is None else wanted & set(bold) for weight in FILES
    }
    return "\n".join(
        _font_face(weight, "".join(sorted(characters)))
        for weight, characters in used.items()
        if characters
    )


@lru_cache(maxsize=8)
def _font_face(weight: int, characters: str) -> str:
    from fontTools import subset

    options = subset.Options(
        hinting=False, layout_features=[], notdef_outline=True, name_IDs=[0, 13, 14], flavor="woff2"
    )
    font = subset.load_font(FILES[weight], options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    # The day of making must not change the bytes.
    font.recalcTimestamp = False
    packed = io.BytesIO()
    subset.save_font(font, packed, options)
    data = base64.b64encode(packed.getvalue()).decode("ascii")
    return (
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; font-style: normal; '
        f'src: url("data:font/woff2;base64,{data}") format("woff2"); }}'
    )

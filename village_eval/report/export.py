"""Pieces of HTML become one self-contained page.

No code, nothing to fetch, the glyphs of its own text inside.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Sequence
from html import unescape
from pathlib import Path
from urllib.parse import quote

from village_eval.report.fragment import TEMPLATES, Fragment, template
from village_eval.words import fonts
from village_eval.words.wording import words

SPOKEN = re.compile(r'(?:aria-label|data-text)="([^"]*)"')
"""Attributes that the style sheet or the script sets as text."""
BOLD = re.compile(
    r"<(h[1-6]|strong|b|th|dt|caption|button)\b.*?</\1>|<p class=\"synthetic.*?</p>", re.DOTALL
)


def write_page(
    bodies: Sequence[Fragment], path: Path, lang: str, title: str, synthetic: bool, script: str = ""
) -> None:
    """Write pieces of HTML as one page in the report's form.

    Only the index over many reports has a ``script``; a browser runs it by its hash, and no other.
    """
    said = words(lang, "report")
    mark = said["synthetic_mark"]
    shown = re.sub(r'src="data:[^"]*"', "", "\n".join(body.html for body in bodies))
    css = (TEMPLATES / "report.css").read_text("utf-8")
    text = printed_text(shown, css) + title + mark + said["page"] + "0123456789"
    html = template("page.html.j2").render(
        bodies=bodies,
        html_lang=words(lang, "form")["html"],
        title=title,
        css=css,
        fonts=fonts.html_font_face(text, lang, bold_text(shown) + mark),
        family=fonts.FAMILY,
        synthetic_mark=mark if synthetic else "",
        page=said["page"].split("{n}"),
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
    path.write_text(html, "utf-8")


def address(path: Path) -> str:
    """A relative path as a link, whatever bytes its names are of."""
    return quote(os.fsencode(path.as_posix()))


def printed_text(html: str, css: str) -> str:
    """All that a page sets: text, attributes that become text, what the style sheet adds."""
    spoken = "".join(unescape(label) for label in SPOKEN.findall(html))
    return _text(html) + spoken + "".join(re.findall(r'"([^"]*)"', _contents(css)))


def bold_text(html: str) -> str:
    """The text of elements that the style sheet sets in bold."""
    return _text("".join(m[0] for m in BOLD.finditer(html)))


def _contents(css: str) -> str:
    """The values of ``content`` in a style sheet."""
    return " ".join(re.findall(r"content:([^;}]*)", css))


def _text(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))

"""An executed report notebook becomes one self-contained HTML file: no code, no script, nothing to
fetch."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter

from village_eval.words import fonts
from village_eval.words.wording import words

BOLD = re.compile(
    r"<(h[1-6]|strong|b|th|dt|caption|button)\b.*?</\1>|<p class=\"synthetic.*?</p>", re.DOTALL
)
TEMPLATES = Path(__file__).with_name("templates")


def export_html(notebook: Path, path: Path, lang: str, title: str, synthetic: bool) -> None:
    """Write the outputs of ``notebook`` as HTML to ``path``."""
    write_page(html_outputs(nbformat.read(notebook, as_version=4)), path, lang, title, synthetic)


def write_page(
    bodies: list[str], path: Path, lang: str, title: str, synthetic: bool, script: str = ""
) -> None:
    """Write pieces of HTML as one page in the report's form; only the index over many reports has a
    ``script``."""
    outputs = [
        nbformat.v4.new_output("display_data", data={"text/html": piece}) for piece in bodies
    ]
    node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=outputs)])
    body = "\n".join(bodies)
    t = words(lang, "report")
    shown = re.sub(r'src="data:[^"]*"', "", body)
    text = (
        unescape(re.sub(r"<[^>]+>", "", shown))
        + title
        + t["synthetic_mark"]
        + t["page"]
        + "0123456789"
    )
    resources = {
        "lang": words(lang, "form")["html"],
        "title": title,
        "css": (TEMPLATES / "report.css").read_text("utf-8"),
        "fonts": fonts.html_font_face(text, lang, bold_text(shown) + t["synthetic_mark"]),
        "family": fonts.FAMILY,
        "synthetic_mark": t["synthetic_mark"] if synthetic else "",
        "page": t["page"].split("{n}"),
        "script": script,
    }
    exporter = HTMLExporter(
        template_name="report",
        extra_template_basedirs=[str(TEMPLATES)],
        template_file="report.html.j2",
    )
    html, _ = exporter.from_notebook_node(node, {"village_eval": resources})
    path.write_text(html, "utf-8")


def bold_text(html: str) -> str:
    """The text of elements that the style sheet sets in bold."""
    return unescape(re.sub(r"<[^>]+>", "", "".join(m[0] for m in BOLD.finditer(html))))


def html_outputs(node) -> list[str]:
    """The text/html outputs of a notebook, in order."""
    outputs = [
        o for cell in node.cells if cell.cell_type == "code" for o in cell.get("outputs", [])
    ]
    return ["".join(o["data"]["text/html"]) for o in outputs if "text/html" in o.get("data", {})]

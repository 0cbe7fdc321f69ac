"""The report as DOCX for offices that edit in WPS or Word.

The HTML's own headings, paragraphs, lists, tables and pictures.

Fonts are named as official documents have them (仿宋, 黑体, 楷体; GB/T 9704); where a machine lacks
them the office program substitutes its own. Pictures are the PNG files of figures/, with the same
words for those who cannot see them.
"""

from __future__ import annotations

from pathlib import Path

from bs4 import BeautifulSoup, NavigableString, Tag
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from village_eval.words.catalogue import words

BODY, HEAD, SECOND = "仿宋", "黑体", "楷体"
LATIN = "Times New Roman"
WIDTH = Mm(156)
LONGEST_PROPERTY = 255
LOOK = {
    "Normal": (BODY, 12, False),
    "Title": (HEAD, 20, False),
    "Heading 1": (HEAD, 16, False),
    "Heading 2": (SECOND, 14, True),
    "Heading 3": (BODY, 12, True),
    "Caption": (HEAD, 10.5, False),
    "List Bullet": (BODY, 12, False),
    "Table Grid": (BODY, 9, False),
}
STYLE_OF = {"h1": "Title", "h2": "Heading 1", "h3": "Heading 2", "h4": "Heading 3"}


def write_docx(html: Path, figures: Path, path: Path, lang: str) -> None:
    """Write ``path`` from the report ``html`` and the pictures ``figures``/<name>.<lang>.png."""
    body = BeautifulSoup(html.read_text("utf-8"), "html.parser").find("main")
    if body is None:
        raise ValueError(f"{html.name} is no page of ours")
    document = Document()
    _style(document)
    for node in _blocks(body):
        _add(document, node, figures, lang)
    document.core_properties.title = _text(body.find("h1"))[:LONGEST_PROPERTY]
    document.core_properties.language = words(lang, "form")["html"]
    document.save(str(path))


def _blocks(node: Tag):
    """Headings, paragraphs, lists, tables and figures in the order of the page."""
    for child in node.children:
        if not isinstance(child, Tag) or child.name in ("nav", "style", "script"):
            continue
        if child.name in (*STYLE_OF, "p", "ul", "ol", "table", "figure", "dl"):
            yield child
        else:
            yield from _blocks(child)


def _add(document, node: Tag, figures: Path, lang: str) -> None:
    if node.name in STYLE_OF:
        document.add_paragraph(_text(node), style=STYLE_OF[node.name])
    elif node.name in ("ul", "ol"):
        for number, item in enumerate(node.find_all("li", recursive=False), start=1):
            if node.name == "ul":
                _runs(document.add_paragraph(style="List Bullet"), item)
                continue
            # Numbers as text: the office programs' own would run on from list to list.
            paragraph = document.add_paragraph(f"{number}. ")
            paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = (
                Mm(8),
                Mm(-6),
            )
            _runs(paragraph, item)
    elif node.name == "dl":
        for term in node.find_all("dt"):
            paragraph = document.add_paragraph()
            paragraph.add_run(_text(term)).bold = True
            meaning = term.find_next("dd")
            paragraph.add_run("　" + (_text(meaning) if isinstance(meaning, Tag) else ""))
    elif node.name == "table":
        _table(document, node)
    elif node.name == "figure":
        _figure(document, node, figures, lang)
    elif _text(node):
        _runs(document.add_paragraph(), node)


def _figure(document, node: Tag, figures: Path, lang: str) -> None:
    image = node.find("img")
    file = figures / f"{node.get('id')}.{lang}.png"
    if file.is_file():
        document.add_picture(str(file), width=WIDTH)
        drawn = document.inline_shapes[-1]._inline.docPr
        drawn.set("descr", str(image.get("alt", "")) if image else "")
        document.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER
        document.paragraphs[-1].paragraph_format.keep_with_next = True
    note = node.find("figcaption")
    words = _text(note) if note or image is None else str(image.get("alt", ""))
    document.add_paragraph(words, style="Caption")


def _table(document, node: Tag) -> None:
    if caption := node.find("caption"):
        document.add_paragraph(
            _text(caption), style="Caption"
        ).paragraph_format.keep_with_next = True
    rows = node.find_all("tr")
    if not rows:
        return
    table = document.add_table(
        len(rows), max(len(r.find_all(["th", "td"])) for r in rows), style="Table Grid"
    )
    head = node.find("thead")
    heads = len(head.find_all("tr")) if head else 0
    for i, (row, made) in enumerate(zip(rows, table.rows, strict=True)):
        for cell, place in zip(row.find_all(["th", "td"]), made.cells, strict=False):
            paragraph = place.paragraphs[0]
            run = paragraph.add_run(_text(cell))
            run.bold, run.font.size = i < heads, Pt(9)
            _font(run, HEAD if i < heads else BODY)
        properties = made._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if i < heads:
            properties.append(OxmlElement("w:tblHeader"))  # heads come again on the next page
    document.add_paragraph()


def _runs(paragraph, node: Tag) -> None:
    """The text of a node, bold where it is strong; links and arrows of the page are left out."""
    for child in node.children:
        if isinstance(child, NavigableString):
            paragraph.add_run(str(child).replace("\n", " "))
        elif not isinstance(child, Tag):
            continue
        elif child.name in ("strong", "b"):
            paragraph.add_run(_text(child)).bold = True
        elif child.name == "a" and str(child.get("href", "")).startswith("#"):
            continue
        else:
            _runs(paragraph, child)


def _text(node: Tag | None) -> str:
    return " ".join(node.get_text(" ", strip=True).split()) if node else ""


def _style(document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin, section.top_margin, section.bottom_margin = (
        Mm(27),
        Mm(27),
        Mm(30),
        Mm(25),
    )
    for name, (font, size, bold) in LOOK.items():
        style = document.styles[name]
        style.font.name, style.font.size = LATIN, Pt(size)
        style.font.bold = bold
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(attribute), None)
        fonts.set(qn("w:eastAsia"), font)
    document.styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.styles["Caption"].paragraph_format.space_after = Pt(6)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    footer.add_run("— ")
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = footer.add_run()
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = text
        run._r.append(mark)
    footer.add_run(" —")


def _font(run, name: str) -> None:
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)

"""Pieces of HTML that show in a notebook and go into the report as they are.

The HTML stands in templates/, in which every text is escaped, once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATES = Path(__file__).with_name("templates")


class Shown(Protocol):
    """What goes into a page as it is, escaped before: a fragment, a picture, a table."""

    def __html__(self) -> str: ...


class InNotebook:
    """Something of a page that shows itself in a notebook, where no page's style sheet is."""

    def __html__(self) -> str:
        """What a template takes as it is, escaped before."""
        raise NotImplementedError

    def _repr_html_(self) -> str:
        return in_notebook(self.__html__())


def in_notebook(html: str) -> str:
    """HTML with the style that it takes along."""
    return f'<div class="village-eval"><style>{_style()}</style>{html}</div>'


@cache
def _style() -> str:
    return (TEMPLATES / "notebook.css").read_text("utf-8").partition("*/")[2].strip()


@dataclass(frozen=True)
class Fragment(InNotebook):
    """HTML that displays itself."""

    html: str

    def __html__(self) -> str:
        return self.html


@cache
def template(name: str) -> Template:
    """A template of the package; a name that it does not get is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template(name)


def piece(kind: str, /, **given: object) -> Fragment:
    """A piece of pieces.html.j2 with its texts."""
    return Fragment(str(getattr(template("pieces.html.j2").module, kind)(**given)))


def join(*parts: Shown | None) -> Fragment:
    """Fragments, pictures and tables one after the other; None is left out."""
    return Fragment("\n".join(part.__html__() for part in parts if part is not None))


def heading(level: int, text: str, ident: str = "") -> Fragment:
    """A heading h1 to h4 with an anchor."""
    return piece("heading", level=level, text=text, ident=ident)


def paragraph(text: str, kind: str = "") -> Fragment:
    """A paragraph, with a CSS class."""
    return piece("paragraph", text=text, kind=kind)


def bullets(items: Iterable[str], kind: str = "", ordered: bool = False) -> Fragment | None:
    """A list; None when empty."""
    items = list(items)
    return piece("bullets", items=items, kind=kind, ordered=ordered) if items else None


def folded(summary: str, *parts: Shown | None) -> Fragment:
    """Parts that show when their summary is clicked."""
    return piece("folded", summary=summary, content=join(*parts))


def box(kind: str, *parts: Shown | None) -> Fragment:
    """Parts in one section with a CSS class."""
    return piece("box", kind=kind, content=join(*parts))

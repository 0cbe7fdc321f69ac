"""Pieces of HTML that show in a notebook and go into the report as they are; every text is escaped
here, once."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Fragment:
    """HTML that displays itself."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


def join(*parts) -> Fragment:
    """Fragments, pictures and tables one after the other; None is left out."""
    return Fragment("\n".join(part._repr_html_() for part in parts if part is not None))


def heading(level: int, text: str, ident: str = "") -> Fragment:
    """A heading h1 to h4 with an anchor."""
    anchor = f' id="{ident}"' if ident else ""
    return Fragment(f"<h{level}{anchor}>{escape(text)}</h{level}>")


def paragraph(text: str, kind: str = "") -> Fragment:
    """A paragraph, with a CSS class."""
    return Fragment(f"<p{_class(kind)}>{escape(text)}</p>")


def bullets(items: list[str], kind: str = "", ordered: bool = False) -> Fragment | None:
    """A list; None when empty."""
    if not items:
        return None
    tag = "ol" if ordered else "ul"
    return Fragment(
        f"<{tag}{_class(kind)}>" + "".join(f"<li>{escape(i)}</li>" for i in items) + f"</{tag}>"
    )


def box(kind: str, *parts) -> Fragment:
    """Parts in one section with a CSS class."""
    return Fragment(f'<section class="{kind}">{join(*parts).html}</section>')


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""

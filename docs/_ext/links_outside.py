"""Links to files that are no pages of the site are shown as the file's path: the site has no address
outside itself, and who reads the repository still follows them."""

import os
import re
from pathlib import Path

LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|#|mailto:)([^)#\s]+)(#[^)\s]*)?\)")
PAGES = {"CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md"}
"""Files of the repository that a page of the site shows."""


def rewritten(text: str, file: Path, page: Path, source: Path, root: Path) -> str:
    """The text of a file that is shown on a page, its links as seen from there."""

    def link(match: re.Match) -> str:
        target = (file.parent / match[2]).resolve()
        name = os.path.relpath(target, root)
        inside = source / PAGES.get(name, name.removeprefix("docs/"))
        if target.is_relative_to(source) or (target.suffix == ".md" and inside.exists()):
            place = target if target.is_relative_to(source) else inside
            return f"[{match[1]}]({os.path.relpath(place, page.parent)}{match[3] or ''})"
        return f"`{name}`" if match[1].strip("`") == name else f"{match[1]} (`{name}`)"

    return LINK.sub(link, text)


def setup(app):
    def read(app, name, content):
        page, source = Path(app.env.doc2path(name)), Path(app.srcdir)
        content[0] = rewritten(content[0], page, page, source, Path(app.confdir).parent)

    app.connect("source-read", read)
    return {"parallel_read_safe": True}

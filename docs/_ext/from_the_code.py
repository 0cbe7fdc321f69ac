"""Parts of pages that are written from the code and its vocabulary when the site is built.

    ```{from-the-code} glossary
    ```

    ```{from-the-code} file ../CHANGELOG.md
    ```

A `file` may be cut by `from` and `to`, lines at which the part begins and before which it ends. Heads
and sentences are in docs/words.toml, a section for each language.
"""

import tomllib
from pathlib import Path

from docutils.parsers.rst import directives
from links_outside import rewritten
from parts import PARTS
from sphinx.util.docutils import SphinxDirective

WORDS = tomllib.loads((Path(__file__).parents[1] / "words.toml").read_text("utf-8"))


class FromTheCode(SphinxDirective):
    """One part, parsed as if it stood on the page."""

    required_arguments = 1
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = {  # noqa: RUF012 (docutils wants it so)
        "from": directives.unchanged,
        "to": directives.unchanged,
    }

    def run(self):
        kind, *rest = self.arguments
        if kind == "file":
            text = self.file(rest[0])
        else:
            lang = "zh" if self.config.language.startswith("zh") else "en"
            text = PARTS[kind](WORDS[lang], lang)
        return self.parse_text_to_nodes(text, allow_section_headings=True)

    def file(self, name: str) -> str:
        """A file beside the page, or the part of it that is asked for."""
        page = Path(self.env.doc2path(self.env.docname))
        file = (page.parent / name).resolve()
        self.env.note_dependency(str(file))
        lines = file.read_text("utf-8").splitlines()
        if start := self.options.get("from"):
            lines = lines[lines.index(start) + 1 :]
        if end := self.options.get("to"):
            lines = lines[: lines.index(end)]
        root = Path(__file__).parents[2]
        return rewritten("\n".join(lines), file, page, Path(self.env.srcdir), root)


def setup(app):
    app.add_directive("from-the-code", FromTheCode)
    return {"parallel_read_safe": True}

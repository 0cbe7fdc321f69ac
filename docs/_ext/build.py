"""`make docs`: both languages, warnings as errors, without a network: python docs/_ext/build.py [OUT]"""

import os
import sys
from pathlib import Path

from sphinx.cmd.build import main as sphinx

DOCS = Path(__file__).parents[1]


def build(out: Path, *options: str) -> int:
    """English pages to ``out``, Chinese ones to ``out/zh``; the worse of both statuses."""
    status = 0
    for lang, source, place in (("en", DOCS, out), ("zh", DOCS / "zh", out / "zh")):
        os.environ["VILLAGE_EVAL_DOCS"] = lang
        trees = out.parent / "docs-trees" / lang
        arguments = ["-q", "-W", "--keep-going", "-c", DOCS, "-d", trees, *options, source, place]
        status = max(status, sphinx([str(argument) for argument in arguments]))
    return status


if __name__ == "__main__":
    sys.exit(build(Path(*sys.argv[1:2] or [DOCS.parent / "build" / "site"]).resolve()))

"""The documentation site: `make docs` builds English pages from docs/ and Chinese ones from docs/zh/,
both with this file, offline, into build/site/."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE / "_ext")]

import village_eval  # noqa: E402 (found by the line above)

CHINESE = os.environ.get("VILLAGE_EVAL_DOCS") == "zh"

project = "village_eval"
author = "The village_eval authors"
copyright = "The village_eval authors, MIT"
version = release = village_eval.__version__
language = "zh_CN" if CHINESE else "en"
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "chinese_search",
    "from_the_code",
    "links_outside",
]
html_title = "村庄整治成效评估" if CHINESE else "village_eval"
exclude_patterns = ["_ext", "_templates", "_static", "words.toml"] + ([] if CHINESE else ["zh"])
templates_path = [str(HERE / "_templates")]
suppress_warnings = ["myst.header", "myst.xref_missing_heading"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
# Cells run in every build, since what they show hangs on the program; one that fails stops it.
nb_execution_mode = "force"
nb_merge_streams = True
nb_execution_timeout = 600
nb_execution_raise_on_error = True
nb_execution_show_tb = True

autodoc_typehints = "none"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False
add_module_names = False

html_theme = "pydata_sphinx_theme"
html_static_path = [
    str(HERE / "_static"),
    *(
        str(ROOT / "village_eval/words/fonts" / f"VillageSansSC-{w}.otf")
        for w in ("Regular", "Bold")
    ),
]
html_css_files = ["site.css"]
html_search_language = "zh"
html_sidebars = {"**": ["sidebar-nav-bs"], "index": [], "questions": []}
html_show_search_summary = False  # it fetches pages, which browsers refuse to files
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "navbar_end": ["other_language", "theme-switcher"],
    "navbar_align": "left",
    "header_links_before_dropdown": 6,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_prev_next": True,
    "search_as_you_type": False,
    "pygments_light_style": "default",
}


def other_language(source: Path) -> set[str]:
    """Pages that the other language has, too, by name."""
    other = HERE if CHINESE else HERE / "zh"
    return {str(path.relative_to(other).with_suffix("")) for path in other.rglob("*.md")}


html_context = {
    "default_mode": "light",
    "chinese": CHINESE,
    "in_other_language": other_language(HERE),
}

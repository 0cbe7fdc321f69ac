"""README's tables are those of the committed certification, and every file it links to is there."""

import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_tables_are_those_of_the_data():
    spec = importlib.util.spec_from_file_location(
        "readme_tables", ROOT / "tools" / "readme_tables.py"
    )
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    readme = (ROOT / "README.md").read_text("utf-8")
    assert tool.written(readme) == readme, "run: python tools/readme_tables.py"


def test_links_lead_somewhere():
    readme = (ROOT / "README.md").read_text("utf-8")
    missing = [
        link for link in re.findall(r"\]\((?!http)([^)#]+)", readme) if not (ROOT / link).exists()
    ]
    assert not missing

"""Where the notebooks and the embedded county are.

Beside the package in a checkout, inside it in an installed wheel.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def _find(name: str) -> Path:
    """A folder of the package's data, wherever the package is.

    pyproject.toml puts it into the wheel as ``village_eval/<name>``; a checkout keeps it at its
    root.
    """
    places = (PACKAGE / name, PACKAGE.parent / name)
    for place in places:
        if place.is_dir():
            return place
    raise FileNotFoundError(
        f"{places[0]} is missing: this installation of village-eval is incomplete. "
        "Install it again: pip install --force-reinstall village-eval"
    )


def notebooks_dir() -> Path:
    """The folder of the notebooks; read-only in an installed package, so execute copies."""
    return _find("notebooks")


def demo_county_dir() -> Path:
    """The folder of the embedded synthetic county."""
    return _find("data") / "demo_county"

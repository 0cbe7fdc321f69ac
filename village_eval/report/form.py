"""A small form for a notebook: county, outcome, window, design; its answer and the code for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from village_eval import designs
from village_eval.county.county import County
from village_eval.county.panel import Panel
from village_eval.county.problems import InputError
from village_eval.expectation.outcomes import OUTCOMES
from village_eval.folder.campaign_file import FILE
from village_eval.folder.reading import demo_county, read_county
from village_eval.report.fragment import in_notebook
from village_eval.words import names
from village_eval.words.wording import words

if TYPE_CHECKING:
    from ipywidgets import VBox

ASKED = {o.name: o for o in OUTCOMES if o.family in ("petitions", "income") and o.statistics}
DEMO = "ve.demo_county()"
CODE = """\
county = {read}
panel = ve.Panel.of(county)
ve.designs.{design}(
    panel, county.campaign, outcome="{outcome}", window="{window}"
)"""


def form(lang: str, county: str | Path | None = None) -> VBox:
    """The form (ipywidgets) in a language; it answers anew whenever something is chosen.

    ``county`` is a folder that can be chosen beside the embedded county and those near.
    """
    from ipywidgets import HTML, Dropdown, VBox

    t = words(lang, "notebooks")["form"]

    def choice(what: str, options: list[tuple[str, str]]) -> Any:
        return Dropdown(description=t[what], options=options)

    folders = counties_near(Path.cwd(), county)
    asked = {
        "county": choice("county", [(t["embedded"], ""), *((f.name, str(f)) for f in folders)]),
        "outcome": choice("outcome", [(names.outcome(o, lang), o) for o in ASKED]),
        "window": choice("window", _windows("petitions", lang)),
        "design": choice("design", [(names.design(d.name, lang), d.name) for d in _designs()]),
    }
    shown = HTML()

    def answer(*_changed: object) -> None:
        shown.value = answer_of(**{name: one.value for name, one in asked.items()}, lang=lang)

    def outcome_changed(change: dict[str, Any]) -> None:
        asked["window"].options = _windows(change["new"], lang)
        answer()

    asked["outcome"].observe(outcome_changed, "value")
    for name in ("county", "window", "design"):
        asked[name].observe(answer, "value")
    if folders and county is not None:
        asked["county"].value = str(folders[0])
    answer()
    return VBox([*asked.values(), shown])


def answer_of(county: str, outcome: str, window: str, design: str, lang: str) -> str:
    """What a design answers and the lines of code that ask it, as HTML.

    ``county`` is a folder, or empty for the embedded one. What cannot be answered is a sentence.
    """
    read = f"ve.read_county({json.dumps(county, ensure_ascii=False)})" if county else DEMO
    code = CODE.format(read=read, design=design, outcome=outcome, window=window)
    try:
        tables, panel = _panel(county, _state(county))
        asked: Callable[..., Any] = getattr(designs, design)
        found = asked(panel, tables.campaign, outcome=outcome, window=window)
        said = found.card(lang).html() if hasattr(found, "card") else escape(repr(found))
    except (InputError, ValueError) as error:
        said = f"<p>{escape(str(error))}</p>"
    return in_notebook(f"{said}<pre>{escape(code)}</pre>")


def counties_near(folder: Path, first: str | Path | None = None) -> list[Path]:
    """County folders in a folder and the one above it, ``first`` before them."""
    found = sorted(
        path.parent for near in (folder, folder.parent) for path in near.glob(f"*/{FILE}")
    )
    known = [path for path in found if (path / "villages.csv").is_file()]
    return list(dict.fromkeys([*([] if first is None else [Path(first).resolve()]), *known]))


@lru_cache(maxsize=4)
def _panel(county: str, state: tuple[object, ...]) -> tuple[County, Panel]:
    """Of a folder in a ``state``: what was put right in it is read again."""
    tables = read_county(county) if county else demo_county()
    return tables, Panel.of(tables)


def _state(county: str) -> tuple[object, ...]:
    """Names, times and sizes of a county folder's files."""
    files = sorted(p for p in Path(county).rglob("*") if p.is_file()) if county else ()
    return tuple((str(p), p.stat().st_mtime_ns, p.stat().st_size) for p in files)


def _designs() -> list[designs.DeclaredDesign]:
    return [d for d in designs.DESIGNS if callable(getattr(designs, d.name, None))]


def _windows(outcome: str, lang: str) -> list[tuple[str, str]]:
    """The outcome's windows, the first year first."""
    asked = ASKED[outcome]
    order = sorted(asked.windows, key=lambda w: w != "first_year")
    return [(names.window(w, lang, asked.family == "income"), w) for w in order]

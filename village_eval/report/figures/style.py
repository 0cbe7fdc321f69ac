"""The house style of every picture.

One font, few inks that a grey printer keeps apart, titles that state the finding.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from PIL import Image

from village_eval.report.fragment import InNotebook, piece
from village_eval.words import fonts
from village_eval.words.wording import signed_percent

INK, CAMPAIGN, QUIET, ACCENT, PALE, RULE = (
    "#222222",
    "#1b4f8a",
    "#8a8a8a",
    "#c8641e",
    "#e6e6e6",
    "#d0d0d0",
)
"""Text, the campaign, quiet years, what to look at, shading, rules. Their greys differ by at least
15 %."""
SEQUENCE = "Blues"
PERCENT_TICKS = (-80, -60, -40, -20, 0, 25, 50, 100, 200, 400, 900)
Place = Literal["outside lower right", "outside lower center"]
SVG_SALT = "village_eval"
UNSAFE = {ord(c): quote(c) for c in '<>"#%\\'}
"""What may not stand as it is in an address of data in quotes; the pictures' text is all paths."""
PNG_LEVEL = 3
"""zlib's level: the same pixels as the usual 6 in two thirds of the time, a tenth more bytes."""
PNG_DPI = 300
RASTER_DPI = 120
"""Resolution of the cells of heat maps, which are drawn as pixels inside the SVG."""


@dataclass(frozen=True, eq=False)
class Picture(InNotebook):
    """A drawn figure with the words that stand for it.

    ``alt`` holds its numbers, ``note`` says how to read it.
    """

    name: str
    figure: Figure
    alt: str
    note: str = ""

    @cached_property
    def svg(self) -> str:
        """The picture as SVG text, drawn once, glyphs as paths.

        The same bytes for the same picture.
        """
        text = io.StringIO()
        with house():
            self._lay_out()
            self.figure.savefig(
                text, format="svg", dpi=RASTER_DPI, metadata={"Date": None, "Creator": None}
            )
        return text.getvalue()

    @cached_property
    def address(self) -> str:
        """The picture as the address of an image in a page."""
        return data_uri(self.svg)

    def save(self, folder: Path, suffix: str = "") -> None:
        """Write ``<name><suffix>.svg`` and ``.png`` (300 dpi)."""
        (folder / f"{self.name}{suffix}.svg").write_text(self.svg, "utf-8")
        self._save_png(folder / f"{self.name}{suffix}.png")

    def _save_png(self, file: Path) -> None:
        """A bitmap of colours alone.

        ``savefig`` writes a transparency that nothing here has, in half as much time again.
        """
        dpi, canvas = self.figure.dpi, self.figure.canvas
        with house():
            self._lay_out()
            self.figure.set_dpi(PNG_DPI)
            bitmap = FigureCanvasAgg(self.figure)
            bitmap.draw()
            pixels = Image.fromarray(np.asarray(bitmap.buffer_rgba())).convert("RGB")
        self.figure.set_dpi(dpi)
        self.figure.set_canvas(canvas)
        pixels.save(file, dpi=(PNG_DPI, PNG_DPI), compress_level=PNG_LEVEL)

    def _lay_out(self) -> None:
        """Place everything once.

        matplotlib would do it again, with draws of its own, for every file (also with the engine
        called "none", which stands in for one that was there).
        """
        if (engine := self.figure.get_layout_engine()) is not None:
            engine.execute(self.figure)
            self.figure.set_layout_engine(None)

    def __html__(self) -> str:
        # Office programs, which know no style sheet, need the size; a browser fits the picture to
        # the page.
        width, height = (round(96 * inches) for inches in self.figure.get_size_inches())
        return piece(
            "figure",
            name=self.name,
            alt=self.alt,
            width=width,
            height=height,
            src=self.address,
            note=self.note,
        ).html


def data_uri(svg: str) -> str:
    """An SVG as the address of an image.

    Escaped and not in base64, which would be a third longer.
    """
    text = re.sub(
        r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>", "", svg, flags=re.DOTALL
    )
    text = re.sub(r"\s+", " ", text).replace("> <", "><").replace('"', "'").strip()
    text = re.sub(
        r"( d='[^']*') transform='scale\(0\.015625\)'",
        lambda m: _eighths(m[1]) + " transform='scale(.125)'",
        text,
    )
    text = re.sub(
        r"(?<![\d.])-?[1-9]\d*\.\d{3,}",
        lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."),
        text,
    )
    text = re.sub(
        r" d='[^']*'",
        lambda m: re.sub(r" ?([A-Za-z]) ?", r"\1", m[0][4:-1]).join((" d='", "'")),
        text,
    )
    return "data:image/svg+xml;charset=utf-8," + text.translate(UNSAFE)


def _eighths(glyph: str) -> str:
    """A glyph's outline in units eight times as coarse.

    A hundredth of a point at the sizes used here.
    """
    return re.sub(r"-?\d+", lambda m: str(round(int(m[0]) / 8)), glyph)


@contextmanager
def house():
    """matplotlib settings of the house style, for drawing and for saving.

    The caller's settings stay as they were.
    """
    rc = sns.axes_style("white") | {
        "font.family": [fonts.register()],
        "font.sans-serif": [fonts.FAMILY],
        "font.size": 9,
        "axes.titlesize": 9,
        "axes.labelsize": 8.5,
        "xtick.labelsize": 8,
        "ytick.labelsize": 8.5,
        "legend.fontsize": 8,
        "text.color": INK,
        "axes.labelcolor": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "axes.edgecolor": QUIET,
        "axes.linewidth": 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.unicode_minus": True,
        "svg.fonttype": "path",
        "text.parse_math": False,  # a $ in somebody's name is a $
        "svg.hashsalt": SVG_SALT,
        "figure.dpi": 110,
    }
    with mpl.rc_context(rc):
        yield


def canvas(title: str, height: float, width: float = 7.0, **subplots):
    """A figure (inches) with its finding as a left-aligned title, and its axes.

    Call inside ``house()``.
    """
    figure = Figure(figsize=(width, height), layout="constrained")
    figure.suptitle(
        wrap(fonts.drawable(title), width * 13.5),
        x=0.01,
        ha="left",
        fontsize=11,
        fontweight="bold",
        linespacing=1.35,
    )
    return figure, figure.subplots(**subplots)


def heatmap(
    ax: Axes, cells: np.ndarray, rows: Iterable[str], top: float, bar: dict | None = None, **more
) -> None:
    """Cells [rows, columns] as shades from 0 to ``top``, the first row on top, NaN left white.

    ``bar`` (how the bar of the shades looks, and its label) asks for one; ``more`` goes to seaborn.
    The middle of cell i is at i + 0.5.
    """
    sns.heatmap(
        cells,
        ax=ax,
        vmin=0,
        vmax=top,
        xticklabels=False,
        yticklabels=False,
        rasterized=True,
        fmt="",
        cbar=bar is not None,
        cbar_kws={"shrink": 0.7, "pad": 0.015, "aspect": 25} | (bar or {}),
        **{"cmap": SEQUENCE} | more,
    )
    names = [fonts.drawable(name) for name in rows]
    ax.set_yticks(np.arange(len(names)) + 0.5, names)
    ax.tick_params(length=0)


def changes(values: Sequence) -> list[int]:
    """Places at which a value differs from the one before it."""
    return [i for i in range(1, len(values)) if values[i] != values[i - 1]]


def legend_outside(figure: Figure, ax: Axes, place: Place, columns: int) -> None:
    """What ``ax`` names, in a legend of the whole figure."""
    figure.legend(*ax.get_legend_handles_labels(), loc=place, ncols=columns, frameon=False)
    if own := ax.get_legend():
        own.remove()


def histogram(ax: Axes, data: pd.DataFrame, looks: dict[str, tuple[str, str]], **more) -> None:
    """Bars by the column ``group``, with a colour and a hatch for each.

    ``looks`` by group; the first stands at the bottom of a stack. ``more`` goes to seaborn.
    """
    sns.histplot(
        data,
        hue="group",
        hue_order=list(looks)[::-1],
        palette={group: ink for group, (ink, _) in looks.items()},
        alpha=1,
        edgecolor="white",
        lw=0.4,
        legend=False,
        ax=ax,
        **more,
    )
    for bars, (group, (_, hatch)) in zip(ax.containers, looks.items(), strict=True):
        bars.set_label(group)
        for bar in bars:
            bar.set_hatch(hatch)


def wrap(text: str, width: float) -> str:
    """Break lines so that none is wider than ``width`` half-width characters.

    Chinese may break anywhere but before punctuation.
    """
    lines, line, used, last_space = [], "", 0.0, -1
    for char in text:
        step = 2 if unicodedata.east_asian_width(char) in "WF" else 1.05
        if used + step > width and not unicodedata.category(char).startswith("P") and char != "%":
            cut = (
                last_space
                if last_space > 0 and unicodedata.east_asian_width(char) not in "WF"
                else len(line)
            )
            lines.append(line[:cut].rstrip())
            line = line[cut:].lstrip()
            used, last_space = (
                sum(2 if unicodedata.east_asian_width(c) in "WF" else 1.05 for c in line),
                -1,
            )
        line, used = line + char, used + step
        if char == " ":
            last_space = len(line)
    return "\n".join([*lines, line])


def percent_axis(axis, low: float, high: float, lang: str) -> None:
    """Label a log-ratio axis in per cent.

    Ticks are at round values between ``low`` and ``high`` (log ratios).
    """
    at = [p for p in PERCENT_TICKS if low <= np.log1p(p / 100) <= high]
    if len(at) < 3:
        edge = 100 * max(abs(np.expm1(low)), abs(np.expm1(high)))
        step = next(s for s in (1, 2, 5, 10, 20) if s >= edge / 3 or s == 20)
        at = [p for p in range(-4 * step, 5 * step, step) if low <= np.log1p(p / 100) <= high]
    spaced: list[int] = []
    room = 0.075 * (high - low)
    for p in sorted(at, key=lambda p: (p != 0, abs(p))):
        if all(abs(np.log1p(p / 100) - np.log1p(q / 100)) >= room for q in spaced):
            spaced.append(p)
    at = sorted(spaced)
    axis.set_ticks([np.log1p(p / 100) for p in at], [signed_percent(p, lang) for p in at])


def limits(*values, pad: float = 0.08, zero: bool = True) -> tuple[float, float]:
    """Lowest and highest finite value, with some room; zero inside."""
    flat = np.concatenate([np.ravel(np.asarray(v, float)) for v in values])
    flat = flat[np.isfinite(flat)]
    low, high = (min(flat.min(), 0), max(flat.max(), 0)) if zero else (flat.min(), flat.max())
    room = pad * (high - low) or 0.1
    return low - room, high + room


def mark(picture: Picture, text: str) -> None:
    """Write a short remark under the picture, in a strip of its own."""
    figure, strip = picture.figure, 0.17 / picture.figure.get_figheight()
    engine = figure.get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine):
        engine.set(rect=(0, strip, 1, 1 - strip))
    with house():
        figure.text(0.005, 0.005, text, ha="left", va="bottom", fontsize=7, color=ACCENT)

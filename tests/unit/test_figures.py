"""Pictures: alt texts with numbers, glyphs in both languages, the same bytes twice, safe when
little is known."""

import gc
import re

import fixtures_evaluation as made
import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from PIL import Image

from village_eval.report import gallery
from village_eval.report.figures import style
from village_eval.report.figures.diagnosis import ranking
from village_eval.report.figures.event_study import event_study as draw_event_study
from village_eval.report.figures.income import income_sources
from village_eval.report.figures.quiet_years import quiet_years
from village_eval.report.figures.ranges import LOOKS, ranges
from village_eval.words.fonts import MissingGlyphWarning
from village_eval.words.vocabulary import INCOME_SOURCES
from village_eval.words.wording import LANGUAGES, words


@pytest.fixture(scope="module")
def worked():
    return made.worked()


@pytest.mark.filterwarnings("error::village_eval.words.fonts.MissingGlyphWarning")
@pytest.mark.filterwarnings("error:Glyph:UserWarning")
@pytest.mark.parametrize("draw", gallery.ALL, ids=lambda f: f.__name__)
def test_every_picture_has_words_and_glyphs(worked, draw):
    for lang in LANGUAGES:
        picture = draw(worked.shown_to("researcher"), lang)
        assert re.search(r"\d", picture.alt) and not re.search(r"\bnan\b", picture.alt)
        svg = picture.svg
        assert "<svg" in svg and "<text" not in svg, (
            "glyphs must be paths: the reader may have no Chinese font"
        )


def test_the_gap_in_the_picture_is_the_estimate():
    finding = made.worked().findings[0]
    picture = quiet_years(finding, "zh")
    ax = picture.figure.axes[0]
    arrow = (
        next(a for a in ax.texts if a.arrow_patch is not None)
        if hasattr(ax.texts[0], "arrow_patch")
        else None
    )
    arrow = arrow or next(a for a in ax.texts if getattr(a, "arrow_patch", None) is not None)
    assert arrow.xy[0] - arrow.xyann[0] == pytest.approx(finding.estimate.value)
    assert "18%" in picture.alt


def test_no_number_no_picture():
    assert quiet_years(made.nothing("petitions", "first_year", "window_not_observed"), "zh") is None


def test_no_quiet_year_is_said():
    est = made.estimate(design="expected_from_history", quiet_years=None)
    bare = made.finding(est, "C", "fell", quiet_years=0)
    assert "对照年份" in quiet_years(bare, "zh").note and quiet_years(bare, "en").alt


def test_titles_follow_the_conclusion():
    titles = {
        "fell": made.finding(made.estimate(), "B", "fell"),
        "perhaps": made.finding(made.estimate(), "C", "fell"),
        "none": made.finding(made.estimate(value=-0.02, se=0.1), "B", "none_seen"),
        "borderline": made.finding(
            made.estimate(value=-0.2, se=0.09), "B", "none_seen", p_adjusted=0.06
        ),
        "misleading": made.finding(made.estimate(value=-0.4), "X", "misleading"),
    }
    seen = {k: quiet_years(f, "zh").figure._suptitle.get_text() for k, f in titles.items()}
    assert "后进村的信访比不整治低18%（可能范围：低" in seen["fell"]
    assert "可能比不整治低18%" in seen["perhaps"]
    assert "可以排除25%以上的下降" in seen["none"] and "可以排除" not in seen["borderline"]
    assert "不足以" in seen["borderline"] and "登记" in seen["misleading"]
    assert len(set(seen.values())) == 5


@pytest.mark.parametrize(("before", "after", "says"), [(0.5, 0.1, True), (0.1, 0.3, False)])
def test_a_path_is_said_to_fall_back_only_where_it_does(before, after, says):
    """The title is of what is drawn, not of what lists of the worst mostly show."""
    month = np.arange(-18, 12)
    listing = (month >= -12) & (month < 0)
    path = pd.DataFrame({"month": month, "in_listing_window": listing, "in_campaign": month == 0})
    value = np.select([listing, month >= 0], [before, after], 0.0)
    path = path.assign(estimate=value, ci_low=value - 0.1, ci_high=value + 0.1)
    picture = draw_event_study(path, "en")
    title = picture.figure._suptitle.get_text()
    assert ("then lower" in title) == says and "dashed" not in title
    assert ("why they stand high" in picture.note) == says
    beside = draw_event_study(path.assign(quiet=0.0), "en").figure._suptitle.get_text()
    assert "dashed" in beside.replace("\n", " ")


def test_same_bytes_and_no_settings_left_behind(worked):
    before = dict(mpl.rcParams)
    first, second = (gallery.sensitivity(made.worked(), "zh").svg for _ in range(2))
    assert first == second
    assert dict(mpl.rcParams) == before


def test_synthetic_pictures_say_so(worked):
    texts = [t.get_text() for t in gallery.ranking(worked, "zh").figure.texts]
    assert "虚构数据" in texts


def test_strange_characters_become_a_mark_and_a_warning(worked):
    villages = worked.county.villages.assign(village_name="\U0002a6a5家村")
    from village_eval.report.figures.wall_chart import wall_chart

    with pytest.warns(MissingGlyphWarning):
        picture = wall_chart(worked.county.measures.assign(state="done"), villages, "zh")
    assert any("〓" in t.get_text() for t in picture.figure.axes[0].get_yticklabels())


def test_wrap_keeps_every_character():
    for text in ("信访明显下降，" * 20, "petitions fell " * 20):
        lines = style.wrap(text, 40).split("\n")
        assert len(lines) > 2
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_inks_differ_in_grey():
    def grey(colour):
        return np.dot(mpl.colors.to_rgb(colour), [0.299, 0.587, 0.114])

    inks = sorted(grey(c) for c in (style.INK, style.CAMPAIGN, style.QUIET, style.PALE))
    assert min(np.diff(inks)) > 0.12


def test_an_embedded_picture_is_the_saved_one_to_a_hundredth_of_a_point():
    from urllib.parse import unquote

    saved = gallery.sensitivity(made.worked(), "zh").svg
    small = unquote(style.data_uri(saved).partition(",")[2])
    for pattern in (r"scale\(0\.0\d+ -0\.0\d+\)", r"<use ", r"<path "):
        assert len(re.findall(pattern, small)) == len(re.findall(pattern, saved))
    assert set(re.findall(r"scale\((0\.0\d+) -", small)) == set(
        re.findall(r"scale\((0\.0\d+) -", saved)
    )
    places = [
        [float(x) for x in re.findall(r"translate\(([\d.]+) ", text)] for text in (saved, small)
    ]
    assert places[0] == pytest.approx(places[1], abs=0.006) and len(small) < 0.85 * len(saved)


def test_a_stack_of_income_is_the_sum_also_where_a_source_is_unknown():
    income = pd.DataFrame(20_000.0, index=[2022, 2023], columns=list(INCOME_SOURCES))
    income.loc[2023, "subsidy"] = 70_000.0
    income["investment"] = np.nan
    picture = income_sources(income, 2023, "zh")
    ax = picture.figure.axes[0]
    tops = [
        max(bars[year].get_y() + bars[year].get_height() for bars in ax.containers)
        for year in (0, 1)
    ]
    scale = words("zh", "figures")["income"]["yuan"]
    assert np.multiply(tops, scale) == pytest.approx([80_000, 130_000])
    hatched = [bars.get_label() for bars in ax.containers if bars[0].get_hatch()]
    assert hatched == ["补助收入"] and len(ax.containers) == len(INCOME_SOURCES)


def test_bars_of_the_ranking_are_shares_of_each_group():
    petitions, listed = np.array([9, 9, 8, 0, 0, 0, 1]), np.arange(7) < 3
    ax = ranking(petitions, listed, "en").figure.axes[0]
    heights = {bars.get_label(): [bar.get_height() for bar in bars] for bars in ax.containers}
    assert heights["listed"][-2:] == pytest.approx([100 / 3, 200 / 3])
    assert heights["others"][:2] == pytest.approx([75, 25]) and sum(heights["others"]) == 100
    handles, _ = ax.get_legend_handles_labels()
    assert [bars[0].get_hatch() for bars in handles] == ["////", ""]


def test_a_row_without_a_range_is_a_dot_alone():
    with style.house():
        _, ax = style.canvas("1", 2.0)
        lo, hi = ranges(ax, ["a", "b"], [0.1, -0.4], [0.0, None], [0.3, None], [*LOOKS][:2])
    assert lo < -0.4 and hi > 0.3
    drawn = [line for lines in ax.collections[::2] for line in lines.get_segments()]
    assert [line.tolist() for line in drawn if len(line)] == [[[0, 0], [0.3, 0]]]
    dots = np.vstack([dots.get_offsets() for dots in ax.collections[1::2]])
    assert dots.tolist() == [[0.1, 0], [-0.4, 1]]


def bitmaps():
    gc.collect()
    return sum(isinstance(one, RendererAgg) for one in gc.get_objects())


@pytest.mark.slow
@pytest.mark.ci
def test_saved_pictures_hold_no_bitmap_and_still_go_into_pages(worked, tmp_path):
    before = bitmaps()
    gallery.save_all(worked, tmp_path, "zh")
    assert bitmaps() <= before, "a worker of many counties would grow by 13 MB a picture"
    name = gallery.quiet_years.__name__
    with Image.open(tmp_path / f"{name}.zh.png") as png:
        assert (png.mode, png.width, round(png.info["dpi"][0])) == ("RGB", 2100, 300)
    drawn = gallery.quiet_years(worked, "zh")
    assert (tmp_path / f"{name}.zh.svg").read_text("utf-8") == drawn.svg
    assert 'width="672"' in drawn._repr_html_()

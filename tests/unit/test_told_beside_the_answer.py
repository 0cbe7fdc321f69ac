"""What stands beside the answer so that nobody is misled: counts, unusual years, dates of windows,
the county as a whole, the breaking point, advice to whom it can be given."""

import math
import re
from dataclasses import replace

import fixtures_evaluation as made
import numpy as np
import pytest

from village_eval.county.frames import as_a_whole, income_by_source
from village_eval.findings import may_say
from village_eval.report import sections
from village_eval.report.lasting import overlap, span
from village_eval.report.page_one import points
from village_eval.report.plan_words import advice_sentence, lot_sentence
from village_eval.report.sections import answers
from village_eval.report.would_mislead import projection_sentence, whole_sentence, year_list
from village_eval.words import wording
from village_eval.words.catalogue import LANGUAGES


def told(story, lang):
    return " ".join(f"{p.lead} {p.text}" for p in points(story, lang))


def with_reversion(story, **fields):
    head = story.findings[0]
    slope = head.estimate.reversion and replace(head.estimate.reversion, **fields)
    return replace(head, estimate=replace(head.estimate, reversion=slope))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_counts_of_the_year_before_the_projection_and_what_came_add_up(lang):
    text, amounts = points(made.worked(), lang)[1].text, made.worked().findings[0].estimate.amounts
    before = amounts.actual * math.exp(-amounts.before_after)
    for count in (before, amounts.actual, amounts.expected):
        assert f"{count:.0f}" in text
    assert before > amounts.expected > amounts.actual


@pytest.mark.parametrize("lang", LANGUAGES)
def test_unusual_years_are_named_and_corrected_only_where_they_were(lang):
    story, said = made.worked(), {}
    for name, weight in (("full", 1.0), ("part", 0.3), ("not", 0.0)):
        said[name] = projection_sentence(with_reversion(story, weight=weight), lang)
    assert len(set(said.values())) == 3
    head = story.findings[0]
    quiet = head.estimate.quiet_years
    plain = replace(quiet, table=quiet.table.assign(unusual=False))
    ordinary = replace(head, estimate=replace(head.estimate, quiet_years=plain))
    assert not re.search("非常时期|unusual", projection_sentence(ordinary, lang))
    assert all(re.search("非常时期|unusual", text) for text in said.values())
    assert (
        year_list([2022, 2020, 2021], lang) == {"zh": "2020年至2022年", "en": "2020 to 2022"}[lang]
    )
    assert year_list([2022, 2020], lang).startswith("2020")


def test_the_county_as_a_whole_is_the_sum_of_the_register():
    story = made.worked()
    panel, start = story.panel, story.panel.month_index(story.campaign.start_month)
    listed, others = as_a_whole(panel, story.campaign)
    year = panel.petitions[:, start : start + 12].sum()
    assert listed[1] + others[1] == year
    assert listed[0] + others[0] == panel.petitions[:, start - 12 : start].sum()
    assert f"{year:,.0f}" in whole_sentence(story, "en")
    short = replace(story.campaign, start=story.panel.months[-1].to_timestamp().date())
    assert as_a_whole(panel, short) is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_windows_have_dates_and_their_overlap_is_said(lang):
    story = made.worked()
    assert span(story.campaign, "after", lang) in told(story, lang)
    assert overlap(story.campaign) == 8
    assert overlap(replace(story.campaign, days=370)) == 0
    assert {"zh": "8个月", "en": "8 months"}[lang] in told(story, lang)


def test_a_number_is_just_visible_below_what_would_probably_be_seen():
    for value, mde, just in ((-0.2, -26.0, True), (-0.4, -26.0, False), (-0.2, -10.0, False)):
        finding = made.finding(made.estimate(value=value, se=0.05), "B", "fell", mde=mde)
        assert may_say.just_visible(finding) == just
    weak = made.finding(made.estimate(value=-0.2, se=0.05), "C", "fell", mde=-26.0)
    assert not may_say.just_visible(weak), "may have fallen says it already"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_limits_say_what_else_would_undo_the_fall(lang):
    story = made.worked()
    html = sections.limits(story, lang).html
    end = -100 * np.expm1(story.findings[0].estimate.ci_high)
    assert f"{end:.1f}%" in html and re.search("站不住|no longer be established", html)
    nothing = sections.limits(made.nothing_seen(), lang).html
    assert not re.search("站不住|no longer be established", nothing)


ROWS = [
    {
        "design": "phased",
        "detectable_percent": -38.0,
        "villages": 68,
        "months": 12,
        "quiet_years": 4,
    },
    {"design": "measures", "detectable_percent": -44.0, "villages": 68, "months": 12},
]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_one_county_cannot_show_is_asked_of_the_city(lang):
    city = {"zh": "报请市里", "en": "the city"}[lang]
    assert city in advice_sentence(ROWS, lang, math.log(0.72))
    assert city not in advice_sentence(ROWS, lang, math.log(0.5)), "one county shows this"
    assert "44%" in lot_sentence(ROWS, lang) and "44%" not in lot_sentence(ROWS[:1], lang)


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_income_did_the_year_after_is_told_as_the_tables_have_it(lang):
    story = made.worked()
    subsidy = income_by_source(story.panel)["subsidy"]
    html = sections.effects(story, lang).html
    for year in (2023, 2024):
        assert wording.money(subsidy[year], lang) in html
    earlier = replace(story.campaign, start=story.campaign.start.replace(year=2024))
    early = replace(story, county=replace(story.county, campaign=earlier))
    assert answers._income_after(early, lang) is None, "2025 is not reported"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_others_that_moved_less_do_not_keep_a_cause_possible(lang):
    """What would undo the fall is set against how far unlisted villages of the kind moved."""
    story, said = made.worked(), {}
    for name, low in (("as far", -0.30), ("less", -0.02)):
        space = made.check("placebo_space", change=-0.01, change_low=low, change_high=0.02)
        head = replace(story.findings[0], checks=(space,))
        story = replace(story, findings=[head, *story.findings[1:]])
        said[name] = sections.limits(story, lang).html
    cannot = {"zh": "这种可能不能排除", "en": "so this cannot be ruled out"}[lang]
    assert cannot in said["as far"] and cannot not in said["less"]
    assert {"zh": "没有出现这样大的变化", "en": "nothing of that size"}[lang] in said["less"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("conclusion", ["not_asked", "unclear", "fell"])
def test_a_second_year_that_was_not_asked_is_not_called_unclear(conclusion, lang):
    """Its range may leave out zero; that it was not asked is what keeps it from being told."""
    story = made.worked()
    estimate = made.estimate(window="after_13_24", value=-0.25, se=0.06)
    later = made.finding(
        estimate, "B", conclusion, p_adjusted=0.04 if conclusion == "fell" else 0.4
    )
    text = told(replace(story, findings=[*story.findings, later]), lang)
    second = text[text.index({"zh": "第二年（", "en": "Second year ("}[lang]) :]
    second = second.partition({"zh": "。", "en": ". "}[lang])[0]
    unclear = {"zh": "是升是降说不清", "en": "direction cannot be told"}[lang]
    assert unclear not in second
    words = {"not_asked": ("没有检验", "not asked"), "unclear": ("不足以", "not enough")}
    if conclusion in words:
        assert words[conclusion][lang == "en"] in second

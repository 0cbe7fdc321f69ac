"""What stands in the report and what in the annex: no heading without a text, no p value, lists
that call for action, every check in a group."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import fixtures_evaluation as made
import pytest
from bs4 import BeautifulSoup
from test_words_everywhere import stories

from village_eval.checks import CHECKS
from village_eval.report import page_one, sections, tables
from village_eval.report.check_words import GROUPS, check_group
from village_eval.report.figures.style import Picture
from village_eval.report.sections import trust
from village_eval.report.sections.annex import PARTS
from village_eval.words.wording import LANGUAGES, words

STORY = dict(stories())


@cache
def page_of(name: str, lang: str, full: bool) -> BeautifulSoup:
    """The page of a story; its pictures are made, but not written as SVG."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Picture, "address", "data:,")
        fragments = sections.page(STORY[name], lang, full)
    return BeautifulSoup("".join(f.html for f in fragments), "html.parser")


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", STORY)
@pytest.mark.parametrize("full", [False, True], ids=["report", "full"])
def test_no_heading_stands_alone(name, lang, full):
    page = page_of(name, lang, full)
    blocks = page.find_all(["h1", "h2", "h3", "h4", "p", "ul", "ol", "dl", "table", "figure"])
    for one, other in zip(blocks, [*blocks[1:], None], strict=True):
        if re.fullmatch(r"h\d", one.name):
            deeper = other is not None and re.fullmatch(r"h\d", other.name)
            assert other is not None and (not deeper or other.name > one.name), one.get_text()
        else:
            assert one.get_text(strip=True) or one.find("img"), one


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", STORY)
def test_contents_lead_to_what_is_there(name, lang):
    for full in (False, True):
        page = page_of(name, lang, full)
        there = {tag["id"] for tag in page.find_all(id=True)}
        links = [a["href"][1:] for a in page.select("a[href]")]
        assert set(links) <= there and len(links) >= 12
        researcher = name == "researcher"
        assert ("annex" in links) is (full or researcher)


def test_the_annex_is_for_those_who_ask_or_research():
    assert page_of("worked", "zh", False).find(id="annex") is None
    for name, full in (("worked", True), ("researcher", False)):
        annex = page_of(name, "zh", full).find(id="annex").parent
        found = [h["id"] for h in annex.find_all("h3")]
        assert found == [f"annex_{key}" for key in PARTS]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_report_holds_no_p_value_and_the_annex_does(lang):
    text = page_of("worked", lang, False).get_text()
    column = words(lang, "tables")["checks"]["columns"]["p"]
    assert column not in text.split(words(lang, "report")["sub"]["method"])[0]
    assert column in page_of("worked", lang, True).get_text()


@pytest.mark.parametrize("check", [c.name for c in CHECKS])
def test_every_check_has_a_group(check):
    assert check_group(made.check(check)) in GROUPS
    assert check_group(made.check("of_my_own")) == "own"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_did_not_pass_comes_first_and_the_rest_in_a_line_each(lang):
    misled = made.misleading()
    failed = tables.not_passed(misled, lang)
    assert len(failed.frame) == sum(c.verdict in ("weak", "fail") for c in misled.checks)
    verdicts = tables.checks(misled, lang).frame.iloc[:, 2].tolist()
    order = [words(lang)["verdict"][v] for v in ("fail", "weak", "pass", "not_applicable")]
    assert verdicts == sorted(verdicts, key=order.index)
    passed = {check_group(c) for c in misled.checks if c.verdict == "pass"}
    html = sections.limits(misled, lang).html
    assert sum(text in html for text in words(lang, "checks")["group"].values()) == len(passed)
    assert tables.not_passed(made.nothing_seen(), lang) is None or failed is not None


def test_long_lists_are_cut_and_say_so(monkeypatch):
    misled = made.misleading()
    monkeypatch.setattr(trust, "MOST_NOT_PASSED", 0)
    html = sections.limits(misled, "zh").html
    assert "not_passed" in html


@pytest.mark.parametrize("lang", LANGUAGES)
def test_overdue_measures_are_named_by_township_and_villages_only_for_the_county(lang):
    worked = made.worked()
    measures = worked.county.measures.copy()
    measures["completed"] = 0
    county = replace(worked.county, measures=measures)
    owed = replace(worked, county=county)
    table = tables.undelivered(owed, lang)
    heads = list(words(lang, "tables")["undelivered"]["columns"].values())
    assert list(table.frame) == heads and table.frame[heads[1]].sum() == len(measures)
    assert table.frame[heads[1]].is_monotonic_decreasing
    names = worked.panel.villages["village_name"]
    assert any(n in "".join(table.frame[heads[2]]) for n in names)
    public = tables.undelivered(owed.shown_to("public"), lang)
    assert not any(n in "".join(public.frame[heads[2]]) for n in names)
    done = measures.assign(completed=1)
    assert tables.undelivered(replace(worked, county=replace(county, measures=done)), lang) is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_village_to_revisit_has_a_reason(lang):
    worked, t = made.worked(), words(lang, "tables")["why_revisit"]
    villages = worked.villages.assign(probability_improved=0.1, expected=4.0, actual=4)
    villages.loc[villages.index[0], "actual"] = 9
    villages.loc[villages.index[1], "actual"] = 1
    found = tables.revisit(replace(worked, villages=villages), lang)
    why = found.frame.iloc[:, -1]
    assert len(found.frame) == len(villages)
    for key in ("above", "alike", "doubtful"):
        assert why.str.startswith(t[key]).any(), key
    assert len(tables.revisit(replace(worked, villages=villages), lang, most=3).frame) == 3


def test_what_was_not_assessed_is_not_told_as_nothing_found():
    unknown = replace(
        made.worked(), findings=[made.nothing("petitions", "first_year", "window_not_observed")]
    )
    t = words("zh", "report")
    html = sections.effects(unknown, "zh").html
    assert t["others"]["none"] not in html and t["why"]["none"] not in html
    assert t["why"]["brief"] in html


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.parametrize("lang", LANGUAGES)
def test_other_designs_stand_in_the_appendix_with_the_side_they_err_to(lang):
    worked = made.worked()
    shown, errs = tables.other_designs(worked, lang), words(lang, "tables")["other_designs"]["errs"]
    assert shown.caption in sections.appendix_method(worked, lang).html
    assert list(shown.frame.iloc[:, -1]).count(errs["used"]) == 1
    assert set(shown.frame.iloc[:, -1]) & {errs["low"], errs["high"], errs["either"]}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_measures_on_time_late_and_overdue_make_up_all(lang):
    worked = made.worked()
    said = sections.actions(worked, lang).html
    state = page_one.stand(worked)
    for n in (state["done"] - state["late"], state["late"], state["overdue"]):
        assert f"{n:.0f}" in said

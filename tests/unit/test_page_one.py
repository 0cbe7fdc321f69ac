"""Page one says what the findings carry, in the order of the target, for the three stories."""

from dataclasses import replace

import fixtures_evaluation as made
import pytest

from village_eval.report.page_one import next_steps, points
from village_eval.report.sections import page_one
from village_eval.report.sentences import STRONG, sentence
from village_eval.words import names
from village_eval.words.catalogue import LANGUAGES


def leads(story, lang="zh"):
    return [p.lead for p in points(story, lang)]


def test_a_clear_fall_with_subsidised_income():
    assert leads(made.worked()) == [
        "信访下降，降幅说不准（低6%至29%）。",
        "只作前后对比会高估成效一倍以上。",
        "集体收入的增加主要来自补助。",
        "哪类措施起作用，仅凭本县数据分不出来。",
        "整治结束后一年，信访仍然较低；是否在减退说不清。",
    ]
    assert "补助单列" in "".join(next_steps(made.worked(), "zh"))


def test_nothing_seen_gives_before_after_no_credit():
    shown = leads(made.nothing_seen())
    assert shown[0] == "信访没有下降25%以上。"
    assert shown[1] == "只作前后对比会把自行回落当成成绩。"
    assert any("分两批" in s for s in next_steps(made.nothing_seen(), "zh"))


def test_misleading_records_are_checked_first():
    story = made.misleading()
    assert leads(story)[0] == "登记数下降不能说明问题减少。"
    assert next_steps(story, "zh")[0].startswith("先核对")
    assert not any("回头看" in s for s in next_steps(story, "zh")), (
        "no village is judged on records that mislead"
    )


@pytest.mark.parametrize("story", [made.worked, made.nothing_seen, made.misleading])
def test_no_jargon_on_page_one(story):
    text = page_one(story(), "zh").html.split("<figure")[0]
    jargon = ("p值", "系数", "对数", "显著", "双重差分", "！", "None", "nan")
    assert not [word for word in jargon if word in text]


@pytest.mark.slow
@pytest.mark.ci
def test_every_sentence_leads_somewhere():
    from village_eval.report import sections

    story = made.worked()
    body = "".join(
        make(story, "zh").html for make in (sections.effects, sections.measures, sections.lasting)
    )
    for point in points(story, "zh"):
        assert f'id="{point.section}"' in body


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_would_mislead_is_said_in_one_sentence_each(lang):
    before, recorded, subsidy = {
        "zh": ("（同比−", "也可能是没有登记", "总收入里含有补助"),
        "en": ("In the year before the start", "turned away", "holds subsidy too"),
    }[lang]
    story = made.worked()
    told = points(story, lang)[1].text
    assert before in told and recorded in told and subsidy not in told, "income has said it"
    plain = [f for f in story.findings if f.id != "total_income.first_year"]
    subsidised = made.estimate("total_income", value=0.05, se=0.03)
    clean = made.finding(
        subsidised, "B", "none_seen", [made.check("subsidy", "pass", "total_income.first_year")]
    )
    assert subsidy in points(replace(story, findings=[*plain, clean]), lang)[1].text
    silent = replace(story.findings[0], checks=())
    unknown = points(replace(story, findings=[silent, *story.findings[1:]]), lang)[1].text
    assert {"zh": "无从核对", "en": "cannot be checked here"}[lang] in unknown
    misled = points(made.misleading(), lang)
    assert recorded not in misled[1].text, "the answer itself has said it"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_groups_of_measures_are_named_only_with_what_the_data_carry(lang):
    story = made.worked()
    rows = story.attribution.rows
    group = (rows["level"] == "group") & (rows["outcome"] == "petitions")
    narrow = rows.assign(
        ci_low=rows["ci_low"].where(~group, -0.1), ci_high=rows["ci_high"].where(~group, 0.1)
    )
    found = narrow.assign(
        p_adjusted=narrow["p_adjusted"].where(~group, 0.01),
        ci_high=narrow["ci_high"].where(~group, -0.01),
    )
    leads = {}
    for name, changed in (("wide", rows), ("narrow", narrow), ("found", found)):
        attribution = replace(story.attribution, rows=changed)
        point = next(
            p
            for p in points(replace(story, attribution=attribution), lang)
            if p.section == "measures"
        )
        leads[name] = point.lead
        named = names_of_groups(lang)
        assert all(g in point.text for g in named) == (name == "found"), point.text
        assert not any(g in point.text for g in named) or "9.5%" in point.text
    assert len(set(leads.values())) == 3 and "25%" in leads["narrow"]


def names_of_groups(lang):
    from village_eval.words.vocabulary import MEASURE_GROUPS, name

    return [name("measure_group", g, lang) for g in MEASURE_GROUPS]


def test_synthetic_is_said_at_the_top():
    assert "虚构数据" in page_one(made.worked(), "zh").html.split("<h1")[0]


def test_what_is_bold_on_page_one_is_marked_by_the_words_and_said_nowhere_else():
    for lang in LANGUAGES:
        for story in (made.worked(), made.misleading(), made.nothing_seen()):
            for point in points(story, lang):
                assert "".join(text for text, _ in point.runs) == point.text
                assert STRONG not in point.text
            assert not any(STRONG in sentence(f, lang) for f in story.findings)
        first = points(made.worked(), lang)[0]
        (bold,) = [text for text, strong in first.runs if strong]
        assert names.grade("B", lang) in bold or names.grade("A", lang) in bold

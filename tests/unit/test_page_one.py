"""Page one says what the findings carry, in the order of the target, for the three stories."""

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
        "信访明显下降。",
        "只比前后会高估一倍以上。",
        "集体收入的增加主要来自补助。",
        "哪类措施起作用，本县数据还分不清。",
        "整治结束后一年，作用仍在。",
    ]
    assert "补助单列" in "".join(next_steps(made.worked(), "zh"))


def test_nothing_seen_gives_before_after_no_credit():
    shown = leads(made.nothing_seen())
    assert shown[0] == "没有看到整治带来的变化。"
    assert shown[1] == "只比前后会把自行好转当成成绩。"
    assert any("分两批" in s for s in next_steps(made.nothing_seen(), "zh"))


def test_misleading_records_are_checked_first():
    story = made.misleading()
    assert leads(story)[0] == "登记数下降不能说明问题减少。"
    assert next_steps(story, "zh")[0].startswith("先核对")
    assert not any("再走访" in s for s in next_steps(story, "zh")), (
        "no village is judged on records that mislead"
    )


@pytest.mark.parametrize(
    "forbidden", ["p值", "系数", "对数", "显著", "双重差分", "！", "None", "nan"]
)
def test_no_jargon_on_page_one(forbidden):
    for story in (made.worked(), made.nothing_seen(), made.misleading()):
        html = page_one(story, "zh").html
        assert forbidden not in html.split("<figure")[0]


def test_every_sentence_leads_somewhere():
    from village_eval.report import sections

    story = made.worked()
    body = "".join(
        make(story, "zh").html for make in (sections.effects, sections.measures, sections.lasting)
    )
    for point in points(story, "zh"):
        assert f'id="{point.section}"' in body


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

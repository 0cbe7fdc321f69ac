"""Sentences follow the evidence, in both languages, whatever is missing."""

import dataclasses
import itertools
import re
from dataclasses import replace
from functools import cache

import fixtures_evaluation as made
import pytest

from village_eval.expectation.numbers import Number
from village_eval.expectation.results import Check
from village_eval.report import sentences
from village_eval.report.check_words import check_sentence
from village_eval.report.findings_json import findings_json
from village_eval.words import names
from village_eval.words.catalogue import UnknownWords
from village_eval.words.wording import LANGUAGES, date, money, percent, signed_percent

VALUES = (-0.41, -0.05, 0.0, 0.08, 0.6)
GRADES = ("A", "B", "C", "D", "X")
CONCLUSIONS = ("fell", "rose", "none_seen", "unclear", "not_asked", "misleading")
IDS = (
    ("petitions", "first_year"),
    ("petitions", "after"),
    ("total_income", "first_year"),
    ("earned_income", "first_year", "typical"),
)
BAD = re.compile(r"None|nan|NaN|inf\b|  |\{|\}|\d\.\d{2,}|-\d|。。|\.\.|，。|!|！")


@cache
def combinations():
    return list(_combinations())


def _combinations():
    for value, grade, conclusion, ident, gap in itertools.product(
        VALUES, GRADES, CONCLUSIONS, IDS, range(3)
    ):
        if (conclusion == "misleading") != (grade == "X"):
            continue
        if conclusion in ("fell", "rose") and value * {"fell": -1, "rose": 1}[conclusion] <= 0:
            continue
        se = abs(value) / 3 + 0.001 if conclusion in ("fell", "rose") else abs(value) + 0.1
        more = {"absolute": None} if gap == 1 else {"absolute": 400.0 * value}
        if gap == 2:
            more |= {"amounts": None, "error": None}
        outcome, window, *statistic = ident
        more |= {"statistic": statistic[0]} if statistic else {}
        est = made.estimate(outcome, window, value=value, se=se, **more)
        yield made.finding(
            est,
            grade,
            conclusion,
            mde=None if gap == 2 else -20.44,
            quiet_years=0 if gap == 1 else 4,
        )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_combination_reads(lang):
    seen = 0
    for finding in combinations():
        text = sentences.lead(finding, lang) + " " + sentences.sentence(finding, lang)
        assert not BAD.search(text), text
        seen += 1
    assert seen > 500


def test_verbs_follow_the_evidence():
    claims = {
        "zh": ("信访下降", "信访可能有所下降"),
        "en": ("Petitions fell", "Petitions may have fallen"),
    }
    for finding in combinations():
        if not finding.id.startswith("petitions"):
            continue
        for lang, (plain, hedged) in claims.items():
            lead, text = sentences.lead(finding, lang), sentences.sentence(finding, lang)
            assert (plain in lead) == (finding.conclusion == "fell" and finding.grade in "AB")
            assert (hedged in lead) == (finding.conclusion == "fell" and finding.grade == "C")
            if finding.grade == "X":
                assert ("不作为成效" if lang == "zh" else "Not counted as a success") in text


def test_nothing_seen_always_says_what_would_have_been_seen():
    for finding in combinations():
        if finding.conclusion in ("none_seen", "unclear") and finding.grade in "ABC":
            zh, en = sentences.sentence(finding, "zh"), sentences.sentence(finding, "en")
            assert re.search("可以排除|多半能看出|未能算出|不足以下结论", zh), zh
            assert re.search("ruled out|probably have been seen|not be worked out|not enough", en)


@pytest.mark.parametrize("why", ["not_found", "not_known", "not_trusted", "other_direction"])
def test_what_was_not_asked_says_why_and_never_that_there_was_nothing(why):
    asked = made.finding(made.estimate(window="after_13_24", value=-0.3), "A", "not_asked")
    asked = dataclasses.replace(asked, gate="petitions.after", gate_reason=why)
    zh = sentences.lead(asked, "zh") + sentences.sentence(asked, "zh")
    en = sentences.lead(asked, "en") + sentences.sentence(asked, "en")
    assert "次序" in zh and "“整治结束后一年信访量”" in zh and "没有检验" in zh
    assert "order set beforehand" in en and "not asked" in en and "can be seen" not in en
    assert "没有看到整治" not in zh and "下降。" not in zh


def test_grade_and_precision_stand_in_one_phrase():
    f = made.finding(made.estimate(), "B", "fell", mde=-26.0)
    assert "把握：较高（B），精度：中等" in sentences.sentence(f, "zh")
    assert "Confidence: good (B), precision: middling" in sentences.sentence(f, "en")
    share = made.estimate("earned_income", statistic="share_earning", value=0.01)
    assert "精度" not in sentences.sentence(made.finding(share, "B", "none_seen"), "zh")


def test_a_range_without_zero_is_never_called_nothing():
    for value in (-0.25, 0.25):
        finding = made.finding(
            made.estimate(value=value, se=0.11), "A", "none_seen", p_adjusted=0.06, mde=-26.0
        )
        zh = sentences.lead(finding, "zh") + sentences.sentence(finding, "zh")
        en = sentences.lead(finding, "en") + sentences.sentence(finding, "en")
        assert "可以排除" not in zh and "不足以" in zh
        assert "ruled out" not in en and "not enough" in en


def test_low_grade_without_quiet_years_says_so():
    finding = made.finding(
        made.estimate(design="expected_from_history"), "C", "fell", quiet_years=0
    )
    zh = sentences.sentence(finding, "zh")
    assert "没有可供对照的年份" in zh and "不整治也会" not in zh
    en = sentences.sentence(finding, "en")
    assert "no earlier year to compare with" in en and "without the campaign" not in en


@pytest.mark.parametrize("reason", ["window_not_observed", "no_income_table", None])
def test_no_estimate_gives_the_reason(reason):
    finding = made.nothing("petitions", "after", reason)
    for lang in LANGUAGES:
        text = sentences.sentence(finding, lang)
        assert not BAD.search(text) and str(reason) not in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_checks_read_with_and_without_numbers(lang):
    for story in (made.worked(), made.nothing_seen(), made.misleading()):
        for check in story.checks:
            for verdict, full in itertools.product(
                ("pass", "weak", "fail", "not_applicable"), (True, False)
            ):
                known = {k: n.value if full else None for k, n in check.numbers.items()}
                text = check_sentence(made.check(check.name, verdict, **known), lang)
                assert text and not BAD.search(text), text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_has_no_words_is_an_error_and_never_a_key_on_the_page(lang):
    silent = made.check("silence", "pass")
    unknown = made.nothing("petitions", "after", "a_reason_nobody_has_heard_of")
    for say in (
        lambda: check_sentence(silent, lang),
        lambda: names.check("silence", lang),
        lambda: names.design("my_design", lang),
        lambda: names.design("my_design", lang, short=True),
        lambda: names.outcome("assemblies", lang),
        lambda: names.window("first_yaer", lang),
        lambda: names.reason("no_reason", lang),
        lambda: names.verdict("perhaps", lang),
        lambda: sentences.sentence(unknown, lang),
    ):
        with pytest.raises(UnknownWords):
            say()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_thing_of_ones_own_goes_by_its_own_words(lang):
    own = {"zh": "会议次数", "en": "meetings held"}
    assert own[lang] in names.outcome("assemblies", lang, own, "typical")
    assert names.design("my_design", lang, own, short=True) == own[lang]
    assert names.design("counties.designs:my_design", lang) == "my_design"
    said = {"name": own[lang], "pass": f"{own[lang]} {{quiet_years}}", "pass_plain": own[lang]}
    check = replace(made.check("silence", "pass", quiet_years=3), words={lang: said})
    assert check_sentence(check, lang) == f"{own[lang]} 3"
    assert check_sentence(replace(check, numbers={}), lang) == own[lang]
    assert names.check("silence", lang, check.words) == own[lang]


def test_findings_json_has_both_languages():
    out = findings_json(made.worked())
    assert all(set(row["sentence"]) == set(LANGUAGES) for row in out["findings"] + out["checks"])


def test_numbers():
    assert (
        percent(-18.4, "zh"),
        percent(4.56, "en"),
        percent(9.97, "zh"),
        percent(0.01, "en"),
    ) == (
        "18%",
        "4.6%",
        "10%",
        "0%",
    )
    assert (signed_percent(-3.2, "zh"), signed_percent(9.0, "en"), signed_percent(0.0, "zh")) == (
        "−3.2%",
        "+9%",
        "0%",
    )
    assert (money(31234, "zh"), money(-31234, "en"), money(400, "zh")) == (
        "3.1万元",
        "31,200 yuan",
        "400元",
    )
    import datetime as dt

    assert (date(dt.date(2023, 3, 1), "zh"), date(dt.date(2023, 3, 1), "en")) == (
        "2023年3月1日",
        "1 March 2023",
    )


def test_an_effect_below_what_would_be_seen_is_said_to_be_perhaps_smaller():
    small, large = (
        made.finding(made.estimate(value=v, se=0.07), "A", "fell") for v in (-0.15, -0.60)
    )
    for lang, words in (("zh", "真实的变化可能更小"), ("en", "may well be smaller")):
        assert words in sentences.sentence(small, lang) and words not in sentences.sentence(
            large, lang
        )
    rise = made.finding(
        made.estimate(value=0.22, se=0.07), "A", "rose", mde=-20.4
    )  # a rise like a fall of 20.4 % is 25.6 %
    assert "25.6%" in sentences.sentence(rise, "zh") or "26%" in sentences.sentence(rise, "zh")


def test_a_range_that_excludes_zero_never_reads_as_holding_it():
    near = made.finding(made.estimate(value=-0.301, se=0.299 / 1.95996), "B", "fell")
    assert sentences.interval(
        near, "zh"
    ) == "低0.2%至45.1%" and "0.2% to 45.1% lower" in sentences.interval(near, "en")
    nearer = made.finding(made.estimate(value=-0.3002, se=0.2998 / 1.95996), "B", "fell")
    assert sentences.interval(nearer, "zh").startswith("低0.04%至")


def test_villages_that_did_not_report_are_not_counted_in():
    some = made.finding(made.estimate(reported=9), "B", "fell")
    assert "名单上12个村中已上报的9个" in sentences.sentence(some, "zh")
    assert "the 9 of 12 listed villages that reported" in sentences.sentence(some, "en")


def test_what_is_no_ordinary_comparison_claims_no_power_and_counts_no_petitions():
    spoilt = made.finding(
        made.estimate(value=-0.02, se=0.1), "C", "unclear", capped=("earlier_campaigns",)
    )
    assert "即使不计没能扣除的部分" in sentences.sentence(spoilt, "zh")
    channels = made.finding(made.estimate(), "C", "fell", capped=("channels",))
    plain = made.finding(made.estimate(), "C", "fell")
    assert "petitions fewer" in sentences.sentence(
        plain, "en"
    ) and "petitions fewer" not in sentences.sentence(channels, "en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_check_of_next_to_no_data_is_told_without_its_numbers(lang):
    """Of five listed villages a slope's detectable change may be 10 to the 34 per cent."""
    numbers = {"slope": 12.0, "detectable": 5e34, "share": 0.1, "uncorrected": -0.1}
    units = {"slope": "percent", "detectable": "percent", "share": "share"}
    check = Check(
        "reversion_slope",
        made.question("petitions.first_year"),
        "pass",
        {
            k: Number(v, units.get(k, "log_ratio"))
            for k, v in (numbers | {"corrected": 0.1}).items()
        },
    )
    plain = check_sentence(check, lang)
    assert not re.search(r"\d", plain), plain
    known = replace(check, numbers={**check.numbers, "detectable": Number(40.0, "percent")})
    assert "40%" in check_sentence(known, lang)


@pytest.mark.parametrize("verdict", ["weak", "fail"])
def test_a_larger_part_above_the_county_is_not_called_a_fall_of_the_rest(verdict):
    """Both may have fallen, or neither: what is asked is the part that went above."""
    above = made.check("suppression", verdict, skip_level_ratio=0.9)
    text = check_sentence(replace(above, cause="share"), "en")
    assert "larger part" in text and "0.9" in text and not re.search("fell|did not", text)


@pytest.mark.parametrize("verdict", ["weak", "fail"])
def test_subsidy_of_a_total_that_did_not_rise_is_called_no_gain(verdict):
    numbers = {"total_percent": -5.0, "earned_percent": -9.0, "subsidy_yuan": 12000.0}
    check = made.check("subsidy", verdict, "total_income.first_year", True, **numbers)
    text = check_sentence(check, "en")
    assert "gain" not in text and "own earnings" in text
    assert "增加的部分" not in check_sentence(check, "zh")

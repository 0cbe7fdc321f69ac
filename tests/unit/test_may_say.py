"""What an answer may say, walked over all combinations in both languages: no word that the evidence
does not carry, every number with its range."""

import itertools
import re
from dataclasses import replace

import fixtures_evaluation as made
import numpy as np
import pytest

from village_eval.findings import may_say
from village_eval.findings.contrast import Contrast
from village_eval.findings.cost import Cost
from village_eval.findings.grading import EXCLUDED, conclusion_of, precision_of
from village_eval.findings.persistence import Fade, Persistence
from village_eval.report import sentences
from village_eval.report.page_one import next_steps, points
from village_eval.words.catalogue import LANGUAGES

GRADES = ("A", "B", "C", "D", "X")
QUESTIONS = (
    ("petitions", "first_year"),
    ("petitions", "after"),
    ("petitions", "after_13_24"),
    ("earned_income", "first_year", "typical"),
    ("total_income", "first_year"),
    ("earned_income", "first_year", "share_earning"),
    ("skip_level_petitions", "after"),
    ("resolved_share", "first_year"),
)
# Position of the 95 % interval: clearly below, just below, around zero narrow and wide, above.
POSITIONS = ((-0.5, 0.1), (-0.21, 0.1), (-0.02, 0.05), (0.01, 0.3), (0.0, 0.6), (0.25, 0.12))
GATES = (
    ("open", None),
    ("petitions.first_year", "not_found"),
    ("petitions.first_year", "not_known"),
    ("petitions.first_year", "not_trusted"),
    ("petitions.first_year", "other_direction"),
)
FORBIDDEN = {
    "en": re.compile(
        r"no effect|significan|no impact|does not work|did not work|ineffective|proves? that it"
        r"|no change|shows no relation|\bnull\b",
        re.I,
    ),
    "zh": re.compile(r"没有作用|没有效果|无作用|无效果|没有影响|显著|看不出关系|没有变化"),
}
RULED_OUT = {"en": "can be ruled out", "zh": "可以排除"}
NOT_ASKED = {"en": "not asked", "zh": "没有单独检验|不作检验|未作检验|没有问|不问|没有检验"}
STRONG = {
    "en": r"^Petitions (fell|rose)( \(|,)|^\S.* (fell|rose)\.|: (lower|higher)\.$",
    "zh": r"^信访(下降|不降反升)[（，]|^[^可]*(下降|上升|增加)。$",
}
BAD = re.compile(r"None|nan|NaN|inf\b|  |\{|\}|\d\.\d{3,}|-\d|。。|\.\.|，。|!|！")


def walked():
    """Every finding that an assessment could give, of each kind of question."""
    for question, grade, (value, se), (gate, why), quiet, p in itertools.product(
        QUESTIONS, GRADES, POSITIONS, GATES, (0, 4), (0.01, 0.06, 0.4)
    ):
        outcome, window, *statistic = question
        share = statistic == ["share_earning"] or outcome.endswith("share")
        more = {"statistic": statistic[0]} if statistic else {}
        scale = 0.3 if share else 1.0
        est = made.estimate(
            outcome, window, value=scale * value, se=scale * se, absolute=400.0 * value, **more
        )
        excluded_zero = may_say.one_sided(est.ci_low, est.ci_high)
        if (p < 0.05) != excluded_zero and p != 0.06:
            continue  # p values follow from the interval, but for the order of questions
        if gate == question[0] + "." + window or (gate != "open" and question[0] != "petitions"):
            continue
        said = conclusion_of(est, grade, p, gate, compared=quiet > 0)
        mde = -100 * (1 - np.exp(-2.8 * se))
        yield replace(
            made.finding(est, grade, said, p_adjusted=p, mde=mde, quiet_years=quiet),
            precision=None if share else precision_of(mde),
            gate=gate,
            gate_reason=why,
        )


WALKED = list(walked())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_combination_says_more_than_its_evidence(lang):
    forms = set()
    for finding in WALKED:
        form = may_say.effect(finding)
        forms.add(form)
        lead, text = sentences.lead(finding, lang), sentences.sentence(finding, lang)
        told = f"{lead} {text}"
        assert not FORBIDDEN[lang].search(told), told
        assert not BAD.search(told), told
        assert sentences.interval(finding, lang) in text, "every number comes with its range"
        strong = form in ("fell", "rose")
        assert bool(re.search(STRONG[lang], lead)) == strong, (form, lead)
        if strong or form.endswith("_weak"):
            assert finding.conclusion == form.split("_")[0] and finding.p_adjusted < 0.05
            assert strong == (finding.grade in "AB")
        assert (RULED_OUT[lang] in told) == (form == "none_seen"), told
        if form == "none_seen":
            assert_excludes(finding)
        assert bool(re.search(NOT_ASKED[lang], told)) == (form == "not_asked"), told
        assert strong or not re.search("may well be smaller|可能更小", told), told
        if form != "misleading":
            assert lang == "zh" or finding.grade in text.replace(".", "")
    assert forms == {
        "misleading",
        "descriptive",
        "fell",
        "rose",
        "fell_weak",
        "rose_weak",
        "borderline_fell",
        "borderline_rose",
        "not_asked",
        "none_seen",
        "unclear",
    }


def assert_excludes(finding):
    """The range holds zero, and not the change that is ruled out."""
    est, asked = finding.estimate, finding.question.outcome
    low, high = (
        100 * (v if est.scale == "share" else np.expm1(v)) for v in (est.ci_low, est.ci_high)
    )
    assert low < 0 < high and finding.quiet_years
    bound = EXCLUDED[asked.family]
    assert high < bound if asked.favourable > 0 else low > -bound


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_amount_has_a_range_on_its_own_side_of_zero(lang):
    finding = made.finding(made.estimate(value=-0.31, se=0.1, absolute=-187.0), "B", "fell")
    text = sentences.sentence(finding, lang)
    ends = [187 * np.expm1(v) / np.expm1(0.31) for v in (0.31 - 0.196, 0.31 + 0.196)]
    for end in ends:
        assert re.search(rf"\b{end:.0f}\b", text) or f"{end:.0f}" in text
    wide = made.finding(made.estimate(value=-0.05, se=0.1, absolute=-30.0), "B", "unclear")
    assert "30" not in sentences.sentence(wide, lang).replace("0.30", "")


def test_a_relation_is_found_excluded_or_cannot_be_told():
    for low, high, p, family in itertools.product(
        (-0.9, -0.25, -0.1, 0.02),
        (-0.01, 0.1, 0.2, 0.9),
        (None, 0.01, 0.3),
        ("petitions", "income"),
    ):
        if low >= high:
            continue
        form = may_say.relation(low, high, family, p)
        if form in ("fell", "rose"):
            assert p == 0.01 or (p is None and (low > 0 or high < 0))
        elif form == "none_seen":
            bound = EXCLUDED[family] / 100
            assert low <= 0 <= high and np.exp(low) > 1 - bound and np.exp(high) < 1 + bound
    assert may_say.relation(np.log(0.28), np.log(1.14), "petitions", 0.3) == "unclear"
    assert may_say.relation(-0.1, 0.1, "petitions", 0.3) == "none_seen"
    assert may_say.relation(-0.1, 0.15, "income", 0.3) == "unclear"


def cost(verdict):
    return Cost(made.estimate().question, verdict)


@pytest.mark.parametrize("grade", GRADES)
@pytest.mark.parametrize("said", ["fell", "rose", "none_seen", "unclear", "not_asked"])
@pytest.mark.parametrize("paid", ["known", "refused", None])
def test_carry_on_follows_only_a_success_whose_cost_is_known(grade, said, paid):
    value = 0.3 if said == "rose" else -0.3
    head = made.finding(made.estimate(value=value), grade, "misleading" if grade == "X" else said)
    step = may_say.next_step(head, paid and cost(paid))
    assert (step == "carry_on") == (said == "fell" and grade in "AB" and paid == "known")
    assert (step == "weigh") == (said == "fell" and grade in "AB" and paid != "known")
    assert (step == "look_again") == (said == "fell" and grade == "C")
    assert (step == "registers") == (grade == "X")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_fall_at_grade_c_is_looked_at_again_with_what_would_decide(lang):
    story = made.worked()
    for capped in ((), ("channels",), ("few_townships", "earlier_campaigns"), ("unusual_years",)):
        head = replace(story.findings[0], grade="C", capped=capped)
        said = next_steps(replace(story, findings=[head, *story.findings[1:]]), lang)[0]
        assert said.startswith({"zh": "暂不宜沿用", "en": "Look again"}[lang])
        assert len(may_say.decides(head)) == len(capped) + 2, "the weak check and the lottery too"
        assert not FORBIDDEN[lang].search(said) and "{" not in said


def persisted(verdict, conclusion="unclear"):
    c = Contrast(0.05, 0.05, -0.05, 0.15, 0.3, 0.3, "open", None, conclusion)
    windows = made.worked().persistence.windows
    return Persistence(windows, verdict, None, 12, contrast=c)


def test_the_year_after_is_told_by_its_own_finding_and_the_contrast():
    head = made.finding(made.estimate(value=-0.3, se=0.08), "B", "fell")
    at = {
        "fell": made.finding(made.estimate(window="after", value=-0.3, se=0.08), "B", "fell"),
        "unclear": made.finding(made.estimate(window="after", value=-0.1, se=0.2), "B", "unclear"),
        "gone": made.finding(made.estimate(window="after", value=0.0, se=0.08), "B", "none_seen"),
        "just": made.finding(made.estimate(window="after", value=-0.2, se=0.09), "B", "unclear"),
        "x": made.finding(made.estimate(window="after", value=-0.3), "X", "misleading"),
    }
    wanted = {
        ("fell", "open"): "same",
        ("fell", "holds"): "holds",
        ("fell", "fading"): "fading_still",
        ("unclear", "fading"): "fading_unclear",
        ("fell", "growing"): "growing",
        ("unclear", "open"): "unclear",
        ("gone", "open"): "gone",
        ("just", "open"): "borderline",
        ("x", "misleading"): None,
    }
    for (after, verdict), form in wanted.items():
        assert may_say.lasting(head, at[after], persisted(verdict)) == form, (after, verdict)
    unseen = made.finding(made.estimate(value=-0.05, se=0.2), "B", "unclear")
    assert may_say.lasting(unseen, at["fell"], persisted("later")) == "later"
    assert may_say.lasting(unseen, at["unclear"], persisted("not_seen")) is None
    later = made.nothing("petitions", "after", "window_not_observed")
    assert may_say.lasting(head, later, persisted("too_early")) == "unknown"


@pytest.mark.parametrize(
    ("low", "high", "told"), [(3.0, 29.0, True), (3.0, 31.0, False), (5.0, np.inf, False)]
)
def test_a_half_life_is_told_only_where_its_range_is_narrow(low, high, told):
    assert may_say.half_life(Fade(-0.4, 9.0, low, high)) == told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_one_tells_no_half_life_and_nothing_forbidden(lang):
    for story in (made.worked(), made.nothing_seen(), made.misleading()):
        told = " ".join(f"{p.lead} {p.text}" for p in points(story, lang))
        told += " ".join(next_steps(story, lang))
        assert not FORBIDDEN[lang].search(told), told
        assert not re.search(r"half is gone|half-life|减去一半|只剩一半|半衰期", told)


def income(typical, total, total_said="unclear"):
    a = made.estimate("earned_income", value=typical, se=0.03, statistic="typical")
    b = made.estimate("earned_income", value=total, se=0.04)
    return made.finding(a, "A", "none_seen"), made.finding(b, "A", total_said)


def test_the_typical_village_is_the_answer_where_the_total_says_something_else():
    typical, total = income(0.02, 0.03)
    assert may_say.income_answer(typical, total) == (typical, None)
    typical, total = income(0.02, 0.25, "rose")
    assert may_say.income_answer(typical, total) == (typical, total)
    typical, total = income(0.02, 0.05, "rose")
    assert may_say.income_answer(typical, total) == (typical, total), "found and not found"
    nothing = made.nothing("earned_income", "first_year", "no_income_table")
    assert may_say.income_answer(nothing, total) == (total, None)
    assert may_say.income_answer(None, None) == (None, None)

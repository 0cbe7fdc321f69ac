"""Every section of the report in both languages, for counties that worked, did not, mislead, and
lack data: no gaps, no code."""

import itertools
import re
from dataclasses import replace

import fixtures_evaluation as made
import numpy as np
import pytest
from test_sentences import BAD

from village_eval.measures import Attribution
from village_eval.report import measures as measure_words
from village_eval.report import page_one, sections, sentences
from village_eval.words.wording import LANGUAGES, words

SECTIONS = (
    "page_one",
    "basics",
    "actions",
    "effects",
    "measures",
    "villages",
    "lasting",
    "limits",
    "advice",
    "appendix_method",
    "appendix_data",
    "annex",
)
CODE = re.compile(
    r"\bNone\b(?! of)|\bnan\b|NaT|\binf\b|\{\w*\}|dataclass|Timestamp|，，|。。|、、|，。|；。|\.\.(?!\.)|,,| ,|(?<=\d)-(?=\d{1,3}%)"
)


def text_of(html: str) -> str:
    html = re.sub(r'src="data:[^"]*"', "", html)
    alts = " ".join(re.findall(r'alt="([^"]*)"', html))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)) + alts


def stories():
    worked, none, misled = made.worked(), made.nothing_seen(), made.misleading()
    bare = replace(worked.county, measures=None, income=None)
    yield "worked", worked
    yield "none", none
    yield "across_the_accounts", made.across_the_accounts()
    yield "misleading", misled
    yield "public", worked.shown_to("public")
    yield "researcher", worked.shown_to("researcher")
    yield (
        "bare",
        replace(worked, county=bare, attribution=Attribution(reason="no_measures"), next_round=[]),
    )
    yield "running", replace(worked, options=worked.options | {"as_of": "2023-04-15"})


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", [name for name, _ in stories()])
def test_every_section_reads(name, lang):
    story = dict(stories())[name]
    for section in SECTIONS:
        text = text_of(getattr(sections, section)(story, lang).html)
        assert not CODE.search(text), (
            section,
            CODE.search(text)[0],
            text[max(CODE.search(text).start() - 60, 0) :][:160],
        )
        if lang == "en":
            assert not re.search(r"[，。；：]", re.sub(r"[（）]", "", text_without_names(text))), (
                section
            )


def text_without_names(text: str) -> str:
    """English text has Chinese only in names, which have no punctuation; captions of fixtures
    aside."""
    return re.sub(r"[\u4e00-\u9fff]+[（][^）]*[）]", "", text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_caps_are_said_once_with_what_they_are_about(lang):
    findings = [
        replace(made.finding(made.estimate()), capped=tuple(words(lang)["cap"].keys() - {"of"}))
    ] * 2
    lines = sentences.cap_sentences(findings, lang)
    assert len(lines) == len(words(lang)["cap"]) - 1 and not [x for x in lines if BAD.search(x)]
    tail = words(lang)["tail"]["earlier_lists"]
    assert tail in sentences.sentence(replace(findings[0], capped=("earlier_lists",)), lang)
    assert tail not in sentences.sentence(replace(findings[0], capped=()), lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_measures_are_never_said_to_have_caused_anything(lang):
    base = made.worked().attribution
    wrong = ("because of the measure", "caused", "起了作用", "效果显著")
    for sign, p, follows, bundle in itertools.product(
        (-1, 1), (0.01, 0.6), ((0.5, 0.001), (0.1, 0.6), None), (True, False)
    ):
        rows = base.rows.assign(
            estimate=sign * 0.2, ci_low=sign * 0.2 - 0.1, ci_high=sign * 0.2 + 0.1, p_adjusted=p
        )
        a = replace(base, rows=rows, follows=follows, bundles=base.bundles if bundle else [])
        text = "\n".join(
            measure_words.sentences(a, lang)
            + measure_words.kind_sentences(a, lang)
            + measure_words.more_sentences(a, lang)
        )
        assert not CODE.search(text), CODE.search(text)
        assert not any(
            w
            in text.replace("not to say that it caused", "").replace(
                "enough to say that they caused", ""
            )
            for w in wrong
        )
        point = page_one._measures(replace(made.worked(), attribution=a), lang)
        assert (
            point.text
            and not BAD.search(point.text)
            and (lang == "en" or "抽签" in point.text or "哪里事多" in point.text)
        )
        if p > 0.05:
            assert point.lead == words(lang, "report")["page_one"]["measures_unclear"]


def test_unknown_numbers_of_kinds_are_described_only():
    a = made.worked().attribution
    kinds = a.kinds.assign(estimate=np.nan, ci_low=np.nan, ci_high=np.nan)
    for lang in LANGUAGES:
        assert all(
            not BAD.search(x) for x in measure_words.kind_sentences(replace(a, kinds=kinds), lang)
        )

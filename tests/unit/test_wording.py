"""Numbers, lists and sentences as each language writes them; what has no words is an error."""

from __future__ import annotations

import math

import pytest

from village_eval.words import wording as w
from village_eval.words.catalogue import LANGUAGES, UnknownWords, entry
from village_eval.words.said import said


def test_numbers_are_rounded_and_set_as_before_babel():
    for x in (0.0, 0.04, 0.05, 4.56, 9.949, 9.95, 12.5, 13.5, 1234.5, 1e6):
        old = f"{x:,.{0 if x >= 9.95 else 1}f}"
        old = "0" if old == "0.0" else old.removesuffix(".0")
        assert [w.percent(-x, lang) for lang in ("zh", "en")] == [f"{old}%"] * 2
        assert w.count(x, "en") == f"{x:,.0f}" and w.ratio(x, "zh") == f"{x:,.1f}"
    assert (w.number(-0.004, "en", 2), w.number(-1234.5, "zh", 1)) == ("0.00", "−1,234.5")
    assert (w.signed_percent(0.04, "en"), w.signed_percent(-3.2, "zh")) == ("0%", "−3.2%")
    assert (w.p_value(0.0004, "en"), w.p_value(0.0321, "zh")) == ("<0.001", "0.032")


def test_money_takes_the_unit_that_is_large_enough():
    assert [w.money(x, "zh") for x in (31234, 499.4, 500)] == ["3.1万元", "499元", "0.1万元"]
    english = [w.money(x, "en") for x in (31234, 1_234_567, 99.6, 0)]
    assert english == ["31,200 yuan", "1.23 million yuan", "100 yuan", "0 yuan"]


def test_lists_and_sentences():
    assert [w.join(list("abc")[:n], "zh") for n in range(4)] == ["", "a", "a和b", "a、b和c"]
    assert w.join(["a", "b", "c"], "en") == "a, b and c"
    assert (w.several("ab", "zh"), w.several("ab", "en")) == ("a、b", "a, b")
    assert (w.sentences(["一。", "", "二。"], "zh"), w.sentences(["A.", "B."], "en")) == (
        "一。二。",
        "A. B.",
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_can_write_every_kind_of_number(lang):
    assert all(
        text and "{" not in text
        for text in (
            w.money(12345, lang),
            w.signed_points(-1.3, lang),
            w.detectable(0.2, True, lang),
            w.detectable(math.inf, False, lang),
            w.percentage(-5, lang),
        )
    )


def test_what_is_said_waits_for_its_reader():
    line = said("messages.form.all_townships", count=1200)
    assert line.text("zh") == "全部1,200个乡镇" and line.text("en") == "every township (1,200)"
    assert line == said("messages.form.all_townships", count=1200)
    assert {line: 1}[said("messages.form.all_townships", count=1200)] == 1
    nested = said("messages.form.value", value=(line, "b"))
    assert nested.text("en") == "'every township (1,200), b'"


def test_a_key_without_words_is_an_error_and_never_shown():
    for key in ("sentences.check.silence.pass", "sentences.verdict", "nowhere.at.all"):
        with pytest.raises((UnknownWords, FileNotFoundError)):
            entry("zh", key)


def test_a_probability_is_never_printed_as_none_or_certain():
    shown = [w.chance(x, "en") for x in (0.0, 0.004, 0.026, 0.494, 0.999, 1.0)]
    assert shown == ["<1%", "<1%", "3%", "49%", ">99%", ">99%"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("x", [9e14, 1e15, 3.4e28, 5e34, 1.7e308, math.inf])
def test_a_number_of_any_size_is_written_and_stops_no_report(x, lang):
    for write in (
        w.signed_percent,
        w.percent,
        w.number,
        w.count,
        w.ratio,
        w.money,
        w.signed_points,
    ):
        text = write(x, lang)
        assert text and len(text) < 40, text
    power = {1e15: "10^15", 5e34: "10^34", math.inf: "∞"}
    if x in power:
        assert w.signed_percent(-x, lang) == f"{w.MINUS}{power[x]}%"

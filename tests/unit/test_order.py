"""The order of questions: levels, gates in the direction found, who shut them, the contrast."""

import numpy as np
import pytest
from scipy.special import ndtr, stdtrit

from village_eval.expectation.between_years import t_error
from village_eval.expectation.outcomes import Outcome, Question, question
from village_eval.expectation.refits import Refits
from village_eval.expectation.results import Estimate
from village_eval.findings.contrast import contrast
from village_eval.findings.grading import findings_of
from village_eval.findings.order import (
    FIRST_YEAR,
    ORDERS,
    THE_REST,
    Place,
    first_of,
    in_order,
    second_level,
)

AFTER, LATER = "petitions.after", "petitions.after_13_24"
DURING, EARLY = "petitions.during", "petitions.after_1_3"
EARNED = "earned_income.first_year"
TYPICAL, EARNING = f"{EARNED}.typical", f"{EARNED}.share_earning"
TOWNSHIPS = 20


def estimate(ident: str, p: float | None, sign: float = -1) -> Estimate:
    """With a two-sided p value; None: no number."""
    return of(question(ident), p, sign)


def of(asked: Question, p: float | None, sign: float = -1) -> Estimate:
    if p is None:
        return Estimate(asked, "quiet_year_did", reason="window_not_observed")
    value = sign * 0.1 * float(stdtrit(18, 1 - p / 2))
    return Estimate(asked, "quiet_year_did", value, t_error(0.1, 18))


def placed(grades: dict[str, str] | None = None, **p) -> dict[str, Place]:
    """Places from p values by a short name; a negative p is of a rise."""
    short = {"first": FIRST_YEAR, "after": AFTER, "later": LATER, "during": DURING, "early": EARLY}
    short |= {"typical": TYPICAL, "earned": EARNED, "earning": EARNING}
    short |= {"operating": "operating_income.first_year", "total": "total_income.first_year"}
    ids = {short[k]: v for k, v in p.items()}
    estimates = [
        estimate(i, None if v is None else abs(v), -1 if v is None or v >= 0 else 1)
        for i, v in ids.items()
    ]
    by_id = {short[k]: g for k, g in (grades or {}).items()}
    places = in_order(estimates, [by_id.get(e.id, "A") for e in estimates])
    return {name: places[ident] for name, ident in short.items() if ident in places}


def test_the_second_level_leaves_five_per_cent_together():
    assert second_level(0.0) == pytest.approx(1 - 0.95 / 0.96, abs=1e-6)
    rng = np.random.default_rng(1)
    z = rng.normal(size=(2, 1_000_000))
    second = 0.86 * z[0] + np.sqrt(1 - 0.86**2) * z[1]
    p = 2 * ndtr(-abs(np.stack([z[0], second])))
    either = (p[0] < 0.04) | (p[1] < second_level(0.86))
    assert either.mean() == pytest.approx(0.05, abs=0.001)
    assert second_level(0.86) == pytest.approx(0.0254, abs=1e-4)


def test_a_found_first_year_gives_the_year_after_its_whole_level():
    alone, helped = placed(first=0.5, after=0.03), placed(first=0.01, after=0.03)
    assert alone["after"].p_adjusted > 0.05
    assert helped["after"].p_adjusted == pytest.approx(0.03)
    assert placed(first=0.045, after=0.5)["first"].p_adjusted == pytest.approx(0.045 / 0.8)
    assert placed(first=0.045, after=0.001)["first"].p_adjusted == pytest.approx(0.045)
    assert placed(first=0.2, after=0.009)["after"].p_adjusted < 0.05, "a late effect is found"


def test_a_gate_opens_only_in_the_direction_found():
    opposite = placed(first=0.01, after=-0.03)
    assert opposite["after"].p_adjusted > 0.05
    both = placed(first=-0.01, after=-0.03, later=0.001, during=-0.01, early=0.001)
    assert (both["later"].gate, both["later"].p_adjusted) == ("open", 1.0)
    assert both["during"].p_adjusted == pytest.approx(0.03)  # its own 0.02 by Holm, and the gate
    assert both["early"].p_adjusted == 1.0
    against = placed(first=0.001, after=-0.001, later=0.001)["later"]
    assert (against.gate, against.why) == (AFTER, "other_direction")


def test_a_chain_passes_on_the_largest_p():
    p = placed(first=0.02, after=0.03, later=0.001, during=0.001, early=0.5)
    assert p["later"].p_adjusted == pytest.approx(0.03)
    assert p["during"].p_adjusted == pytest.approx(0.03)
    assert p["early"].p_adjusted == pytest.approx(0.5)
    income = placed(typical=-0.02, earned=-0.01, earning=-0.04, operating=-0.001, total=-0.015)
    behind = ("typical", "earned", "earning", "operating", "total")
    assert [income[k].p_adjusted for k in behind] == pytest.approx([0.02, 0.02, 0.04, 0.02, 0.03])


def test_a_shut_gate_names_the_question_that_shut_it():
    p = placed(first=0.5, after=0.001, later=0.001, typical=-0.3, earned=-0.001, earning=-0.001)
    assert (p["first"].gate, p["after"].gate) == ("open", "open")
    assert (p["later"].gate, p["later"].why) == (FIRST_YEAR, "not_found")
    assert p["later"].p_adjusted >= 0.5
    assert {p[k].gate for k in ("earned", "earning")} == {TYPICAL}, "whoever shut the first gate"


@pytest.mark.parametrize("grade", ["D", "X"])
def test_what_is_not_believed_shuts_the_gate(grade):
    p = placed({"first": grade}, first=0.0001, after=0.03, later=0.001)
    assert (p["later"].gate, p["later"].why) == (FIRST_YEAR, "not_trusted")
    assert p["after"].p_adjusted > 0.05, "nor does it give its level to the other"
    assert placed({"first": "C"}, first=0.0001, after=0.03)["after"].p_adjusted < 0.05


def test_what_is_not_known_yet_keeps_the_gate_shut():
    p = placed(first=0.01, after=None, during=0.001)
    assert p["first"].p_adjusted == pytest.approx(0.0125), "as it will be once the other is known"
    assert p["after"] == Place(None)
    assert (p["during"].gate, p["during"].why) == (AFTER, "not_known")
    p = placed(typical=None, earned=None)
    assert (p["earned"].gate, p["earned"].why, p["earned"].p_adjusted) == (
        TYPICAL,
        "not_known",
        None,
    )


def test_other_outcomes_are_corrected_among_themselves():
    own = [Outcome(f"own_{k}", "other", "mean", 1, (f"own_{k}",)) for k in range(3)]
    p = (0.01, 0.02, 0.9)
    others = [of(Question(o), v) for o, v in zip(own, p, strict=True)]
    places = in_order([estimate(FIRST_YEAR, 0.9), *others], ["A"] + ["B"] * 3)
    found = [places[e.id].p_adjusted for e in others]
    assert found == pytest.approx([0.03, 0.04, 0.9])
    assert {places[e.id].gate for e in others} == {"open"}


def test_across_the_accounts_of_2024_own_income_stands_in_earned_incomes_place():
    own = "own_income.first_year"
    asked = {f"{own}.typical": 0.01, own: 0.02, TYPICAL: 0.9, EARNED: 0.8}
    places = in_order([of(question(i), p) for i, p in asked.items()], ["A", "A", "C", "C"])
    assert places[own].gate == places[f"{own}.typical"].gate == places[TYPICAL].gate == "open"
    assert places[own].p_adjusted == pytest.approx(0.02)
    places = in_order(
        [of(question(i), p) for i, p in (asked | {f"{own}.typical": 0.5}).items()], "AACC"
    )
    assert {places[i].gate for i in (own, TYPICAL, EARNED)} == {f"{own}.typical"}
    assert first_of("income", asked) == f"{own}.typical" and first_of("income", [EARNED]) == TYPICAL


def test_every_family_has_an_order_that_asks_each_question_once():
    for steps in ORDERS.values():
        named = [i for step in steps for i in step.asks]
        assert len(named) == len(set(named))
        assert named.count(THE_REST) == 1
        for k, step in enumerate(steps):
            before = {i for earlier in steps[:k] for i in earlier.asks}
            assert set(step.behind) <= before


def windows(first: float, after: float, spread: float = 0.05):
    """Findings of both windows whose errors have a correlation of about 0.9."""
    rng = np.random.default_rng(3)
    common, own = rng.normal(size=TOWNSHIPS), rng.normal(size=(2, TOWNSHIPS))
    estimates = []
    for value, ident, noise in ((first, FIRST_YEAR, own[0]), (after, AFTER, own[1])):
        moves = common + 0.3 * noise
        moves = spread * (moves - moves.mean()) / np.sqrt(TOWNSHIPS)
        refits = Refits(np.r_[value, value + moves])
        estimates.append(
            Estimate(question(ident), "quiet_year_did", value, refits.error(18), refits=refits)
        )
    return findings_of((e, [], {}) for e in estimates)


def test_the_contrast_is_sharper_than_either_window_and_stands_behind_the_first_year():
    f = windows(-0.3, -0.12)
    told = contrast(f)
    assert told.value == pytest.approx(0.18)
    assert told.se < 0.6 * f[0].estimate.se
    assert told.ci_low < 0.18 < told.ci_high
    assert (told.conclusion, told.gate) == ("faded", "open")
    assert contrast(windows(-0.3, -0.48)).conclusion == "grew"
    assert contrast(windows(-0.3, -0.29)).conclusion == "unclear"
    late = contrast(windows(-0.02, -0.2))
    assert (late.conclusion, late.gate, late.gate_reason) == (
        "not_asked",
        FIRST_YEAR,
        "not_found",
    )
    assert contrast(f[:1]) is None


def test_findings_carry_their_gate():
    found = {
        f.id: f
        for f in findings_of(
            (estimate(i, p), [], {}) for i, p in ((FIRST_YEAR, 0.9), (LATER, 0.01))
        )
    }
    assert found[LATER].conclusion == "not_asked"
    assert (found[LATER].gate, found[LATER].gate_reason) == (FIRST_YEAR, "not_found")
    assert found[FIRST_YEAR].gate == "open"

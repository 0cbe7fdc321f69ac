"""What the county's offices do: whom they list, what they give them, and what that does."""

from __future__ import annotations

import numpy as np

from village_eval.certify.rates import standardised
from village_eval.certify.scenarios import Scenario
from village_eval.words.vocabulary import GROUP_OF_MEASURE, MEASURES

STRENGTH = {
    "inner_party_life": 0.03,
    "secretary_selection": 0.10,
    "cadre_training": 0.04,
    "assessment": 0.06,
    "talent_recruitment": 0.03,
    "young_and_women_cadres": 0.02,
    "cadre_incentives": 0.03,
    "integrity_supervision": 0.08,
    "self_governance": 0.06,
    "affairs_disclosure": 0.10,
    "financial_management": 0.05,
    "dispute_mediation": 0.20,
    "social_security": 0.05,
    "grassroots_visits": 0.12,
    "infrastructure": 0.04,
    "public_services": 0.04,
    "online_services": 0.02,
}
"""Relative strength of a full dose against petitions; scaled so that the listed villages' mean is
the scenario's effect."""
ORDINARY = 0.05
"""The strength of a measure that the vocabulary has and this table has not."""
PRESCRIBED = (("institutions", "services"), ("cadres", "services"), ("party", "cadres"))
"""Groups of measures given more often to laggards by petitions, by income, by assessment."""
STRENGTHS = np.array([STRENGTH.get(measure, ORDINARY) for measure in MEASURES])
"""[measures], in the order of the vocabulary."""


def ranking(s: Scenario, rng, y, origin, population, earned, level, coming):
    """What the county's offices would rank villages by at ``origin``; higher is worse.

    With its three parts [V, 3]. ``coming`` [V] are the villages' own shocks of the next year, which
    those who assess may foresee.
    """
    year, earlier = y[:, origin - 12 : origin], y[:, max(origin - 24, 0) : origin - 12].sum(1)
    petitions = {
        "years": lambda: y[:, max(origin - 12 * s.list_years, 0) : origin].sum(1),
        "last_quarter": lambda: year[:, -3:].sum(1),
        "worst_month": lambda: year.max(1),
        "rise": lambda: np.maximum(year.sum(1) - earlier, 0),
    }[s.list_by]()
    worst = np.sqrt(1000 * petitions / population) if s.by_rate else np.sqrt(petitions)
    known = s.assessment_of_level * standardised(level)
    if s.foresight:
        known = known + s.foresight * standardised(coming)
    unknown = np.sqrt(1 - s.assessment_of_level**2 - s.foresight**2)
    assessment = known + unknown * rng.normal(size=len(level))
    parts = np.column_stack(
        [
            s.petitions_weight * standardised(worst),
            -s.income_weight * standardised(np.log1p(earned)),
            s.assessment_weight * assessment,
        ]
    )
    return parts.sum(1), parts


def draw(s: Scenario, score, township):
    """The list: the worst of the county, of some townships, or of every township by its size."""
    if s.in_townships:
        score = np.where(township < s.in_townships, score, -np.inf)
    listed = np.zeros(len(score), bool)
    if not s.quotas:
        listed[np.argsort(-score)[: s.n_listed]] = True
        return listed
    size = np.bincount(township)
    share = s.n_listed * size / size.sum()
    quota = np.floor(share).astype(int)
    quota[np.argsort(-(share - quota))[: s.n_listed - quota.sum()]] += 1
    for g, n in enumerate(quota):
        members = np.flatnonzero(township == g)
        listed[members[np.argsort(-score[members])[:n]]] = True
    return listed


def treatment(s: Scenario, rng, listed, parts_of_score):
    """Doses [V, measures] by kind of laggard, and the log effect on petitions [V]."""
    kind = np.argmax(parts_of_score, 1)
    prescribed = np.array(
        [[GROUP_OF_MEASURE[m] in groups for m in MEASURES] for groups in PRESCRIBED], float
    )
    given = rng.random((len(listed), len(MEASURES))) < 0.25 + 0.35 * prescribed[kind]
    doses = given * rng.beta(4, 4, given.shape) * listed[:, None]
    raw = doses @ STRENGTHS
    mean = raw[listed].mean()
    return doses, s.effect * raw / mean if mean > 0 else s.effect * listed


def profile(s: Scenario, t: np.ndarray) -> np.ndarray:
    """Strength of the effect by months since the start.

    Builds up over two months, fades after the campaign if it does; or follows the scenario's path.
    """
    if s.path:
        since, share = np.array(s.path).T
        return np.asarray(share[np.searchsorted(since, t, "right") - 1])
    months = int(np.ceil(s.days / 30.4))
    build_up = np.minimum((t + 1) / 2, 1)
    return build_up * (
        0.5 ** (np.maximum(t - months + 1, 0) / s.fade_halflife) if s.fade_halflife else 1.0
    )


def side_effects(s: Scenario, rate, columns, averted, effect, path, listed, township):
    """Displacement to and spill-over on the unlisted villages of the same townships, in place."""
    size = np.maximum(np.bincount(township, ~listed), 1)
    if s.displacement:
        moved = np.zeros((len(size), averted.shape[1]))
        np.add.at(moved, township, averted)
        rate[:, columns] += np.where(
            listed[:, None], 0, s.displacement * (moved / size[:, None])[township]
        )
    if s.spillover:
        share = np.bincount(township, listed) / np.bincount(township)
        rate[:, columns] *= np.exp(
            np.where(listed[:, None], 0, (s.spillover * s.effect * share[township])[:, None] * path)
        )

"""One headline of many counties together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import simulate
from village_eval.designs import quiet_year_did
from village_eval.many.together import combined, sums, together

SMALL = replace(PLAIN, n_villages=160, n_townships=8, n_listed=14)


def county(seed: int, **changes):
    made = simulate(replace(SMALL, **changes), seed, parts=False)
    return made.panel, made.campaign


def test_of_one_county_it_is_that_countys_headline() -> None:
    panel, campaign = county(1)
    alone = quiet_year_did(panel, campaign)
    assert alone.reversion is not None
    with np.errstate(all="ignore"):  # two that are alike have no error
        twice = combined([sums(panel, campaign)] * 2)
    assert twice.reversion.uncorrected == pytest.approx(alone.reversion.uncorrected, rel=1e-9)
    assert twice.reversion.corrected == pytest.approx(alone.reversion.corrected, rel=1e-7)
    assert (twice.n_treated, twice.n_clusters) == (28, 2)


def test_a_refit_is_what_it_would_be_without_that_county() -> None:
    kept = [sums(*county(k)) for k in (1, 2, 3, 4)]
    whole = combined(kept)
    for k, moved in enumerate(whole.refits.without):
        rest = combined([c for c in kept if c is not kept[k]]).reversion
        taken_off = whole.reversion.weight * (rest.uncorrected - rest.corrected)
        assert moved == pytest.approx(rest.uncorrected - taken_off, rel=1e-9)
    away = whole.refits.without - whole.value
    assert whole.within_se >= np.sqrt(3 / 4 * (away**2).sum()) * (1 - 1e-9)


def test_counties_that_cannot_be_used_are_named_with_the_reason() -> None:
    panel, campaign = county(1)
    nobody = replace(panel, villages=panel.villages.assign(listed=0))
    told, left_out = together([(nobody, campaign), county(2), (panel, campaign)])
    assert left_out == {0: "no_listed_village"} and told.n_clusters == 2
    with pytest.raises(ValueError, match="no_listed_village"):
        together([(nobody, campaign), (panel, campaign)])


def test_years_that_few_counties_have_are_left_out_and_others_used_where_they_are() -> None:
    kept = [sums(*county(k)) for k in (1, 2, 3)]
    short = kept[0]._replace(years={q: x for q, x in kept[0].years.items() if q < 3})
    assert np.isfinite(combined([short, *kept[1:]]).value)
    one_has_it = [c._replace(years={q: c.years[q] for q in (1, 2)}) for c in kept[1:]]
    told = combined([kept[0], *one_has_it])
    assert told.value == pytest.approx(combined([short, *one_has_it]).value)


@pytest.mark.slow
def test_its_interval_holds_the_truth_over_provinces_of_twelve_counties() -> None:
    held, errors = [], []
    for province in range(60):
        counties = [
            simulate(replace(SMALL, effect=-0.2), 20001 + 12 * province + k, parts=False)
            for k in range(12)
        ]
        told, _ = together((c.panel, c.campaign) for c in counties)
        truth = float(np.mean([c.truth["petitions.first_year"] for c in counties]))
        errors.append(told.value - truth)
        held.append(told.ci_low <= truth <= told.ci_high)
    assert np.mean(held) >= 0.88
    assert abs(np.mean(errors)) < 3 * np.std(errors) / np.sqrt(60) + 0.02

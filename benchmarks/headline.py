"""The headline on one simulated county, from learning the rule to both parts of its uncertainty;
then 9,999 multipliers."""

from __future__ import annotations

from benchmarks.timing import Timing, measure
from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import simulate
from village_eval.designs import quiet_year_did
from village_eval.designs.wild_bootstrap import wild_bootstrap

RUNS = 21
DRAWS = 9999


def headline() -> list[tuple[str, Timing]]:
    """What is timed, and how long it takes, on 1,000 villages in 19 townships, 68 listed, 90
    months; the panel is in memory."""
    county = simulate(PLAIN, seed=1, parts=False)
    estimate = quiet_year_did(county.panel, county.campaign)
    wild_bootstrap(estimate, draws=99)
    one, _ = measure(lambda: quiet_year_did(county.panel, county.campaign), RUNS)
    multipliers, _ = measure(lambda: wild_bootstrap(estimate, draws=DRAWS), RUNS)
    both, _ = measure(
        lambda: wild_bootstrap(quiet_year_did(county.panel, county.campaign), draws=DRAWS), RUNS
    )
    return [
        (
            (
                "headline: rule learned, expectation fitted, jackknife over townships, between-year"
                " part"
            ),
            one,
        ),
        (f"{DRAWS:,} township multipliers of an estimate", multipliers),
        (f"headline with {DRAWS:,} township multipliers", both),
    ]

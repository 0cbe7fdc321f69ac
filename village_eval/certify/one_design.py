"""The certification of one design: whatever a researcher writes, on counties of known truth."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pandas as pd

from village_eval.certify.counties import DESIGNS, certify
from village_eval.certify.scenarios import PLAIN, known_scenarios
from village_eval.certify.simulate import simulate
from village_eval.county.door import check, is_a
from village_eval.designs import DeclaredDesign, Result
from village_eval.expectation.panel_settings import setting
from village_eval.expectation.results import Estimate

HEADLINE = "quiet_year_did"
Design = Callable[..., Estimate | Result]


def examine(
    design: Design | DeclaredDesign | Iterable[Design | DeclaredDesign],
    counties: int = 40,
    scenarios: Iterable[str] = ("plain", "null"),
    *,
    outcomes: Iterable[str] = ("petitions",),
    seed: int = 1,
    workers: int | None = None,
) -> pd.DataFrame:
    """What a design, of one's own or built in, does where the truth is known.

    The headline is examined beside it on the same counties. The design may be defined in a
    notebook's cell: it is sent to the other processes as it is.

    Parameters
    ----------
    design
        A function ``design(panel, campaign, *, outcome, window, given)`` that returns an Estimate,
        a declared one, or several.
    counties
        Simulated counties of each scenario. Forty tell a bias of 0.03 and a coverage to 7 points;
        a thousand villages take about a second a county.
    scenarios
        Names of ``village_eval.certify.scenarios.SCENARIOS``: ``plain`` has an effect, in ``null``
        nothing was done.
    outcomes
        ``petitions``, ``earned_income``, ``earned_income:typical``.
    seed
        Of the first county; the others follow.
    workers
        Processes; all cores by default.

    Returns
    -------
    DataFrame
        A row per scenario, outcome and design: counties, truth, bias and its Monte-Carlo error,
        sd, rmse, coverage of the 95 % interval, its width, claims (significant in the hoped-for
        direction: false where nothing was done, power else), exaggeration.

    Raises
    ------
    InputError
        For what is no design.
    ValueError
        For an unknown scenario, and for a design that does not answer on a small county.
    """
    check(counties=counties, seed=seed, workers=workers)
    names = known_scenarios(scenarios)
    asked = list(design) if isinstance(design, Iterable) else [design]
    for one in asked:
        if not callable(one):
            is_a(one, DeclaredDesign, "design", "ve.designs.did, [design, design]")
    designs: dict[str, Callable] = {HEADLINE: DESIGNS[HEADLINE]}
    for one in asked:
        name, function = _named(one)
        designs[name] = answers(name, function)
    return certify(counties, names, seed=seed, designs=designs, outcomes=outcomes, workers=workers)


def _named(design: Design | DeclaredDesign) -> tuple[str, Callable]:
    if isinstance(design, DeclaredDesign):
        return design.name, design.function
    return getattr(design, "__name__", type(design).__name__), design


def answers(name: str, design: Callable) -> Callable:
    """The design, once it has answered for the petitions of one small simulated county.

    ValueError says what is wrong with the answer.
    """
    county = simulate(
        replace(PLAIN, n_villages=200, n_townships=8, n_listed=20), seed=1, parts=False
    )
    panel, campaign = county.panel, county.campaign
    call = f"{name}(panel, campaign, outcome='petitions', window='first_year', given=setting)"
    try:
        given = setting(panel, campaign)
        answer = design(panel, campaign, outcome="petitions", window="first_year", given=given)
    except (Exception, SystemExit) as error:  # whatever a stranger's function raises
        raise ValueError(f"{call} raised {type(error).__name__}: {error}") from error
    if not isinstance(answer, Estimate) and not isinstance(
        getattr(answer, "estimate", None), Estimate
    ):
        raise ValueError(
            f"{call} gave {type(answer).__name__}; a village_eval.Estimate is expected"
        )
    return design

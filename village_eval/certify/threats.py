"""Counties with one thing wrong, at several sizes: what each check is for, and declares itself.

A threat changes a clean simulated county after the fact, or is a field of the simulator; the seed
makes it the same again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from village_eval.certify.scenarios import PLAIN, Scenario
from village_eval.certify.simulate import Simulated, simulate
from village_eval.checks import CHECKS
from village_eval.checks.declared import Threat


@dataclass(frozen=True)
class Threatened:
    """A threat and the check that should say so."""

    check: str
    threat: Threat

    @property
    def finding(self) -> str:
        """The id that misleads."""
        return self.threat.finding

    @property
    def sizes(self) -> tuple[float, ...]:
        """Those to try."""
        return self.threat.sizes

    def make(self, size: float, seed: int) -> Simulated:
        """The county in which it goes wrong by so much."""
        threat = self.threat
        # A field of a scenario may be of any type.
        fields: dict[str, Any] = dict(threat.base)
        if threat.field:
            fields[threat.field] = size
        made = county(replace(PLAIN, **fields), seed)
        if threat.change is None:
            return made
        return replace(made, panel=threat.change(made, size, np.random.default_rng([seed, 4])))


def county(scenario: Scenario, seed: int) -> Simulated:
    """A simulated county whose villages have places: townships somewhere, villages around them."""
    made, rng = simulate(scenario, seed), np.random.default_rng([seed, 3])
    township = made.panel.township
    place = rng.uniform([115.0, 34.0], [115.8, 34.7], (township.max() + 1, 2))[
        township
    ] + rng.normal(0, 0.03, (len(township), 2))
    villages = made.panel.villages.assign(lon=place[:, 0], lat=place[:, 1])
    return replace(made, panel=replace(made.panel, villages=villages))


THREATS: dict[str, Threatened] = {
    threat.name: Threatened(check.name, threat) for check in CHECKS for threat in check.threats
}

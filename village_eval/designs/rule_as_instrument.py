"""The listing rule as an instrument: a second opinion that what the list alone knew cannot move.

The headline compares the list itself in the campaign's year with lists that the learned rule would
have drawn in quiet years. Where the list follows something that no register shows (an assessment
of how bad a village is in the long run), the two are unlike, and the headline errs by +0.08. Here
the campaign's year is weighted as quiet years are, by the probability p of being listed, whoever
was: villages are chosen alike in all years, and what the list alone knew enters none. Of those
weighted up only some were listed; so the contrast is divided by the list's own (Wald 1940; Imbens &
Angrist 1994):

    π = Σ p L E / Σ p E − Σ (1−p) L E / Σ (1−p) E,
    effect = mean_q (τ_p − τ_q) / π,   τ_p = log(Σ p y / Σ p E) − log(Σ (1−p) y / Σ (1−p) E).

It is the effect on villages whose listing the rule foresees, wider by 1/π (1.4 where the rule knows
the list as well as in most simulated counties), and assumes that p moves petitions by nothing but
the list and what quiet years show. What years unlike the campaign's return is taken off as from the
headline. The rule's fit does not tell which of the two is right: it finds 76 % of a list that
follows the level and 74 % of one that does not. So this stands beside every headline, unless the
rule knows too little of the list to say anything.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.designs.declared import DeclaredDesign, described
from village_eval.designs.quiet_year_did import unlike_years
from village_eval.expectation import headline, reversion
from village_eval.expectation.between_years import Mixture
from village_eval.expectation.panel_settings import setting
from village_eval.expectation.refits import Refits
from village_eval.expectation.results import Estimate
from village_eval.expectation.series import Series
from village_eval.expectation.setting import Setting

REFERENCE = "Wald 1940; Imbens & Angrist 1994"
WEAK = 0.3
"""Contrast of the list below which nothing is told: the error is then more than three times the
headline's."""


@described
def rule_as_instrument(
    panel: Panel,
    campaign: Campaign,
    *,
    outcome: str | Series | pd.DataFrame = "petitions",
    window: str = "first_year",
    given: Setting | None = None,
) -> Estimate:
    """The effect on villages whose listing the rule foresees, on the log-ratio scale.

    A null Estimate with a ``reason`` without quiet years, for what is no total, where the rule
    hardly knows the list, and where earlier lists are known: their years are compared otherwise.
    """
    s, design = given or setting(panel, campaign, outcome), "rule_as_instrument"
    refused = s.refusal(window, design)
    if refused:
        return refused
    if s.series.statistic != "total":
        return s.blank(window, design, reason="totals_only")
    tau_q = {q: s.change(q, window, "history") for q in s.series.quiet[window]}
    quiet = [q for q, tau in tau_q.items() if np.isfinite(tau).all()]
    if not quiet or any(s.on_list(q) is not None for q in quiet):
        return s.blank(window, design, reason="no_quiet_year")
    y, p = s.series.observed(0, window), s.probabilities(0)
    others = s.rule.keep - p
    changes, shares, straight, slopes = [], [], [], []
    for q in quiet:
        depth = s.depth(q)
        E = s.expectation(0, window, depth)
        changes.append(headline.tau(y, E, p, others))
        if s.corrected:
            now = headline.tau(y, s.tilted(0, window, depth), p, others)
            straight.append(now - s.straightened(q, window))
            slopes.append(s.slope(0, window, depth) - s.slope(q, window))
        E = np.where(np.isfinite(y), E, 0.0)
        foreseen, rest = p * E, others * E
        on, off = foreseen @ panel.listed / foreseen.sum(1), rest @ panel.listed / rest.sum(1)
        shares.append(on - off)
    first = np.mean(shares, axis=0)
    if not (first > WEAK).all():
        return s.blank(window, design, reason="rule_knows_too_little")
    campaign_year, quiet_years = np.stack(changes), np.stack([tau_q[q] for q in quiet])
    unseen = 0.0
    if s.corrected:
        gaps, unlike = campaign_year - quiet_years, unlike_years(s, quiet)
        found = reversion.correct(gaps, np.stack(straight), np.stack(slopes), unlike)
        quiet_years, unseen = quiet_years + found.gaps, float(found.unseen)
    did = headline.quiet_year_did(campaign_year, quiet_years)
    effect = Refits(did.gaps.values.mean(0) / first)
    within = float(np.hypot(effect.se, np.sqrt(unseen) / first[0]))
    value = float(effect.value)
    if not np.isfinite([value, within]).all():
        return s.blank(window, design, reason="too_few_listed")
    # The years' part of the contrast is divided as it is; the jackknife saw the quotient itself.
    between = np.sqrt(np.maximum(did.scales**2 - did.within**2, 0)) / first[0]
    return replace(
        s.blank(window, design, reference=REFERENCE),
        value=value,
        error=Mixture(np.hypot(within, between), did.weights, s.df),
        refits=effect,
        within_se=within,
        absolute=s.absolute(value, window),
    )


RULE_AS_INSTRUMENT = DeclaredDesign("rule_as_instrument", rule_as_instrument, ("by_the_rule",))

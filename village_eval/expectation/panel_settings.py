"""The settings of one panel: which outcomes there are, and what they have in common."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from village_eval.county.campaign import Campaign
from village_eval.county.door import is_a, one_of
from village_eval.county.panel import Panel
from village_eval.expectation.headline import STATISTICS
from village_eval.expectation.history import History, fit_history
from village_eval.expectation.listing import ListingRule, learn_rule
from village_eval.expectation.memory import Memory
from village_eval.expectation.other_outcomes import others, setting_of
from village_eval.expectation.outcomes import OUTCOMES, Outcome
from village_eval.expectation.own_table import table_series
from village_eval.expectation.series import Series, income_series, petition_series
from village_eval.expectation.setting import Setting


def unusable(panel: Panel, campaign: Campaign) -> str | None:
    """Why nothing at all can be estimated of a panel, or None."""
    listed = panel.listed
    if not listed.any():
        return "no_listed_village"
    if listed.all():
        return "all_listed"
    if len(np.unique(panel.township[listed])) < 2:
        return "one_township"
    if panel.month_index(campaign.start_month) + campaign.listing_offsets[0] < 0:
        return "listing_window_not_observed"
    return None


class Settings:
    """The settings of one panel, each made when it is first asked for.

    The rule is learned once, and a history fitted once for each outcome; ``memory`` keeps what
    outcomes have in common.
    """

    def __init__(self, panel: Panel, campaign: Campaign, rule: ListingRule | None = None) -> None:
        is_a(panel, Panel, "panel", "ve.Panel.of(county)")
        is_a(campaign, Campaign, "campaign", "county.campaign")
        self.panel, self.campaign = panel, campaign
        self._rule = rule
        self._made: dict[str, Setting] = {}
        self._histories: dict[tuple[str, bool, float], History] = {}
        self._without: dict[bytes, Settings] = {}
        self.memory = Memory()

    @property
    def rule(self) -> ListingRule:
        """The listing rule; the panel must be usable."""
        if self._rule is None:
            self._rule = learn_rule(self.panel, self.campaign)
        return self._rule

    def of(self, outcome: str | Series | pd.DataFrame) -> Setting:
        """The setting of an outcome.

        A name (petitions, a part of them, an income with an optional statistic as in
        ``earned_income:typical``, a further outcome that the county's data hold), a table
        (village_code, period, value), or a Series of one's own.
        """
        if isinstance(outcome, pd.DataFrame):
            return self._make(table_series(self.panel, self.campaign, outcome), None)
        if not isinstance(outcome, str):
            is_a(outcome, Series, "outcome", '"petitions", DataFrame(village_code, period, value)')
            return self._make(outcome, None)
        if outcome not in self._made:
            asked, statistic = named(outcome, self.panel, self.campaign)
            if asked.family == "income":
                series = income_series(self.panel, self.campaign, asked, statistic)
                self._made[outcome] = self._make(series, asked.name)
            elif asked.kind == "count" and asked.columns[0] in {"petitions", *self.panel.parts}:
                series = petition_series(self.panel, self.campaign, asked)
                self._made[outcome] = self._make(series, asked.name)
            else:
                self._made[outcome] = setting_of(self, asked)
        return self._made[outcome]

    def without(self, gone: np.ndarray) -> Settings:
        """The settings of the villages that stay when ``gone`` (bool [V]) are left out.

        Their rule is learned anew.
        """
        key = gone.tobytes()
        if key not in self._without:
            self._without[key] = Settings(self.panel.subset(~gone), self.campaign)
        return self._without[key]

    def _make(self, series: Series, name: str | None) -> Setting:
        if series.statistic == "share_earning":
            earns = np.where(np.isfinite(series.values), series.values > 0, np.nan)
            series = replace(series, values=earns)
        history = self._history(series, name)
        made = Setting(self.panel, self.campaign, series, self.rule, history, self)
        if series.under is None or series.statistic == "share_earning":
            return made
        # What earlier campaigns did is judged by histories that they have a part in.
        for _ in range(3):
            made = replace(made, series=replace(series, lift=made.earlier_effect()))
        return replace(made, history=self._history(made.series, name))

    def _history(self, series: Series, name: str | None) -> History:
        """The fit of a named outcome is kept: other statistics of it have the same."""
        if name is None:
            return fit(series, self.panel)
        key = (name, series.statistic == "share_earning", series.lift)
        if key not in self._histories:
            self._histories[key] = fit(series, self.panel)
        return self._histories[key]


def named(text: str, panel: Panel, campaign: Campaign) -> tuple[Outcome, str]:
    """The outcome and statistic that a text names.

    Such as ``earned_income:typical``, ``petitions``, a part of the register or a further outcome;
    ValueError with what there is.
    """
    name, colon, statistic = text.partition(":")
    known = {o.name: o for o in OUTCOMES if o.family != "other"}
    known |= {o.name: o for o in others(campaign, panel)}
    known |= {part: Outcome(part, "other", "count", -1, (part,)) for part in panel.parts}
    # A part that is an outcome of its own is that outcome, by either name.
    counted = [o for o in OUTCOMES if o.family == "other" and o.kind == "count"]
    known |= {n: o for o in counted if o.columns[0] in panel.parts for n in (o.name, *o.columns)}
    asked = known[one_of(name, known, "outcome")]
    allowed = STATISTICS if asked.family == "income" else STATISTICS[:1]
    return asked, one_of(statistic if colon else "total", allowed, "statistic")


def setting(
    panel: Panel,
    campaign: Campaign,
    outcome: str | Series | pd.DataFrame = "petitions",
    rule: ListingRule | None = None,
) -> Setting:
    """What designs need of one outcome: its values, the listing rule and the fitted history.

    Parameters
    ----------
    panel
        Villages by months, ``Panel.of(county)``.
    campaign
        ``county.campaign``.
    outcome
        A name or a table, as designs take it, or a Series.
    rule
        A listing rule that is learned already; learned of the panel unless given.

    Returns
    -------
    Setting
        For ``given`` of several designs; ``change(q, window, base)`` are log ratios of the year q
        years before the campaign's by refit, ``estimate(window, value, se)`` makes an answer.

    Raises
    ------
    InputError
        For an outcome that there is not, and for rows of a table that cannot be read.
    """
    return Settings(panel, campaign, rule).of(outcome)


def fit(series: Series, panel: Panel) -> History:
    """The history of a series, fitted on its quiet years.

    Without any on all earlier years that have a year of history, spoilt or not: what campaigns did
    to some villages moves a, d and g by less than taking them as given does.
    """
    years = series.quiet["first_year"] or series.earlier("first_year")
    pasts = [series.past(q, "first_year") for q in years]
    return fit_history(pasts, panel.population, series.counts)

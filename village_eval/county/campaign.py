"""The campaign: its dates, and the windows that are cut from them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from village_eval.county.display import campaign_card
from village_eval.words.card import Card, Shown

SPOILT_MONTHS = 12
"""An earlier campaign spoils the months from its start to a year later."""


@dataclass(frozen=True, repr=False)
class Campaign(Shown):
    """What ``campaign.toml`` says.

    Months are ``pd.Period`` of frequency M, ranges include both ends.

    ``observed`` is the range of months that the petition register covers; ``outcomes`` declares a
    researcher's own ones by key (other_outcomes.py): kind, better, and optional column, of, zh, en.
    """

    county: str
    start: dt.date
    listing_window: tuple[pd.Period, pd.Period]
    observed: tuple[pd.Period, pd.Period]
    days: int = 100
    earlier_campaigns: tuple[dt.date, ...] = ()
    unusual: tuple[tuple[pd.Period, pd.Period], ...] = ()
    synthetic: bool = False
    outcomes: dict[str, dict[str, str]] = field(default_factory=dict)
    extra: dict[str, object] = field(default_factory=dict)

    @cached_property
    def start_month(self) -> pd.Period:
        """The month in which the campaign starts."""
        return pd.Period(self.start, "M")

    @property
    def end(self) -> dt.date:
        """The last of the campaign's days."""
        return self.start + dt.timedelta(days=self.days - 1)

    @cached_property
    def months_touched(self) -> int:
        """How many calendar months the days touch (4 for 100 days from 1 March)."""
        months: int = (pd.Period(self.end, "M") - self.start_month).n
        return months + 1

    def windows(self) -> dict[str, tuple[int, int]]:
        """Outcome windows as half-open ranges of months counted from the start month (0)."""
        k = self.months_touched
        return {
            "during": (0, k),
            "after": (k, k + 12),
            "first_year": (0, 12),
            "after_1_3": (k, k + 3),
            "after_4_6": (k + 3, k + 6),
            "after_7_12": (k + 6, k + 12),
            "after_13_24": (k + 12, k + 24),
        }

    @property
    def listing_offsets(self) -> tuple[int, int]:
        """The listing window as a half-open range of months.

        Counted from the start month, e.g. (-12, 0).
        """
        first, last = self.listing_window
        return (first - self.start_month).n, (last - self.start_month).n + 1

    def income_year(self, window: str = "first_year") -> int:
        """The calendar year of income that a window means.

        The start's, or the next one if the start is after June.
        """
        year = self.start.year + (self.start.month > 6)
        return year + {"first_year": 0, "second_year": 1}[window]

    def card(self, lang: str) -> Card:
        """What is shown of it in a language."""
        return campaign_card(self, lang)

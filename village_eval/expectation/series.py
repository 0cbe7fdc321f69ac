"""Which numbers of an outcome a design sees for a year.

The year starts q years before the campaign; q = 0 is the campaign's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from village_eval.county.campaign import SPOILT_MONTHS, Campaign
from village_eval.county.panel import Panel
from village_eval.expectation.history import Past
from village_eval.expectation.listing import quiet_origins, unknown_lists
from village_eval.expectation.outcomes import PETITIONS, Outcome
from village_eval.words.card import Brief
from village_eval.words.vocabulary import INCOME_SOURCES

INTRODUCED = 6
"""So many months at the beginning without a single entry in a column mean that it was not kept
then."""


@dataclass(frozen=True, eq=False, repr=False)
class Series(Brief):
    """The values of one outcome of a panel, and how they are cut into years.

    values
        float [V, T]; T months (``per_year`` 12) or years (1); NaN unknown.
    start
        column at which the campaign year starts; may lie beyond T.
    windows
        half-open ranges of columns counted from ``start``, by name.
    quiet
        for each window, the q of its quiet years, latest first.
    statistic
        as in outcomes.STATISTICS.
    lag
        years before the start that the campaign has a part of: history ends before them.
    under
        bool [V, T]: under an earlier campaign whose list is known; None without.
    lift
        log effect of those campaigns, taken out of history.
    """

    outcome: Outcome
    values: np.ndarray
    per_year: int
    start: int
    windows: dict[str, tuple[int, int]]
    quiet: dict[str, list[int]]
    statistic: str = "total"
    lag: int = 0
    under: np.ndarray | None = None
    lift: float = 0.0

    @property
    def name(self) -> str:
        """That of the outcome."""
        return self.outcome.name

    @property
    def counts(self) -> bool:
        """Whether it counts something, petitions say."""
        return self.outcome.kind == "count"

    @property
    def untreated(self) -> np.ndarray:
        """The values as they would have been without earlier campaigns [V, T]."""
        if self.under is None or not self.lift:
            return self.values
        return np.asarray(self.values * np.exp(-self.lift * self.under))

    def subset(self, keep: np.ndarray) -> Series:
        """The outcome of some villages (bool [V])."""
        return replace(
            self, values=self.values[keep], under=None if self.under is None else self.under[keep]
        )

    def _sum(self, first: int, last: int, raw: bool = True) -> np.ndarray:
        """Sums [V] over columns."""
        return np.asarray((self.values if raw else self.untreated)[:, first:last].sum(1))

    def target(self, q: int, window: str, raw: bool = True) -> np.ndarray | None:
        """The outcome [V] in a window, q years before the campaign's.

        None when not wholly observed. The effect of earlier campaigns is left in, if ``raw``.
        """
        first, last = (self.start - q * self.per_year + k for k in self.windows[window])
        if first < 0 or last > self.values.shape[1]:
            return None
        total = self._sum(first, last, raw)
        known = np.isfinite(total).any() or np.isfinite(self.values[:, first:last]).any()
        return total if known else None

    def observed(self, q: int, window: str) -> np.ndarray:
        """The same of a window that is known to be observed. Raises ValueError when it is not."""
        values = self.target(q, window)
        if values is None:
            raise ValueError(f"{self.name} {window}, {q} years before: not observed")
        return values

    def history_end(self, q: int) -> int:
        """Columns before the year q that no part of the campaign reaches."""
        return self.start - (q + self.lag) * self.per_year

    def earlier(self, window: str) -> list[int]:
        """The q of all years before the campaign's that have a year of history, latest first."""
        _, last = self.windows[window]
        ended = [
            q
            for q in range(1, self.start // self.per_year + 1)
            if self.start - q * self.per_year + last <= self.history_end(0)
        ]
        return [q for q in ended if self.history_end(q) >= self.per_year]

    def past(
        self,
        q: int,
        window: str | None = None,
        skip: int = 0,
        length: int | None = None,
        raw: bool = False,
    ) -> Past:
        """History before the year q in blocks of a year, latest first.

        ``skip`` leaves out the latest years.

        ``length`` (columns) cuts it to the latest ones; the oldest block may be a part of a year.
        The effect of earlier campaigns is taken out, unless ``raw``.
        """
        end = self.history_end(q + skip)
        stop = 0 if length is None else max(end - length, 0)
        blocks = []
        while end > stop:
            first = max(end - self.per_year, stop)
            blocks.append(self._sum(first, end, raw))
            end = first
        array = np.column_stack(blocks) if blocks else np.zeros((len(self.values), 0))
        return Past(array, None if window is None else self.target(q, window, raw))

    def last_year(self, q: int, window: str, back: int = 1) -> np.ndarray | None:
        """The same calendar months in the year before the start [V]; None if unobserved.

        With ``back`` = 2 in the year before that.
        """
        start, n = self.history_end(q), self.per_year
        columns = [start + k % n - back * n for k in range(*self.windows[window])]
        if min(columns) < 0 or max(columns) >= self.values.shape[1]:
            return None
        return np.asarray(self.values[:, columns].sum(1))


def petition_series(panel: Panel, campaign: Campaign, outcome: Outcome = PETITIONS) -> Series:
    """Petitions by month, or the part of the register that an outcome names.

    Such as repeat, group, skip_level …
    """
    (column,) = outcome.columns
    values = panel.petitions if column == "petitions" else _since_kept(panel.parts[column])
    start = panel.month_index(campaign.start_month)
    windows = campaign.windows()
    quiet = {
        w: [(start - o) // 12 for o in quiet_origins(panel, campaign, span)]
        for w, span in windows.items()
    }
    spoilt = np.zeros(values.shape, bool)
    for month, on in panel.earlier_lists.items():
        e = panel.month_index(month)
        spoilt[on, max(e, 0) : max(e + SPOILT_MONTHS, 0)] = True
    under = spoilt if panel.earlier_lists else None
    return Series(outcome, values.astype(float), 12, start, windows, quiet, under=under)


def _since_kept(part: np.ndarray) -> np.ndarray:
    """A part of the register [V, M], NaN in the months before it was kept.

    A column that was introduced later says nothing of them.
    """
    values, blank = part.astype(float), int(np.argmax(part.any(0)))
    if blank >= INTRODUCED:
        values[:, :blank] = np.nan
    return values


def income_series(
    panel: Panel, campaign: Campaign, outcome: Outcome, statistic: str = "total"
) -> Series:
    """Income of some sources by calendar year.

    A quiet year's income year must not touch any campaign.

    A start after June leaves its mark on that year already, which is neither the campaign's nor
    history.
    """
    years, income = panel.annual_income
    columns = [INCOME_SOURCES.index(s) for s in outcome.columns]
    start = campaign.income_year() - int(years[0])
    listing = {
        (panel.month_index(campaign.start_month) - o) // 12
        for o in quiet_origins(panel, campaign, (0, 12))
    }
    lag = int(campaign.start.month > 6)
    quiet = [
        q
        for q in sorted(listing)
        if start - q - lag >= 1 and not touched(panel, campaign, int(years[0]) + start - q)
    ]
    values = income[:, :, columns].sum(2)
    under = np.zeros(values.shape, bool)
    for month, on in panel.earlier_lists.items():
        under |= on[:, None] & (years >= month.year) & (years <= month.year + (month.month > 6))
    return Series(
        outcome,
        values,
        1,
        start,
        {"first_year": (0, 1), "second_year": (1, 2)},
        {"first_year": quiet, "second_year": quiet[1:]},
        statistic=statistic,
        lag=lag,
        under=under if panel.earlier_lists else None,
    )


def touched(panel: Panel, campaign: Campaign, year: int) -> bool:
    """Whether a calendar year overlaps the campaign or a spoilt year.

    Spoilt is one touched by an earlier campaign of unknown list.
    """
    first, last = pd.Period(year=year, month=1, freq="M"), pd.Period(year=year, month=12, freq="M")
    return last >= campaign.start_month or any(
        e <= last and first <= e + SPOILT_MONTHS - 1 for e in unknown_lists(panel, campaign)
    )

"""Event study by month.

The listed against the unlisted, month by month, beside the same path of quiet years.

For event time k the estimate is log(Σ_L y_k / Σ_U y_k) less the same over the base months, all
observed months before the listing window: the one-cohort Poisson event study in closed form. In
quiet years the weights p and 1 − p take the place of L and U; their mean path shows the rise into a
listing window and the fall after it that need no campaign. Sources: Wooldridge (2023); MacKinnon,
Nielsen & Webb (2023).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.designs.declared import described
from village_eval.designs.display import event_study_card
from village_eval.expectation.outcomes import Question
from village_eval.expectation.panel_settings import setting
from village_eval.expectation.refits import Refits
from village_eval.expectation.series import Series
from village_eval.expectation.setting import Setting
from village_eval.expectation.summary import event_path
from village_eval.words.card import Card, Shown
from village_eval.words.catalogue import words
from village_eval.words.messages import locale_lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MONTHS_BEFORE = 36
BASE_MONTHS = 6
"""Fewer months before the listing window make no base: a path would start from the peak that put
villages on the list."""


@dataclass(frozen=True, eq=False, repr=False)
class EventStudy(Shown):
    """The path ``by_month``, and no single number.

    Columns: month (0 is the start's), estimate, se, ci_low, ci_high, quiet, in_listing_window,
    in_campaign; None where there is a ``reason`` instead (a key of the words).
    """

    question: Question
    by_month: pd.DataFrame | None
    reason: str | None = None

    def plot(self, ax: Axes | None = None, lang: str | None = None) -> Axes:
        """The path with its 95 % intervals and the quiet years' (dashed), on the log scale.

        Drawn on ``ax`` (matplotlib's) or on new axes; returns them. ValueError without a path.
        """
        if self.by_month is None:
            raise ValueError(f"event_study {self.question.id}: no path ({self.reason})")
        t = words(lang or locale_lang(), "display")
        return event_path(self.by_month, (t["months_from_start"], t["log_ratio"]), ax)

    def card(self, lang: str) -> Card:
        """What is shown of it in a language."""
        return event_study_card(self, lang)


@described
def event_study(
    panel: Panel,
    campaign: Campaign,
    *,
    outcome: str | Series | pd.DataFrame = "petitions",
    window: str = "first_year",
    given: Setting | None = None,
) -> EventStudy:
    """The path by month relative to the base months, of a monthly outcome.

    ``quiet`` is the mean over the quiet years that have base months (the
    earlier the year, the fewer, so that its path is noisier and holds a little more return than the
    campaign's), NaN where there is none. A
    refusal has no path.
    """
    s = given or setting(panel, campaign, outcome)
    refused = s.refusal(window, "event_study")
    if refused:
        return EventStudy(refused.question, None, refused.reason)
    if s.series.per_year != 12:
        return EventStudy(s.question(window), None, reason="known_by_year")
    if s.series.statistic != "total":
        return EventStudy(s.question(window), None, reason="totals_only")
    first_listed, last_listed = campaign.listing_offsets
    start, total = s.rule.origin, s.series.values.shape[1]
    before = min(MONTHS_BEFORE, start)
    offsets = np.arange(-before, min(total - start, 24))
    path = _path(s, 0, offsets)
    se = Refits(path.T).se
    based = [q for q in s.series.quiet["first_year"] if _base_end(s, q) >= BASE_MONTHS]
    quiet_paths = [np.where(offsets < 12, _path(s, q, offsets)[0], np.nan) for q in based]
    quiet = np.array(quiet_paths) if quiet_paths else np.full((1, len(offsets)), np.nan)
    known = np.isfinite(quiet).sum(0)
    half = stdtrit(s.df, 0.975) * se
    frame = pd.DataFrame(
        {
            "month": offsets,
            "estimate": path[0],
            "se": se,
            "ci_low": path[0] - half,
            "ci_high": path[0] + half,
            "quiet": np.where(known > 0, np.nansum(quiet, 0) / np.maximum(known, 1), np.nan),
            "in_listing_window": (offsets >= first_listed) & (offsets < last_listed),
            "in_campaign": (offsets >= 0) & (offsets < campaign.months_touched),
        }
    )
    return EventStudy(s.question(window), frame)


def _base_end(s: Setting, q: int) -> int:
    """The column at which the listing window of the year q begins."""
    return s.series.start - 12 * q + s.campaign.listing_offsets[0]


def _path(s: Setting, q: int, offsets: np.ndarray) -> np.ndarray:
    """[R, K]: log ratio of listed to unlisted at each event time less that over the base months.

    NaN where unobserved.
    """
    origin = s.series.start - 12 * q
    treated, control = s.treated(q), s.control(q)
    y = s.series.values
    base_end = _base_end(s, q)
    # Where the campaign itself has no month before the listing window, the window is the base, and
    # no quiet year stands beside it.
    base = y[:, :base_end] if base_end >= BASE_MONTHS else y[:, max(base_end, 0) : origin]
    columns = origin + offsets
    inside = (columns >= 0) & (columns < y.shape[1])
    months = y[:, np.clip(columns, 0, y.shape[1] - 1)]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (
            np.log(treated @ months / (control @ months))
            - np.log(treated @ base.sum(1) / (control @ base.sum(1)))[:, None]
        )
    return np.where(inside & np.isfinite(ratio), ratio, np.nan)

"""Every specification of the curve: its choices, and its estimate in closed form.

Choices, all crossed (Simonsohn, Simmons & Nelson 2020): the window; what counts (petitions, cases,
first petitions); the design and its base; what the learned listing rule sees, each feature left out
in turn; how many years of history an expectation looks back on; which quiet years correct it, each
left out in turn, and the unusual ones together.

Each estimate equals the design's own (quiet_year_did and the others), interval included; what they
share is computed once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

from village_eval.county.campaign import Campaign
from village_eval.county.channels import changed_channels
from village_eval.county.panel import Panel
from village_eval.designs.quiet_year_did import unlike_years
from village_eval.expectation import error_rules
from village_eval.expectation.between_years import mixed_quantile, root_mean_square
from village_eval.expectation.headline import quiet_year_did, tau
from village_eval.expectation.listing import ListingRule
from village_eval.expectation.moderation import Villages, added, influence, moderated
from village_eval.expectation.panel_settings import Settings
from village_eval.expectation.refits import Refits
from village_eval.expectation.reversion import correct
from village_eval.expectation.series import Series, petition_series
from village_eval.expectation.setting import DEPTH, Setting

WINDOWS = ("first_year", "during", "after")
COUNTED = ("petitions", "cases", "first_petitions", "capped", "old_channels")
DESIGNS = (
    "quiet_year_did",
    "quiet_year_did_last_year",
    "expected_from_history",
    "did_without_listing_year",
)
ALL = "all"


@dataclass(frozen=True, eq=False)
class Trial:
    """One specification of the curve.

    Its choices, and τ [Q, R] of the campaign year and of the quiet years that it is taken against.

    ``quiet`` is None of a design that knows no error between years. Where years that returned to
    the mean otherwise are corrected for, ``straight`` are the gaps with their slopes taken out and
    ``slopes`` β_c − β_q (reversion.py), each [Q, R], and ``unlike`` says that the county calls
    those years so; ``added`` is what single villages add, where the variance is moderated
    (moderation.py).
    """

    choices: tuple[str, ...]
    campaign: np.ndarray
    quiet: np.ndarray | None = None
    straight: np.ndarray | None = None
    slopes: np.ndarray | None = None
    unlike: bool = False
    added: Villages | None = None

    @property
    def known(self) -> bool:
        """Whether all of it can be computed."""
        terms = self.campaign if self.quiet is None else self.campaign - self.quiet
        return bool(np.isfinite(terms).all())


def trials(settings: Settings) -> Iterator[Trial]:
    """Every specification that the panel has data for."""
    full = settings.rule
    rules = {ALL: full} | {f: full.without(f) for f in full.features if f != "petitions"}
    weights = _weights(rules, settings)
    for name, series in _counted(settings.panel, settings.campaign):
        setting = settings.of(name if series is None else series)
        for window in WINDOWS:
            if setting.refusal(window, "") is not None:
                continue
            yield from _without_quiet_years(setting, name, window)
            yield from _against_quiet_years(setting, name, window, weights, list(rules))


def _without_quiet_years(setting: Setting, name: str, window: str) -> Iterator[Trial]:
    """What the campaign's year shows alone, by each base."""
    for design, kind, control in (
        ("before_after", "last_year", False),
        ("did", "last_year", True),
        ("did_without_listing_year", "before_listing", True),
    ):
        change = setting.change(0, window, kind, control)
        yield Trial((window, name, design, "", "", ""), change[None, :])
    for years in range(1, DEPTH + 1):
        depth = min(setting.depth(0), 12 * years)
        change = setting.change(0, window, "history", depth=depth)[None, :]
        # Without any quiet year it is what the report goes by.
        quiet = None if setting.series.quiet[window] else np.zeros_like(change)
        yield Trial((window, name, "expected_from_history", "", str(years), ""), change, quiet)


def _against_quiet_years(
    setting: Setting,
    name: str,
    window: str,
    weights: dict[int, tuple[np.ndarray, np.ndarray]],
    rules: list[str],
) -> Iterator[Trial]:
    """The campaign's year against sets of quiet years, by base, depth and rule."""
    by_base = [("history", "quiet_year_did", years) for years in range(1, DEPTH + 1)]
    for base, design, years in [*by_base, ("last_year", "quiet_year_did_last_year", 0)]:
        taus = _taus(setting, weights, window, base, 12 * years or None)
        for r, rule in enumerate(rules):
            # A year counts under those rules that can compute it.
            own = {q: year.under(r) for q, year in taus.items()}
            own = {q: year for q, year in own.items() if _finite(year.quiet)}
            steadied = bool(own) and error_rules.moderated(setting)
            alone = _alone(list(own.values())) if steadied else None
            for label, kept in _quiet_sets(setting, list(own)):
                choices = (window, name, design, rule, str(years or ""), label)
                sides = zip(*(own[q][:4] for q in kept), strict=True)
                campaign, quiet, straight, slopes = (np.stack(side) for side in sides)
                among = alone and alone.among([list(own).index(q) for q in kept])
                trial = Trial(choices, campaign, quiet, added=among)
                if base == "history":
                    unlike = unlike_years(setting, kept)
                    trial = replace(trial, straight=straight, slopes=slopes, unlike=unlike)
                yield trial


def _weights(
    rules: dict[str, ListingRule], settings: Settings
) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """Weights of the listed and of the others [rules, R, V] in every quiet year."""
    quiet = {q for years in settings.of("petitions").series.quiet.values() for q in years}
    return {
        q: (
            np.stack([rule.treated(q) for rule in rules.values()]),
            np.stack([rule.control(q) for rule in rules.values()]),
        )
        for q in quiet
    }


class Year(NamedTuple):
    """A quiet year beside the campaign's on as much history, each [R], or [rules, R].

    τ of both, their gap with the years' slopes taken out, and β_c − β_q; the last two are NaN where
    they are not asked. ``now`` [V] and ``then`` [V], or [rules, V], are what villages add to both.
    """

    campaign: np.ndarray
    quiet: np.ndarray
    straight: np.ndarray
    slopes: np.ndarray
    now: np.ndarray
    then: np.ndarray

    def under(self, r: int) -> Year:
        """By one of the rules."""
        return self._replace(quiet=self.quiet[r], straight=self.straight[r], then=self.then[r])


def _alone(years: list[Year]) -> Villages:
    return Villages.of(np.stack([y.now for y in years]), np.stack([y.then for y in years]))


def _taus(
    setting: Setting,
    weights: dict[int, tuple[np.ndarray, np.ndarray]],
    window: str,
    base: str,
    depth: int | None,
) -> dict[int, Year]:
    """The quiet years under each rule; a year's slope is that of the full one."""
    taus = {}
    for q in setting.series.quiet[window]:
        own = None if depth is None else min(setting.depth(q), depth)
        y, expected = setting.series.target(q, window), setting.base(q, window, base, own)
        if y is None or expected is None:
            continue
        campaign, quiet = setting.change(0, window, base, depth=own), tau(y, expected, *weights[q])
        straight, slopes = np.full_like(quiet, np.nan), np.full_like(campaign, np.nan)
        if base == "history":
            tilted = setting.tilted(q, window, own)
            straight = setting.straightened(0, window, own) - tau(y, tilted, *weights[q])
            slopes = setting.slope(0, window, own) - setting.slope(q, window, own)
        listed, others = (weight[:, 0] for weight in weights[q])
        whole = expected if expected.ndim == 1 else expected[0]
        then, now = influence(y, whole, listed, others), added(setting, 0, window, base, own)
        taus[q] = Year(campaign, quiet, straight, slopes, now, then)
    return taus


def _finite(values: np.ndarray) -> bool:
    return bool(np.isfinite(values).all())


def _quiet_sets(setting: Setting, quiet: list[int]) -> Iterator[tuple[str, list[int]]]:
    """All quiet years, those that are not unusual, and each left out."""
    if not quiet:
        return
    yield ALL, quiet
    usual = [q for q in quiet if not setting.unusual(q)]
    if 0 < len(usual) < len(quiet) - 1:
        yield "unusual", usual
    if len(quiet) > 1:
        for q in quiet:
            yield str(setting.campaign.start_month.year - q), [k for k in quiet if k != q]


def _counted(panel: Panel, campaign: Campaign) -> Iterator[tuple[str, Series | None]]:
    """What can be counted of this register, by name; None where the name says it all."""
    for name in COUNTED:
        less: np.ndarray | None = None
        if name == "first_petitions" and "repeat" in panel.parts:
            less = panel.parts["repeat"]
        elif name == "old_channels" and (changed := changed_channels(panel, campaign)):
            less = np.sum([panel.parts[channel] for channel in changed], axis=0)
        if less is not None:
            every = petition_series(panel, campaign)
            yield (
                name,
                replace(
                    every, outcome=replace(every.outcome, name=name), values=every.values - less
                ),
            )
        elif name == "petitions" or (
            name in panel.parts and (panel.parts[name] != panel.petitions).any()
        ):
            yield name, None


def estimates(trials: list[Trial], setting: Setting) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Value, standard error and half width of the 95 % interval of every trial.

    ``setting`` is that of petitions: the others' errors are counted as theirs are.
    """
    value, se, half = np.zeros((3, len(trials)))
    kinds = [(t.quiet is None, t.slopes is None, len(t.campaign), t.added is None) for t in trials]
    for kind in set(kinds):
        at = [i for i, other in enumerate(kinds) if other == kind]
        campaign = np.stack([trials[i].campaign for i in at])  # [trials, Q, R]
        if kind[0]:
            refits = Refits(campaign[:, 0])
            value[at], se[at] = refits.value, refits.se
            half[at] = refits.se * stdtrit(setting.df, 0.975)
            continue
        quiet = np.stack([trial.quiet for i in at if (trial := trials[i]).quiet is not None])
        n, steadier = 0, np.ones(len(at))
        if not kind[3]:
            pairs = [(v.gaps, v.quiet) for i in at if (v := trials[i].added) is not None]
            some = Villages(*(np.stack(side) for side in zip(*pairs, strict=True)))
            n, steadier = kind[2], moderated(Refits(campaign - quiet), Refits(quiet), some)
        unseen: float | np.ndarray = 0.0
        if not kind[1]:
            sides = [(t.straight, t.slopes) for t in (trials[i] for i in at)]
            straight, slopes = (np.stack(side) for side in zip(*sides, strict=True))
            unlike = np.array([trials[i].unlike for i in at])
            found = correct(campaign - quiet, straight, slopes, unlike)
            quiet, unseen = quiet + found.gaps, found.unseen
        did = quiet_year_did(
            campaign,
            quiet,
            unseen=unseen + error_rules.left_in_history(setting, n),
            moderated=steadier,
            scale=error_rules.prior_scale(setting, n),
        )
        value[at], se[at] = did.value, root_mean_square(did.scales, did.weights)
        df = error_rules.error_df(setting, n)
        half[at] = mixed_quantile(0.975, did.scales, did.weights, df)
    return value, se, half

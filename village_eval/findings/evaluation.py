"""Evaluation: everything that is computed of one county, once; and many counties on all cores."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from village_eval.checks import CHECKS, Case, DeclaredCheck, all_checks
from village_eval.county.as_of import known_on
from village_eval.county.campaign import Campaign
from village_eval.county.county import County
from village_eval.county.door import check, day_of, is_a, one_of
from village_eval.county.own_outcome import with_outcomes
from village_eval.county.panel import Panel, build_panel
from village_eval.county.problems import InputError, problem
from village_eval.designs import (
    DESIGNS,
    DeclaredDesign,
    Discontinuity,
    EventStudy,
    all_designs,
)
from village_eval.expectation.outcomes import Question, primary
from village_eval.expectation.panel_settings import Settings
from village_eval.expectation.results import Check, Estimate, Finding
from village_eval.expectation.summary import forest
from village_eval.findings import kept, saved
from village_eval.findings.assessment import Progress, assess
from village_eval.findings.cost import Cost, costs
from village_eval.findings.display import evaluation_card, findings_frame
from village_eval.findings.persistence import Persistence, persistence
from village_eval.findings.specification import specification_curve
from village_eval.findings.villages import Turnaround
from village_eval.folder.overwriting import replacing
from village_eval.folder.reading import county_inputs, read_county
from village_eval.measures import Attribution, attribute
from village_eval.next_round.lottery import Lottery, lottery
from village_eval.next_round.promise import next_round
from village_eval.words.card import Card, Shown
from village_eval.words.catalogue import words
from village_eval.words.messages import locale_lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ASSESSED = 0.8
"""The share of the time that findings take; measures, other choices, the next round share the
rest."""
RESULT = "result"
"""The subfolder of a result in which the evaluation itself is kept, for its owner only."""


@dataclass(frozen=True, eq=False, repr=False)
class Evaluation(Shown):
    """The findings of one county with all that reports show of it.

    ``sensitivity`` holds other designs for the findings' ids; ``event_study`` is None without
    petitions to study; ``listing`` is ListingRule.fit() or None; ``villages`` has one row per
    listed village and ``turnaround`` counts them (villages.py); ``lottery`` is what a round drawn
    by lot showed, where the county has a plan; ``specifications`` has one row per
    specification of the curve (specification.py); ``discontinuities`` say whether to believe what
    the designs at the cut-off say. Compared by identity: of arrays there is no single answer to ==.
    """

    county: County
    panel: Panel
    findings: list[Finding]
    sensitivity: list[Estimate]
    checks: list[Check]
    event_study: EventStudy | None
    listing: dict[str, Any] | None
    villages: pd.DataFrame
    options: dict[str, Any]
    attribution: Attribution = field(default_factory=lambda: Attribution(reason="no_measures"))
    turnaround: Turnaround | None = None
    specifications: pd.DataFrame = field(default_factory=pd.DataFrame)
    next_round: list[dict[str, Any]] = field(default_factory=list)
    audience: str = "adviser"
    discontinuities: tuple[Discontinuity, ...] = ()
    lottery: Lottery | None = None

    @property
    def campaign(self) -> Campaign:
        """That of the county."""
        return self.county.campaign

    @property
    def day(self) -> dt.date:
        """The day as of which the county is looked at.

        As asked for, else the last of the campaign or of what is observed.
        """
        asked, last = self.options.get("as_of"), self.panel.months[-1].end_time.date()
        return dt.date.fromisoformat(asked) if asked else max(last, self.campaign.end)

    @property
    def running(self) -> bool:
        """Whether the campaign had not ended on that day."""
        return self.day < self.campaign.end

    @cached_property
    def persistence(self) -> Persistence:
        """What can be said of the time after the campaign."""
        return persistence(self.findings, self.panel, self.campaign, self.county.mechanisms)

    @cached_property
    def costs(self) -> list[Cost]:
        """Funds per petition averted and per yuan earned."""
        return costs(self.county.measures, self.findings)

    def shown_to(self, audience: str) -> Evaluation:
        """The same results for a report to ``audience`` (audience.py).

        Public ones hold no village.
        """
        check(audience=audience)
        return replace(self, audience=audience)

    def save(self, folder: str | Path) -> Path:
        """Write everything to a folder that only its owner can read; ``load`` reads it back.

        Raises InputError when the folder holds something else (folder/overwriting.py).
        """
        with replacing(folder, lang=locale_lang(), mode=0o700) as made:
            saved.write(self, made)
        return Path(folder)

    @classmethod
    def load(cls, folder: str | Path) -> Evaluation:
        """The evaluation that ``save`` or the command ``evaluate`` left in a folder.

        Raises InputError when there is none, or one of another version of the program.
        """
        folder = Path(folder)
        inner = folder / RESULT
        try:
            value = saved.read(inner if inner.is_dir() else folder)
        except saved.NotReadable as error:
            value = error
        if not isinstance(value, cls):
            raise InputError([problem("no_kept_result", str(folder), locale_lang())])
        return value

    def find(self, question: Question | str) -> Finding | None:
        """The finding that answers a question, or an id such as ``petitions.first_year``.

        None when it was not asked of this county.
        """
        ident = question if isinstance(question, str) else question.id
        return next((f for f in self.findings if f.id == ident), None)

    def __getitem__(self, ident: str) -> Finding:
        """``evaluation["petitions.first_year"]``; ValueError with the nearest and all there are."""
        ids = {f.id: f for f in self.findings}
        return ids[one_of(ident, ids, "finding")]

    def to_frame(self) -> pd.DataFrame:
        """All findings as numbers, a row each, ready for Stata or Parquet.

        Columns: id, outcome, window, statistic, design, estimate, se, ci_low, ci_high, p,
        p_adjusted, percent, absolute, grade, precision, conclusion, n, n_listed, n_townships,
        reason. Estimates are log ratios (differences for shares), not adjusted but for
        p_adjusted; texts are empty and numbers NaN where there is none.
        """
        return findings_frame(self.findings)

    def plot(self, ax: Axes | None = None, lang: str | None = None) -> Axes:
        """Every finding on the log-ratio scale with its 95 % interval and its grade.

        The primary ones are in colour; differences of shares, on a scale of their own, are not
        drawn.

        Drawn on ``ax`` (matplotlib's) or on new axes; returns them. ValueError where no finding
        has an interval.
        """
        rows = findings_frame(self.findings)
        shares = [f.estimate.scale == "share" for f in self.findings]
        rows = rows[rows["ci_low"].notna() & ~np.array(shares, bool)]
        if rows.empty:
            raise ValueError(f"{self.campaign.county}: no finding has an interval")
        rows = rows.assign(
            name=rows["id"] + " (" + rows["grade"] + ")",
            bold=rows["id"].isin([question.id for question in primary(rows["id"])]),
        )
        return forest(rows, words(lang or locale_lang(), "display")["log_ratio"], ax)

    def card(self, lang: str) -> Card:
        """What is shown of it in a language."""
        return evaluation_card(self, lang)


def evaluate(
    county: str | Path | County,
    *,
    draws: int = 9999,
    seed: int = 1,
    as_of: dt.date | str | None = None,
    cache: bool = True,
    checks: Iterable[DeclaredCheck | Callable[[Case], Check]] = (),
    designs: Iterable[DeclaredDesign | Callable[..., Estimate]] = (),
    outcomes: Mapping[str, pd.DataFrame] | None = None,
    progress: Progress = lambda share, step: None,
) -> Evaluation:
    """Every question that a county's data can answer, with every check and every design.

    A folder is computed once for given inputs, options and version, then read back; a County, and
    whatever has checks, designs or outcomes of one's own, is computed anew: about ten seconds for
    a thousand villages.

    Parameters
    ----------
    county
        A county folder, or a County (``read_county``, ``demo_county``, ``simulate(…).county()``).
    draws
        Of the second opinions on the primary findings (wild bootstrap, permutation).
    seed
        Of those draws, and of the next round's promise.
    as_of
        Use only what was known on this day, a date or ``"2024-01-31"``.
    cache
        Whether a folder's result is kept and read back.
    checks
        Of one's own, beside the built-in ones: functions of a Case with a docstring, or
        DeclaredCheck.
    designs
        Of one's own, beside the built-in ones: ``design(panel, campaign, *, outcome, window,
        given)`` that returns an Estimate, or DeclaredDesign.
    outcomes
        Of one's own by name, beside the built-in ones: village_code, period (2023, 2023Q1 or
        2023-04) and value, whose mean should rise. ``County.with_outcome`` also takes counts,
        shares, what should fall, and names for readers.
    progress
        Called with the share that is done and the name of the step, while something is computed.

    Returns
    -------
    Evaluation
        ``result["petitions.first_year"]`` is one finding, ``to_frame()`` has all numbers.

    Raises
    ------
    InputError
        With everything that is wrong with the folder or the arguments.
    ValueError
        For a check without words, or a name that there is already.
    """
    is_a(county, (str, Path, County), "county", '"my_county", ve.read_county(folder)')
    check(draws=draws, seed=seed, as_of=as_of)
    outcomes = {} if outcomes is None else outcomes
    is_a(outcomes, Mapping, "outcomes", '{"meetings": DataFrame(village_code, period, value)}')
    asked = all_checks(checks), all_designs(designs)
    cache = cache and asked == (CHECKS, DESIGNS) and not outcomes
    options = {"draws": int(draws), "seed": int(seed), "as_of": day_of(as_of)}
    if isinstance(county, County):
        return _evaluate(with_outcomes(county, outcomes), options, *asked, progress)
    inputs = county_inputs(county)
    place = kept.place_of(inputs, options)
    if cache and place.is_dir():
        try:
            return Evaluation.load(place)
        except InputError:  # somebody changed it: compute anew
            shutil.rmtree(place, ignore_errors=True)
    progress(0.0, "read")
    read = with_outcomes(read_county(inputs.folder, inputs=inputs), outcomes)
    result = _evaluate(read, options, *asked, progress)
    if cache:
        _keep(place, result)
    return result


def _evaluate(
    county: County,
    options: dict[str, Any],
    checks: tuple[DeclaredCheck, ...],
    designs: tuple[DeclaredDesign, ...],
    progress: Progress,
) -> Evaluation:
    day, first = options["as_of"], county.campaign.observed[0]
    if day is not None and pd.Period(day, "M") <= first:
        raise InputError(
            [problem("nothing_known_yet", "--as-of", locale_lang(), day=day, first=str(first))]
        )
    panel = build_panel(county, options["as_of"])
    county = county if options["as_of"] is None else known_on(county, options["as_of"])
    settings = Settings(panel, county.campaign)
    a = assess(
        panel,
        county.campaign,
        county.village_changes,
        options["draws"],
        options["seed"],
        settings,
        checks,
        designs,
        lambda share, step: progress(ASSESSED * share, step),
    )
    progress(ASSESSED, "measures")
    attribution = attribute(panel, county.campaign, county.measures, a.rule, settings=settings)
    progress(0.85, "specifications")
    specifications = specification_curve(panel, county.campaign, settings)
    progress(0.9, "next_round")
    return Evaluation(
        county=county,
        panel=panel,
        findings=a.findings,
        sensitivity=a.sensitivity,
        checks=[check for finding in a.findings for check in finding.checks],
        event_study=a.event_study,
        listing=a.listing,
        villages=a.villages,
        options=options,
        attribution=attribution,
        turnaround=a.turnaround,
        specifications=specifications,
        discontinuities=a.discontinuities,
        next_round=next_round(panel, county.campaign, options["seed"], settings),
        lottery=_lottery(county, panel, options),
    )


def _lottery(county: County, panel: Panel, options: dict[str, Any]) -> Lottery | None:
    try:
        return lottery(county, panel, options["draws"], options["seed"])
    except ValueError as error:
        name = county.campaign.county
        raise InputError(
            [problem("plan_villages", name, locale_lang(), codes=str(error))]
        ) from error


def _keep(place: Path, result: Evaluation) -> None:
    """Keep a result for the next time; a cache that cannot be written is no error."""
    try:
        kept.root().mkdir(mode=0o700, parents=True, exist_ok=True)
        result.save(place)
        kept.forget_oldest()
    except (OSError, InputError):
        pass

"""Evaluation: everything that is computed of one county, once; and many counties on all cores."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from village_eval.checks import CHECKS, Case, DeclaredCheck, all_checks
from village_eval.county.as_of import known_on
from village_eval.county.audience import AUDIENCES
from village_eval.county.campaign import Campaign
from village_eval.county.county import County
from village_eval.county.panel import Panel, build_panel
from village_eval.county.problems import InputError, problem
from village_eval.designs import (
    DESIGNS,
    DeclaredDesign,
    Discontinuity,
    EventStudy,
    all_designs,
)
from village_eval.expectation.other_outcomes import yearly_values
from village_eval.expectation.outcomes import Question
from village_eval.expectation.panel_settings import Settings
from village_eval.expectation.results import Check, Estimate, Finding
from village_eval.findings import kept, saved
from village_eval.findings.assessment import assess
from village_eval.findings.cost import Cost, costs
from village_eval.findings.persistence import Persistence, persistence
from village_eval.findings.specification import specification_curve
from village_eval.findings.villages import Turnaround
from village_eval.folder.overwriting import replacing
from village_eval.folder.reading import county_inputs, read_county
from village_eval.measures import Attribution, attribute
from village_eval.next_round.lottery import Lottery, lottery
from village_eval.next_round.promise import next_round
from village_eval.words.choices import one_of
from village_eval.words.messages import locale_lang

RESULT = "result"
"""The subfolder of a result in which the evaluation itself is kept, for its owner only."""


@dataclass(frozen=True, eq=False)
class Evaluation:
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
        if audience not in AUDIENCES:
            raise ValueError(f"unknown audience {audience!r}; known: {', '.join(AUDIENCES)}")
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

    def __repr__(self) -> str:
        rows = "\n".join(
            f"  {f.id}: {f.grade} {f.conclusion} {f.estimate!r}" for f in self.findings
        )
        return f"<Evaluation of {self.campaign.county}>\n{rows}"


def evaluate(
    county: str | Path | County,
    *,
    draws: int = 9999,
    seed: int = 1,
    as_of: dt.date | str | None = None,
    cache: bool = True,
    checks: Iterable[DeclaredCheck | Callable[[Case], Check]] = (),
    designs: Iterable[DeclaredDesign | Callable[..., Estimate]] = (),
) -> Evaluation:
    """Evaluate a county folder (or a County).

    Computed once for given inputs, options and version, then read back.

    ``as_of`` uses only what was known on that day. ``checks`` and ``designs`` of one's own stand
    beside the built-in ones (checks/own.py, designs/declared.py); such results are computed anew
    each time. Raises problems.InputError when the folder cannot be read, ValueError for a check
    without words or a name that there is already.
    """
    asked = all_checks(checks), all_designs(designs)
    cache = cache and asked == (CHECKS, DESIGNS)
    as_of = str(as_of) if as_of else None
    options = {"draws": int(draws), "seed": int(seed), "as_of": as_of}
    if isinstance(county, County):
        return _evaluate(county, options, *asked)
    inputs = county_inputs(county)
    place = kept.place_of(inputs, options)
    if cache and place.is_dir():
        try:
            return Evaluation.load(place)
        except InputError:  # somebody changed it: compute anew
            shutil.rmtree(place, ignore_errors=True)
    result = _evaluate(read_county(inputs.folder, inputs=inputs), options, *asked)
    if cache:
        _keep(place, result)
    return result


def _evaluate(
    county: County,
    options: dict[str, Any],
    checks: tuple[DeclaredCheck, ...],
    designs: tuple[DeclaredDesign, ...],
) -> Evaluation:
    day, first = options["as_of"], county.campaign.observed[0]
    if day is not None and pd.Period(day, "M") <= first:
        raise InputError(
            [problem("nothing_known_yet", "--as-of", locale_lang(), day=day, first=str(first))]
        )
    panel = build_panel(county, options["as_of"])
    yearly = yearly_values(county, panel, options["as_of"])
    county = county if options["as_of"] is None else known_on(county, options["as_of"])
    settings = Settings(panel, county.campaign)
    a = assess(
        panel,
        county.campaign,
        county.village_changes,
        options["draws"],
        options["seed"],
        yearly,
        settings,
        checks,
        designs,
    )
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
        attribution=attribute(panel, county.campaign, county.measures, a.rule, settings=settings),
        turnaround=a.turnaround,
        specifications=specification_curve(panel, county.campaign, settings),
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

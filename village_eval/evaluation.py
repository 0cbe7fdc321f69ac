"""Evaluation: everything that is computed of one county, once; and many counties on all cores."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import pickle
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from village_eval import __version__
from village_eval.campaign import Campaign
from village_eval.checks.leave_one_township_out import leave_one_township_out
from village_eval.checks.pre_trend import pre_trend
from village_eval.checks.quiet_year_stability import quiet_year_stability
from village_eval.checks.subsidy import subsidy
from village_eval.checks.suppression import suppression
from village_eval.county import County
from village_eval.effects import (
    Setting,
    before_after,
    did,
    did_without_listing_year,
    event_study,
    expected_from_history,
    quiet_year_did,
    setting,
)
from village_eval.findings import adjust, finding
from village_eval.listing import learn_rule
from village_eval.panel import Panel, build_panel
from village_eval.parallel import each
from village_eval.results import Check, Estimate, Finding
from village_eval.sources import read_county
from village_eval.villages import village_table

PETITION_WINDOWS = ("during", "after", "first_year", "after_1_3", "after_4_6", "after_7_12", "after_13_24")
INCOME_FINDINGS = ("operating_income", "earned_income", "total_income")
STATISTICS = {"": "total", ".typical": "typical", ".share_earning": "share_earning"}
SENSITIVITY = (before_after, did, did_without_listing_year, expected_from_history)


@dataclass(frozen=True)
class Evaluation:
    """The findings of one county with all that reports show of it.

    ``sensitivity`` holds other designs for the findings' ids; ``event_study`` is None without petitions to study;
    ``listing`` is ListingRule.fit() or None; ``villages`` has one row per listed village (villages.py).
    """

    county: County
    panel: Panel
    findings: list[Finding]
    sensitivity: list[Estimate]
    checks: list[Check]
    event_study: Estimate | None
    listing: dict | None
    villages: pd.DataFrame
    measures: list[dict]
    options: dict

    @property
    def campaign(self) -> Campaign:
        return self.county.campaign

    def finding(self, id: str) -> Finding:
        """The finding of an id such as ``petitions.first_year``; KeyError when there is none."""
        for f in self.findings:
            if f.id == id:
                return f
        raise KeyError(id)

    def __repr__(self) -> str:
        rows = "\n".join(f"  {f.id}: {f.grade} {f.conclusion} {f.estimate!r}" for f in self.findings)
        return f"<Evaluation of {self.campaign.county}>\n{rows}"


def evaluate(county: str | Path | County, *, draws: int = 9999, seed: int = 1, as_of: dt.date | str | None = None,
             cache: bool = True) -> Evaluation:  # fmt: skip
    """Evaluate a county folder (or a County). Computed once for given inputs, options and version, then read back.

    ``as_of`` uses only what was known on that day. Raises problems.InputError when the folder cannot be read.
    """
    as_of = str(as_of) if as_of else None
    options = {"draws": int(draws), "seed": int(seed), "as_of": as_of}
    if isinstance(county, County):
        return _evaluate(county, options)
    folder = Path(county)
    kept = _cache_file(folder, options) if cache and folder.is_dir() else None
    if kept is not None and kept.exists():
        try:
            return pickle.loads(kept.read_bytes())
        except Exception:  # a file cut short or written by another Python: compute anew
            kept.unlink(missing_ok=True)
    result = _evaluate(read_county(folder), options)
    if kept is not None:
        _keep(kept, result)
    return result


def _evaluate(county: County, options: dict) -> Evaluation:
    campaign, panel = county.campaign, build_panel(county, options["as_of"])
    start = panel.month_index(campaign.start_month)
    usable = panel.listed.any() and not panel.listed.all() and start + campaign.listing_offsets[0] >= 0
    rule = learn_rule(panel, campaign) if usable else None
    estimates: list[tuple[Estimate, list[Check], int, Setting | None]] = []
    sensitivity: list[Estimate] = []
    petitions = setting(panel, campaign, "petitions", rule) if usable else None
    for window in PETITION_WINDOWS:
        if petitions is None:
            estimates.append((_refused(panel, campaign, "petitions", window), [], -1, None))
            continue
        estimate = _with_before_after(petitions, quiet_year_did(panel, campaign, window=window, given=petitions))
        checks = [quiet_year_stability(estimate), leave_one_township_out(estimate, panel), suppression(petitions, estimate)]
        checks.insert(1, pre_trend(petitions, estimate.id))
        estimates.append((estimate, checks if estimate.value is not None else [], -1, petitions))
        if window in ("during", "after", "first_year") and estimate.value is not None:
            sensitivity += _others(petitions, window)
    estimates += _income(panel, campaign, rule, sensitivity)
    adjusted = adjust({e.id: e.p_value for e, *_ in estimates})
    cap = _cap(campaign, panel)
    findings = [finding(e, checks, adjusted[e.id], favourable, _unusual_cap(e) or cap) for e, checks, favourable, _ in estimates]
    first_year = next(f for f in findings if f.id == "petitions.first_year")
    return Evaluation(
        county, panel, findings, sensitivity, [c for f in findings for c in f.checks],
        event_study(panel, campaign, given=petitions) if petitions and first_year.estimate.value is not None else None,
        rule.fit() if rule else None,
        village_table(petitions, first_year.estimate) if petitions else pd.DataFrame(), [], options,
    )  # fmt: skip


def _income(panel: Panel, campaign: Campaign, rule, sensitivity: list[Estimate]):
    """Estimates and checks of the income findings: each total, the typical village, the share that earns."""
    rows = []
    if panel.income is None or rule is None:
        reason = "no_income_table" if panel.income is None else None
        return [(_refused(panel, campaign, name, "first_year", reason), [], 1, None) for name in INCOME_FINDINGS]
    totals: dict[str, Estimate] = {}
    for name in INCOME_FINDINGS:
        for suffix, statistic in STATISTICS.items():
            if name == "total_income" and statistic != "total":
                continue  # nearly every village has some income, and what it earns is the question
            s = setting(panel, campaign, f"{name}:{statistic}", rule)
            estimate = quiet_year_did(panel, campaign, window="first_year", given=s)
            if statistic == "total":
                totals[name] = estimate
                if estimate.value is not None:
                    estimate = _with_before_after(s, estimate)
                    sensitivity += _others(s, "first_year")
            checks = []
            if estimate.value is not None:
                checks = [quiet_year_stability(estimate), leave_one_township_out(estimate, panel)]
                if statistic == "total":
                    checks.insert(1, pre_trend(s, estimate.id))
                if name == "total_income":
                    checks.append(subsidy(s, estimate, totals.get("earned_income")))
            estimate = replace(estimate, window=estimate.window + suffix)
            checks = [replace(c, finding=estimate.id) for c in checks]
            rows.append((estimate, checks, 1, s))
    return rows


def _others(s: Setting, window: str) -> list[Estimate]:
    """The same question answered by the other designs, beside the headline."""
    rows = [design(s.panel, s.campaign, window=window, given=s) for design in SENSITIVITY]
    rows.insert(0, quiet_year_did(s.panel, s.campaign, window=window, base="last_year", given=s))
    return [e for e in rows if e.value is not None]


def _with_before_after(s: Setting, estimate: Estimate) -> Estimate:
    """Adds what reports compare with: actual and expected amounts, and the plain before-after now and in quiet years."""
    if estimate.value is None:
        return estimate
    listed, window = s.panel.listed, estimate.window
    actual = float(np.nansum(s.outcome.target(0, window)[listed]))
    plain = s.change(0, window, "last_year", control=False)[0]
    quiet = [s.change(q, window, "last_year", control=False)[0] for q in s.outcome.quiet[window]]
    quiet = [x for x in quiet if np.isfinite(x)]
    unit = 1 if s.outcome.counts else int(listed.sum())
    extra = {
        "actual": actual, "expected": actual / float(np.exp(estimate.value)),
        "before_after": float(plain) if np.isfinite(plain) else None, "before_after_quiet": float(np.mean(quiet)) if quiet else None,
    }  # fmt: skip
    if not s.outcome.counts:
        extra |= {"actual_per_village": actual / unit, "expected_per_village": extra["expected"] / unit}
    return replace(estimate, extra={**estimate.extra, **extra})


def _refused(panel: Panel, campaign: Campaign, outcome: str, window: str, reason: str | None = None) -> Estimate:
    listed = panel.listed
    why = reason or ("no_listed_village" if not listed.any() else "all_listed" if listed.all() else "listing_window_not_observed")
    return Estimate(outcome, window, "quiet_year_did", reason=why, n_treated=int(listed.sum()), n_control=int((~listed).sum()))


def _cap(campaign: Campaign, panel: Panel) -> str | None:
    """C when lists of earlier campaigns spoil the history and are not known village by village."""
    recent = [e for e in campaign.earlier_campaigns if pd.Period(e, "M") >= panel.months[0] and e < campaign.start]
    return "C" if len(recent) >= 2 else None


def _unusual_cap(estimate: Estimate) -> str | None:
    """B when most quiet years are unusual ones."""
    quiet = estimate.quiet
    return "B" if quiet is not None and len(quiet) and quiet["unusual"].mean() > 0.5 else None


# --- kept results -----------------------------------------------------------------------------------------------------------


def _cache_file(folder: Path, options: dict) -> Path:
    digest = hashlib.sha256(json.dumps([__version__, options, str(folder.resolve())]).encode())
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    for path in sorted(folder.iterdir()):
        if path.is_file():
            digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "village_eval"
    return root / f"{digest.hexdigest()[:32]}.pickle"


def _keep(path: Path, result: Evaluation) -> None:
    """Write atomically, readable by this user only; a cache that cannot be written is no error."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(pickle.dumps(result))
        part.replace(path)
        for old in sorted(path.parent.glob("*.pickle"), key=lambda p: p.stat().st_mtime)[:-20]:
            old.unlink(missing_ok=True)
    except OSError:
        pass


# --- many counties ----------------------------------------------------------------------------------------------------------


def evaluate_folders(
    folders: list[str | Path], out: str | Path, *, draws: int = 9999, seed: int = 1, as_of=None, workers: int | None = None
):
    """Evaluate county folders on all cores: out/<folder name>/ gets findings.json, manifest.json and tables/.

    Yields (folder, None or the exception) as each is done; one that fails does not stop the others.
    """
    jobs = [(str(f), str(out), draws, seed, as_of) for f in folders]
    for job, error in each(_one, jobs, workers):
        yield Path(job[0]), error


def _one(job) -> Exception | None:
    from village_eval.reporting import write_results

    folder, out, draws, seed, as_of = job
    try:
        result = evaluate(folder, draws=draws, seed=seed, as_of=as_of, cache=False)
        write_results(result, Path(out) / Path(folder).resolve().name, folder)
        return None
    except Exception as error:
        return error

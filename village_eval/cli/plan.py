"""The command ``village-eval plan``: draw the next round and say what it will show.

With ``analyse``, say what it showed.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from village_eval.county.door import check
from village_eval.county.panel import Panel, build_panel
from village_eval.county.plan import Design, measures, phased
from village_eval.county.problems import InputError, problem
from village_eval.expectation.listing import learn_rule
from village_eval.expectation.panel_settings import unusable
from village_eval.folder.inputs import take
from village_eval.folder.overwriting import refuse, refuse_file, replacing, writing_file
from village_eval.folder.plan import PLAN, Changed, read_plan
from village_eval.folder.raw import PLAN_FOLDER, SUFFIXES, read_raw
from village_eval.folder.reading import read_county
from village_eval.next_round.analysis import DRAWS
from village_eval.next_round.lottery import lottery
from village_eval.next_round.plan import make_plan, next_start, worst
from village_eval.next_round.promise import OPTIONS, compare
from village_eval.report.findings_json import plain
from village_eval.report.plan_files import write_plan
from village_eval.report.plan_words import lottery_json, lottery_sentences, promise_sentence


def plan_county(
    folder: Path,
    out: Path,
    *,
    design: str = "phased",
    villages: int | None = None,
    names: Path | None = None,
    start: dt.date | None = None,
    delay: int = 6,
    full: bool = False,
    seed: int = 1,
    lang: str = "zh",
) -> list[str]:
    """Draw a plan, write its files to ``out`` and return sentences on what it can detect.

    ``names`` is a table whose column village_code holds the list; without it the list is the
    ``villages`` (default: as many as were listed) that the learned rule puts highest. Raises
    InputError; a plan that exists is never drawn again.
    """
    check(seed=seed)
    if (out / PLAN).exists():
        raise InputError([problem("plan_exists", str(out), lang)])
    inputs = [folder, *([names] if names else [])]
    if out.resolve() == (folder / PLAN_FOLDER).resolve() and not out.is_symlink():
        inputs = inputs[1:]  # the one place in a county that is a plan's
    refuse(out, inputs, lang=lang)
    county = read_county(folder, lang=lang)
    panel, campaign = build_panel(county), county.campaign
    chosen = phased(delay) if design == "phased" else measures(full)
    start = start or next_start(panel, campaign, dt.date.today())
    if pd.Period(start, "M") <= panel.months[-1]:
        raise InputError(
            [problem("plan_start", "--start", lang, given=str(start), last=str(panel.months[-1]))]
        )
    if start <= dt.date.today() and not campaign.synthetic:
        raise InputError([problem("plan_too_late", "--start", lang, given=str(start))])
    reason = unusable(panel, campaign)
    rule = None if reason else learn_rule(panel, campaign)
    if names is not None:
        rows = _given(names, panel, lang)
        _check_size(len(rows), chosen, panel, lang)
    elif rule is None:
        raise InputError([problem("plan_no_rule", folder.name, lang)])
    else:
        n = villages or int(panel.listed.sum())
        _check_size(n, chosen, panel, lang)
        rows = worst(panel, campaign, rule, n)
    plan = make_plan(panel, campaign, chosen, rows, start, seed)
    power = _power(panel, campaign, rule, chosen, len(rows), seed)
    with replacing(out, inputs, lang=lang) as made:
        write_plan(plan, power, made)
    at_size = power[power["villages"] == len(rows)]
    own = (at_size["design"] == chosen.name) & (at_size["months"] == chosen.months)
    return [
        promise_sentence(row, lang)
        for part in (at_size[own], at_size[~own])
        for row in part.to_dict("records")
    ]


def analyse_county(folder: Path, out: Path, *, draws: int = DRAWS, lang: str = "zh") -> list[str]:
    """Read the plan in ``out`` back and analyse it on the county's new data; returns sentences.

    Writes analysis.json to ``out`` once the window is observed. Raises InputError.
    """
    path = out / "analysis.json"
    refuse_file(path, lang=lang)
    try:
        plan = read_plan(out)
    except Changed as error:
        raise InputError([problem(error.kind, str(out), lang)]) from None
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise InputError([problem("plan_missing", str(out), lang)]) from error
    county = replace(read_county(folder, lang=lang), plan=plan)
    try:
        found = lottery(county, build_panel(county), draws, plan.seed + 1)
    except ValueError as error:
        raise InputError([problem("plan_villages", folder.name, lang, codes=str(error))]) from error
    assert found is not None  # it has a plan
    if found.analysis.reason in ("window_not_observed", "drawn_late"):
        return lottery_sentences(found, lang)
    text = json.dumps(plain(lottery_json(found, "adviser")), ensure_ascii=False, indent=1)
    with writing_file(path, lang=lang) as made:
        made.write_text(text + "\n", "utf-8")
    return lottery_sentences(found, lang)


def _power(panel: Panel, campaign, rule, chosen: Design, n: int, seed: int) -> pd.DataFrame:
    """What the plan's design could detect, beside the others (promise.compare).

    With half as many and with twice as many villages.
    """
    if rule is None:
        row = {
            "design": chosen.name,
            "villages": n,
            "months": chosen.months,
            "quiet_years": 0,
            "detectable_percent": None,
        }
        return pd.DataFrame([row])
    same = any(
        o is not None and (o.name, o.months) == (chosen.name, chosen.months) for o in OPTIONS
    )
    sizes = [
        k for k in (n, n // 2, 2 * n) if len(chosen.arms) <= k <= len(panel.villages) // 2 or k == n
    ]
    return compare(panel, campaign, rule, sizes, OPTIONS if same else (chosen, *OPTIONS), seed)


def _check_size(n: int, design: Design, panel: Panel, lang: str) -> None:
    """Every arm needs two villages, and somebody must be left."""
    least, most = max(4, 2 * len(design.arms)), len(panel.villages) - 1
    if not least <= n <= most:
        raise InputError(
            [problem("plan_size", "--villages", lang, given=str(n), least=least, most=most)]
        )


def _given(path: Path, panel: Panel, lang: str) -> np.ndarray:
    """Indices of the villages that a table names."""
    if not path.is_file():
        raise InputError([problem("plan_no_list", str(path), lang)])
    if path.suffix.lower() not in SUFFIXES:
        raise InputError([problem("unreadable", path.name, lang, reason=path.suffix)])
    raw, problems = read_raw(take(path), "villages")
    if raw is None:
        raise InputError(problems)
    if "village_code" not in raw.frame:
        raise InputError([problem("plan_no_codes", path.name, lang)])
    codes = raw.frame["village_code"].dropna()
    row = {code: i for i, code in enumerate(panel.villages["village_code"].astype(str))}
    unknown = [(number, code) for number, code in codes.items() if code not in row]
    twice = [(number, code) for number, code in codes[codes.duplicated()].items()]
    found = [
        problem(kind, path.name, lang, column="village_code", places=places)
        for kind, places in (("plan_unknown", unknown), ("plan_twice", twice))
        if places
    ]
    if found:
        raise InputError(found)
    return np.array([row[code] for code in codes], int)

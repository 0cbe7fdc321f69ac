"""``campaign.toml`` to Campaign and back."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pandas as pd

from village_eval.county.campaign import Campaign
from village_eval.county.problems import Problem, problem
from village_eval.folder.dates import YEARS
from village_eval.folder.raw import decode
from village_eval.folder.toml_lines import read_toml, told
from village_eval.words.catalogue import LANGUAGES
from village_eval.words.plain import UNSEEN, plain
from village_eval.words.said import Said

FILE = "campaign.toml"
Months = tuple[pd.Period, pd.Period]
EXAMPLES = {
    "county": 'county = "示范县"',
    "start": "start = 2023-03-01",
    "days": "days = 100",
    "listing_window": 'listing_window = ["2022-03", "2023-02"]',
    "observed": 'observed = ["2018-01", "2024-06"]',
    "earlier_campaigns": "earlier_campaigns = [2021-03-01]",
    "unusual": 'unusual = [["2020-01", "2022-12"]]',
    "synthetic": "synthetic = true",
    "ignore": 'ignore = ["通讯录.xlsx"]',
    "source": (
        'source = { url = "postgresql://reader@host/xinfang", tables = { petitions ='
        ' "petitions" } }'
    ),
    "outcomes": (
        'outcomes.assemblies = { kind = "count", better = "more", zh = "村民会议次数", en ='
        ' "assemblies held" }'
    ),
}
REQUIRED = ("county", "start")
NOT_KEPT = ("observed", "listing_window", "ignore", "source")
NOT_SHOWN = ("source",)
"""A url may hold a password, a query somebody's name."""
OUTCOME_KEYS = {"kind", "better", "column", "of", *LANGUAGES}
MONTH = re.compile(r"([0-9]{4})-(?:0[1-9]|1[0-2])")
OUTCOME_KEY = re.compile(r"\w{1,40}")
"""An outcome's own key: letters of any script, digits, _; a finding's id is cut at its dots."""


BUILT_IN = ("petitions", "operating_income", "earned_income", "own_income", "total_income")
"""Outcomes that every county has: a county's own of that name would be asked their questions."""


class _Wrong(ValueError):
    pass


def _text(value) -> str:
    if not isinstance(value, str) or not plain(value):
        raise _Wrong
    return plain(value)


def _query(value) -> str:
    """A query keeps its lines: a comment of SQL ends with one."""
    return UNSEEN.sub("", value).strip() if _text(value) else ""


def _day(value) -> dt.date:
    if isinstance(value, dt.datetime):
        value = value.date()
    if not isinstance(value, dt.date) or not YEARS[0] <= value.year <= YEARS[1]:
        raise _Wrong
    return value


def _days(value) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 3660:
        raise _Wrong
    return value


def _month(value) -> pd.Period:
    if not isinstance(value, str) or not (found := MONTH.fullmatch(value.strip())):
        raise _Wrong
    if not YEARS[0] <= int(found[1]) <= YEARS[1]:
        raise _Wrong
    return pd.Period(value.strip(), "M")


def _range(value) -> tuple[pd.Period, pd.Period]:
    if not isinstance(value, list) or len(value) != 2:
        raise _Wrong
    return _month(value[0]), _month(value[1])


def _list(item):
    def read(value):
        if not isinstance(value, list):
            raise _Wrong
        return tuple(item(one) for one in value)

    return read


def _yes_or_no(value) -> bool:
    if not isinstance(value, bool):
        raise _Wrong
    return value


def _outcomes(value) -> dict[str, dict]:
    if not isinstance(value, dict) or not all(
        isinstance(o, dict)
        and set(o) <= OUTCOME_KEYS
        and OUTCOME_KEY.fullmatch(key)
        and key not in BUILT_IN
        for key, o in value.items()
    ):
        raise _Wrong
    for o in value.values():
        if o.get("kind") not in ("count", "share", "mean") or o.get("better") not in (
            "more",
            "fewer",
        ):
            raise _Wrong
        if not all(isinstance(text, str) for text in o.values()) or (
            "of" in o and o["kind"] != "share"
        ):
            raise _Wrong
    return {
        key: {name: plain(text) for name, text in outcome.items()} for key, outcome in value.items()
    }


def _source(value) -> dict:
    if not isinstance(value, dict) or set(value) != {"url", "tables"}:
        raise _Wrong
    tables = value["tables"]
    if not isinstance(tables, dict) or not tables:
        raise _Wrong
    return {"url": _text(value["url"]), "tables": {k: _query(t) for k, t in tables.items()}}


READERS = {
    "county": _text,
    "start": _day,
    "days": _days,
    "listing_window": _range,
    "observed": _range,
    "earlier_campaigns": _list(_day),
    "unusual": _list(_range),
    "synthetic": _yes_or_no,
    "outcomes": _outcomes,
    "ignore": _list(_text),
    "source": _source,
}


def read_campaign(
    content: bytes | None,
) -> tuple[dict | None, list[Problem], list[Problem]]:
    """The keys of campaign.toml with their types, problems, and warnings.

    Given are the file's bytes, None where there is none; unknown keys come under ``extra``.
    """
    if content is None:
        return None, [problem("no_campaign", FILE)], []
    # Windows' editors put a mark at the beginning of the file, or write it in GBK or UTF-16.
    if (decoded := decode(content)) is None:
        return None, [problem("encoding", FILE)], []
    written, wrong = read_toml(decoded[0])
    problems = [problem("bad_toml", FILE, **told(wrong, EXAMPLES))] if wrong else []
    in_wrong_lines = {line.key for line in wrong}
    problems += [
        problem("missing_key", FILE, key=key, example=EXAMPLES[key])
        for key in REQUIRED
        if key not in written and key not in in_wrong_lines
    ]
    keys = {}
    for key, reader in READERS.items():
        if key in written:
            try:
                keys[key] = reader(written[key])
            except _Wrong:
                problems.append(
                    problem(
                        "wrong_key",
                        FILE,
                        value=None if key in NOT_SHOWN else _shown(written[key]),
                        key=key,
                        example=EXAMPLES[key],
                    )
                )
    extra = {key: value for key, value in written.items() if key not in READERS}
    warnings = [problem("unknown_key", FILE, section="warning", key=key) for key in extra]
    problems += _order(keys)
    return keys | {"extra": extra}, problems, warnings


def _shown(value) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _order(keys: dict) -> list[Problem]:
    """Ranges must not end before they begin; earlier campaigns come before this one."""
    ranges = [(key, keys[key]) for key in ("listing_window", "observed") if key in keys]
    ranges += [("unusual", pair) for pair in keys.get("unusual", ())]
    problems = [
        problem("window_order", FILE, value=f"{a} – {b}", key=key)
        for key, (a, b) in ranges
        if a > b
    ]
    if start := keys.get("start"):
        late = [day for day in keys.get("earlier_campaigns", ()) if day >= start]
        problems += [
            problem("earlier_after_start", FILE, date=str(day), start=str(start)) for day in late
        ]
        month = pd.Period(start, "M")
        if "listing_window" in keys and keys["listing_window"][1] >= month:
            problems.append(
                problem(
                    "listing_after_start",
                    FILE,
                    last=str(keys["listing_window"][1]),
                    start=str(month),
                )
            )
    return problems


def _about(listing: Months, kind: str) -> Problem:
    """A warning about the listing window."""
    first, last = map(str, listing)
    return problem(kind, FILE, section="warning", first=first, last=last)


def finish_campaign(
    keys: dict[str, Any], in_register: Months | None
) -> tuple[Campaign | None, list[Problem], list[Problem]]:
    """Campaign with its defaults, problems and warnings.

    ``in_register`` is the first and last month of the petitions.
    """
    month = pd.Period(keys["start"], "M")
    observed = keys.get("observed") or in_register
    warnings = []
    listing = keys.get("listing_window")
    if listing is None:
        listing = (month - 12, month - 1)
        warnings.append(_about(listing, "default_listing_window"))
    if observed is None:
        return None, [], warnings
    first, last = observed
    if not first <= month <= last:
        span = {"start": str(month), "first": str(first), "last": str(last)}
        return None, [Problem(FILE, Said("messages.problem.start_not_observed", span))], warnings
    if listing[0] < first or listing[1] > last:
        warnings.append(_about(listing, "listing_not_observed"))
    known = {key: value for key, value in keys.items() if key not in NOT_KEPT}
    campaign = (
        Campaign(observed=observed, listing_window=listing, **known) if "county" in known else None
    )
    return campaign, [], warnings


def campaign_toml(campaign: Campaign) -> dict:
    """What campaign.toml should say, in native TOML types."""
    written = {
        "county": campaign.county,
        "start": campaign.start,
        "days": campaign.days,
        "listing_window": [str(month) for month in campaign.listing_window],
        "earlier_campaigns": list(campaign.earlier_campaigns),
        "unusual": [[str(a), str(b)] for a, b in campaign.unusual],
        "observed": [str(month) for month in campaign.observed],
    }
    own = {"outcomes": campaign.outcomes} if campaign.outcomes else {}
    return written | ({"synthetic": True} if campaign.synthetic else {}) | own | campaign.extra

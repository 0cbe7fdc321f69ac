"""The map of disagreement.

Which designs give which answer on petitions, and why two of them differ.

Each design departs from the headline in a few traits; a trait pushes the answer to one side on
lists of the worst (signs from data/certification.csv and certification_library.csv), or to either.
Two designs that differ by more than the headline's own standard error differ materially; what
explains it are the traits that only one of the two has and that push to the side seen. Where none
does, the county is unlike those that the designs' errors are known from, and the sentence says so.
"""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from village_eval.designs import DESIGNS
from village_eval.expectation.results import Estimate, Finding
from village_eval.report.amounts import signed
from village_eval.words import names
from village_eval.words import wording as w

TRAITS = {design.name: design.traits for design in DESIGNS}
PUSH = {"returns": -1, "listing_year_in_base": -1, "listing_year_unused": 1, "matched": 1}
"""The side to which a trait moves the answer on petitions; the others may move it to either."""
COLUMNS = ("a", "b", "value_a", "value_b", "difference", "material", "why")


def disagreement(finding: Finding, others: list[Estimate]) -> pd.DataFrame:
    """Every pair of designs that answer ``finding``'s question, COLUMNS.

    ``a`` has the lower answer.

    ``difference`` is value_a − value_b (log); ``why`` holds (design, trait) pairs, empty where no
    known trait explains it, None where it is not declared how one of them departs.
    """
    headline = finding.estimate
    rows = []
    for a, b in combinations(designs(finding, others), 2):
        material = b.answer - a.answer > (headline.se or 0)
        rows.append(
            (
                a.design,
                b.design,
                a.value,
                b.value,
                a.answer - b.answer,
                material,
                _why(a, b, headline) if material else (),
            )
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def designs(finding: Finding, others: list[Estimate]) -> list[Estimate]:
    """The headline and the other designs with a number, by answer from low to high.

    One of each name.
    """
    found = {
        e.design: e
        for e in [*others, finding.estimate]
        if e.id == finding.id and not w.missing(e.value)
    }
    return sorted(found.values(), key=lambda e: e.answer)


def explained(finding: Finding, others: list[Estimate], lang: str = "zh") -> list[dict[str, str]]:
    """Pairs that differ materially, in words: one, value, other, beside, why.

    The headline is ``other`` where it is one of them.
    """
    t, table = w.words(lang)["disagreement"], disagreement(finding, others)
    by_design = {e.design: e for e in designs(finding, others)}
    made = []
    for r in table[table["material"].astype(bool)].itertuples():
        pair = (r.b, r.a) if r.a == finding.estimate.design else (r.a, r.b)
        one, other = (by_design[d] for d in pair)
        made.append(
            {
                "one": design_name(one, lang),
                "value": signed(one.answer, "log_ratio", lang),
                "other": design_name(other, lang),
                "beside": signed(other.answer, "log_ratio", lang),
                "why": t["separator"].join(_reasons(r.why, one, lang)),
            }
        )
    return made


def _reasons(why: tuple[tuple[str, str], ...] | None, one: Estimate, lang: str) -> list[str]:
    t = w.words(lang)["disagreement"]
    if why is None:
        return [t["undeclared"]]
    traits_in_words = w.words(lang, "designs")["trait"]
    told = [
        traits_in_words[trait].format(design=t["former" if design == one.design else "latter"])
        for design, trait in why
    ]
    return told or [t["unexplained"]]


def sentences(finding: Finding, others: list[Estimate], lang: str = "zh") -> list[str]:
    """Why each design that differs materially from the headline does."""
    t, headline = w.words(lang)["disagreement"], finding.estimate
    against = [
        e for e in explained(finding, others, lang) if e["other"] == design_name(headline, lang)
    ]
    value = {design_name(e, lang): e.answer for e in designs(finding, others)}
    return [
        t["lower" if value[e["one"]] < headline.answer else "higher"].format(**e) + t["stop"]
        for e in against
    ]


def design_name(estimate: Estimate, lang: str) -> str:
    """A design as a reader names it, in a few words."""
    return names.design(estimate.design, lang, estimate.label, short=True)


def traits(estimate: Estimate) -> tuple[str, ...] | None:
    """How its design departs from the headline; None where nobody declared it."""
    return TRAITS.get(estimate.design) if estimate.traits is None else estimate.traits


def errs(estimate: Estimate, headline: Estimate) -> str:
    """The side to which its traits push an answer: ``low``, ``high``, ``either`` or ``unknown``."""
    own = traits(estimate)
    if own is None:
        return "unknown"
    push = _push(headline)
    sides = {push[trait] for trait in own if trait in push}
    return "either" if len(sides) != 1 else "low" if sides.pop() < 0 else "high"


def _push(headline: Estimate) -> dict[str, int]:
    """PUSH, and what leaving the quiet years out does in this county."""
    fell = headline.quiet_years is None or headline.quiet_years.mean <= 0
    return PUSH | {"quiet_years_unused": -1 if fell else 1}


def _why(a: Estimate, b: Estimate, headline: Estimate) -> tuple[tuple[str, str], ...] | None:
    """Traits of either design alone that push a below b.

    Those that may push anywhere only if no other does.
    """
    if traits(a) is None or traits(b) is None:
        return None
    mine, theirs = (traits(e) or () for e in (a, b))
    push = _push(headline)
    alone = [(a.design, t, push.get(t, 0)) for t in mine if t not in theirs]
    alone += [(b.design, t, -push.get(t, 0)) for t in theirs if t not in mine]
    known = tuple((design, trait) for design, trait, side in alone if side < 0)
    return known or tuple((design, trait) for design, trait, side in alone if side == 0)

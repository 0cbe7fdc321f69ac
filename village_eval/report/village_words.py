"""Which villages turned around, in words: what goes beyond quiet years, then how it was counted."""

from __future__ import annotations

from village_eval.county.audience import names_villages
from village_eval.findings.evaluation import Evaluation
from village_eval.findings.may_say import villages
from village_eval.findings.villages import Turnaround
from village_eval.report.page_one import not_improved
from village_eval.words import wording as w


def village_sentences(evaluation: Evaluation, lang: str) -> list[str]:
    """The excess over quiet years with its range, and what stands behind it; empty without counts.

    Nothing but a warning where the records mislead.
    """
    many, t = evaluation.turnaround, w.words(lang, "report")["villages_section"]
    if many is None or evaluation.villages.empty:
        return []
    form = villages(many, evaluation.find("petitions.first_year"))
    if form == "misleading":
        return [t["misleading"]]
    said = [excess_sentence(many, form, lang)]
    counts = {
        "listed": many.listed,
        "improved": w.count(many.improved, lang),
        "low": many.low,
        "high": many.high,
        "sure": many.sure,
    }
    quiet = many.quiet["improved"]
    if len(quiet):
        counts |= {
            "quiet": w.count(quiet.mean(), lang),
            "least": w.count(quiet.min(), lang),
            "most": w.count(quiet.max(), lang),
            "quiet_sure": w.count(many.quiet["sure"].mean(), lang),
        }
    said.append(t["count" if len(quiet) else "count_alone"].format(**counts))
    if many.before_after is not None:
        said.append(t["announced"].format(announced=many.before_after))
    if n := not_improved(evaluation):
        key = "revisit" if names_villages(evaluation.audience) else "revisit_public"
        said.append(t[key].format(n=n, sure=many.sure, unsure=max(many.listed - many.sure - n, 0)))
    return said


def excess_sentence(many: Turnaround, form: str, lang: str) -> str:
    """How many villages more than in quiet years, with the range; or why that cannot be said."""
    t = w.words(lang, "report")["villages_section"]
    if many.excess is None:
        return str(t["no_quiet"])
    value, low, high = many.excess
    plain = form in ("more", "fewer")
    show = w.count if plain else w.signed_number
    ends = sorted((low, high), key=abs) if plain else (low, high)
    return str(
        t[f"excess_{form}"].format(
            listed=many.listed,
            n=show(value, lang),
            low=show(ends[0], lang),
            high=show(ends[1], lang),
        )
    )

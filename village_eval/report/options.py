"""Options of the specification curve as a reader names them; without a picture's libraries."""

from __future__ import annotations

from village_eval.findings.trials import ALL
from village_eval.words.wording import words


def option_name(choice: str, option: str, lang: str) -> str:
    """An option as a reader names it."""
    t = words(lang, "figures")["specification_option"]
    if choice == "depth":
        return t["depth_years"].format(n=option)
    if choice == "rule":
        return t["rule_all" if option == ALL else f"without_{option}"]
    if choice == "quiet":
        return t.get(f"quiet_{option}") or t["quiet_without"].format(year=option)
    return t[option]

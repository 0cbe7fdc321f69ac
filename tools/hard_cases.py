"""Write docs/hard_cases.md: what the reports say of counties with short, spoilt or odd data: python
tools/hard_cases.py"""

from pathlib import Path

import numpy as np

from village_eval.certify.hard_cases import HARD_CASES
from village_eval.findings.assessment import assess
from village_eval.report.check_words import check_sentence
from village_eval.report.sentences import cap_sentences, sentence
from village_eval.words.parallel import each

ROOT = Path(__file__).parents[1]
SEED = 11
TOLD = ("petitions.first_year", "earned_income.first_year")
HEAD = """# Hard cases

What is said of counties whose history is short or spoilt, whose list or books are odd (village_eval/certify/hard_cases.py): one
simulated county each, in both languages, beside the truth. Written by `python tools/hard_cases.py`.

{inside} of the {ranges} ranges below hold the truth; those that miss it are marked **missed**. One in twenty would by chance;
some of these cases are made to mislead, and one county of each kind proves nothing (data/certification.csv has a thousand).
"""


def told(name: str) -> tuple[str, list[bool]]:
    """The section of one case, and of each range in it whether it holds the truth."""
    case = HARD_CASES[name]
    panel, campaign, truth = case.make(SEED)
    findings = [f for f in assess(panel, campaign, draws=199).findings if f.id in TOLD]
    lines, held = [f"\n## {case.en} · {case.zh}\n"], []
    for f in findings:
        known, right = truth.get(f.id), ""
        if known is not None:
            right = f", the truth is {100 * np.expm1(known):+.0f} %"
            if f.estimate.ci_low is not None:
                held.append(f.estimate.ci_low <= known <= f.estimate.ci_high)
                right += "" if held[-1] else " (**missed**)"
        lines.append(
            f"**{f.id}**: grade {f.grade}, {f.conclusion or 'refused'}, years to compare with: {f.quiet_years}{right}\n"
        )
        lines += [f"- {sentence(f, lang)}" for lang in ("zh", "en")]
        for c in f.checks:
            if c.verdict in ("weak", "fail"):
                lines.append(
                    f"- {c.name}, {c.verdict}: {check_sentence(c, 'zh')} {check_sentence(c, 'en')}"
                )
        lines.append("")
    for lang in ("zh", "en"):
        lines += [f"- {text}" for text in cap_sentences(findings, lang)]
    return "\n".join(lines), held


def main() -> None:
    """All cases, on all cores."""
    cases = dict(each(told, list(HARD_CASES)))
    held = [hit for _, hits in cases.values() for hit in hits]
    text = HEAD.format(inside=sum(held), ranges=len(held)) + "\n".join(
        cases[name][0] for name in HARD_CASES
    )
    (ROOT / "docs" / "hard_cases.md").write_text(text.rstrip() + "\n", "utf-8")


if __name__ == "__main__":
    main()

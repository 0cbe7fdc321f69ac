"""``docs/codebook.md`` from the schemas: ``python -m village_eval.folder.codebook >
docs/codebook.md``."""

from __future__ import annotations

from village_eval.county.contracts import CONTRACTS, meaning, schema, vocabulary_kind
from village_eval.folder.campaign_file import EXAMPLES
from village_eval.words import vocabulary
from village_eval.words.catalogue import BOTH, words
from village_eval.words.messages import message


def codebook() -> str:
    """Every table and column: type, unit, required or not, allowed values with their Chinese names,
    an example. Markdown."""
    parts = [
        f"# {_both('title')}",
        *(message(f"codebook.{part}", lang) for part in ("intro", "check") for lang in BOTH),
    ]
    parts.append(_campaign())
    parts += [_table(contract) for contract in CONTRACTS]
    kinds = dict.fromkeys(
        kind
        for c in CONTRACTS.values()
        for column in c["columns"].values()
        if (kind := vocabulary_kind(column))
    )
    parts.append(f"## {_both('terms')}")
    parts += [_terms(kind) for kind in kinds]
    return "\n\n".join(parts) + "\n"


def _both(name: str) -> str:
    return " ".join(dict.fromkeys(message(f"codebook.{name}", lang) for lang in BOTH))


def _title(contract: str) -> str:
    return " ".join(words(lang, "contracts")[contract]["title"] for lang in BOTH)


def _rows(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def _campaign() -> str:
    rows = [[f"`{example}`", _both(f"key_{key}")] for key, example in EXAMPLES.items()]
    return f"## campaign.toml {_both('campaign')}\n\n" + _rows(
        [_both("example"), _both("meaning")], rows
    )


def _table(contract: str) -> str:
    spec = CONTRACTS[contract]
    head = f"## {spec.get('file', contract)} {_title(contract)}\n\n"
    head += _both("required_table" if spec.get("required") else "optional_table")
    if "unique" in spec:
        head += f"; {_both('unique')}: {', '.join(spec['unique'])}"
    names = ("column", "type", "unit", "required", "blank", "limits", "example", "meaning")
    rows = []
    for name, column in schema(contract).columns.items():
        about = column.metadata
        blank = {False: "no", True: "yes", "warn": "warned"}.get(about.get("blank", True))
        kind = about["type"].partition(":")[0]
        rows.append(
            [
                name,
                _both(f"type_{kind}"),
                _both(f"unit_{about['unit']}") if "unit" in about else "",
                _both("yes" if column.required else "no"),
                _both(blank) if blank else f"{_both('unless')} {about['blank']}",
            ]
        )
        rows[-1] += [
            _limits(about),
            f"`{about['example']}`",
            ". ".join(meaning(contract, name, lang) for lang in BOTH),
        ]
    return head + "\n\n" + _rows([_both(name) for name in names], rows)


def _limits(about: dict) -> str:
    """Allowed values, or the range and what is usual."""
    if kind := vocabulary_kind(about):
        return f"[{kind}](#{kind})"
    said = []
    if "max" in about:
        said.append(f"{about['min']}–{about['max']}")
    elif "min" in about:
        said.append(f"≥ {about['min']}")
    if "usual" in about:
        low, high = about["usual"]
        said.append(f"{_both('usual')} {low:,.0f}–{high:,.0f}")
    said += [f"≥ {about['not_before']}"] if "not_before" in about else []
    said += [f"≤ {about['at_most']}"] if "at_most" in about else []
    return "; ".join(said)


def _terms(kind: str) -> str:
    rows = []
    for key in vocabulary.keys(kind):
        names = [vocabulary.name(kind, key, lang) for lang in BOTH]
        rows.append([f"`{key}`", *names, "、".join(vocabulary.TERMS[kind][key]["aliases"])])
    return f"### {kind}\n\n" + _rows([_both("limits"), "中文", "English", _both("alias")], rows)


if __name__ == "__main__":
    print(codebook(), end="")

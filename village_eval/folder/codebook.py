"""``docs/codebook.md`` from the schemas.

Made by ``python -m village_eval.folder.codebook > docs/codebook.md``.
"""

from __future__ import annotations

from village_eval.county.contracts import CONTRACTS, Column, columns, meaning, title
from village_eval.folder.campaign_file import EXAMPLES
from village_eval.words import vocabulary
from village_eval.words.catalogue import BOTH
from village_eval.words.messages import message


def codebook() -> str:
    """Every table and column, in Markdown.

    Type, unit, required or not, allowed values with their Chinese names, an example.
    """
    parts = [
        f"# {_both('title')}",
        *(
            message(f"codebook.{part}", lang)
            for part in ("intro", "plan", "check")
            for lang in BOTH
        ),
    ]
    parts.append(_campaign())
    parts += [_table(contract) for contract in CONTRACTS]
    kinds = dict.fromkeys(
        kind
        for c in CONTRACTS.values()
        for column in c.columns.values()
        if (kind := column.vocabulary)
    )
    parts.append(f"## {_both('terms')}")
    parts += [_terms(kind) for kind in kinds]
    return "\n\n".join(parts) + "\n"


def _both(name: str) -> str:
    return " ".join(dict.fromkeys(message(f"codebook.{name}", lang) for lang in BOTH))


def _title(contract: str) -> str:
    return " ".join(title(contract, lang) for lang in BOTH)


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
    head = f"## {spec.file} {_title(contract)}\n\n"
    head += _both("required_table" if spec.required else "optional_table")
    if spec.unique:
        head += f"; {_both('unique')}: {', '.join(spec.unique)}"
    names = ("column", "type", "unit", "required", "blank", "limits", "example", "meaning")
    rows = []
    for name, column in columns(contract).items():
        blank = {False: "no", True: "yes", "warn": "warned"}.get(column.blank)
        cells = [
            name,
            _both(f"type_{column.kind}"),
            _both(f"unit_{column.unit}") if column.unit else "",
            _both("yes" if column.required else "no"),
            _both(blank) if blank else f"{_both('unless')} {column.blank}",
            _limits(column),
            f"`{column.example}`",
            ". ".join(meaning(contract, name, lang) for lang in BOTH),
        ]
        rows.append(cells)
    return head + "\n\n" + _rows([_both(name) for name in names], rows)


def _limits(column: Column) -> str:
    """Allowed values, or the range and what is usual."""
    if kind := column.vocabulary:
        return f"[{kind}](#{kind})"
    said = []
    if column.max is not None:
        said.append(f"{column.min:,.15g}–{column.max:,.15g}")
    elif column.min is not None:
        said.append(f"≥ {column.min:,.15g}")
    if column.usual:
        low, high = column.usual
        said.append(f"{_both('usual')} {low:,.0f}–{high:,.0f}")
    said += [f"≥ {column.not_before}"] if column.not_before else []
    said += [f"≤ {column.at_most}"] if column.at_most else []
    return "; ".join(said)


def _terms(kind: str) -> str:
    rows = []
    for key in vocabulary.keys(kind):
        names = [vocabulary.name(kind, key, lang) for lang in BOTH]
        rows.append([f"`{key}`", *names, "、".join(vocabulary.aliases(kind, key))])
    return f"### {kind}\n\n" + _rows([_both("limits"), "中文", "English", _both("alias")], rows)


if __name__ == "__main__":
    print(codebook(), end="")

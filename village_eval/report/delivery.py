"""What a report says of the delivery.

The ledger from the bureaus' files to the panel, and the warnings, in a language.
"""

from __future__ import annotations

import pandas as pd

from village_eval.county.ledger import worded
from village_eval.findings.evaluation import Evaluation


def full_ledger(evaluation: Evaluation, lang: str) -> pd.DataFrame:
    """Ledger lines (READ_COLUMNS) of the import, the reading and the panel, in this order."""
    parts = [evaluation.county.imported, evaluation.panel.ledger]
    return pd.concat([worded(part, lang) for part in parts], ignore_index=True)


def warnings(evaluation: Evaluation, lang: str) -> list[str]:
    """What the people who delivered the data should check."""
    return [warning.text(lang) for warning in evaluation.county.warnings]

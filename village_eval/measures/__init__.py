"""Which measures, for which villages, when.

What one county's doses can say, and what they cannot.
"""

from village_eval.measures.attribute import Attribution, attribute
from village_eval.measures.doses import dose_matrix

__all__ = ["Attribution", "attribute", "dose_matrix"]

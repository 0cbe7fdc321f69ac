"""Who a report is for, what it may show, and the formats that it comes in.

adviser: the county's own people; villages are named, for their use. researcher: everything, with
the map. public: nobody can be recognised: no village is named or drawn one by one, counts below
LEAST are not printed, and no notebook goes along.
"""

from __future__ import annotations

FORMATS = ("html", "pdf", "docx")
AUDIENCES = ("adviser", "researcher", "public")
LEAST = 5
"""Smaller counts of villages or petitions can point at people."""


def names_villages(audience: str) -> bool:
    """Whether villages may be shown one by one."""
    return audience != "public"


def shows_everything(audience: str) -> bool:
    """Whether the report carries what only researchers read."""
    return audience == "researcher"

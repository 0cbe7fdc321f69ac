"""Ways of filing a petition (信访渠道) that came in, or whose share jumped.

Counts before and after mean different things then.
"""

from __future__ import annotations

from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel

JUMP = 0.10
"""Change of a channel's share of all petitions that is no ordinary year's."""


def changed_channels(panel: Panel, campaign: Campaign) -> dict[str, tuple[float, float]]:
    """Channels whose share of the county's petitions moved by more than JUMP.

    With its share in the years before and in the first year.

    A jump for all villages alike does little to a comparison with history; one by channel does,
    where villages use it unequally.
    """
    start = panel.month_index(campaign.start_month)
    before, after = slice(max(start - 48, 0), max(start - 12, 0)), slice(start, start + 12)
    total = [panel.petitions[:, months].sum() for months in (before, after)]
    found = {}
    for name, counts in panel.parts.items():
        if name.startswith("channel_") and min(total) > 0:
            old, new = (
                float(counts[:, months].sum() / n)
                for months, n in zip((before, after), total, strict=True)
            )
            if abs(new - old) > JUMP:
                found[name] = old, new
    return found

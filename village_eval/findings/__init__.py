"""From estimates to what may be said: grade, caps, specification curve, persistence, villages,
cost; evaluate."""

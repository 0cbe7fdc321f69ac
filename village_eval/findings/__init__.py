"""From estimates to what may be said.

Grade, caps, specification curve, persistence, villages, cost; evaluate.
"""

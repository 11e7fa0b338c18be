"""Whether the cursor goes on to the next line after a decision: how that is kept for a person."""

ADVANCE = "advance"
"""The preference's name."""
NEXT, STAY = "next", "stay"

"""The terminal: what an agent sees and presses."""

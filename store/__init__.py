"""Everything that is kept, and every rule that is pure."""

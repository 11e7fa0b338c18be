"""The rules of the team, pure: no clock, no randomness, no I/O. Imports the standard library and msgspec only."""

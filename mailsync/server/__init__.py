"""The coordinating server: what a team must agree on, and the only one that sends."""

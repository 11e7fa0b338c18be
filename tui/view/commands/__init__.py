"""Everything an agent can ask for: one table a task. Keys, help, footer, palette and command line read these, so that they cannot differ."""

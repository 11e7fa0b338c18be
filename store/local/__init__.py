"""The agent's mirror: mail, the team's state, lists, search, drafts and the offline queue, in one home."""

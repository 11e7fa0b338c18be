"""What a team must agree on: the journal, what is folded from it, its people and its outbox. The server's own; no mail bodies but those it sends."""

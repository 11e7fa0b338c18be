"""OAuth 2.0: tokens that stand in for a password, and how they are renewed."""

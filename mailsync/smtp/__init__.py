"""Handing finished mail to a submission server (RFC 6409), so that its outcome is always known or known to be unknown."""

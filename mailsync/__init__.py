"""Everything that talks to the outside: IMAP, SMTP, MIME, the team's server and the link to it."""

"""Reading a mailbox over IMAP: wire, channel, connect, login, session, names, plan, pull, watch."""

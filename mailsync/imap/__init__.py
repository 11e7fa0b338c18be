"""Reading a mailbox over IMAP: wire, channel, client (the imapclient seam), login, session, names, plan, pull, watch."""

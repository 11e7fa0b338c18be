"""Reading a mailbox over IMAP: wire, channel, connect, session (the imapclient seam), plan, pull, watch."""

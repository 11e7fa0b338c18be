"""Pull, parse, commit, publish: brings every mailbox of every inbox into the local store and keeps it there, never on the event loop."""

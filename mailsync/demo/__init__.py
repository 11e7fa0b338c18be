"""The demo's own mail servers, its cast of colleagues and its working day; nothing here is used against a real mailbox."""

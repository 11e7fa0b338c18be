"""Bytes of RFC 5322 in, `store.domain.message.Message` out, and replies the other way. Pure: no I/O, no clock, no randomness."""

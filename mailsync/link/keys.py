"""Names made by the client: idempotency keys, comment and submission ids. UUIDv7 (RFC 9562 5.7) in hex, so that they sort by time."""

import secrets

from store.clock import Clock


def new_key(clock: Clock) -> str:
    """32 hex digits: 48 bits of milliseconds, then 74 random ones around version and variant."""
    milliseconds = int(clock.now().timestamp() * 1000) & (1 << 48) - 1
    return f"{milliseconds:012x}7{secrets.randbits(12):03x}{0b10 << 62 | secrets.randbits(62):016x}"

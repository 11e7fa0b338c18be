"""Each setting of the house by a digest: enough to say in the audit log which one changed, and nothing of what it says."""

import hashlib
from collections.abc import Iterator

import msgspec

from store.settings.settings import Settings


def digests_of(settings: Settings) -> dict[str, str]:
    """`server.listen`, `inbox.support.imap.host` … → the beginning of a SHA-256."""
    return {name: hashlib.sha256(msgspec.json.encode(value)).hexdigest()[:16] for name, value in _leaves("", msgspec.to_builtins(settings))}


def _leaves(name: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, inside in value.items():
            yield from _leaves(f"{name}.{key}" if name else str(key), inside)
    elif isinstance(value, list | tuple) and value and all(isinstance(one, dict) and "key" in one for one in value):
        for one in value:
            yield from _leaves(f"{name}.{one['key']}", one)
    else:
        yield name, value

"""Homes and addresses from which a member got in before: who guesses at their name from elsewhere does not keep them waiting."""

from datetime import datetime, timedelta

import msgspec

from store.domain.guessing import place_key
from store.domain.ids import MemberKey
from store.team import people_statements as p
from store.team.connection import Connection
from store.team.rows import run, to_micros
from store.team.secrets_kept import new_secret, secret_sha256

KNOWN_FOR = timedelta(days=180)


class Familiar(msgspec.Struct, frozen=True):
    """What is known of where a log-in comes from. `device`: the hash of a device of this member's; None: none was shown."""

    device: str | None
    place: bool


def familiar(connection: Connection, key: MemberKey, device: str | None, place: str, now: datetime) -> Familiar:
    """Whether the member got in with that device, or from that place, before."""
    since = to_micros(now - KNOWN_FOR)
    hashed = secret_sha256(device) if device else None
    ours = bool(hashed) and any(row[0] == key for row in run(connection, p.DEVICE, secret=hashed, since=since))
    return Familiar(hashed if ours else None, bool(place) and bool(run(connection, p.KNOWN_PLACE, whose=key, place=place_key(place), since=since)))


def remember(connection: Connection, key: MemberKey, device: str | None, place: str, now: datetime) -> str:
    """They got in: the device's secret, a new one where none of theirs was shown. Handed out once, kept as a hash."""
    since = to_micros(now - KNOWN_FOR)
    if not device or not any(row[0] == key for row in run(connection, p.DEVICE, secret=secret_sha256(device), since=since)):
        device = new_secret()
    run(connection, p.PUT_DEVICE, secret_sha256=secret_sha256(device), member=key, place=place_key(place) if place else "", last_at=to_micros(now))
    return device

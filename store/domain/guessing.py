"""How long somebody who guesses must wait, and who must not wait with them.

Wrong tries are counted by what was guessed and by where from. Somebody who comes from a device or a place from which the member got in before
is counted apart, so that nobody can lock a colleague out by guessing at their name.
"""

import ipaddress
from datetime import datetime, timedelta

import msgspec

from store.domain.ids import MemberKey

FREE_AT_ACCOUNT = 50
"""At one account, from devices and places it does not know: guessing spread over many addresses."""
FREE_AT_PAIR = 5
"""At one account from one place, and on one known device."""
FREE_AT_PLACE = 30
"""From one address, at whatever account: an office behind one address mistypes a good deal on a Monday."""
FREE_AT_WIDE = 100
"""From one IPv6 site (/48), of which each /64 counts as a place."""
LONGEST_WAIT = timedelta(minutes=15)
HALVED_EVERY = timedelta(hours=1)
"""A count is half of what it was for each hour without a try."""
LONGEST_NAME = 64

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Limit(msgspec.Struct, frozen=True):
    """One thing that is counted, and how many wrong tries cost nothing. `cleared`: getting in forgets them all, not just this try."""

    name: str
    free: int
    cleared: bool = False


def failures_left(failures: int, last_at: datetime, now: datetime) -> int:
    """What a count of wrong tries is worth by now."""
    return failures >> max(0, min(62, (now - last_at) // HALVED_EVERY))


def wait_until(failures: int, last_at: datetime, free: int) -> datetime:
    """When the next try is taken; the wait doubles with each wrong one beyond the free ones."""
    beyond = failures - free
    if beyond < 0:
        return last_at
    return last_at + min(LONGEST_WAIT, timedelta(seconds=1 << min(beyond, 20)))


def limits_of_place(place: str) -> tuple[Limit, ...]:
    """What is counted of a caller of whom only the place is known: its address, or `unix:UID`."""
    try:
        address = ipaddress.ip_address(place)
    except ValueError:
        return (Limit(f"place:{place[:LONGEST_NAME]}", FREE_AT_PLACE),)
    if address.version == 4:
        return (Limit(f"place:{address}", FREE_AT_PLACE),)
    return (Limit(f"place:{_network(address, 64)}", FREE_AT_PLACE), Limit(f"wide:{_network(address, 48)}", FREE_AT_WIDE))


def place_key(place: str) -> str:
    """What counts as one place: an address, or an IPv6 network whose machines change theirs daily."""
    return limits_of_place(place)[0].name


def limits_of_login(member: MemberKey, place: str, *, device: str | None, known_place: bool) -> tuple[Limit, ...]:
    """What is counted of a log-in. `device`: the hash of one that is known to be this member's; then nothing else counts."""
    if device is not None:
        return (Limit(f"device:{device}", FREE_AT_PAIR, cleared=True),)
    at_place = limits_of_place(place)
    where = at_place[0].name.removeprefix("place:")
    pair = Limit(f"pair:{member[:LONGEST_NAME]}@{where}", FREE_AT_PAIR, cleared=True)
    if known_place:
        return (pair, *at_place)
    return (pair, *at_place, Limit(f"account:{member[:LONGEST_NAME]}", FREE_AT_ACCOUNT))


def _network(address: Address, prefix: int) -> str:
    return str(ipaddress.ip_network((address, prefix), strict=False))

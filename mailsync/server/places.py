"""Where a call comes from, also through a proxy, and whether calls from there are taken. Pure."""

import ipaddress
from collections.abc import Iterable, Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

UNKNOWN = ""
"""A proxy that is believed said nothing that can be read: in no network."""
MOST_HOPS = 32


def networks_of(texts: Iterable[str]) -> tuple[Network, ...]:
    """Networks as settings write them; they are checked already."""
    return tuple(ipaddress.ip_network(text) for text in texts)


def address_of(text: str) -> Address | None:
    """An address as sockets and proxies write it: with a zone, in brackets, with a port, IPv4 inside IPv6."""
    text = text.strip().split("%")[0]
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def is_in(place: str, networks: Sequence[Network]) -> bool:
    """Whether an address is in one of them; what is no address is in none."""
    address = address_of(place)
    return address is not None and any(address in network for network in networks)


def caller_address(peer: str, forwarded: Sequence[str], proxies: Sequence[Network]) -> str:
    """The address a call comes from. `forwarded`: the values of the header that the `proxies` are believed in.

    Each proxy appends whom it was called by, so the list is read from its end, and only as far as proxies of ours wrote it: what stands
    before may be anybody's invention.
    """
    address = address_of(peer)
    if address is None:
        return UNKNOWN
    if not any(address in network for network in proxies):
        return str(address)
    hops = [hop for value in forwarded for hop in value.split(",")]
    for hop in reversed(hops[-MOST_HOPS:]):
        found = address_of(hop)
        if found is None:
            return UNKNOWN
        if not any(found in network for network in proxies):
            return str(found)
    # The proxy calls for itself, or does not say for whom.
    return str(address) if not hops else UNKNOWN

"""The one place that asks DNS for more than an address: TXT records, by dnspython."""

from collections.abc import Sequence

import dns.asyncresolver
import dns.exception
import dns.resolver

from store.errors import CannotReach

ANSWER_SECONDS = 5.0


class DnsUnreachable(CannotReach):
    """No name server answered; that says nothing of the domain."""

    def __init__(self, name: str) -> None:
        super().__init__(f"No name server answered the question for {name}. Nothing is known of it; try again later.", name=name)


class NameServer:
    """This machine's own, or another: a house's own may show its domain otherwise than the world sees it."""

    def __init__(self, address: str = "") -> None:
        """`address`: `192.0.2.53`, or with a port, `192.0.2.53:5353`; "": as this machine is set up."""
        self._address = address
        self._resolver: dns.asyncresolver.Resolver | None = None

    async def texts(self, name: str) -> Sequence[str]:
        """The TXT records of a name, each put together; none where there is no such name.

        Raises:
            DnsUnreachable: Nobody answered.
        """
        try:
            answer = await self._made().resolve(name, "TXT", lifetime=ANSWER_SECONDS)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise DnsUnreachable(name) from error
        return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in answer)

    def _made(self) -> dns.asyncresolver.Resolver:
        if self._resolver is None:
            self._resolver = dns.asyncresolver.Resolver(configure=not self._address)
            if self._address:
                host, _, port = self._address.rpartition(":") if self._address.count(":") == 1 else (self._address, "", "")
                self._resolver.nameservers = [host]
                self._resolver.port = int(port or 53)
        return self._resolver

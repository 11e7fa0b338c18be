"""A real Exim into a real Dovecot, counted as the faulty server counts itself: what lies in the customers' mailbox is what was sent."""

import re
from collections import Counter

from start_dovecot import Dovecot, User
from start_exim import Exim

from tests.outbox.house import lying_in
from tests.waiting import wait_until

WORLD = User("world@example.test", "pw")
"""Whose mailbox has what leaves the house (start_exim)."""
ONLY_OURS = re.compile(rb"<r\d+@desk\.test>")


def at_exim(n: int) -> tuple[str, ...]:
    """Taken, taken late, refused at RCPT, refused for its text."""
    return (("kyaku@customer.test", "kyaku@slow-1.test", "kyaku@refuse.test", "kyaku@refuse-data.test")[(0, 0, 0, 1, 0, 2, 0, 3)[n % 8]],)


class ThroughExim:
    """As a FaultRun asks: `port`, `met`, `taken`, `mails`."""

    def __init__(self, exim: Exim, dovecot: Dovecot) -> None:
        self._exim, self._dovecot = exim, dovecot
        self.port = exim.clear_port

    @property
    def met(self) -> Counter[str]:
        """Mails Exim took, and refusals, as its log says."""
        log = self._exim.log.read_bytes()
        return Counter({"taken": log.count(b" <= "), "refused": log.count(b" rejected ")})

    @property
    def taken(self) -> Counter[tuple[str, str]]:
        """Of each mail and the recipient in its To, how often it lies there."""
        return Counter((_field(raw, b"Message-ID"), _field(raw, b"To")) for raw in self._arrived())

    @property
    def mails(self) -> dict[str, bytes]:
        """The mails as they arrived."""
        return {_field(raw, b"Message-ID"): raw for raw in self._arrived()}

    def obliges(self) -> None:
        """It always does."""

    def _arrived(self) -> list[bytes]:
        wait_until(lambda: not any((self._exim.root / "spool" / "input").rglob("*-H")), "Exim to deliver what it took", seconds=60)
        return [raw for raw in lying_in(self._dovecot, WORLD, "INBOX") if ONLY_OURS.fullmatch(_field(raw, b"Message-ID").encode())]


def _field(raw: bytes, name: bytes) -> str:
    found = re.search(rb"^" + name + rb": (\S+)\r?$", raw, re.MULTILINE)
    return found[1].decode() if found else ""

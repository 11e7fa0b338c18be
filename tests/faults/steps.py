"""A pull, step by step: what the client sends at each, and where in the server's answers a line can be cut."""

import random
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from fault_proxy import FaultProxy

from mailsync.engine.reports import PullReport
from tests.faults.house import House

LITERAL = re.compile(rb"\{(\d+)\}\r\n")
TAGGED = re.compile(rb"M\d+ (?:OK|NO|BAD)")


@dataclass
class Meddler:
    """Does something once, just before the `at`th command that holds `holding` reaches the server; keeps them all.

    Commands that are sent without waiting may arrive in one piece or in two: only what a command holds tells it for sure.
    """

    at: int
    act: Callable[[], None]
    holding: bytes = b""
    seen: int = 0
    commands: list[bytes] = field(default_factory=list)
    acted: bool = False
    done: threading.Event = field(default_factory=threading.Event)

    def __call__(self, piece: bytes) -> None:
        self.commands.append(piece)
        self.seen += self.holding in piece
        if self.seen == self.at and not self.acted:
            self.acted = True
            try:
                self.act()
            finally:
                self.done.set()


def pull_meddled(house: House, at: int, act: Callable[[FaultProxy], None], holding: bytes = b"") -> tuple[Meddler, tuple[PullReport, ...]]:
    """One pull in which `act` happens before the `at`th command that holds this; what came of it is in the reports."""
    with FaultProxy(house.dovecot.imap_port, house.host) as proxy:
        meddler = Meddler(at, lambda: act(proxy), holding)
        proxy.to_server.before = meddler
        reports = house.pull(proxy.port)
        # A pull whose line was cut ends before whoever cut it has done the rest.
        assert not meddler.acted or meddler.done.wait(30)
        return meddler, reports


def recorded(house: House) -> tuple[list[bytes], bytes]:
    """An undisturbed pull: the commands, and all that the server said."""
    with FaultProxy(house.dovecot.imap_port, house.host) as proxy:
        meddler = Meddler(0, lambda: None)
        proxy.to_server.before = meddler
        assert not any(report.error for report in house.pull(proxy.port))
        return meddler.commands, bytes(proxy.to_client.passed)


@dataclass(frozen=True)
class Cut:
    """A place in the server's answers, in bytes from the greeting on."""

    at: int
    what: str
    how: str


def cuts_of(said: bytes, seed: int) -> list[Cut]:
    """Every place of interest: before and after each tagged answer, in mid-line, in mid-literal, between two lines."""
    chance = random.Random(seed)
    found: list[tuple[int, str]] = []
    at = 0
    while at < len(said):
        end = said.find(b"\n", at) + 1 or len(said)
        line = said[at:end]
        if TAGGED.match(line):
            found += [(at, "before a tagged answer"), (end, "after a tagged answer")]
        found += [(chance.randint(at, max(at, end - 1)), "in mid-line"), (end, "between two lines")]
        at = end
        if literal := LITERAL.search(line):
            size = int(literal[1])
            if size:
                found += [(at + chance.randrange(size), "in mid-literal"), (at + size, "behind a literal")]
            at += size
    return [Cut(max(1, place), what, chance.choice(["close", "reset", "half"])) for place, what in found]


def pull_cut(house: House, cut: Cut) -> tuple[PullReport, ...]:
    """One pull whose line is cut there."""
    with FaultProxy(house.dovecot.imap_port, house.host) as proxy:
        proxy.to_client.cut_after_bytes, proxy.to_client.cut_how = cut.at, cut.how
        return house.pull(proxy.port)


def of_every_kind(cuts: Sequence[Cut], count: int, seed: int) -> list[Cut]:
    """A seeded share with as many of each kind as of any other; all of them for count 0."""
    if not count:
        return list(cuts)
    kinds: dict[str, list[Cut]] = {}
    for cut in random.Random(seed).sample(cuts, len(cuts)):
        kinds.setdefault(cut.what, []).append(cut)
    return [cut for each in kinds.values() for cut in each[: -(-count // len(kinds))]]


def some(items: Sequence[int], count: int, seed: int) -> list[int]:
    """A seeded share, in order; all of them for count 0."""
    return list(items) if not count or count >= len(items) else sorted(random.Random(seed).sample(list(items), count))
